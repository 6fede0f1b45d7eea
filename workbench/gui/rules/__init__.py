"""The page of approval rules and grants, and the rule of one tool in its editor."""
