"""Points, lines, planes and their like over the rational numbers, and the ones that solve linear equations.

An `Affine` set is ``offset + Σ t_j·directions[j]`` with real t and independent directions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from puzzlesolver.verify.budget import Budget

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

    def subject_to(self, row: Row, budget: Budget) -> Affine | None:
        """The part that fulfils one more equation, None where that is nothing."""
        own = {
            j: value
            for j, direction in enumerate(self.directions)
            if (value := sum((f * direction[i] for i, f in row.factors.items()), Fraction(0)))
        }
        constant = row.constant - sum((f * self.offset[i] for i, f in row.factors.items()), Fraction(0))
        inner = solve_rows([Row(own, constant)], self.dimension, budget)
        if inner is None:
            return None
        straight = Affine((Fraction(0),) * len(self.offset), self.directions)
        return Affine(self.at(inner.offset), tuple(straight.at(direction) for direction in inner.directions))


def independent(directions: Sequence[Vector], budget: Budget) -> bool:
    """Whether no direction is a combination of the others."""
    if not directions:
        return True
    rows = [Row({j: d[i] for j, d in enumerate(directions) if d[i]}, Fraction(0)) for i in range(len(directions[0]))]
    found = solve_rows(rows, len(directions), budget)
    return found is not None and not found.directions


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


def is_saturated(basis: Sequence[Vector]) -> bool:
    """Whether whole vectors span, with whole factors, every whole vector that they span with real ones.

    That is so where their matrix has the Smith normal form (1, …, 1).
    """
    if not all(x.denominator == 1 for vector in basis for x in vector):
        return False
    rows = [[int(x) for x in vector] for vector in basis]
    for place in range(len(rows)):
        # Column operations by Euclid's algorithm leave one entry in the row, which has to be 1 or -1.
        columns = list(range(place, len(rows[0]))) if rows else []
        while True:
            entries = [(abs(rows[place][c]), c) for c in columns if rows[place][c]]
            if not entries:
                return False
            _, least = min(entries)
            others = [c for _, c in entries if c != least]
            if not others:
                break
            for c in others:
                times = rows[place][c] // rows[place][least]
                for row in rows:
                    row[c] -= times * row[least]
        if abs(rows[place][least]) != 1:
            return False
        for row in rows:
            row[place], row[least] = row[least], row[place]
    return True
