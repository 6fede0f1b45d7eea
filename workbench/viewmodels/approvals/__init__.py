"""Approval cards: one call that waits for a person, or several together."""
