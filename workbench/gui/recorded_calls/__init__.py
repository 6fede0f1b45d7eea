"""Recorded calls checked against changed tools: the page that lists them, and the strips that summarize it."""
