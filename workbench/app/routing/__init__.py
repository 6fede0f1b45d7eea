"""Choosing the tools of a round: selectors with what they need from outside, and their indexes."""
