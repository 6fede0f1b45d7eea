"""Readers of other programs' formats: what recognizes a document, and what makes tools of it."""
