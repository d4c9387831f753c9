"""The whole-number points of an affine space: all of them, as a point and a lattice basis.

In: the values ``offset + Σ t_j·direction_j`` of some unknowns, t real. Out: those of them that are all whole numbers,
as ``point + Σ k_i·basis_i`` with whole k, in the shape that suits people: where one unknown can itself be the parameter
of a direction, the last such unknown is. Hermite normal forms over python-flint's whole numbers.

Source: H. Cohen, A Course in Computational Algebraic Number Theory, 1993, section 2.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import lcm

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from puzzlesolver.arithmetic.elimination import pivot_columns

Vector = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WholePoints:
    """``point + Σ k_i·basis_i``. `own` names for each direction the coordinate that equals its k_i, or None."""

    point: Vector
    basis: tuple[Vector, ...]
    own: tuple[int | None, ...]


def whole_points(offset: Sequence[fmpq], directions: Sequence[Sequence[fmpq]]) -> WholePoints | None:
    """The points ``offset + Σ t_j·directions[j]`` with whole coordinates; None where there is none."""
    size = len(offset)
    equations = _annihilator(directions, size)
    sides = [sum((a * x for a, x in zip(row, offset, strict=True)), fmpq(0)) for row in equations]
    whole_rows, whole_sides = [], []
    for row, side in zip(equations, sides, strict=True):
        common = reduce(lcm, (int(a.q) for a in row), 1)
        if (side * common).q != 1:
            return None
        whole_rows.append([int((a * common).p) for a in row])
        whole_sides.append(int((side * common).p))
    found = _solve(whole_rows, whole_sides, size)
    return None if found is None else _shaped(*found)


def _annihilator(directions: Sequence[Sequence[fmpq]], size: int) -> list[list[fmpq]]:
    """A basis of the linear forms that vanish on all directions."""
    if not directions:
        return [[fmpq(int(i == j)) for j in range(size)] for i in range(size)]
    echelon, rank = fmpq_mat([list(direction) for direction in directions]).rref()
    pivots = pivot_columns(echelon, rank)
    rows = []
    for free in sorted(set(range(size)) - set(pivots)):
        row = [fmpq(0)] * size
        row[free] = fmpq(1)
        for i, pivot in enumerate(pivots):
            row[pivot] = -echelon[i, free]
        rows.append(row)
    return rows


def _solve(rows: list[list[int]], sides: list[int], size: int) -> tuple[Vector, list[Vector]] | None:
    """One whole solution of ``rows·y = sides``, and a basis of the whole solutions of ``rows·y = 0``."""
    if not rows:
        return (0,) * size, [tuple(int(i == j) for j in range(size)) for i in range(size)]
    count = len(rows)
    table = [[rows[i][j] for i in range(count)] + [int(j == k) for k in range(size)] for j in range(size)]
    normal = fmpz_mat(table).hnf()
    left = list(sides)
    point = [0] * size
    basis: list[Vector] = []
    for number in range(size):
        row = [int(normal[number, column]) for column in range(count + size)]
        leading = next((column for column in range(count) if row[column]), None)
        if leading is None:
            basis.append(tuple(row[count:]))
            continue
        times, rest = divmod(left[leading], row[leading])
        if rest:
            return None
        left = [side - times * a for side, a in zip(left, row[:count], strict=True)]
        point = [x + times * a for x, a in zip(point, row[count:], strict=True)]
    return None if any(left) else (tuple(point), basis)


def _shaped(point: Vector, basis: list[Vector]) -> WholePoints:
    """The same points, the basis in Hermite normal form from the last coordinate backwards."""
    if not basis:
        return WholePoints(point, (), ())
    normal = fmpz_mat([vector[::-1] for vector in basis]).hnf()
    shaped = [tuple(int(a) for a in row)[::-1] for row in normal.tolist()]
    own: list[int | None] = []
    for vector in shaped:
        pivot = max(number for number, a in enumerate(vector) if a)
        times = point[pivot] // vector[pivot]
        point = tuple(x - times * a for x, a in zip(point, vector, strict=True))
        own.append(pivot if vector[pivot] == 1 else None)
    return WholePoints(point, tuple(shaped[::-1]), tuple(own[::-1]))


def short_basis(basis: Sequence[Vector]) -> tuple[Vector, ...]:
    """A basis of the same lattice with short vectors (Lenstra, Lenstra and Lovász)."""
    if len(basis) < 2:
        return tuple(basis)
    return tuple(tuple(int(a) for a in row) for row in fmpz_mat([list(vector) for vector in basis]).lll().tolist())


def nearest_multiples(point: Sequence[int], basis: Sequence[Vector]) -> tuple[int, ...]:
    """Whole k with ``point + Σ k_i·basis_i`` close to zero: the least-squares ones, rounded."""
    rows = fmpz_mat([list(vector) for vector in basis])
    gram = fmpq_mat(rows * rows.transpose())
    side = fmpq_mat(rows * fmpz_mat([[x] for x in point]))
    return tuple(-round_to_whole(k) for k in gram.solve(side).entries())


def round_to_whole(number: fmpq) -> int:
    """The nearest whole number, halves upwards."""
    return int(fmpz((number + fmpq(1, 2)).floor()))
