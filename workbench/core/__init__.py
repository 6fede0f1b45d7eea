"""Values and pure rules. No I/O, no clock, no await, no randomness."""
