"""Write tools in a vendor's shape."""
