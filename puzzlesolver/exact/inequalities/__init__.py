"""Conditions in one unknown: the set of numbers that fulfil them, as intervals and points."""
