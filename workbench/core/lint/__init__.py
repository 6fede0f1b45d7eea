"""What can be said about tools from their text alone: rules with grounds, findings with places, fixes."""
