"""Who may run what: rules, grants, open questions, step mode."""
