"""Forms over the project's file, and the list of projects."""
