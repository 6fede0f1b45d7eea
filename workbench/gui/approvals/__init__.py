"""Approval cards and their dock."""
