"""The page that lists what the rules find in all tools, and what each weighs in tokens."""
