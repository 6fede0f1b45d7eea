"""What the program remembers of a project between two starts."""
