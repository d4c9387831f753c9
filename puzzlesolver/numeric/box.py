"""The box that the unknowns' domains span in float64, and the guesses in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sympy import Expr

from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.numeric.templates import NotComputable, number
from puzzlesolver.problem import Domain, Unknown


@dataclass(frozen=True, slots=True)
class SearchBox:
    """The closed box ``[low, high]`` around the domains, and the guesses (nan: none), each ``[unknowns]``.

    Bounds may be infinite. Open ends are closed here: what lies on one is for others to judge. `integer` tells who is
    to be a whole number, `members` who has a list of values to choose from.
    """

    low: FloatArray
    high: FloatArray
    guess: FloatArray
    integer: NDArray[np.bool_]
    members: tuple[FloatArray | None, ...]

    @staticmethod
    def around(unknowns: Sequence[Unknown]) -> SearchBox:
        bounds = np.array([_bounds(unknown.domain) for unknown in unknowns]).reshape(-1, 2)
        low, high = bounds[:, 0], bounds[:, 1]
        guess = np.array([np.nan if unknown.guess is None else _float(unknown.guess) for unknown in unknowns])
        integer = np.array([unknown.domain.integer for unknown in unknowns], np.bool_)
        members = tuple(
            np.array([_float(member) for member in unknown.domain.members]) if unknown.domain.members else None
            for unknown in unknowns
        )
        return SearchBox(low, high, np.clip(np.where(np.isfinite(guess), guess, np.nan), low, high), integer, members)

    @property
    def has_guess(self) -> bool:
        return bool(np.isfinite(self.guess).any())

    def clip(self, points: FloatArray) -> FloatArray:
        """The nearest points of the box."""
        clipped: FloatArray = np.clip(points, self.low, self.high)
        return clipped

    @property
    def is_discrete(self) -> bool:
        """Whether some unknown may not have every value between its bounds."""
        return bool(self.integer.any()) or any(members is not None for members in self.members)

    def rounded(self, points: FloatArray) -> FloatArray:
        """The points with every discrete unknown at its nearest admissible value."""
        points = np.where(self.integer, np.round(points), points)
        for j, members in enumerate(self.members):
            if members is not None:
                points[:, j] = members[np.abs(points[:, j, None] - members).argmin(axis=1)]
        return self.clip(points)

    def blocks(self, points: FloatArray, gradient: FloatArray) -> NDArray[np.bool_]:
        """Where a point lies on a bound and going down the gradient would lead out."""
        return ((points <= self.low) & (gradient > 0.0)) | ((points >= self.high) & (gradient < 0.0))


def _bounds(domain: Domain) -> tuple[float, float]:
    if domain.members:
        values = [_float(member) for member in domain.members]
        return min(values), max(values)
    low, high = _float(domain.low), _float(domain.high)
    return (-np.inf if np.isnan(low) else low), (np.inf if np.isnan(high) else high)


def _float(value: Expr) -> float:
    """A bound or a guess as float64; nan where it is no ordinary number."""
    if value.is_infinite:
        return np.inf if value.is_extended_positive else -np.inf
    try:
        return number(value)
    except NotComputable:
        return np.nan
