"""The page of the mis-selection microscope."""
