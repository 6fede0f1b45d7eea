"""Compare recorded runs."""
