"""Intervals with exact ends."""

from __future__ import annotations

from fractions import Fraction

Interval = tuple[Fraction, Fraction]
"""A closed interval with exact ends."""
