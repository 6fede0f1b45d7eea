"""Approval cards, rules and grants."""
