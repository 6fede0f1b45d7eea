"""Search everywhere and quick open."""
