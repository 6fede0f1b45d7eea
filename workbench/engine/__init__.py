"""The tool loop. Awaits, but only through ports."""
