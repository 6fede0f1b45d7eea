"""Connections in the settings."""
