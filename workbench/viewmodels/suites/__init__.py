"""Suites of cases: what is in them, running them, and what came out."""
