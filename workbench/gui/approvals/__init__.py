"""Approval cards, their dock, and the page of rules and grants."""
