"""Exporting tools: what is chosen, the format, the preview and the ledger."""
