"""Check recorded calls against the current tools."""
