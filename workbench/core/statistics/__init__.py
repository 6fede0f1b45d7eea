"""Tests and intervals for paired comparisons. scipy does the mathematics, and is imported when it is first needed."""
