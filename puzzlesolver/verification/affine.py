"""Points, lines, planes and their like over the rational numbers, and the ones that solve linear equations.

An `Affine` set is ``offset + Σ t_j·directions[j]`` with real t and independent directions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

from flint import fmpz_mat

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
    """Whether some point with whole coordinates solves linear equations: with the constants as one more column, a
    lattice of the same Smith normal form."""
    table, sides = [], []
    for row in rows:
        common = lcm(row.constant.denominator, *(f.denominator for f in row.factors.values()))
        table.append([int(row.factors.get(j, Fraction(0)) * common) for j in range(unknowns)])
        sides.append(int(row.constant * common))
    if not any(map(any, table)):
        return not any(sides)
    wide = [[*entries, side] for entries, side in zip(table, sides, strict=True)]
    own, more = _invariants(table), _invariants(wide)
    return len(own) == len(more) and prod(own) == prod(more)


def is_saturated(basis: Sequence[Vector]) -> bool:
    """Whether whole vectors span, with whole factors, every whole vector that they span with real ones.

    That is so where their matrix has the Smith normal form (1, …, 1).
    """
    if not all(x.denominator == 1 for vector in basis for x in vector):
        return False
    return not basis or _invariants([[int(x) for x in vector] for vector in basis]) == [1] * len(basis)


def _invariants(table: Sequence[Sequence[int]]) -> list[int]:
    """The entries of the Smith normal form that are not zero."""
    smith = fmpz_mat([list(row) for row in table]).snf()
    return [abs(int(smith[i, i])) for i in range(min(smith.nrows(), smith.ncols())) if smith[i, i] != 0]
