"""Why one decision of a model came out as it did."""
