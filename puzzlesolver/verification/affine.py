"""Points, lines, planes and their like over the rational numbers, and the ones that solve linear equations.

An `Affine` set is ``offset + Σ t_j·directions[j]`` with real t and independent directions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

from flint import fmpz_mat
from sympy.polys.matrices.sdm import sdm_irref

from puzzlesolver.verification.budget import Budget

Vector = tuple[Fraction, ...]


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

    @classmethod
    def space(cls, dimension: int) -> Affine:
        """All points, which are their own parameters."""
        unit = [[Fraction(int(i == j)) for i in range(dimension)] for j in range(dimension)]
        return cls((Fraction(0),) * dimension, tuple(map(tuple, unit)))

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


def solve_rows(rows: Sequence[Row], unknowns: int, budget: Budget) -> Affine | None:
    """All solutions of linear equations, None where there are none, from the reduced echelon form of sparse rows."""
    budget.check()
    table = {i: dict(row.factors) | {unknowns: row.constant} for i, row in enumerate(rows)}
    sparse = {i: {j: f for j, f in row.items() if f} for i, row in table.items()}
    reduced, leads, _ = sdm_irref({i: row for i, row in sparse.items() if row})
    pivots = dict(zip(leads, reduced.values(), strict=True))
    if unknowns in pivots:
        return None

    def column(j: int, own: Fraction) -> Vector:
        """What the pivots' rows hold in a column, negated where it is one of a free unknown."""
        sign = -1 if own else 1
        return tuple(sign * pivots[i].get(j, Fraction(0)) if i in pivots else own * (i == j) for i in range(unknowns))

    free = [j for j in range(unknowns) if j not in pivots]
    return Affine(column(unknowns, Fraction(0)), tuple(column(j, Fraction(1)) for j in free))


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
