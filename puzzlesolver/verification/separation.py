"""How near to zero a real algebraic expression can be without being zero.

An expression built from whole numbers, roots of polynomials with whole coefficients, and sines and cosines of rational
multiples of pi by ``+ - * /`` and radicals is a quotient U/L of algebraic integers. With u and l bounds on the absolute
values of all conjugates of U and L, and D on the degree of the field they lie in, the norm of U is at least 1, so that
the expression is zero or at least ``1 / (l * u**(D - 1))``.

Source: C. Burnikel, S. Funke, K. Mehlhorn, S. Schirra, S. Schmitt, *A separation bound for real algebraic
expressions*, ESA 2001.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm, prod

from sympy import Abs, Add, Expr, Mul, Pow, Rational, Symbol, cos, pi, sin, tan, totient

from puzzlesolver.verification.real_root import RealRoot


class NotAlgebraic(ValueError):
    """The expression is not built from what is known here to be algebraic."""


@dataclass(frozen=True, slots=True)
class Size:
    """Bounds, as powers of two, on all conjugates of a numerator and of a denominator."""

    above: int
    below: int


@dataclass(slots=True)
class _Field:
    """The generators met: each radical with its degree, each root, and the denominators of the angles."""

    radicals: dict[tuple[Expr, int], int] = field(default_factory=dict)
    roots: dict[RealRoot, int] = field(default_factory=dict)
    angles: set[int] = field(default_factory=set)

    def degree(self) -> int:
        total = prod(self.radicals.values()) * prod(self.roots.values())
        if self.angles:
            total *= int(totient(2 * lcm(*self.angles)))
        return total


def separation(expression: Expr) -> int:
    """The k for which the expression is zero or at least ``2**-k`` in absolute value. Raises `NotAlgebraic`.

    It must have a value: no denominator in it is zero, no radicand of an even root negative.
    """
    generators = _Field()
    size = _size(expression, generators, {})
    return size.above * (generators.degree() - 1) + size.below


def _size(e: Expr, generators: _Field, known: dict[Expr, Size]) -> Size:
    if e not in known:
        known[e] = _sized(e, generators, known)
    return known[e]


def _sized(e: Expr, generators: _Field, known: dict[Expr, Size]) -> Size:
    if isinstance(e, Rational):
        return Size(abs(int(e.p)).bit_length(), int(e.q).bit_length() if e.q > 1 else 0)
    if isinstance(e, RealRoot):
        generators.roots[e] = len(e.polynomial) - 1
        # With leading coefficient a, the number is (a*root)/a; Cauchy's bound holds for all conjugates.
        lead = abs(e.polynomial[-1])
        largest = max((abs(c) for c in e.polynomial[:-1]), default=0)
        return Size((lead + largest).bit_length(), lead.bit_length() if lead > 1 else 0)
    if isinstance(e, Add):
        return _sum([_size(part, generators, known) for part in e.args])
    if isinstance(e, Mul):
        return _product([_size(part, generators, known) for part in e.args])
    if isinstance(e, Pow) and isinstance(e.exp, Rational):
        return _power(e.base, e.exp, generators, known)
    if isinstance(e, Abs):
        return _size(e.args[0], generators, known)  # the number itself, or its negative
    if isinstance(e, (sin, cos, tan)):
        return _angle(e, generators)
    if isinstance(e, Symbol):
        raise NotAlgebraic(f"the name {e} has no value")
    raise NotAlgebraic(f"{type(e).__name__} is not known to be algebraic")


def _sum(parts: Sequence[Size]) -> Size:
    """Over the product of the denominators."""
    below = sum(part.below for part in parts)
    above = max(part.above + below - part.below for part in parts) + len(parts).bit_length()
    return Size(above, below)


def _product(parts: Sequence[Size]) -> Size:
    return Size(sum(part.above for part in parts), sum(part.below for part in parts))


def _power(base: Expr, exponent: Rational, generators: _Field, known: dict[Expr, Size]) -> Size:
    p, q = abs(int(exponent.p)), int(exponent.q)
    size = _size(base, generators, known)
    if q > 1:
        generators.radicals[base, q] = q
        # The q-th root of U/L is the root of U*L**(q-1), an algebraic integer, over L.
        size = Size(-(-(size.above + (q - 1) * size.below) // q), size.below)
    size = Size(size.above * p, size.below * p)
    return Size(size.below, size.above) if exponent < 0 else size


def _angle(e: Expr, generators: _Field) -> Size:
    turns = e.args[0] / pi
    if not isinstance(turns, Rational):
        raise NotAlgebraic("an angle is no rational multiple of pi")
    # sin(r*pi) = cos((1/2 - r)*pi), and 2*cos(p*pi/q) is a sum of two roots of unity of order 2q.
    own = Fraction(int(turns.p), int(turns.q))
    generators.angles.add(own.denominator)
    if isinstance(e, cos):
        return Size(1, 1)
    generators.angles.add((Fraction(1, 2) - own).denominator)
    return Size(1, 1) if isinstance(e, sin) else Size(2, 2)
