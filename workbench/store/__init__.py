"""Files and the database."""
