"""Variants of a project, the baseline they are compared with, and their promotion."""
