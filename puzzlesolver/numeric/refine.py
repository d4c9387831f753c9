"""The second-order polish: batched Levenberg–Marquardt in float64, and the test for a root as good as float64 has it.

Points come in, better points go out, each with its evaluation. Method: J. Moré, The Levenberg–Marquardt algorithm,
1978, with the damping scaled by the Jacobian's columns; bounds by projection (Kanzow, Yamashita and Fukushima,
Journal of Computational and Applied Mathematics 172, 2004).
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.numeric import limits
from puzzlesolver.numeric.box import SearchBox
from puzzlesolver.numeric.residual import Evaluation, Residual

EPSILON = float(np.finfo(np.float64).eps)

ALLOWED = 32.0  # A root's residual may be this many times what rounding is estimated to have done to it.
TINY = 1e-20  # Coordinates all well below this may be on their way to zero, which only an exact zero ends.
FAR = 1e60  # A coordinate beyond this is on its way to infinity.


def excess(evaluation: Evaluation) -> FloatArray:
    """How far ``[points]`` each point is from a root, in units of what rounding allows: a root has at most 1."""
    with np.errstate(all="ignore"):
        # where the slope is infinite (a square root of zero) the error bound says nothing: the terms' size does
        allowed = np.where(np.isfinite(evaluation.error), evaluation.error, evaluation.magnitude)
        ratio = np.abs(evaluation.residual) / (ALLOWED * EPSILON * allowed)
        ratio = np.where(evaluation.residual == 0.0, 0.0, ratio)
    worst: FloatArray = np.where(np.isfinite(ratio), ratio, np.inf).max(axis=1, initial=0.0)
    return worst


def roots_among(residual: Residual, points: FloatArray, box: SearchBox) -> FloatArray:
    """Those of the points that are roots; one that nearly is gets the chance to become one by `polish`."""
    now = residual.evaluate(points)
    strict = excess(now) <= 1.0
    reach = np.abs(residual.jacobian(now.entries)).sum(axis=2) * np.maximum(
        np.abs(points).max(axis=1, keepdims=True, initial=0.0), TINY
    )
    near = (np.abs(now.residual) <= 1e-9 * (now.error + reach)).all(axis=1) & ~strict
    points = points.copy()
    points[near] = polish(residual, points[near], box)
    near[near] = excess(residual.evaluate(points[near])) <= 1.0
    roots: FloatArray = points[strict | near]
    return roots


def row_weights(evaluation: Evaluation) -> FloatArray:
    """``[points, residuals]``: one over the size of the terms, so that no equation drowns the others."""
    size = np.where(evaluation.error > 0.0, evaluation.error, 1.0)
    return 1.0 / np.clip(np.where(np.isfinite(size), size, np.inf), 1e-140, 1e140)  # squares of them are numbers


def levenberg_marquardt(
    residual: Residual,
    points: FloatArray,
    weights: FloatArray,
    box: SearchBox,
    deadline: float,
    *,
    to_minimum: bool = False,
) -> FloatArray:
    """The points ``[points, unknowns]`` after their descent on the squares of the residuals times `weights`.

    Each ends at a root to the last digits, at a minimum, or where its patience, its steps or the time ran out.
    With `to_minimum` a small residual is no reason to stop: minima above zero are wanted to the last digits too.
    """
    points = points.copy()
    work = _Batch(residual, points, weights, box)
    for _ in range(4 * limits.POLISH_STEPS if to_minimum else limits.POLISH_STEPS):
        work.step(to_minimum)
        if not len(work.alive) or time.monotonic() > deadline:
            break
    work.store()
    return points


class _Batch:
    """The points still under way: rows of all arrays here, `alive` tells whose."""

    def __init__(self, residual: Residual, points: FloatArray, weights: FloatArray, box: SearchBox) -> None:
        self.residual, self.result, self.box = residual, points, box
        self.alive = np.arange(len(points))
        self.x = points.copy()
        self.weights = weights
        self.now = residual.evaluate(points)
        self.loss = self._loss(self.now, weights)
        self.damping = np.full(len(points), 1e-3)
        self.mark = self.loss.copy()
        self.waited = np.zeros(len(points), np.int64)
        self._keep(np.isfinite(self.loss))

    @staticmethod
    def _loss(evaluation: Evaluation, weights: FloatArray) -> FloatArray:
        loss = np.square(evaluation.residual * weights).sum(axis=1)
        return np.where(np.isfinite(loss), loss, np.inf)

    def step(self, to_minimum: bool) -> None:
        move, still = self._move()
        trial = self.box.clip(self.x + move)
        after = self.residual.evaluate(trial)
        loss = self._loss(after, self.weights)
        better = loss < self.loss
        done = still | (np.abs(trial - self.x) <= 0.25 * EPSILON * np.abs(self.x)).all(axis=1)
        self.damping = np.where(better, np.maximum(self.damping * 0.1, 1e-14), self.damping * 5.0)
        self.x = np.where(better[:, None], trial, self.x)
        self.loss = np.where(better, loss, self.loss)
        self.now = _chosen(better, after, self.now)
        progress = self.loss < 0.9 * self.mark
        self.mark = np.where(progress, self.loss, self.mark)
        self.waited = np.where(progress, 0, self.waited + 1)
        done |= (self.damping > 1e14) | (np.abs(self.x).max(axis=1, initial=0.0) > FAR)
        if to_minimum:
            done |= self.waited > 4 * limits.PATIENCE
        else:
            done |= self.waited > np.where(self.loss < 1e-24, 3, limits.PATIENCE)
            done |= excess(self.now) <= 1.0
        self._keep(~done)

    def _move(self) -> tuple[FloatArray, NDArray[np.bool_]]:
        """The damped step ``[points, unknowns]``, and which points have nowhere to go."""
        jacobian = self.residual.jacobian(self.now.entries) * self.weights[:, :, None]
        jacobian = np.where(np.isfinite(jacobian), jacobian, 0.0)
        transposed = np.swapaxes(jacobian, 1, 2)
        gradient = (transposed @ (self.now.residual * self.weights)[:, :, None])[:, :, 0]
        blocked = self.box.blocks(self.x, gradient)
        gradient = np.where(blocked, 0.0, gradient)
        jacobian = np.where(blocked[:, None, :], 0.0, jacobian)
        size = np.sqrt(np.square(jacobian).sum(axis=1))
        size = np.where(size > 0.0, size, 1.0)
        jacobian = jacobian / size[:, None, :]
        normal = np.swapaxes(jacobian, 1, 2) @ jacobian
        diagonal = np.arange(normal.shape[1])
        normal[:, diagonal, diagonal] += self.damping[:, None]
        move = -_solve(normal, gradient / size) / size
        return np.where(np.isfinite(move), move, 0.0), ~np.any(gradient != 0.0, axis=1)

    def _keep(self, which: NDArray[np.bool_]) -> None:
        if which.all():
            return
        gone = ~which
        self.result[self.alive[gone]] = self.x[gone]
        self.alive, self.x, self.weights = self.alive[which], self.x[which], self.weights[which]
        self.now, self.loss, self.damping = self.now[which], self.loss[which], self.damping[which]
        self.mark, self.waited = self.mark[which], self.waited[which]

    def store(self) -> None:
        self.result[self.alive] = self.x


def _chosen(which: NDArray[np.bool_], new: Evaluation, old: Evaluation) -> Evaluation:
    pick = which[:, None]
    return Evaluation(
        np.where(pick, new.residual, old.residual),
        np.where(pick, new.magnitude, old.magnitude),
        np.where(pick, new.error, old.error),
        np.where(pick, new.entries, old.entries),
    )


def _solve(matrices: FloatArray, vectors: FloatArray) -> FloatArray:
    """Batched solve of well-damped positive systems; nan where LAPACK gives up."""
    for extra in (0.0, 1e-8):
        try:
            solution = np.linalg.solve(matrices + extra * np.eye(matrices.shape[1]), vectors[:, :, None])
            return np.asarray(solution[:, :, 0], np.float64)
        except np.linalg.LinAlgError:
            continue
    return np.full_like(vectors, np.nan)


def polish(residual: Residual, points: FloatArray, box: SearchBox) -> FloatArray:
    """Roots to the last digit: a few undamped Gauss–Newton steps through the pseudoinverse, kept where they help.

    Then simpler points nearby are tried, with zeros for the smallest coordinates or fewer digits for all: where one
    fits the equations better, it is the better point (an exact zero, a whole number, a multiple root, none of which
    an iteration need ever reach in float64).
    """
    best, now = points, residual.evaluate(points)
    if not len(points):
        return points
    score = excess(now)
    for _ in range(4):
        trial = box.clip(best + newton_step(residual, now, best))
        best, now, score, improved = _better(residual, trial, best, now, score)
        if not improved:
            break
    return simplified(residual, best, box)


def simplified(residual: Residual, points: FloatArray, box: SearchBox) -> FloatArray:
    """The points, each replaced by a simpler one nearby where that fits the equations better."""
    best, now = points, residual.evaluate(points)
    score = excess(now)
    for change, digits in (
        (_without_dust, 12),
        (_rounded, 13),
        (_without_dust, 9),
        (_rounded, 10),
        (_rounded, 7),
        (_rounded, 4),
    ):
        if not (score > 0.0).any():
            break
        best, now, score, _ = _better(residual, box.clip(change(best, digits)), best, now, score)
    return best


def _better(
    residual: Residual, trial: FloatArray, best: FloatArray, now: Evaluation, score: FloatArray
) -> tuple[FloatArray, Evaluation, FloatArray, bool]:
    after = residual.evaluate(trial)
    new = excess(after)
    better = new < score
    return (
        np.where(better[:, None], trial, best),
        _chosen(better, after, now),
        np.where(better, new, score),
        bool(better.any()),
    )


def newton_step(residual: Residual, now: Evaluation, points: FloatArray) -> FloatArray:
    """The Gauss–Newton step ``[points, unknowns]`` of least relative size; zero where there is none."""
    matrix, size, weights = _relative_jacobian(residual, now, points)
    try:
        inverse = np.linalg.pinv(matrix, rcond=1e-12)
    except np.linalg.LinAlgError:
        return np.zeros_like(points)
    step = -(inverse @ (now.residual * weights)[:, :, None])[:, :, 0] * size
    return np.where(np.isfinite(step), step, 0.0)


def _relative_jacobian(
    residual: Residual, now: Evaluation, points: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The Jacobian with rows in units of the equations' terms and columns in units of the unknowns, and both units."""
    size = np.abs(points)
    largest = size.max(axis=1, keepdims=True, initial=0.0)
    size = np.where(size > 1e-12 * largest, size, np.where(largest > 0.0, largest, 1.0))
    weights = row_weights(now)
    matrix = residual.jacobian(now.entries) * weights[:, :, None] * size[:, None, :]
    return np.where(np.isfinite(matrix), matrix, 0.0), size, weights


