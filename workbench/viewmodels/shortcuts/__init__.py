"""Keyboard shortcuts: the table and the printable sheet."""
