"""Ways to carry out a call."""
