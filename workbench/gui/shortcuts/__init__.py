"""Choose keyboard shortcuts, and a sheet of all of them."""
