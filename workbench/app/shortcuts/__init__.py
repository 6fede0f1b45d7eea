"""Keyboard shortcuts that the user chose."""
