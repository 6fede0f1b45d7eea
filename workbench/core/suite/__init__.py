"""Suites: cases, what is expected in them, how a trial is graded, and what trials add up to. Values and pure rules."""
