"""Serving the project to other programs."""
