"""Search everywhere, find in a conversation, quick open."""
