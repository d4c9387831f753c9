"""The box that the unknowns' domains span in float64, the guesses in it, and the points where a search begins in it."""

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


def draw(rng: np.random.Generator, count: int, box: SearchBox) -> FloatArray:
    """`count` starting points ``[count, unknowns]`` in the box.

    Each has a scale: most near 1, some anywhere from 1e-9 to 1e6. In a bounded domain most are uniform, some near an
    end. Where there are guesses, a quarter lie about them, ever closer.
    """
    n = len(box.low)
    kind = rng.random((count, 1))
    exponent = np.where(kind < 0.6, 0.5 * rng.standard_normal((count, 1)), rng.uniform(-2.0, 3.0, (count, 1)))
    exponent = np.where(kind > 0.85, rng.uniform(-9.0, 6.0, (count, 1)), exponent)
    own = rng.random((count, 1)) < 0.3  # these have a scale of its own for every unknown
    exponent = exponent + np.where(own, rng.uniform(-1.5, 1.5, (count, n)), 0.0)
    points = 10.0**exponent * rng.standard_normal((count, n))
    points = _into(box, points, rng)
    if box.has_guess:
        near = np.arange(count) % 4 == 1
        reach = 10.0 ** rng.uniform(-4.0, 0.0, (count, 1)) * np.where(box.guess == 0.0, 1.0, np.abs(box.guess))
        about = box.clip(box.guess + reach * rng.standard_normal((count, n)))
        points = np.where(near[:, None] & np.isfinite(box.guess), about, points)
    return points


def first_start(box: SearchBox, point: FloatArray) -> FloatArray:
    """The guesses, completed where there is none by the coordinates of `point`."""
    return np.where(np.isfinite(box.guess), box.guess, point)


def breed(rng: np.random.Generator, count: int, box: SearchBox, known: FloatArray) -> FloatArray:
    """Points made of known roots ``[k, unknowns]``: of their sizes, of their coordinates mixed, of their differences.

    Badly scaled systems have badly scaled roots, and roots of one system resemble each other (differential
    evolution's way to draw: Storn and Price, Journal of Global Optimization 11, 1997).
    """
    shape = (count, known.shape[1])
    some, other, third = (known[rng.integers(len(known), size=count)] for _ in range(3))
    sizes = np.abs(some) * np.exp(0.7 * rng.standard_normal(shape)) * rng.choice([-1.0, 1.0], shape)
    mixed = np.where(rng.random(shape) < 0.5, some, other) * (1.0 + 0.3 * rng.standard_normal(shape))
    differences = some + rng.standard_normal((count, 1)) * (other - third) * (1.0 + 0.3 * rng.standard_normal(shape))
    kind = rng.random((count, 1))
    points = np.where(kind < 0.3, sizes, np.where(kind < 0.6, mixed, differences))
    return box.clip(points)


def _into(box: SearchBox, points: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Points of the real line carried into the box, unknown by unknown."""
    low, high = box.low, box.high
    uniform = rng.random(points.shape)
    # an eighth near either end, down to a millionth of the width away
    close = 10.0 ** -rng.uniform(0.3, 6.0, points.shape)
    side = rng.random(points.shape)
    uniform = np.where(side < 0.125, close, np.where(side > 0.875, 1.0 - close, uniform))
    bounded = np.isfinite(low) & np.isfinite(high)
    inside = low + uniform * (high - low)
    above = low + np.abs(points)
    below = high - np.abs(points)
    points = np.where(np.isfinite(low) & ~bounded, above, points)
    points = np.where(np.isfinite(high) & ~bounded, below, points)
    return box.clip(np.where(bounded, inside, points))
