"""What waits for a person: calls to approve, one or several together, and questions of servers."""
