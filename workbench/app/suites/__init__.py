"""Suites: the files, running their cases, what came of it, and whether it proves anything."""
