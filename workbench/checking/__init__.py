"""Judging schemas and arguments that may be hostile, in a process of its own."""
