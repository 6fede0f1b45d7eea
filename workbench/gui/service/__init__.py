"""The page that serves the project to other programs."""
