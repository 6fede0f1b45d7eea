"""Runs side by side, and the choice of them."""
