"""Variants in the window: their page, and the chip that chooses one for the next run."""
