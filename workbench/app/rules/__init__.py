"""Approval rules and standing grants: edit them, preview what they would do, revoke them."""
