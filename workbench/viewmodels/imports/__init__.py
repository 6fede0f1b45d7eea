"""What dropping files would do, and the preview of an import."""
