"""Many ends of searches → few distinct roots, and a guess at how many have not been seen yet.

Two points are one root when they are near each other and the points between them are as good roots as float64 can
tell: that holds for the scatter around a simple or a multiple root at any scale, and not for two roots.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.numeric import limits
from puzzlesolver.numeric.box import SearchBox
from puzzlesolver.numeric.refine import excess, is_deficient, polish
from puzzlesolver.numeric.residual import Residual

NEIGHBOURS = 0.1  # Points farther apart than this, relative to their largest coordinate, are different without a test.
BETWEEN = (0.5, 0.2764, 0.8615)
"""Where between two points the residual is looked at; not at regular places, where periodic functions have zeros."""

ALLOWED_BETWEEN = 1.5  # How many times the allowance of a root the points between may use.


@dataclass(slots=True)
class Roots:
    """The distinct roots so far.

    `points` is ``[k, unknowns]``, `hits` ``[k]`` how often each was met, `deficient` ``[k]`` whether the Jacobian's
    rank is too small there; `is_family` once there are too many of those to be isolated.
    """

    points: FloatArray
    hits: NDArray[np.int64]
    deficient: NDArray[np.bool_]
    is_family: bool = False

    @staticmethod
    def none(unknowns: int) -> Roots:
        return Roots(np.zeros((0, unknowns)), np.zeros(0, np.int64), np.zeros(0, np.bool_))

    @property
    def isolated(self) -> int:
        """How many of them do not belong to a family."""
        return int(np.count_nonzero(~self.deficient)) if self.is_family else len(self.points)

    def unseen(self) -> tuple[float, float]:
        """The chance that the next root met is new, and how many are missing, among the isolated ones.

        Good and Turing's estimate (I. J. Good, Biometrika 40, 1953) and Chao's (Scandinavian Journal of Statistics 11,
        1984); (1, inf) where none has been met.
        """
        hits = self.hits[~self.deficient] if self.is_family else self.hits
        total = int(hits.sum())
        if total == 0:
            return 1.0, np.inf
        once, twice = int(np.count_nonzero(hits == 1)), int(np.count_nonzero(hits == 2))
        return once / total, once * max(once - 1, 0) / (2.0 * (twice + 1))

    def add(self, residual: Residual, points: FloatArray, box: SearchBox, *, counting: bool = True) -> int:
        """Take in points ``[p, unknowns]`` that are roots; returns how many new isolated roots were among them.

        Without `counting` they are no hits of known roots, and a single one of a new root.
        """
        before = self.isolated
        evaluation = residual.evaluate(points)
        order = np.argsort(excess(evaluation), kind="stable")
        points, deficient = points[order], is_deficient(residual, evaluation[order], points[order])
        new = self._count(residual, points, np.full(len(points), counting, np.int64))
        leaders, hits = self._group(residual, points[new], deficient[new], np.ones(len(new), np.int64))
        hits = hits if counting else np.ones_like(hits)
        deficient = deficient[new][leaders]
        polished = polish(residual, points[new][leaders], box)
        # the polish may have led some to a root that is here already, or to one another
        new = self._count(residual, polished, hits)
        leaders, hits = self._group(residual, polished[new], deficient[new], hits[new])
        self.points = np.concatenate([self.points, polished[new][leaders]])
        self.hits = np.concatenate([self.hits, hits])
        self.deficient = np.concatenate([self.deficient, deficient[new][leaders]])
        return self.isolated - before

    def _count(self, residual: Residual, points: FloatArray, times: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count the points that are known roots, each so many times; returns which of them are none."""
        if not len(self.points) or not len(points):
            return np.arange(len(points))
        distance = np.zeros((len(points), len(self.points)))
        for j in range(points.shape[1]):
            np.maximum(distance, np.abs(points[:, j, None] - self.points[:, j]), out=distance)
        nearest = distance.argmin(axis=1)
        same = is_same(residual, points, self.points[nearest])
        np.add.at(self.hits, nearest[same], times[same])
        return np.flatnonzero(~same)

    def _group(
        self, residual: Residual, points: FloatArray, deficient: NDArray[np.bool_], times: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first of every group of points that are one root, and how many times the group counts.

        Of a family no more than a handful become groups.
        """
        leaders: list[int] = []
        hits: list[int] = []
        singular = int(np.count_nonzero(self.deficient))
        left = np.arange(len(points))
        while len(left):
            first = left[0]
            if deficient[first] and singular >= limits.HANDFUL:
                self.is_family = True
                left = left[~deficient[left]]
                continue
            same = is_same(residual, points[left], points[first])
            same[0] = True
            singular += bool(deficient[first])
            leaders.append(first)
            hits.append(int(times[left[same]].sum()))
            left = left[~same]
        return np.array(leaders, np.int64), np.array(hits, np.int64)


def is_same(residual: Residual, points: FloatArray, roots: FloatArray) -> NDArray[np.bool_]:
    """Whether each point ``[p, unknowns]`` is the same root as its partner in `roots` (a single one: for all)."""
    roots = np.broadcast_to(roots, points.shape)
    size = np.maximum(np.abs(points), np.abs(roots)).max(axis=1, initial=0.0)
    distance = np.abs(points - roots).max(axis=1, initial=0.0)
    same: NDArray[np.bool_] = distance <= NEIGHBOURS * size
    for fraction in BETWEEN:
        near = np.flatnonzero(same & (distance > 0.0))
        if len(near):
            between = points[near] + fraction * (roots[near] - points[near])
            same[near] = excess(residual.evaluate(between)) <= ALLOWED_BETWEEN
    return same
