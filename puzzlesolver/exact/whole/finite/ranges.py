"""The finitely many values that each unknown can have, where its domain or the statements leave only so many.

In: an unrolled `Problem`. Out: the values for every unknown, in order, or None where some unknown has no such list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

from sympy import Expr, Integer, Rational, Symbol, oo

from puzzlesolver.problem import Domain, Problem
from puzzlesolver.proof.boxes.bounds import bounding_box

Values = Sequence[Fraction] | range
"""The admissible values, ascending: a range of whole numbers, or a list."""

Ends = tuple[Fraction | None, Fraction | None]


def whole_ranges(problem: Problem, window: int | None = None) -> Mapping[Symbol, Values] | None:
    """The values of every unknown. Bounds that a domain lacks are taken from what the statements imply; where these
    imply none, from a `window` around zero if there is one."""
    found = finite_values(problem, window)
    return found if len(found) == len(problem.unknowns) else None


def finite_values(problem: Problem, window: int | None = None) -> Mapping[Symbol, Values]:
    """The values of those whole-number or listed unknowns that have finitely many, found in the same way."""
    found: dict[Symbol, Values] = {}
    implied: Mapping[Symbol, Ends] | None = None
    for unknown in problem.unknowns:
        values = _stated(unknown.domain)
        if values is None and unknown.domain.integer and unknown.domain.members is None:
            implied = bounding_box(problem) if implied is None else implied
            if implied is None:  # nothing solves the problem
                return {symbol: range(0) for symbol in problem.symbols}
            values = _narrower(unknown.domain, _within(implied[unknown.symbol], window))
        if values is not None:
            found[unknown.symbol] = values
    return found


def is_finite(domain: Domain) -> bool:
    """Whether a domain by itself leaves finitely many values that can be listed."""
    return _stated(domain) is not None


def _stated(domain: Domain) -> Values | None:
    if domain.members is not None:
        if not all(isinstance(member, Rational) for member in domain.members):
            return None
        values = sorted(Fraction(int(member.p), int(member.q)) for member in domain.members)
        return [value for value in values if value.denominator == 1] if domain.integer else values
    if not domain.integer or domain.low == -oo or domain.high == oo:
        return None
    low, high = _whole_end(domain.low, domain.low_open, 1), _whole_end(domain.high, domain.high_open, -1)
    return None if low is None or high is None else range(low, high + 1)


def _whole_end(end: Expr, is_open: bool, inward: int) -> int | None:
    """The outermost whole number inside an end."""
    nearest = (end.ceiling() if inward > 0 else end.floor()) if isinstance(end, Rational) else None
    if nearest is None:
        rounded = Integer(end.evalf(30).ceiling() if inward > 0 else end.evalf(30).floor())
        nearest = rounded if abs((end - rounded).evalf(30)) > 1e-9 else None  # too near to tell
    if nearest is None:
        return None
    return int(nearest) + (inward if is_open and nearest == end else 0)


def _within(ends: Ends, window: int | None) -> Ends:
    """Ends with those of a window in place of the missing ones; it moves along with an end that lies outside."""
    low, high = ends
    if window is None:
        return ends
    if low is None:
        low = Fraction(-window) if high is None else min(Fraction(-window), high - window)
    if high is None:
        high = max(Fraction(window), low + window)
    return low, high


def _narrower(domain: Domain, implied: Ends) -> range | None:
    """The whole numbers between the implied ends that the domain admits, None where there is no end."""
    low, high = implied
    if low is None or high is None:
        return None
    first, last = ceil(low), floor(high)
    if domain.low != -oo and (stated := _whole_end(domain.low, domain.low_open, 1)) is not None:
        first = max(first, stated)
    if domain.high != oo and (stated := _whole_end(domain.high, domain.high_open, -1)) is not None:
        last = min(last, stated)
    return range(first, last + 1)
