"""What runs a tool."""
