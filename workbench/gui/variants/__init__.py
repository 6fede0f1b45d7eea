"""Variants in the window, and what they and every edit mean for recorded calls."""
