"""The report of checked recorded calls."""
