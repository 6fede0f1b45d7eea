"""Recorded runs used again: playback, rerun, fork and the tree of forks."""
