"""SymPy's rational numbers as Python's, and back."""

from __future__ import annotations

from fractions import Fraction

from sympy import Rational

from puzzlesolver.verification.intervals import Number


def rational(number: Rational) -> Number:
    """SymPy's rational number as Python's."""
    return int(number.p) if number.q == 1 else Fraction(int(number.p), int(number.q))


def to_sympy(number: Number) -> Rational:
    """The same the other way round."""
    return Rational(number.numerator, number.denominator)
