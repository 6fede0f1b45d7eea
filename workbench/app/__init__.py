"""What a user can do, without saying how it looks."""
