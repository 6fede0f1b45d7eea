"""The code of a project: new functions, and edits that a person makes here."""
