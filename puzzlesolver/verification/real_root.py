"""A real root of a polynomial as an atom of SymPy expressions, in place of `CRootOf`, which is not relied on here."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from sympy import AtomicExpr

from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.univariate import (
    Polynomial,
    RealAlgebraic,
    derivative,
    greatest_common_divisor,
    real_roots,
)

MOST_DEGREE = 200
"""Of the polynomial."""
ISOLATING = 5.0
"""Seconds for isolating the roots of one polynomial."""


class RealRoot(AtomicExpr):  # type: ignore[misc]
    """The real root number `index`, from 0 in ascending order, of a squarefree polynomial (constant first)."""

    is_real = True
    is_commutative = True
    is_number = False
    __slots__ = ("index", "polynomial")
    polynomial: Polynomial
    index: int

    def __new__(cls, polynomial: Polynomial, index: int) -> RealRoot:
        found: RealRoot = AtomicExpr.__new__(cls)
        found.polynomial = polynomial
        found.index = index
        return found

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*self.polynomial, self.index)

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.polynomial, self.index)

    def _sympystr(self, printer: Any) -> str:
        return f"root number {self.index + 1} of a polynomial of degree {len(self.polynomial) - 1}"

    def interval(self, width: Fraction) -> tuple[Fraction, Fraction]:
        """An enclosure no wider than `width`."""
        return _isolated(self.polynomial)[self.index].refine(width)


@lru_cache(maxsize=256)
def _isolated(polynomial: Polynomial) -> tuple[RealAlgebraic, ...]:
    """The roots with their isolating intervals; these are refined where they lie, which changes no answer."""
    return tuple(real_roots(polynomial, Budget.of(ISOLATING)))


def real_root(polynomial: Polynomial, index: int) -> RealRoot | None:
    """The atom; None where there is no such real root, or the polynomial has multiple ones.

    Raises `OutOfTime` where the roots are not isolated soon enough.
    """
    if not 2 <= len(polynomial) <= MOST_DEGREE + 1:
        return None
    if len(greatest_common_divisor(polynomial, derivative(polynomial))) > 1:
        return None
    return RealRoot(polynomial, index) if 0 <= index < len(_isolated(polynomial)) else None
