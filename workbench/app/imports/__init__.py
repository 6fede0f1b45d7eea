"""Bring tools in: JSON of any shape, Python functions, dropped files."""
