"""Files dropped onto the window, pasted text, and the page that imports tools."""
