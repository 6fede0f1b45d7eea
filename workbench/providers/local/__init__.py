"""Needle 3, a small model that calls tools, in a child process of this computer: no key, no network."""
