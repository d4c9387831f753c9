"""The real roots of integer polynomials, isolated and to any precision, and SymPy's `CRootOf` among them.

python-flint encloses all complex roots of a polynomial in disjoint balls, those of the real ones on the real line.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from flint import arb, ctx, fmpq, fmpz_poly
from sympy import ComplexRootOf, Integer

from puzzlesolver.arithmetic.interval import Interval

Coefficients = tuple[int, ...]
"""Those of a squarefree polynomial, the constant first."""

ISOLATING_BITS = 128  # The precision to which roots are isolated, unless they are closer to each other.
LEAST_BITS = 512  # To tell the roots apart takes python-flint longer than to compute them to so many bits.


def isolate_real_roots(polynomial: fmpz_poly) -> tuple[Interval, ...]:
    """Disjoint intervals, one for every real root of a squarefree polynomial, ascending.

    The ends of an interval are equal where they are the root; otherwise they are no roots, and the polynomial has
    opposite signs at them. Raises ValueError for the zero polynomial.
    """
    if not polynomial:
        raise ValueError("every number is a root of the zero polynomial")
    if polynomial.degree() == 1:
        root = Fraction(-int(polynomial[0]), int(polynomial[1]))
        return ((root, root),)
    coefficients = tuple(int(c) for c in polynomial.coeffs())
    balls = real_root_balls(coefficients, LEAST_BITS)
    with ctx.workprec(ISOLATING_BITS):
        short = [+ball for ball in balls]
    apart = all(low < high for low, high in pairwise(short))
    return tuple(_isolating(polynomial, ball) for ball in (short if apart else balls))


@lru_cache(maxsize=512)
def refined_root(coefficients: Coefficients, isolating: Interval, bits: int) -> Interval:
    """A part of the isolating interval that holds the root and is at most 2^-bits wide, relative to the larger of 1 and
    the root's size. Its ends are no roots, or equal.
    """
    low, high = isolating
    precision = max(LEAST_BITS, bits)
    while (high - low) * 2**bits > max(1, abs(low), abs(high)):
        balls = real_root_balls(coefficients, precision)
        with ctx.workprec(precision):
            near = [ball for ball in balls if not (ball < _rational(isolating[0]) or ball > _rational(isolating[1]))]
        if len(near) == 1:  # others may reach in from outside, as long as they are wide
            found = _isolating(fmpz_poly([*coefficients]), near[0])
            low, high = max(low, found[0]), min(high, found[1])
        precision *= 2
    return low, high


def root_ball(root: ComplexRootOf, precision: int) -> arb:
    """A ball around a real root; not finite for the others. SymPy counts the real roots first, in increasing order."""
    coefficients = root.poly.all_coeffs()
    if not all(isinstance(coefficient, Integer) for coefficient in coefficients):
        return arb("nan")
    real_roots = real_root_balls(tuple(int(coefficient) for coefficient in reversed(coefficients)), precision)
    index = int(root.index)
    return real_roots[index] if index < len(real_roots) else arb("nan")


@lru_cache(maxsize=128)
def real_root_balls(coefficients: Coefficients, precision: int) -> tuple[arb, ...]:
    """Disjoint balls around the real roots, in order."""
    with ctx.workprec(precision):
        roots: list[Any] = fmpz_poly([*coefficients]).complex_roots()
    real = [root.real for root, _ in roots if root.imag.is_zero()]
    return tuple(sorted(real, key=lambda ball: ball.mid()))


def ends(ball: arb) -> Interval:
    """The exact ends of a finite ball."""
    middle, radius = (_exact(part) for part in (ball.mid(), ball.rad()))
    return middle - radius, middle + radius


def _exact(number: arb) -> Fraction:
    mantissa, exponent = number.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _isolating(polynomial: fmpz_poly, ball: arb) -> Interval:
    """The ends of a root's ball, both the root itself where one of them is."""
    low, high = ends(ball)
    root = next((end for end in (low, high) if not polynomial(_rational(end))), None)
    return (low, high) if root is None else (root, root)


def _rational(number: Fraction) -> fmpq:
    return fmpq(number.numerator, number.denominator)
