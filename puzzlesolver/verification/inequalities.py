"""Systems of linear inequalities over the rational numbers, decided by Fourier–Motzkin elimination.

An inequality is ``Σ factors[j]·t_j + constant > 0`` (`strict`) or ``>= 0``.

Source: A. Schrijver, *Theory of Linear and Integer Programming*, 1986, section 12.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from sympy import Symbol

from puzzlesolver.problem import Condition, Relation
from puzzlesolver.verification.affine import Affine
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.entries import affine_form

MOST_ROWS = 3_000


class TooMany(ValueError):
    """The elimination makes too many inequalities."""


@dataclass(frozen=True, slots=True)
class Inequality:
    """See the module's words."""

    factors: tuple[Fraction, ...]
    constant: Fraction
    strict: bool = False

    def is_of_only(self, j: int) -> bool:
        """Whether it says something of one of the numbers alone."""
        return bool(self.factors[j]) and sum(map(bool, self.factors)) == 1

    def negated(self) -> Inequality:
        """What holds where this does not."""
        return Inequality(tuple(-f for f in self.factors), -self.constant, not self.strict)

    def normalized(self) -> Inequality:
        """The same with a first factor of absolute value 1."""
        size = next((abs(f) for f in self.factors if f), Fraction(1))
        return Inequality(tuple(f / size for f in self.factors), self.constant / size, self.strict)

    def along(self, part: Affine) -> Inequality:
        """The same of the parameters of an affine set's points."""
        factors = tuple(_dot(self.factors, direction) for direction in part.directions)
        return Inequality(factors, _dot(self.factors, part.offset) + self.constant, self.strict)

    def at(self, point: Sequence[Fraction]) -> bool:
        """Whether it holds at a point."""
        total = _dot(self.factors, point) + self.constant
        return total > 0 or (total == 0 and not self.strict)


def is_feasible(rows: Iterable[Inequality], parameters: int, budget: Budget) -> bool:
    """Whether some real point fulfils all inequalities. Raises `TooMany`."""
    now = _tidied(rows)
    for j in range(parameters):
        budget.check()
        if now is None:
            return False
        up = [row for row in now if row.factors[j] > 0]
        down = [row for row in now if row.factors[j] < 0]
        if len(up) * len(down) > MOST_ROWS:
            raise TooMany
        rest = [row for row in now if not row.factors[j]]
        now = _tidied([*rest, *(_combined(one, other, j) for one in up for other in down)])
    return now is not None


def inequality(condition: Condition, symbols: tuple[Symbol, ...]) -> Inequality | None:
    """A condition that is affine in symbols, ``!=`` read as ``>=``; None of any other."""
    form = affine_form(condition.rhs - condition.lhs, symbols)
    return None if form is None else Inequality(form[0], form[1], condition.relation is Relation.LESS)


@dataclass(frozen=True, slots=True)
class Region:
    """Numbers, real or whole, that keep inequalities (`rows`), and at which `unequal` expressions are not zero."""

    size: int
    rows: tuple[Inequality, ...]
    unequal: tuple[Inequality, ...]
    is_whole: bool = False

    @classmethod
    def of(
        cls, conditions: Iterable[Condition], symbols: tuple[Symbol, ...], part: Affine, *, is_whole: bool = False
    ) -> Region:
        """The parameters of the points of an affine set that keep the affine ones among conditions."""
        rows: list[Inequality] = []
        unequal: list[Inequality] = []
        for condition in conditions:
            row = inequality(condition, symbols)
            if row is not None:
                (unequal if condition.relation is Relation.NOT_EQUAL else rows).append(row.along(part))
        return cls(part.dimension, tuple(rows), tuple(unequal), is_whole)

    def is_feasible(self, budget: Budget, *more: Inequality) -> bool:
        """Whether some numbers keep the inequalities, and some more. Raises `TooMany`."""
        if any(row.constant == 0 for row in self.unequal if not any(row.factors)):
            return False
        rows = (*self.rows, *more)
        return is_feasible(map(tightened, rows) if self.is_whole else rows, self.size, budget)

    def implies(self, row: Inequality, relation: Relation, budget: Budget) -> bool:
        """Whether a further inequality, or difference from zero, holds all over it. Raises `TooMany`."""
        if relation is not Relation.NOT_EQUAL:
            return not self.is_feasible(budget, row.negated())
        zero = Inequality(row.factors, row.constant), Inequality(tuple(-f for f in row.factors), -row.constant)
        return any(_same_zeros(row, own) for own in self.unequal) or not self.is_feasible(budget, *zero)


def _same_zeros(one: Inequality, other: Inequality) -> bool:
    """Whether two affine expressions are multiples of each other."""
    a, b = one.normalized(), other.normalized()
    negated = tuple(-f for f in b.factors), -b.constant
    return (a.factors, a.constant) in ((b.factors, b.constant), negated)


def _dot(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


def _combined(up: Inequality, down: Inequality, j: int) -> Inequality:
    a, b = -down.factors[j], up.factors[j]
    factors = tuple(a * f + b * g for f, g in zip(up.factors, down.factors, strict=True))
    return Inequality(factors, a * up.constant + b * down.constant, up.strict or down.strict)


def _tidied(rows: Iterable[Inequality]) -> list[Inequality] | None:
    """The rows that say something, of equal factors the sharpest; None where one is plainly false."""
    best: dict[tuple[Fraction, ...], Inequality] = {}
    for row in rows:
        if not any(row.factors):
            if not row.at((Fraction(0),) * len(row.factors)):
                return None
            continue
        row = row.normalized()
        old = best.get(row.factors)
        if old is None or (row.constant, not row.strict) < (old.constant, not old.strict):
            best[row.factors] = row
    if len(best) > MOST_ROWS:
        raise TooMany
    return list(best.values())


def tightened(row: Inequality) -> Inequality:
    """The same for whole-number parameters, with whole coprime factors and the sharpest constant; never strict."""
    if not any(row.factors):
        return row
    common = lcm(*(f.denominator for f in row.factors))
    whole = [int(f * common) for f in row.factors]
    divisor = gcd(*whole)
    constant = row.constant * common / divisor
    sharp = ceil(constant) - 1 if row.strict else floor(constant)
    return Inequality(tuple(Fraction(f // divisor) for f in whole), Fraction(sharp))
