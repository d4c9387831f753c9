"""Families with one free unknown: the places on the curve where an inequality can begin or cease to hold.

In: a `FamilyPiece` with one free unknown y, and polynomials whose signs matter. Out: polynomials in y alone; between
two neighbouring real roots of theirs, every branch of the curve is either defined and continuous or nowhere defined,
and no sign changes along it. So one rational y out of every such interval decides about all the points but finitely
many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from flint import fmpz_mpoly, fmpz_mpoly_ctx, fmpz_poly
from sympy import Rational

from puzzlesolver.arithmetic.real_roots import isolate_real_roots
from puzzlesolver.exact import limits
from puzzlesolver.exact.polynomial.closed_forms import coordinate_polynomial
from puzzlesolver.exact.polynomial.cover import FamilyPiece, StepKind, TriangularStep
from puzzlesolver.exact.polynomial.finite import Finite
from puzzlesolver.exact.polynomial.quadratics import discriminant
from puzzlesolver.exact.polynomial.ring import coefficients_in, unknowns_of
from puzzlesolver.exact.polynomial.subsystem import solve_subsystem


def walls(family: FamilyPiece, polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> list[fmpz_poly] | None:
    """The polynomials in the free unknown; None where there may be infinitely many such places, or too large ones.

    A place is the y of a point where one of `polynomials` vanishes, or where a step's leading coefficient or
    discriminant vanishes on the curve of the steps after it.
    """
    steps = family.piece.steps
    questions = [(polynomial, steps) for polynomial in polynomials]
    for number, step in enumerate(steps):
        questions += [(polynomial, steps[number + 1 :]) for polynomial in _own_walls(step)]
    found: list[fmpz_poly] = []
    for polynomial, later in questions:
        if polynomial.is_constant():
            continue
        places = _places(polynomial, later, family.piece.active[0], context)
        if places is None:
            return None
        found += places
    return found


def between(polynomials: Sequence[fmpz_poly]) -> Iterator[tuple[Rational]]:
    """A rational number out of every interval that the real roots leave."""
    product = fmpz_poly([1])
    for polynomial in polynomials:
        product *= polynomial
    squarefree = product // product.gcd(product.derivative()) if product.degree() > 0 else product
    ends = sorted({end for interval in isolate_real_roots(squarefree) for end in interval}) or [Fraction(0)]
    middles = [(a + b) / 2 for a, b in pairwise(ends)]
    for number in sorted([ends[0] - 1, *ends, *middles, ends[-1] + 1]):
        yield (Rational(number.numerator, number.denominator),)


def _own_walls(step: TriangularStep) -> list[fmpz_mpoly]:
    parts = coefficients_in(step.equation, step.unknown)
    bounds = [parts[max(parts)]]
    if step.kind is StepKind.QUADRATIC:
        bounds.append(discriminant(step.equation, step.unknown))
    if step.kind is StepKind.POWER and 0 in parts:
        bounds.append(parts[0])
    return bounds


def _places(
    polynomial: fmpz_mpoly, steps: Sequence[TriangularStep], free: int, context: fmpz_mpoly_ctx
) -> list[fmpz_poly] | None:
    """The polynomials of the y at which a polynomial vanishes on the curve of some steps."""
    unknowns = sorted({free, *(step.unknown for step in steps)})
    if not set(unknowns_of([polynomial])) <= set(unknowns):
        return None
    leading = []
    for step in steps:
        parts = coefficients_in(step.equation, step.unknown)
        if not parts[max(parts)].is_constant():
            leading.append(parts[max(parts)])
    found = solve_subsystem([*(step.equation for step in steps), polynomial], unknowns, leading, context)
    if isinstance(found, tuple):
        return None
    if not isinstance(found, Finite):
        return []
    places = [
        coordinate_polynomial(branch, unknowns.index(free), limits.MOST_CURVE_DEGREE)
        for branch in found.branches
        if branch.roots
    ]
    known = [place for place in places if place is not None]
    return known if len(known) == len(places) else None
