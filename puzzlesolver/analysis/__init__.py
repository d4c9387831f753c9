"""What kind of problem it is, and which parts of it are independent."""
