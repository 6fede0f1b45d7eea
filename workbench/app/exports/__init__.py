"""Write tools in a vendor's shape, as source or as schemas, with signed evidence of what they were tested with."""
