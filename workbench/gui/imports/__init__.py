"""Files dropped onto the window."""
