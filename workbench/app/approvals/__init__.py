"""Open questions, how a person likes to answer them, and step mode."""
