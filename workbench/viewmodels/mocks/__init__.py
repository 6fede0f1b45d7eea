"""The mock of a tool."""
