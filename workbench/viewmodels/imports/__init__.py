"""What dropping files would do."""
