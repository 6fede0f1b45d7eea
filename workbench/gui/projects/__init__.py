"""Projects that were open before, and what is dropped onto the window."""
