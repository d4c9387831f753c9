"""Least and greatest values, proved."""
