"""The page that runs one tool."""
