"""Where the search begins: points drawn from the domains, the guesses and several scales, the same ones for a seed."""

from __future__ import annotations

import numpy as np

from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.numeric.box import SearchBox


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
