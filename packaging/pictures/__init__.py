"""What the pictures of the program show, a file for each part of the window."""
