"""Linear systems, and the affine families that solve them."""
