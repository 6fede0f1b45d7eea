"""Checking tools: what the rules find, why they look for it, and fixes."""
