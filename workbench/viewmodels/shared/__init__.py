"""What several view-models share: signals, plain text, figures, tones, progress."""
