"""Points, lines, planes and their like over the rational numbers, and the ones that solve linear equations.

An `Affine` set is ``offset + Σ t_j·directions[j]`` with real t and independent directions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from puzzlesolver.verification.budget import Budget

Vector = tuple[Fraction, ...]
Sparse = dict[int, Fraction]


@dataclass(frozen=True, slots=True)
class Row:
    """``Σ factors[i]·x_i = constant``."""

    factors: Mapping[int, Fraction]
    constant: Fraction


@dataclass(frozen=True, slots=True)
class Affine:
    """See the module's words."""

    offset: Vector
    directions: tuple[Vector, ...] = ()

    @property
    def dimension(self) -> int:
        return len(self.directions)

    def at(self, parameters: Sequence[Fraction]) -> Vector:
        """The point with these parameters."""
        point = list(self.offset)
        for t, direction in zip(parameters, self.directions, strict=True):
            point = [x + t * d for x, d in zip(point, direction, strict=True)]
        return tuple(point)

    def parameters_of(self, point: Vector, budget: Budget) -> Vector | None:
        """The parameters of a point; None where it is not in the set."""
        rows = [
            Row(
                {j: direction[i] for j, direction in enumerate(self.directions) if direction[i]},
                point[i] - self.offset[i],
            )
            for i in range(len(point))
        ]
        found = solve_rows(rows, self.dimension, budget)
        return None if found is None else found.offset

    def holds(self, other: Affine, budget: Budget) -> bool:
        """Whether the other set is a part of this one."""
        if self.parameters_of(other.offset, budget) is None:
            return False
        origin = Affine((Fraction(0),) * len(self.offset), self.directions)
        return all(origin.parameters_of(direction, budget) is not None for direction in other.directions)


def independent(directions: Sequence[Vector], budget: Budget) -> bool:
    """Whether no direction is a combination of the others."""
    if not directions:
        return True
    rows = [Row({j: d[i] for j, d in enumerate(directions) if d[i]}, Fraction(0)) for i in range(len(directions[0]))]
    found = solve_rows(rows, len(directions), budget)
    return found is not None and not found.directions


def eliminated(rows: Sequence[Row], unknowns: int) -> list[Row]:
    """What the rows say of the unknowns after the first `unknowns`: it holds where these can be chosen to fit."""
    pivots: dict[int, tuple[Sparse, Fraction]] = {}
    left = []
    for row in rows:
        factors, constant = _against(dict(row.factors), row.constant, pivots)
        lead = min((i for i in factors if i < unknowns), default=None)
        if lead is None:
            left.append(Row(factors, constant))
        else:
            scale = factors.pop(lead)
            pivots[lead] = {i: f / scale for i, f in factors.items()}, constant / scale
    return left


def solve_rows(rows: Sequence[Row], unknowns: int, budget: Budget) -> Affine | None:
    """All solutions of linear equations, None where there are none, by Gauss–Jordan elimination on sparse rows."""
    pivots: dict[int, tuple[Sparse, Fraction]] = {}
    for row in rows:
        budget.check()
        factors, constant = _against(dict(row.factors), row.constant, pivots)
        if not factors:
            if constant:
                return None
            continue
        lead = min(factors)
        scale = factors.pop(lead)
        pivots[lead] = {i: f / scale for i, f in factors.items()}, constant / scale
    for lead in sorted(pivots, reverse=True):
        budget.check()
        factors, constant = pivots[lead]
        pivots[lead] = _against(factors, constant, {i: pivots[i] for i in factors if i in pivots})
    free = [i for i in range(unknowns) if i not in pivots]
    offset = [Fraction(0)] * unknowns
    for lead, (_, constant) in pivots.items():
        offset[lead] = constant
    directions = []
    for j in free:
        direction = [Fraction(0)] * unknowns
        direction[j] = Fraction(1)
        for lead, (factors, _) in pivots.items():
            if j in factors:
                direction[lead] = -factors[j]
        directions.append(tuple(direction))
    return Affine(tuple(offset), tuple(directions))


def _against(
    factors: Sparse, constant: Fraction, pivots: Mapping[int, tuple[Sparse, Fraction]]
) -> tuple[Sparse, Fraction]:
    """A row less the multiples of pivot rows that take its entries under pivots away."""
    factors = {i: f for i, f in factors.items() if f}
    while True:
        lead = min((i for i in factors if i in pivots), default=None)
        if lead is None:
            return factors, constant
        scale = factors.pop(lead)
        other, other_constant = pivots[lead]
        constant -= scale * other_constant
        for i, f in other.items():
            value = factors.get(i, Fraction(0)) - scale * f
            if value:
                factors[i] = value
            else:
                factors.pop(i, None)


def has_whole_point(rows: Sequence[Row], unknowns: int) -> bool:
    """Whether some point with whole coordinates solves linear equations, by column operations on whole numbers."""
    table: list[list[int]] = []
    sides: list[int] = []
    for row in rows:
        common = lcm(row.constant.denominator, *(f.denominator for f in row.factors.values()))
        table.append([int(row.factors.get(j, Fraction(0)) * common) for j in range(unknowns)])
        sides.append(int(row.constant * common))
    found: list[int] = []
    for place, entries in enumerate(table):
        # The first columns are used up, with known values of their unknowns; the others reduce this row to one entry.
        side = sides[place] - sum(a * value for a, value in zip(entries, found, strict=False))
        lead = _reduce_columns(table, place, len(found))
        if lead is None:
            if side:
                return False
            continue
        if side % entries[lead]:
            return False
        for other in table:
            other[lead], other[len(found)] = other[len(found)], other[lead]
        found.append(side // entries[len(found)])
    return True


def _reduce_columns(table: list[list[int]], place: int, start: int) -> int | None:
    """Column operations from `start` on that leave one entry in a row: its column, None where there is none at all."""
    row = table[place]
    while True:
        entries = [(abs(row[c]), c) for c in range(start, len(row)) if row[c]]
        if not entries:
            return None
        _, least = min(entries)
        if len(entries) == 1:
            return least
        for _, c in entries:
            if c != least:
                times = row[c] // row[least]
                for other in table:
                    other[c] -= times * other[least]


def is_saturated(basis: Sequence[Vector]) -> bool:
    """Whether whole vectors span, with whole factors, every whole vector that they span with real ones.

    That is so where their matrix has the Smith normal form (1, …, 1).
    """
    if not all(x.denominator == 1 for vector in basis for x in vector):
        return False
    rows = [[int(x) for x in vector] for vector in basis]
    for place in range(len(rows)):
        lead = _reduce_columns(rows, place, place)
        if lead is None or abs(rows[place][lead]) != 1:
            return False
        for row in rows:
            row[place], row[lead] = row[lead], row[place]
    return True
