"""Choosing a model, and connections in the settings."""
