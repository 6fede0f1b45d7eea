"""Bring in tools and conversations: pasted text of any shape, Python functions, dropped files."""
