"""The routing page: what each selector would offer for a request, and the texts it finds tools by."""
