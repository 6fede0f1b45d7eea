"""A conversation in a tab: the chat and the composer."""
