"""Open questions to a person, how the person likes to answer them, and step mode."""
