"""Prices in the settings."""
