"""What linear inequalities on several unknowns amount to: the range of each, and the corners of a bounded region.

In: a family whose conditions are all linear in its free unknowns. Out: lines; none for any other family.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Rational, Symbol, oo

from puzzlesolver.answer.solution import Solution
from puzzlesolver.arithmetic.polyhedron import FractionPoint, HalfSpace, Polyhedron, Range, TooManyRows
from puzzlesolver.exact.segment import Segment
from puzzlesolver.problem import Condition
from puzzlesolver.proof.implication import half_spaces
from puzzlesolver.report.sets import in_words

MOST_DIMENSIONS = 3
MOST_CORNERS = 12


@dataclass(frozen=True, slots=True)
class Region:
    """The range of each free unknown, and the corners where all are bounded."""

    symbols: tuple[Symbol, ...]
    ranges: tuple[Range, ...]
    corners: tuple[FractionPoint, ...] | None

    def segments(self) -> Iterator[Segment]:
        """The ranges that have an end."""
        for symbol, found in zip(self.symbols, self.ranges, strict=True):
            low = -oo if found.low is None else Rational(found.low)
            high = oo if found.high is None else Rational(found.high)
            if low != -oo or high != oo:
                is_open = found.low_open or found.low is None, found.high_open or found.high is None
                yield Segment(symbol, low, high, *is_open)


def region_of(family: Solution) -> Region | None:
    """The region of a family; None where it has none that linear inequalities tell."""
    rows = _rows(family)
    if not rows:
        return None
    polyhedron = Polyhedron(rows, len(family.free))
    try:
        ranges = tuple(map(polyhedron.range_of, range(len(family.free))))
        return Region(family.free, ranges, polyhedron.corners())
    except TooManyRows:
        return None


def region_lines(family: Solution, digits: int) -> Iterator[str]:
    """``0 < x < 4, 0 < y < 4`` and ``corners (x, y): (0, 0), (0, 4), (4, 0)``."""
    region = region_of(family)
    if region is None:
        return
    ranges = [in_words(str(segment.symbol), segment, digits) for segment in region.segments()]
    if ranges:
        yield f"within {', '.join(ranges)}"
    corners = region.corners or ()
    if 0 < len(corners) <= MOST_CORNERS:
        points = (f"({', '.join(str(number) for number in point)})" for point in corners)
        yield f"with the corners ({', '.join(map(str, region.symbols))}) = {', '.join(points)}"


def _rows(family: Solution) -> list[HalfSpace]:
    """The conditions as half-spaces; none where one is no linear inequality in the free unknowns alone."""
    if not 1 < len(family.free) <= MOST_DIMENSIONS or family.integer_parameters:
        return []
    rows: list[HalfSpace] = []
    for condition in family.conditions:
        if not isinstance(condition, Condition) or not condition.symbols <= {*family.free}:
            return []
        found = half_spaces(condition, family.free)
        if found is None:
            return []
        rows += found
    return rows
