"""Reopen the tabs and places of the last time."""
