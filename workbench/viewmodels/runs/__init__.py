"""Places in a run that actions apply to."""
