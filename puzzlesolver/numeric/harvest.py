"""What a search brings home: the best points it saw, how many starts it took, and the `Candidates` made of that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sympy import Symbol

from puzzlesolver.answer.reasons import Reason
from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.numeric.candidates import Candidates
from puzzlesolver.numeric.residual import Residual, trace_count


class Best:
    """The point of least loss so far."""

    def __init__(self, unknowns: int) -> None:
        self.point: FloatArray = np.full(unknowns, np.nan)
        self.loss = np.inf

    def see(self, points: FloatArray, losses: FloatArray) -> None:
        """Look at points ``[p, unknowns]`` with their losses ``[p]``."""
        if len(losses) and losses.min() < self.loss:
            least = int(losses.argmin())
            self.point, self.loss = points[least], float(losses[least])


class Harvest:
    """Counts and best points of a search that goes on; begins to count traces when it is made."""

    def __init__(self, unknowns: int) -> None:
        self.best, self.nadam = Best(unknowns), Best(unknowns)
        self.starts = self.rounds = 0
        self._traces = trace_count()

    def candidates(
        self, unknowns: Sequence[Symbol], residual: Residual, points: FloatArray, reason: Reason
    ) -> Candidates:
        """The distinct roots `points` ``[k, unknowns]``, sorted, and everything else that is known of the search."""
        points = points[np.lexsort(points.T[::-1])]
        losses = residual.evaluate(points).loss
        self.best.see(points, losses)
        return Candidates(
            unknowns=tuple(unknowns), points=points, losses=losses,
            best=self.best.point, best_loss=self.best.loss, nadam=self.nadam.point, nadam_loss=self.nadam.loss,
            starts=self.starts, rounds=self.rounds, traces=trace_count() - self._traces, reason=reason,
        )  # fmt: skip
