"""Open, switch and configure projects: the menu of projects and the page of settings."""
