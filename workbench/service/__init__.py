"""An open project for other programs: over HTTP, and as an MCP server."""
