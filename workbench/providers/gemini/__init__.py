"""Google's Gemini, over its native generateContent. Thought signatures are sent back exactly as they came.

Not supported: images and files, several candidates, cached contents, arguments that are streamed in pieces. What hosted
tools do (code, searches) is shown, not run here.
"""
