"""Everything the log knows about one span."""
