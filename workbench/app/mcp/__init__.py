"""MCP servers: import, approve, sign in, connect, and export as one."""
