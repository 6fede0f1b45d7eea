"""Start, resume, stop and load runs; conversations; a run as text; the pictures in its results."""
