"""What each view shows and offers, in plain Python."""
