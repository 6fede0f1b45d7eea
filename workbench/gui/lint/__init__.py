"""The page that lists what the rules find in all tools."""
