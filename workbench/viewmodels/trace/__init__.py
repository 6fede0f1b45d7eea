"""The trace of a conversation's runs as a table with a time axis."""
