"""Prices and limits in the settings."""
