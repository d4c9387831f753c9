"""Intervals with exact ends."""

from __future__ import annotations

from fractions import Fraction

Interval = tuple[Fraction, Fraction]
"""A closed interval with exact ends."""


def middle(interval: Interval) -> float:
    """The middle of an interval, in float64."""
    return float((interval[0] + interval[1]) / 2)
