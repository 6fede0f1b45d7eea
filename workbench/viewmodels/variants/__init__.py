"""The variants of a project."""
