"""Finding things: everywhere, in a conversation, by name."""
