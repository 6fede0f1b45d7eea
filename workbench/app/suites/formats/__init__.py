"""Suites of other programs, read into cases with a report of each."""
