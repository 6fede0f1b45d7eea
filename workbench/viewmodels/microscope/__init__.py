"""The mis-selection microscope: one decision of a model, and why it came out as it did."""
