"""Check recorded calls against the tools as they are now."""
