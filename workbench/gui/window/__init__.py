"""The main window: start-up, menus and the list of features."""
