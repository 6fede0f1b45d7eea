"""The trace: a table of spans with a waterfall."""
