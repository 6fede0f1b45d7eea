"""The keys of the window: choosing them, and a sheet of all of them."""
