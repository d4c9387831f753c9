"""Is there a radius beyond which a system has no real solution? A proof by bringing infinity near.

In: an unrolled `Problem`, and which of its unknowns have no bounds. Out: a number R such that in no solution one of
these exceeds R in absolute value, or None. A solution whose largest such coordinate is M gives, with s = 1/M and
y = x/M, a zero of s^d f(y/s) with 0 < s <= 1/R and one y at 1 or -1, where d is the degree of f: the terms of highest
degree stay and the others vanish with s. Searches of these faces that find nothing are the proof. Functions other than
powers are taken at y/s, which is enough where they are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from sympy import Add, Dummy, Expr, Integer, Mul, Pow, Rational, Symbol, expand

from puzzlesolver.problem import Condition, Domain, Equation, Problem, Relation, Unknown

RADII = (2**10, 2**26)
LARGEST = 2000
"""Equations of more operations are not multiplied out."""

EmptyProblem = Callable[[Problem], bool]
"""Whether a problem, all of whose unknowns are bounded, is proved to have no solution."""


def radius(problem: Problem, unbounded: Sequence[Symbol], is_empty: EmptyProblem) -> Fraction | None:
    """A number that no unbounded unknown exceeds, in absolute value, in any solution; None where none is proved."""
    if any(equation.residual.count_ops() > LARGEST for equation in problem.equations):
        return None
    small = Dummy("s", real=True)
    scaled = [_scaled(equation.residual, unbounded, small) for equation in problem.equations]
    for size in RADII:
        if all(is_empty(face) for face in _faces(problem, scaled, unbounded, small, size)):
            return Fraction(size)
    return None


def closed(low: float, high: Expr | float) -> Domain:
    """The domain between two ends, both included."""
    return Domain(low=Rational(low), high=Rational(high), low_open=False, high_open=False)


def _faces(
    problem: Problem, scaled: Sequence[Expr], unbounded: Sequence[Symbol], small: Symbol, size: int
) -> list[Problem]:
    """For every unbounded unknown and either sign: the scaled system where it is the largest."""
    faces = []
    for largest in unbounded:
        unknowns = [
            replace(unknown, domain=closed(-1, 1)) if unknown.symbol in unbounded else unknown
            for unknown in problem.unknowns
            if unknown.symbol != largest
        ]
        for sign in (1, -1):
            faces.append(
                Problem(
                    unknowns=(*unknowns, Unknown(small, closed(0, Rational(1, size)))),
                    equations=tuple(Equation(e.xreplace({largest: Integer(sign)}), Integer(0)) for e in scaled),
                    conditions=(Condition(Integer(0), Relation.LESS, small),),
                )
            )
    return faces


def _scaled(residual: Expr, unbounded: Sequence[Symbol], small: Symbol) -> Expr:
    """``small**degree * residual``, with every unbounded x written as y/small, y again being called x."""
    inside = {symbol: symbol / small for symbol in unbounded}
    terms: list[tuple[Rational, Expr]] = []
    for term in Add.make_args(expand(residual, power_base=False, power_exp=False, log=False, basic=False)):
        degree: Rational = Integer(0)
        parts: list[Expr] = []
        for part in Mul.make_args(term):
            base, power = part.as_base_exp() if isinstance(part, Pow) else (part, Integer(1))
            if base in inside and power.is_Integer:
                degree += power
                parts.append(part)
            else:
                parts.append(part.xreplace(inside))
        terms.append((degree, Mul(*parts)))
    highest = max((degree for degree, _ in terms), default=Integer(0))
    return Add(*(term * small ** (highest - degree) for degree, term in terms))
