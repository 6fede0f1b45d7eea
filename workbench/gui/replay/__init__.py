"""Playback, forks and reruns of recorded runs."""
