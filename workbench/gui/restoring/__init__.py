"""What was open comes back on the next start."""
