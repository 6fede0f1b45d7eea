"""Answers in place of real tools."""
