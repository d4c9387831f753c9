"""Where the numeric search ended: points, how good they are, and why it stopped. Plain NumPy, nothing of TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sympy import Symbol

from puzzlesolver.answer.reasons import Reason
from puzzlesolver.arithmetic.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Candidates:
    """Distinct points at which the residual is as small as float64 can make it. None of them is proved.

    `points` is ``[k, n]`` float64 in the order of `unknowns`; `losses` ``[k]`` are the sums of squared residuals
    there. `best` is the point ``[n]`` of least loss seen anywhere, root or not, with loss `best_loss`. `nadam` is the
    best point ``[n]`` that Nadam alone had reached before the second-order polish, with loss `nadam_loss`. `starts` is
    how many points the search began from in all its rounds, `traces` how often TensorFlow traced a graph for it, and
    `reason` why it stopped.
    """

    unknowns: tuple[Symbol, ...]
    points: FloatArray
    losses: FloatArray
    best: FloatArray
    best_loss: float
    nadam: FloatArray
    nadam_loss: float
    starts: int
    rounds: int
    traces: int
    reason: Reason


def nothing_found(unknowns: Sequence[Symbol], reason: Reason) -> Candidates:
    """No candidates, because of `reason`."""
    n = len(unknowns)
    nowhere = np.full(n, np.nan)
    return Candidates(
        unknowns=tuple(unknowns), points=np.zeros((0, n)), losses=np.zeros(0), best=nowhere, best_loss=np.inf,
        nadam=nowhere, nadam_loss=np.inf, starts=0, rounds=0, traces=0, reason=reason,
    )  # fmt: skip
