"""Approval cards and the dock of waiting calls."""
