"""Systems of linear inequalities with whole-number coefficients, decided exactly by Fourier–Motzkin elimination.

In: half-spaces ``a·x <= b`` or ``a·x < b``. Out: whether any point satisfies them all, the range of one coordinate, a
simple point inside, all whole-number points, the corners. Everything is exact. The method grows quickly with the
dimension: beyond `MOST_PAIRS` combinations it gives up and says so (`TooManyRows`).

Source: A. Schrijver, Theory of Linear and Integer Programming, 1986, section 12.2; an inequality combined from more of
the given ones than eliminations were made, plus one, is redundant (S. N. Chernikov, 1963).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import combinations
from math import ceil, comb, floor, gcd

from flint import fmpq_mat

MOST_PAIRS = 100_000  # More pairs of inequalities than this are not combined in one elimination.

FractionPoint = tuple[Fraction, ...]


class TooManyRows(Exception):
    """The elimination has grown beyond its limit; nothing is decided."""


@dataclass(frozen=True, slots=True)
class HalfSpace:
    """``normal·x <= bound``, or ``<`` where `strict`; all whole numbers without a common factor."""

    normal: tuple[int, ...]
    bound: int
    strict: bool = False


def half_space(normal: Sequence[Fraction | int], bound: Fraction | int, strict: bool = False) -> HalfSpace:
    """The half-space of rational numbers, in lowest terms."""
    numbers = [Fraction(number) for number in (*normal, bound)]
    common = reduce(
        lambda product, number: product * number.denominator // gcd(product, number.denominator), numbers, 1
    )
    whole = [int(number * common) for number in numbers]
    divisor = gcd(*whole) or 1
    return HalfSpace(tuple(number // divisor for number in whole[:-1]), whole[-1] // divisor, strict)


@dataclass(frozen=True, slots=True)
class Range:
    """Where one coordinate may lie; None is an infinite end."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high and not self.low_open and not self.high_open

    def whole_ends(self) -> tuple[int | None, int | None]:
        """The least and the greatest whole number in the range."""
        low = high = None
        if self.low is not None:
            low = floor(self.low) + 1 if self.low_open else ceil(self.low)
        if self.high is not None:
            high = ceil(self.high) - 1 if self.high_open else floor(self.high)
        return low, high

    def simplest(self) -> Fraction:
        """A number of the range that is not empty: the whole number nearest to zero, else one inside."""
        low, high = self.whole_ends()
        if low is None or high is None or low <= high:
            return Fraction(max(low, 0) if low is not None and low > 0 else min(high, 0) if high is not None else 0)
        assert self.low is not None and self.high is not None
        return self.low if self.low == self.high else _simplest_between(self.low, self.high)


def _simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of least denominator strictly between two, by continued fractions."""
    whole = floor(low)
    if whole + 1 < high:
        return Fraction(whole + 1)
    low, high = low - whole, high - whole
    if low == 0:
        return whole + Fraction(1, floor(1 / high) + 1)
    return whole + 1 / _simplest_between(1 / high, 1 / low)


_Rows = dict[tuple[HalfSpace, frozenset[int]], None]
"""An ordered set of half-spaces, each with the numbers of the given ones that it was combined from.

