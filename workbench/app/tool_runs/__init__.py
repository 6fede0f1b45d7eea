"""Calls that a person makes: what was called before."""
