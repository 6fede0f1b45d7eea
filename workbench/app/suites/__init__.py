"""Suites: the files, running their cases, the result, and whether it proves anything."""
