"""The conversation: streaming text, tool-call cards, the composer."""
