"""Real roots of integer polynomials, isolated exactly.

In: squarefree integer polynomials. Out: disjoint intervals with exact ends, ascending, each of which holds exactly one
real root, and all of them do so together. By Descartes' rule of signs and bisection (G. Collins and A. Akritas,
Polynomial real root isolation using Descartes' rule of signs, 1976; that it ends is Vincent's theorem).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from flint import fmpz, fmpz_poly

from puzzlesolver.arithmetic.interval import Interval

_SHIFT = fmpz_poly([1, 1])


def isolate_real_roots(polynomial: fmpz_poly) -> tuple[Interval, ...]:
    """One interval for every real root of a squarefree polynomial, ascending.

    The ends of an interval are equal where the root was met exactly; otherwise they are no roots, and the polynomial
    has opposite signs at them. Raises ValueError for the zero polynomial.
    """
    if not polynomial:
        raise ValueError("every number is a root of the zero polynomial")
    found = [] if polynomial[0] else [(Fraction(0), Fraction(0))]
    found += _positive_roots(polynomial)
    mirrored = fmpz_poly([c if k % 2 == 0 else -c for k, c in enumerate(polynomial.coeffs())])
    found += [(-high, -low) for low, high in _positive_roots(mirrored)]
    return tuple(sorted(found))


def sign_variations(coefficients: Sequence[fmpz]) -> int:
    """How often the sign changes along the coefficients, zeros left out."""
    signs = [c > 0 for c in coefficients if c]
    return sum(a != b for a, b in pairwise(signs))


def sign_at(polynomial: fmpz_poly, point: Fraction) -> int:
    """The sign of the polynomial at a rational number, exactly."""
    numerator, denominator = fmpz(point.numerator), fmpz(point.denominator)
    total, power = fmpz(0), fmpz(1)
    for c in reversed(polynomial.coeffs()):
        total = total * numerator + c * power
        power *= denominator
    return (total > 0) - (total < 0)


def _positive_roots(polynomial: fmpz_poly) -> list[Interval]:
    """Intervals for the positive roots."""
    if sign_variations(polynomial.coeffs()) == 0:
        return []
    exponent = _bound_exponent(polynomial)
    scale = Fraction(2) ** exponent
    unit = _scaled(polynomial, exponent)
    return [(low * scale, high * scale) for low, high in _unit_roots(unit)]


def _bound_exponent(polynomial: fmpz_poly) -> int:
    """e such that every positive root is below 2^e (Fujiwara's bound with the sizes in bits)."""
    coefficients = [int(c) for c in polynomial.coeffs()]
    degree = len(coefficients) - 1
    top = abs(coefficients[-1]).bit_length() - 1
    exponents = [-(-(abs(c).bit_length() - top) // (degree - k)) for k, c in enumerate(coefficients[:-1]) if c]
    return 1 + max(exponents, default=0)


def _scaled(polynomial: fmpz_poly, exponent: int) -> fmpz_poly:
    """``p(2^e·x)``, times a power of two where e is negative."""
    coefficients = polynomial.coeffs()
    degree = len(coefficients) - 1
    if exponent >= 0:
        return fmpz_poly([c << (exponent * k) for k, c in enumerate(coefficients)])
    return fmpz_poly([c << (-exponent * (degree - k)) for k, c in enumerate(coefficients)])


def _unit_roots(polynomial: fmpz_poly) -> list[Interval]:
    """Intervals for the roots in (0, 1)."""
    found: list[Interval] = []
    stack = [(_without_zero(polynomial), 0, 0)]  # on (0, 1) what the original is on (place, place + 1)/2^depth
    while stack:
        part, place, depth = stack.pop()
        variations = sign_variations(fmpz_poly(part.coeffs()[::-1])(_SHIFT).coeffs())
        if variations == 0:
            continue
        if variations == 1:
            found.append(_without_end_roots(polynomial, place, depth))
            continue
        left = _scaled(part, -1)
        right = left(_SHIFT)
        if not right[0]:
            middle = Fraction(2 * place + 1, 1 << (depth + 1))
            found.append((middle, middle))
        stack.append((left, 2 * place, depth + 1))
        stack.append((_without_zero(right), 2 * place + 1, depth + 1))
    return found


def _without_zero(polynomial: fmpz_poly) -> fmpz_poly:
    """Without the root 0, if it is one."""
    return polynomial if polynomial[0] else fmpz_poly(polynomial.coeffs()[1:])


def _without_end_roots(polynomial: fmpz_poly, place: int, depth: int) -> Interval:
    """The interval of one root in its interior, drawn in until neither end is a root."""
    low, high = Fraction(place, 1 << depth), Fraction(place + 1, 1 << depth)
    before = sign_at(polynomial, low) or sign_at(polynomial.derivative(), low)  # the sign between low and the root
    while not sign_at(polynomial, low) or not sign_at(polynomial, high):
        middle = (low + high) / 2
        here = sign_at(polynomial, middle)
        if not here:
            return middle, middle
        low, high = (middle, high) if here == before else (low, middle)
    return low, high
