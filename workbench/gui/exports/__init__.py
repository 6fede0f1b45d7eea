"""The page that exports tools."""
