"""The search of a large system: few starts, one after the other, each with a sparse Jacobian.

A residual comes in, roots go out. The guess begins, where there is one; Nadam takes the other starts down together.
A step solves the augmented system ``[[I, A], [Aᵀ, -λI]]``, whose second part is the damped Gauss–Newton step without
the normal equations' squared condition number (Björck, Numerical Methods for Least Squares Problems, 1996, section
2.5); a square system is tried by Newton's plain step first.
"""

from __future__ import annotations

import time
import warnings

import numpy as np
from scipy.sparse import block_array, csc_array, csr_array, diags_array, eye_array
from scipy.sparse.linalg import MatrixRankWarning, splu

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.numeric import limits
from puzzlesolver.numeric.box import SearchBox, draw, first_start
from puzzlesolver.numeric.distinct import is_same
from puzzlesolver.numeric.harvest import Harvest
from puzzlesolver.numeric.nadam import Merit, descend
from puzzlesolver.numeric.refine import EPSILON, excess, row_weights, simplified
from puzzlesolver.numeric.residual import Evaluation, Residual


def hunt_large(
    residual: Residual, box: SearchBox, rng: np.random.Generator, deadline: float, harvest: Harvest
) -> tuple[FloatArray, Reason]:
    """The distinct roots ``[k, unknowns]`` and why the search stopped."""
    count = int(np.clip(limits.STARTED_NUMBERS // residual.unknowns, 2, limits.MOST_STARTS))
    starts = _starts(residual, box, rng, count)
    harvest.rounds = 1
    roots = np.zeros((0, residual.unknowns))
    weights = row_weights(residual.evaluate(starts))
    walked, _ = descend(residual, starts, Merit(weights**2), box, deadline)
    harvest.nadam.see(walked, residual.evaluate(walked).loss)
    linear = residual.program.structure == (("sum", 1),)
    for start in [*starts[: box.has_guess], *walked]:
        if time.monotonic() > deadline:
            return roots, Why.DEADLINE()
        harvest.starts += 1
        end = simplified(residual, _descended(residual, start, box, deadline)[None], box)
        now = residual.evaluate(end)
        harvest.best.see(end, now.loss)
        if excess(now)[0] <= 1.0 and not (len(roots) and is_same(residual, roots, end[0]).any()):
            roots = np.concatenate([roots, end])
        if linear and len(roots) and residual.residuals >= residual.unknowns:
            return roots, Why.LINEAR_EQUATIONS()
        if len(roots) > 1 and residual.residuals < residual.unknowns:
            return roots, Why.LOW_RANK()
    return roots, Why.BUDGET()


def _starts(residual: Residual, box: SearchBox, rng: np.random.Generator, count: int) -> FloatArray:
    """The guess and some more, those first at which the residual is a number."""
    points = np.concatenate([np.clip(np.zeros((1, residual.unknowns)), box.low, box.high), draw(rng, 2 * count, box)])
    if box.has_guess:
        points[0] = first_start(box, points[0])
    order = np.argsort(~np.isfinite(residual.evaluate(points).loss), kind="stable")
    return points[order[:count]]


def _descended(residual: Residual, point: FloatArray, box: SearchBox, deadline: float) -> FloatArray:
    """The point ``[unknowns]`` after Levenberg and Marquardt's descent: at a root, at a minimum, or out of steps."""
    now = residual.evaluate(point[None])
    weights = row_weights(now)[0]
    loss = _loss(now, weights)
    damping, mark, waited = 1e-3, loss, 0
    newton = square = residual.residuals == residual.unknowns
    for _ in range(limits.LARGE_STEPS):
        if not np.isfinite(loss) or waited > limits.LARGE_PATIENCE or time.monotonic() > deadline:
            break
        trial = box.clip(point + _step(residual, now, weights, 0.0 if newton else damping))
        after = residual.evaluate(trial[None])
        new = _loss(after, weights)
        if new < loss:
            damping = max(0.1 * damping, 1e-14)
            newton = square and new < 0.25 * loss
            still = bool((np.abs(trial - point) <= 0.25 * EPSILON * np.abs(point)).all())
            point, now, loss = trial, after, new
            if still or excess(now)[0] <= 0.1:
                break
        elif newton:
            newton = False
        else:
            damping *= 5.0
        mark, waited = (loss, 0) if loss < 0.9 * mark else (mark, waited + 1)
    return point


def _loss(evaluation: Evaluation, weights: FloatArray) -> float:
    loss = float(np.square(evaluation.residual[0] * weights).sum())
    return loss if np.isfinite(loss) else np.inf


def _step(residual: Residual, now: Evaluation, weights: FloatArray, damping: float) -> FloatArray:
    """The step ``[unknowns]``, Newton's without damping; zero where the factorisation fails."""
    rows, columns = residual.residuals, residual.unknowns
    entries = np.where(np.isfinite(now.entries[0]), now.entries[0], 0.0)
    matrix = csr_array((entries, (residual.pattern.rows, residual.pattern.columns)), shape=(rows, columns))
    matrix = diags_array(weights) @ matrix
    size = np.sqrt(np.asarray(matrix.power(2).sum(axis=0)).ravel())
    size = np.where(size > 0.0, size, 1.0)
    matrix = matrix @ diags_array(1.0 / size)
    target = -now.residual[0] * weights
    with warnings.catch_warnings():
        warnings.simplefilter("error", MatrixRankWarning)
        try:
            if damping == 0.0:
                move = splu(csc_array(matrix)).solve(target)
            else:
                system = block_array([[eye_array(rows), matrix], [matrix.T, -damping * eye_array(columns)]])
                move = splu(csc_array(system)).solve(np.concatenate([target, np.zeros(columns)]))[rows:]
        except (RuntimeError, MatrixRankWarning):
            return np.zeros(columns)
        move = move / size
    return np.where(np.isfinite(move), move, 0.0)
