"""The schema editor in the window: form and JSON of one tool, its problems, its preview, its changes."""
