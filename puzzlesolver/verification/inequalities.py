"""Systems of linear inequalities over the rational numbers, decided by Fourier–Motzkin elimination.

An inequality is ``Σ factors[j]·t_j + constant > 0`` (`strict`) or ``>= 0``.

Source: A. Schrijver, *Theory of Linear and Integer Programming*, 1986, section 12.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from puzzlesolver.verification.budget import Budget

MOST_ROWS = 3_000


class TooMany(ValueError):
    """The elimination makes too many inequalities."""


@dataclass(frozen=True, slots=True)
class Inequality:
    """See the module's words."""

    factors: tuple[Fraction, ...]
    constant: Fraction
    strict: bool = False

    def negated(self) -> Inequality:
        """What holds where this does not."""
        return Inequality(tuple(-f for f in self.factors), -self.constant, not self.strict)

    def normalized(self) -> Inequality:
        """The same with a first factor of absolute value 1."""
        size = next((abs(f) for f in self.factors if f), Fraction(1))
        return Inequality(tuple(f / size for f in self.factors), self.constant / size, self.strict)

    def at(self, point: Sequence[Fraction]) -> bool:
        """Whether it holds at a point."""
        total = sum((f * t for f, t in zip(self.factors, point, strict=True)), self.constant)
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


def implies(rows: Sequence[Inequality], conclusion: Inequality, budget: Budget) -> bool:
    """Whether every real point that fulfils all `rows` fulfils the conclusion."""
    if not any(conclusion.factors):
        if conclusion.at((Fraction(0),) * len(conclusion.factors)):
            return True
    return not is_feasible([*rows, conclusion.negated()], len(conclusion.factors), budget)


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
