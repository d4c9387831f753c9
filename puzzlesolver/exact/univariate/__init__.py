"""One equation in one unknown."""
