"""Theme, colors, style sheet and icons."""
