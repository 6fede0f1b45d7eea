"""Play back, rerun and fork recorded runs."""
