"""The explorer: what the project holds."""
