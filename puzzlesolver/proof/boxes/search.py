"""An exhaustive search for the real solutions of a problem, by whatever proof of completeness fits it.

In: an unrolled `Problem`. Out: a `BoxSearch`. The region is the domains, narrowed to what the statements themselves
imply (`bounds`), or a radius beyond which there is no solution; one unknown alone is searched on the whole line
(`line`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from sympy import Add, Dummy, Expr, Integer, Mul, Pow, Rational, Symbol, expand

from puzzlesolver.answer.reasons import Why
from puzzlesolver.problem import Condition, Domain, Equation, Problem, Relation, Unknown
from puzzlesolver.proof import limits
from puzzlesolver.proof.boxes.bounds import Bounds, bounds
from puzzlesolver.proof.boxes.box import BoxSearch
from puzzlesolver.proof.boxes.branch import region_in_words, search_region
from puzzlesolver.proof.boxes.line import search_line


def search_until(problem: Problem, deadline: float) -> BoxSearch:
    """`search_everything`, in the form in which a worker is given its errands."""
    return search_everything(problem, deadline=deadline)


def search_everything(problem: Problem, *, deadline: float) -> BoxSearch:
    """Every real solution within the domains, up to `deadline` (a time of `time.monotonic`).

    Certificates whose solutions are proved to break a condition or a domain are left out. A region that is not bounded
    and cannot be proved to be is searched only as far as that shows, and the reason says which unknown is unbounded.
    """
    if not problem.is_unrolled:
        return BoxSearch((), (), "nothing", 0, Why.NOT_UNROLLED_BOXES())
    if not problem.unknowns:
        return BoxSearch((), (), "nothing", 0, Why.NO_UNKNOWNS())
    region = region_in_words(problem)
    if len(problem.equations) < len(problem.unknowns):
        ends = bounds(problem)
        found = search_region(
            problem, ends.low, ends.high, deadline=deadline, max_boxes=limits.UNDERDETERMINED_BOXES, most_hulls=1
        )
        reason = None if found.exhausted else Why.FEW_EQUATIONS()
        return replace(found, region=region, reason=reason)
    if len(problem.unknowns) == 1:
        return search_line(problem, deadline=deadline)
    ends = bounds(problem)
    if ends.is_empty:
        return BoxSearch((), (), region, 1)
    if not ends.is_bounded:
        ends = _within_radius(problem, ends, deadline)
    found = search_region(problem, ends.low, ends.high, deadline=deadline)
    if not ends.is_bounded and found.reason is not None:
        return replace(found, region=region)
    words = f"{region} ({ends.words})" if ends.words else region
    return replace(found, region=words)


def _within_radius(problem: Problem, ends: Bounds, deadline: float) -> Bounds:
    """The bounds with a radius beyond which there is no solution, where one is proved with a small effort."""
    faces, boxes = limits.MOST_FACES, limits.LOOKING_OUT

    def is_empty(face: Problem) -> bool:
        nonlocal faces, boxes
        if not faces or boxes <= 0 or time.monotonic() > deadline:
            return False
        anywhere = [np.inf] * len(face.unknowns)
        most = min(limits.FACE_BOXES, boxes)
        found = search_region(face, [-e for e in anywhere], anywhere, deadline=deadline, max_boxes=most)
        faces, boxes = faces - 1, boxes - found.boxes
        return found.exhausted and not found.certificates

    far = [
        symbol
        for symbol, low, high in zip(problem.symbols, ends.low, ends.high, strict=True)
        if not np.isfinite(high - low)
    ]
    bounded = replace(
        problem,
        unknowns=tuple(
            unknown if unknown.symbol in far else replace(unknown, domain=closed(low, high))
            for unknown, low, high in zip(problem.unknowns, ends.low, ends.high, strict=True)
        ),
    )
    size = radius(bounded, far, is_empty)
    return ends if size is None else ends.within(float(size))


RADII = (2**10, 2**26)
LARGEST = 2000  # Equations of more operations are not multiplied out.

EmptyProblem = Callable[[Problem], bool]
"""Whether a problem, all of whose unknowns are bounded, is proved to have no solution."""


def radius(problem: Problem, unbounded: Sequence[Symbol], is_empty: EmptyProblem) -> Fraction | None:
    """A number that no unbounded unknown exceeds, in absolute value, in any solution; None where none is proved.

    Infinity is brought near: a solution whose largest such coordinate is M gives, with s = 1/M and y = x/M, a zero of
    s^d f(y/s) with 0 < s <= 1/R and one y at 1 or -1, where d is the degree of f: the terms of highest degree stay and
    the others vanish with s. Searches of these faces that find nothing are the proof. Functions other than powers are
    taken at y/s, which is enough where they are bounded.
    """
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
