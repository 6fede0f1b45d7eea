"""Connections to models."""
