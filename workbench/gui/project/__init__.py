"""Open, switch and configure projects."""
