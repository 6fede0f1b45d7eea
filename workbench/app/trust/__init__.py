"""Whether a project's code and rules count."""
