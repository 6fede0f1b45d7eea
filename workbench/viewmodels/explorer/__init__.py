"""What the project holds, as a tree."""
