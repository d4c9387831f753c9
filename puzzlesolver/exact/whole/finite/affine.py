"""Whole-number linear forms over a model's variables, with their bounds, and quotients of two of them.

Coefficients are Python's own whole numbers: they may be larger than CP-SAT's 64 bits, which is seen to when a form
becomes a constraint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BoundedForm:
    """``constant + Σ coefficients[i]·variable_i``, which lies between `low` and `high`."""

    coefficients: Mapping[int, int]
    constant: int
    low: int
    high: int

    @property
    def is_constant(self) -> bool:
        return not self.coefficients

    def scaled(self, factor: int) -> BoundedForm:
        """The form times a whole number."""
        if not factor:
            return constant(0)
        low, high = sorted((self.low * factor, self.high * factor))
        return BoundedForm({i: a * factor for i, a in self.coefficients.items()}, self.constant * factor, low, high)

    def shifted(self, by: int) -> BoundedForm:
        """The form plus a whole number."""
        return BoundedForm(self.coefficients, self.constant + by, self.low + by, self.high + by)


def constant(value: int) -> BoundedForm:
    """A whole number as a form."""
    return BoundedForm({}, value, value, value)


ONE = constant(1)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rational value: one form over another, which is never zero where the value is defined."""

    top: BoundedForm
    bottom: BoundedForm = ONE

    @property
    def is_whole(self) -> bool:
        return self.bottom.is_constant and self.bottom.constant == 1
