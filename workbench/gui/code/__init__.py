"""The editor of code, and its colors."""
