"""MCP servers of a project, and signing in to them."""
