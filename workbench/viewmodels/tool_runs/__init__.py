"""Running one tool: a form made from its schema, the run, and its result."""
