"""What a feature may use of the window."""
