"""Keep keys out of everything that is shown, logged or copied."""
