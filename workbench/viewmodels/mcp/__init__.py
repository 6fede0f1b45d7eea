"""MCP servers of a project."""
