"""Grids of cells as they are drawn, and what they mean."""
