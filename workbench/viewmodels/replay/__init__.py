"""Playback, forks and reruns."""
