"""Widgets that several features share, and what they need: tasks, timers, signals, the bridge from the log."""
