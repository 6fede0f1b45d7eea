"""The page of MCP servers, and signing in to them."""
