"""Cryptarithms as they are written, and what they mean."""
