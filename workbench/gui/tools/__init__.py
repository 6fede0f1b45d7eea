"""Commands about tools, and the box that says what runs one."""
