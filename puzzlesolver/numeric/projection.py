"""Variable projection: the parameters that a model is linear in are never searched for, but solved for.

For any values of the others, the best linear ones follow from a linear least-squares problem; what remains to be
minimised has fewer unknowns and no narrow valleys between the two kinds. Methods: G. Golub and V. Pereyra, Inverse
Problems 19, 2003; the approximate Jacobian is L. Kaufman's, BIT 15, 1975.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from sympy import Expr, Symbol

from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.numeric import limits
from puzzlesolver.numeric.box import SearchBox
from puzzlesolver.numeric.residual import Residual


def linear_parameters(model: Expr, parameters: Sequence[Symbol]) -> list[int]:
    """Which parameters (their positions) occur linearly, all together, in the model."""
    chosen: list[int] = []
    slopes: list[Expr] = []
    for i, parameter in enumerate(parameters):
        slope = model.diff(parameter)
        others = {parameters[j] for j in chosen}
        if slope.free_symbols & (others | {parameter}) or any(parameter in s.free_symbols for s in slopes):
            continue
        chosen.append(i)
        slopes.append(slope)
    return chosen


class Projection:
    """Least squares of a residual with row weights ``[rows]``, some of whose unknowns (`linear`) occur linearly."""

    def __init__(self, residual: Residual, weights: FloatArray, box: SearchBox, linear: Sequence[int]) -> None:
        self.residual, self.weights, self.box = residual, weights, box
        self.linear = list(linear)
        self.others = [j for j in range(residual.unknowns) if j not in self.linear]

    @property
    def is_partial(self) -> bool:
        """Whether there are parameters of both kinds."""
        return bool(self.linear and self.others)

    def project(self, points: FloatArray) -> FloatArray:
        """The points ``[points, unknowns]`` with their linear parameters at the optimum for the others."""
        if not self.linear:
            return points
        points = points.copy()
        points[:, self.linear] = 0.0
        at = self.residual.evaluate(points)
        matrix = finite(self.residual.jacobian(at.entries)[:, :, self.linear] * self.weights[:, None])
        matrix, size = _unit_columns(matrix)
        target = finite(at.residual * self.weights)
        best = _least_squares(matrix, target, 1e-12)
        points[:, self.linear] = -finite(best / size)
        return self.box.clip(points)

    def descend(self, points: FloatArray, deadline: float) -> FloatArray:
        """Levenberg–Marquardt on the other parameters alone, the linear ones following at every step."""
        points = self.project(points)
        damping = np.full(len(points), 1e-3)
        loss = self._loss(points)
        idle = 0
        for _ in range(limits.PROJECTION_STEPS):
            if idle > limits.PROJECTION_PATIENCE or time.monotonic() > deadline:
                break
            trial = points.copy()
            trial[:, self.others] += self._move(points, damping)
            trial = self.project(self.box.clip(trial))
            new = self._loss(trial)
            better = new < loss
            idle = 0 if np.any(new < loss * (1.0 - 1e-6)) else idle + 1
            damping = np.where(better, np.maximum(0.1 * damping, 1e-12), 5.0 * damping)
            points, loss = np.where(better[:, None], trial, points), np.where(better, new, loss)
        return points

    def _loss(self, points: FloatArray) -> FloatArray:
        loss = np.square(self.residual.evaluate(points).residual * self.weights).sum(axis=1)
        return np.where(np.isfinite(loss), loss, np.inf)

    def _move(self, points: FloatArray, damping: FloatArray) -> FloatArray:
        """The damped step of the other parameters, from what of their columns the linear ones cannot imitate."""
        at = self.residual.evaluate(points)
        jacobian = finite(self.residual.jacobian(at.entries) * self.weights[:, None])
        imitating, _ = _unit_columns(jacobian[:, :, self.linear])
        basis, _ = np.linalg.qr(imitating)
        own, size = _unit_columns(jacobian[:, :, self.others])
        own = own - basis @ (np.swapaxes(basis, 1, 2) @ own)
        return -finite(_least_squares(own, finite(at.residual * self.weights), damping) / size)


def finite(array: FloatArray) -> FloatArray:
    """The array with zeros for what is no number."""
    return np.where(np.isfinite(array), array, 0.0)


def _unit_columns(matrices: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The matrices with columns of length 1 (zero stays zero), and the lengths ``[points, columns]``."""
    size = np.sqrt(np.square(matrices).sum(axis=1))
    size = np.where((size > 0.0) & np.isfinite(size), size, 1.0)
    return matrices / size[:, None, :], size


def _least_squares(matrices: FloatArray, targets: FloatArray, damping: FloatArray | float) -> FloatArray:
    """What minimises ``|M x - t|² + damping·|x|²`` for every point."""
    transposed = np.swapaxes(matrices, 1, 2)
    damped = np.reshape(damping, (-1, 1, 1)) * np.eye(matrices.shape[2])
    solution = np.linalg.solve(transposed @ matrices + damped, transposed @ targets[:, :, None])
    return np.asarray(solution[:, :, 0], np.float64)
