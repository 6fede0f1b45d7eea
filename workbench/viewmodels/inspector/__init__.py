"""Everything the log knows about the selected span."""
