"""What the window offers about tools: commands, and counts that need a vendor."""
