"""Anthropic Messages. Thinking is sent back exactly as it came.

Not supported: images, documents, citations of our own, prefilled answers. Hosted tools are shown, not run.
"""
