"""Puzzles in whole numbers."""
