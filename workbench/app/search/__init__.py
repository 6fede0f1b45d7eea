"""Full-text search over recorded runs."""
