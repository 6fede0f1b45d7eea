"""What the schema editor needs of one tool: its file, what is sent of it, its token counts."""
