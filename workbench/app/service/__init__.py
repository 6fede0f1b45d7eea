"""What other programs may do with an open project: its tools, runs and conversations, for clients with a token."""
