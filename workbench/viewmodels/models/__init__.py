"""Models: the picker that chooses one, and the form of a connection."""