No other redundant row is dropped: Chernikov's rule is only right as long as all the rows it knows of are kept.
"""


class Polyhedron:
    """The points that satisfy all of some half-spaces of one dimension.

    `TooManyRows` may come from every question asked of it.
    """

    def __init__(self, half_spaces: Iterable[HalfSpace], dimension: int) -> None:
        self.dimension = dimension
        distinct = dict.fromkeys(half_spaces)
        self._given: _Rows = {(row, frozenset((number,))): None for number, row in enumerate(distinct)}
        self._chain: list[_Rows] | None = None

    def _projections(self) -> list[_Rows]:
        """Entry k holds the inequalities on the first k coordinates alone."""
        if self._chain is None:
            chain = [self._given]
            for number in range(self.dimension - 1, -1, -1):
                chain.append(_without(chain[-1], number, self.dimension - number))
            self._chain = chain[::-1]
        return self._chain

    def is_empty(self) -> bool:
        """Whether no point satisfies them all."""
        return any(_is_absurd(row) for row, _ in self._projections()[0])

    def range_of(self, coordinate: int) -> Range:
        """The exact range of one coordinate over a polyhedron that is not empty."""
        rows, eliminated = self._given, 0
        for number in range(self.dimension):
            if number != coordinate:
                eliminated += 1
                rows = _without(rows, number, eliminated)
        return _range(rows, coordinate, ())

    def corners(self) -> tuple[FractionPoint, ...] | None:
        """The corners of the closure of a polyhedron that is not empty, sorted; None where it is unbounded.

        Raises `TooManyRows` where there are too many choices of half-spaces on whose borders one may lie.
        """
        if any(None in (found.low, found.high) for found in map(self.range_of, range(self.dimension))):
            return None
        rows = [row for row, _ in self._given]
        if comb(len(rows), self.dimension) > MOST_PAIRS:
            raise TooManyRows
        found = filter(None, map(_meeting_point, combinations(rows, self.dimension)))
        return tuple(sorted({point for point in found if all(_is_in_closure(point, row) for row in rows)}))

    def point(self) -> FractionPoint | None:
        """A simple point: each coordinate in turn the whole number nearest to zero that is possible."""
        if self.is_empty():
            return None
        chosen: FractionPoint = ()
        for number in range(self.dimension):
            chosen = (*chosen, _range(self._projections()[number + 1], number, chosen).simplest())
        return chosen

    def whole_points(self, most_steps: int) -> Iterator[tuple[int, ...]] | None:
        """All points with whole coordinates, in lexicographic order; None where there may be infinitely many.

        Raises `TooManyRows` after `most_steps` partial points.
        """
        if self.is_empty():
            return iter(())
        for number in range(self.dimension):
            found = self.range_of(number)
            if found.low is None or found.high is None:
                return None
        steps = 0

        def extend(chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
            nonlocal steps
            steps += 1
            if steps > most_steps:
                raise TooManyRows
            if len(chosen) == self.dimension:
                yield chosen
                return
            rows = self._projections()[len(chosen) + 1]
            low, high = _range(rows, len(chosen), tuple(map(Fraction, chosen))).whole_ends()
            assert low is not None and high is not None
            for value in range(low, high + 1):
                yield from extend((*chosen, value))

        return extend(())


def _meeting_point(rows: Sequence[HalfSpace]) -> FractionPoint | None:
    """The one point on the borders of as many half-spaces as there are coordinates; None where it is not one."""
    size = len(rows)
    try:
        point = fmpq_mat([list(row.normal) for row in rows]).solve(fmpq_mat([[row.bound] for row in rows]))
    except ZeroDivisionError:
        return None
    return tuple(Fraction(int(point[i, 0].p), int(point[i, 0].q)) for i in range(size))


def _is_in_closure(point: FractionPoint, row: HalfSpace) -> bool:
    return sum(a * x for a, x in zip(row.normal, point, strict=True)) <= row.bound


def _is_absurd(row: HalfSpace) -> bool:
    return not any(row.normal) and (row.bound < 0 or (row.strict and row.bound == 0))


def _range(rows: _Rows, coordinate: int, before: FractionPoint) -> Range:
    """What the inequalities leave of a coordinate, the ones before it being chosen and those after it absent."""
    low: Fraction | None = None
    high: Fraction | None = None
    low_open = high_open = False
    for row, _ in rows:
        slope = row.normal[coordinate]
        if not slope:
            continue
        end = (row.bound - sum(a * x for a, x in zip(row.normal, before, strict=False))) / Fraction(slope)
        if slope > 0:
            if high is None or end < high or (end == high and row.strict):
                high, high_open = end, row.strict
        elif low is None or end > low or (end == low and row.strict):
            low, low_open = end, row.strict
    return Range(low, high, low_open, high_open)


def _without(rows: _Rows, coordinate: int, eliminated: int) -> _Rows:
    """The projection along one coordinate. `eliminated` counts the eliminations made, this one included."""
    above = [(row, history) for row, history in rows if row.normal[coordinate] > 0]
    below = [(row, history) for row, history in rows if row.normal[coordinate] < 0]
    if len(above) * len(below) > MOST_PAIRS:
        raise TooManyRows
    result: _Rows = {entry: None for entry in rows if not entry[0].normal[coordinate]}
    for upper, upper_history in above:
        for lower, lower_history in below:
            history = upper_history | lower_history
            if len(history) > eliminated + 1:
                continue
            one, other = -lower.normal[coordinate], upper.normal[coordinate]
            normal = [one * u + other * v for u, v in zip(upper.normal, lower.normal, strict=True)]
            bound = one * upper.bound + other * lower.bound
            row = half_space(normal, bound, upper.strict or lower.strict)
            if any(row.normal) or _is_absurd(row):
                result[row, history] = None
    return result
