"""A parameter: its name, and where it may lie, an interval with exact ends, whatever they are, and points left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from flint import fmpq
from sympy import Expr, Integer, Symbol, cancel, expand, oo

from puzzlesolver.arithmetic.polyhedron import Range
from puzzlesolver.problem import Condition, Domain, Relation
from puzzlesolver.proof import zero
from puzzlesolver.proof.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Segment:
    """The values of `symbol` from `low` to `high`, the ends included unless open, without the `holes`."""

    symbol: Symbol
    low: Expr = -oo
    high: Expr = oo
    low_open: bool = True
    high_open: bool = True
    holes: tuple[Expr, ...] = ()

    @property
    def is_point(self) -> bool:
        return bool(self.low == self.high) and not self.low_open and not self.high_open

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left; the ends have been compared before."""
        if self.low == self.high:
            return self.low_open or self.high_open or self.low in self.holes
        return bool(self.low == oo)

    def conditions(self) -> tuple[Condition, ...]:
        """The bounds, then each hole."""
        ends = Domain(False, self.low, self.high, self.low_open, self.high_open)
        holes = (Condition(self.symbol, Relation.NOT_EQUAL, hole) for hole in self.holes)
        return (*ends.bounds(self.symbol), *holes)

    def whole_ends(self) -> tuple[int | None, int | None]:
        """The least and greatest whole number; None where there is no end, or it is not decided."""
        low = None if self.low == -oo else _next_whole(self.low, self.low_open)
        high = None if self.high == oo else _next_whole(-self.high, self.high_open)
        return low, None if high is None else -high

    def between_whole(self, low: int | None, high: int | None) -> Segment:
        """The same whole numbers, with their `whole_ends` as ends."""
        found = self
        if low is not None:
            found = replace(found, low=Integer(low), low_open=False)
        if high is not None:
            found = replace(found, high=Integer(high), high_open=False)
        return found

    def inner_points(self) -> list[tuple[fmpq, ...]]:
        """A few simple numbers inside."""
        below = None if self.low == -oo else zero.enclosure(self.low)
        above = None if self.high == oo else zero.enclosure(self.high)
        if (below is None and self.low != -oo) or (above is None and self.high != oo):
            return []
        low, high = below and below[1], above and above[0]
        if low is not None and high is not None and low >= high:
            return []
        inside = Range(low, high, low_open=True, high_open=True)
        points = [inside.simplest()]
        for _ in range(len(self.holes)):
            inside = Range(points[-1], high, low_open=True, high_open=True)
            points.append(inside.simplest())
        return [(fmpq(point.numerator, point.denominator),) for point in points]


def segment(conditions: Sequence[Condition], symbol: Symbol) -> Segment | None:
    """The values that keep all the conditions; None where one is not linear in the symbol or cannot be decided."""
    low, high = (-oo, True), (oo, True)
    holes: list[Expr] = []
    for condition in conditions:
        end = _end(condition, symbol)
        if end is None:
            return None
        slope, value = end
        is_open = condition.relation is Relation.LESS
        if condition.relation is Relation.NOT_EQUAL:
            holes.append(value)
            continue
        tighter = _tighter(low if slope > 0 else high, (value, is_open), slope)
        if tighter is None:
            return None
        low, high = (tighter, high) if slope > 0 else (low, tighter)
    order = -1 if -oo in (low[0], -high[0]) else zero.sign(low[0] - high[0])
    if order is None:
        return None
    if order > 0:
        return Segment(symbol, oo, -oo)
    if order == 0:
        high = (low[0], high[1])
    left = _holes_inside(holes, low, high)
    return None if left is None else _closed_up(Segment(symbol, low[0], high[0], low[1], high[1], tuple(left)))


def _end(condition: Condition, symbol: Symbol) -> tuple[int, Expr] | None:
    """The sign of the slope of ``rhs - lhs``, and where it is zero."""
    constant, rest = expand(condition.rhs - condition.lhs).as_independent(symbol, as_Add=True)
    slope = cancel(rest / symbol)
    if slope.free_symbols or constant.free_symbols:
        return None
    found = zero.sign(slope)
    return (found, -constant / slope) if found else None


def _next_whole(end: Expr, is_open: bool) -> int | None:
    """The least whole number from an end on, or after it; None where that is not decided."""
    below = zero.whole_part(end)
    if below is None:
        return None
    match zero.is_zero(end - below):
        case Verdict.HOLDS:
            return below + is_open
        case Verdict.FAILS:
            return below + 1
        case _:
            return None


_End = tuple[Expr, bool]


def _tighter(one: _End, other: _End, direction: int) -> _End | None:
    """The later (direction 1) or earlier of two ends, the open one of two equal ones."""
    if one[0] in (oo, -oo):
        return other
    order = zero.sign(one[0] - other[0])
    if order is None:
        return None
    if order == 0:
        return (one[0], one[1] or other[1])
    return one if order == direction else other


def _holes_inside(holes: Sequence[Expr], low: _End, high: _End) -> list[Expr] | None:
    """The distinct holes within the ends, in the order given; None where that is not decided."""
    inside: list[Expr] = []
    for hole in holes:
        after = 1 if low[0] == -oo else zero.sign(hole - low[0])
        before = 1 if high[0] == oo else zero.sign(high[0] - hole)
        if after is None or before is None:
            return None
        if after < 0 or before < 0 or (after == 0 and low[1]) or (before == 0 and high[1]):
            continue
        same = [zero.is_zero(hole - other) for other in inside]
        if Verdict.UNDECIDED in same:
            return None
        if Verdict.HOLDS not in same:
            inside.append(low[0] if after == 0 else high[0] if before == 0 else hole)
    return inside


def _closed_up(found: Segment) -> Segment:
    """Holes at an end open it."""
    if found.low == found.high:
        return found
    return Segment(
        found.symbol,
        found.low,
        found.high,
        found.low_open or found.low in found.holes,
        found.high_open or found.high in found.holes,
        tuple(hole for hole in found.holes if hole not in (found.low, found.high)),
    )


PARAMETER_NAMES = ("k", "m", "n", "j", "l")
"""What whole-number parameters are called, as long as the names are free."""


def fresh_integers(taken: Iterable[Symbol]) -> Iterator[Symbol]:
    """Whole-number symbols whose names no other symbol bears."""
    names = {str(symbol.name) for symbol in taken}
    yield from (Symbol(name, integer=True) for name in PARAMETER_NAMES if name not in names)
    number = 1
    while True:
        if f"k{number}" not in names:
            yield Symbol(f"k{number}", integer=True)
        number += 1
