"""The user guide, shown inside the window."""
