"""MCP servers: import, approve, connect."""
