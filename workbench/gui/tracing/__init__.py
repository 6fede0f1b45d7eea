"""The trace as a feature of the window, and what is set about costs and limits."""
