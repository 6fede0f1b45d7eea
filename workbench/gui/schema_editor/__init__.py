"""The schema editor: form and JSON of one tool, its problems, its preview, its changes."""
