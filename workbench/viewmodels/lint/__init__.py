"""Checking tools: what the rules find, why they look for it, fixes, and what each tool weighs in tokens."""
