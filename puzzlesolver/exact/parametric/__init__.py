"""`solve for`: answers in terms of other names."""