def is_deficient(residual: Residual, now: Evaluation, points: FloatArray) -> NDArray[np.bool_]:
    """Whether ``[points]`` the Jacobian there has (numerically) fewer independent rows than there are unknowns.

    Judged on the relative Jacobian: a singular value below 1e-11 means that the equations leave some direction free as
    far as float64 can see. Around a multiple root that is rather 1e-8.
    """
    if residual.residuals < residual.unknowns:
        return np.ones(len(points), np.bool_)
    matrix, _, _ = _relative_jacobian(residual, now, points)
    try:
        values = np.linalg.svd(matrix, compute_uv=False)
    except np.linalg.LinAlgError:
        return np.zeros(len(points), np.bool_)
    deficient: NDArray[np.bool_] = values.min(axis=1, initial=np.inf) < 1e-11
    return deficient


def _without_dust(points: FloatArray, digits: int) -> FloatArray:
    """Zero for every coordinate so many digits smaller than the point's largest."""
    largest = np.abs(points).max(axis=1, keepdims=True, initial=0.0)
    return np.where(np.abs(points) <= np.maximum(largest * 10.0**-digits, 1e-9 * TINY), 0.0, points)


def _rounded(points: FloatArray, digits: int) -> FloatArray:
    """To as many significant digits of each point's largest coordinate."""
    largest = np.abs(points).max(axis=1, keepdims=True, initial=0.0)
    places = digits - np.ceil(np.log10(largest))
    up, down = 10.0 ** np.maximum(places, 0.0), 10.0 ** np.maximum(-places, 0.0)  # powers that are exact
    rounded = np.round(points * up / down) * down / up
    return np.where(np.isfinite(rounded), rounded, points)
