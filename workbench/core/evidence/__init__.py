"""What an export was tested with, in a form that other programs can check."""
