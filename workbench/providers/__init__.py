"""Thin adapters, one folder per vendor API. They translate; they never retry and never decide."""
