"""Files of code that are being edited."""
