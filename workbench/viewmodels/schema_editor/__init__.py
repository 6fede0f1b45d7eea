"""The schema editor: one tool, as a form and as JSON, two views of one text."""
