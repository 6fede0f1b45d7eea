"""The banner that asks for trust."""
