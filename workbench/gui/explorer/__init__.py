"""What the project holds."""
