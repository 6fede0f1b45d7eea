"""The page of the mis-selection microscope, and the page of marked decisions."""
