"""The page of checked recorded calls, and strips that summarize it."""
