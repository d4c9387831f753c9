"""Least squares over measured data: a row is an instance of the model, a column its constants, a parameter an unknown.

A problem with a `Fit` comes in; minima of the weighted sum of squares go out as `Candidates`, the best first. Starting
guesses are not needed: the parameters that occur linearly are solved for at every trial of the others, which are
drawn in units the data suggest.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from sympy import Expr, Symbol

from puzzlesolver.answer.reasons import Why
from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.fit.rows import weights_of
from puzzlesolver.numeric import limits
from puzzlesolver.numeric.box import SearchBox
from puzzlesolver.numeric.candidates import Candidates, nothing_found
from puzzlesolver.numeric.nadam import Merit, descend
from puzzlesolver.numeric.refine import ALLOWED, EPSILON, levenberg_marquardt
from puzzlesolver.numeric.residual import Evaluation, Residual, trace_count
from puzzlesolver.numeric.templates import NotComputable, bucket, compile_expressions, instantiate, number
from puzzlesolver.problem import Fit, Problem, Unknown


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
    """Least squares of a residual with row weights ``[rows]``, some of whose unknowns (`linear`) occur linearly.

    Variable projection: for any values of the others, the best linear ones follow from a linear least-squares problem;
    what remains to be minimised has fewer unknowns and no narrow valleys between the two kinds. Methods: G. Golub and
    V. Pereyra, Inverse Problems 19, 2003; the approximate Jacobian is L. Kaufman's, BIT 15, 1975.
    """

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


SAME = 1e-5  # Minima that agree to this in every parameter are one.
STATIONARY = 1e-6  # At a minimum, no column of the Jacobian has a larger cosine with the residual.


@np.errstate(all="ignore")  # overflow and nan are dealt with where they matter
def fit(problem: Problem, *, seed: int, starts: int, deadline: float) -> Candidates:
    """Minima of the weighted sum of squared deviations of `problem.fit`, best first; `losses` are those sums.

    `deadline` is a `time.monotonic()` stamp. A model that cannot be evaluated gives no candidates and a reason. The
    same input and seed give the same answer.
    """
    traces = trace_count()
    task = problem.fit
    if task is None:
        raise ValueError("the problem has no fit")
    by_symbol = {unknown.symbol: unknown for unknown in problem.unknowns}
    unknowns = [by_symbol.get(symbol, Unknown(symbol)) for symbol in task.parameters]
    try:
        residual, weights = _residual(task)
    except NotComputable as error:
        return nothing_found(task.parameters, error.reason)
    if not unknowns or not residual.residuals:
        return nothing_found(task.parameters, Why.NOTHING_TO_FIT())
    box = SearchBox.around(unknowns)
    regression = _Regression(task, residual, weights, box, np.random.default_rng(seed))
    points = regression.starts(starts, deadline)
    if not len(points):
        return nothing_found(task.parameters, Why.NO_NUMBER())
    return regression.minima(points, deadline, traces)


def _residual(task: Fit) -> tuple[Residual, FloatArray]:
    """Model minus output for every row, and the rows' weights (square roots, ``[rows]``)."""
    columns = {name: _floats(values) for name, values in task.data.columns.items()}
    names = list(columns)
    symbols = [*task.parameters, *(Symbol(name, real=True) for name in names)]
    row = compile_expressions(symbols, [(task.model, task.output)])
    count, rows = len(task.parameters), task.data.rows
    width = bucket(count)
    constants = np.concatenate([columns[name] for name in names]) if names else np.zeros(0)
    slots = np.empty((rows, len(symbols)), np.int32)
    slots[:, :count] = 1 + np.arange(count)
    slots[:, count:] = 1 + width + np.arange(len(names)) * rows + np.arange(rows)[:, None]
    weights = np.sqrt(_floats(weights_of(task)))
    if not np.isfinite(weights).all():
        raise NotComputable(Why.NO_NUMBER_WEIGHT())
    return Residual(instantiate(row, slots, width, count, constants)), weights


def _floats(values: Sequence[Expr]) -> FloatArray:
    return np.array([number(value) for value in values])


class _Regression:
    """The fit under way."""

    def __init__(
        self, task: Fit, residual: Residual, weights: FloatArray, box: SearchBox, rng: np.random.Generator
    ) -> None:
        self.task, self.residual, self.weights, self.box, self.rng = task, residual, weights, box, rng
        self.projection = Projection(residual, weights, box, linear_parameters(task.model, task.parameters))
        used = task.model.free_symbols
        self.inputs = [_floats(values) for name, values in task.data.columns.items() if Symbol(name, real=True) in used]
        output = residual.evaluate(np.zeros((1, residual.unknowns)))
        size = float(np.square(np.nan_to_num(output.magnitude[0], posinf=0.0) * weights).sum())
        self.scale = size if size > 0.0 else 1.0

    def loss(self, evaluation: Evaluation) -> FloatArray:
        """The weighted sums of squares, ``[points]``; inf where it is no number."""
        loss = np.square(evaluation.residual * self.weights).sum(axis=1)
        return np.where(np.isfinite(loss), loss, np.inf)

    # --- where to begin

    def starts(self, count: int, deadline: float) -> FloatArray:
        """The best `count` of many trials, the linear parameters already solved for."""
        size = max(self.residual.residuals * self.residual.unknowns, 1)
        batch = int(np.clip(limits.LARGEST_FIT_BATCH // size, 1, limits.TRIALS))
        count = min(count, batch)
        rounds = -(-limits.TRIALS // batch)
        if not self.projection.others:  # every trial is projected to the same point
            batch, rounds = count, 1
        points, losses = np.zeros((0, self.residual.unknowns)), np.zeros(0)
        for _ in range(min(rounds, 8)):
            trials = self._trials(batch)
            trials = self.projection.project(trials)
            found = self.loss(self.residual.evaluate(trials))
            points, losses = np.concatenate([points, trials]), np.concatenate([losses, found])
            order = np.argsort(losses, kind="stable")[:count]
            points, losses = points[order], losses[order]
            if time.monotonic() > deadline:
                break
        return points[np.isfinite(losses)]

    def _trials(self, count: int) -> FloatArray:
        """Parameters in units of one, of the inputs, of their inverses, or placed among the inputs."""
        shape = (count, self.residual.unknowns)
        units, places = [1.0], [0.0]
        for values in self.inputs:
            spread, largest = float(np.ptp(values)), float(np.abs(values).max())
            units += [u for size in (spread, largest) if size > 0.0 for u in (size, 1.0 / size)]
            places += list(values)
        unit = np.array(units)[self.rng.integers(len(units), size=shape)]
        sign = self.rng.choice([-1.0, 1.0], shape)
        points = unit * sign * 10.0 ** self.rng.uniform(-1.7, 1.7, shape)
        placed = np.array(places)[self.rng.integers(len(places), size=shape)]
        points = np.where(self.rng.random(shape) < 0.2, placed, points)
        box = self.box
        bounded = np.isfinite(box.low) & np.isfinite(box.high)
        inside = box.low + self.rng.random(shape) * (box.high - box.low)
        points = box.clip(np.where(bounded, inside, points))
        guessed = np.isfinite(box.guess)
        near = (np.arange(count) % 4 == 0)[:, None]
        reach = np.where(np.arange(count) == 0, 0.0, 10.0 ** self.rng.uniform(-4.0, 0.0, count))[:, None]
        about = box.guess * (1.0 + reach * self.rng.standard_normal(shape))
        return np.where(near & guessed, box.clip(about), points)

    # --- down, and to the last digit

    def minima(self, points: FloatArray, deadline: float, traces: int) -> Candidates:
        """Nadam, Levenberg–Marquardt and a last polish from every start; the distinct minima among the ends."""
        residual, box = self.residual, self.box
        weights = np.broadcast_to(self.weights, (len(points), residual.residuals))
        merit = Merit(weights**2 / self.scale)
        walked, _ = descend(residual, points, merit, box, deadline)
        losses = self.loss(residual.evaluate(walked))
        least = int(losses.argmin())
        nadam, nadam_loss = walked[least], float(losses[least])
        both = np.concatenate([walked, points[: limits.RAW]])
        if self.projection.is_partial:
            both = np.concatenate([both, self.projection.descend(both, deadline)])
        ends = levenberg_marquardt(
            residual, both, np.broadcast_to(self.weights, (len(both), residual.residuals)), box, deadline,
            to_minimum=True,
        )  # fmt: skip
        ends = self._to_stationary(ends)
        at = residual.evaluate(ends)
        losses, noise = self.loss(at), self._noise(at)
        best = int(np.argmin(losses))
        # among equally good minima the plainest comes first: a sine's phase is known up to whole turns only
        tied = losses <= losses[best] * (1.0 + 1e-9) + noise[best] ** 2
        order = np.lexsort([np.where(tied, np.abs(ends).sum(axis=1), losses), ~tied])
        at_rest = np.isfinite(losses) & (self._slope(at, ends) <= np.maximum(STATIONARY, noise / np.sqrt(losses)))
        minima: list[int] = []
        for i in order[at_rest[order]]:
            near = [np.allclose(ends[i], ends[k], rtol=SAME, atol=0.0) for k in minima]
            if not any(near) and len(minima) < limits.MINIMA:
                minima.append(int(i))
        found = self._sharpened(ends[minima]) if minima else ends[minima]
        reason = Why.MINIMUM() if minima else Why.NO_MINIMUM()
        if time.monotonic() > deadline:
            reason = Why.DEADLINE()
        return Candidates(
            unknowns=tuple(self.task.parameters), points=found, losses=self.loss(residual.evaluate(found)),
            best=ends[best], best_loss=float(losses[best]), nadam=nadam, nadam_loss=nadam_loss,
            starts=len(points), rounds=1, traces=trace_count() - traces, reason=reason,
        )  # fmt: skip

    def _noise(self, at: Evaluation) -> FloatArray:
        """What rounding may make of the weighted residual's norm, ``[points]``."""
        noise: FloatArray = ALLOWED * EPSILON * np.sqrt(np.square(at.error * self.weights).sum(axis=1))
        return noise

    def _matrix(self, at: Evaluation, points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The weighted Jacobian with unit columns (zero where a bound blocks the way), their sizes, the residual."""
        matrix = self.residual.jacobian(at.entries) * self.weights[:, None]
        matrix = np.where(np.isfinite(matrix), matrix, 0.0)
        target = at.residual * self.weights
        gradient = (np.swapaxes(matrix, 1, 2) @ target[:, :, None])[:, :, 0]
        matrix = np.where(self.box.blocks(points, gradient)[:, None, :], 0.0, matrix)
        size = np.sqrt(np.square(matrix).sum(axis=1))
        size = np.where(size > 0.0, size, 1.0)
        return matrix / size[:, None, :], size, target

    def _slope(self, at: Evaluation, points: FloatArray) -> FloatArray:
        """The largest cosine ``[points]`` between a column of the Jacobian and the residual; inf where undefined."""
        matrix, _, target = self._matrix(at, points)
        cosine = np.abs(np.swapaxes(matrix, 1, 2) @ target[:, :, None]).max(axis=(1, 2))
        slope: FloatArray = cosine / np.sqrt(np.square(target).sum(axis=1))
        return np.where(np.isfinite(slope), slope, np.inf)

    def _to_stationary(self, points: FloatArray) -> FloatArray:
        """Undamped Gauss–Newton steps as long as they bring the slope down.

        Near a minimum the loss no longer tells better from worse beyond half the digits; the slope does.
        """
        at = self.residual.evaluate(points)
        slope, loss = self._slope(at, points), self.loss(at)
        for _ in range(40):
            matrix, size, target = self._matrix(at, points)
            try:
                step = -(np.linalg.pinv(matrix, rcond=1e-13) @ target[:, :, None])[:, :, 0] / size
            except np.linalg.LinAlgError:
                break
            trial = self.box.clip(points + finite(step))
            after = self.residual.evaluate(trial)
            new_slope, new_loss = self._slope(after, trial), self.loss(after)
            better = (new_slope < 0.9 * slope) & (new_loss <= loss * (1.0 + 1e-9))
            if not better.any():
                break
            points = np.where(better[:, None], trial, points)
            slope, loss = np.where(better, new_slope, slope), np.where(better, new_loss, loss)
            at = self.residual.evaluate(points)
        return points

    def _sharpened(self, points: FloatArray) -> FloatArray:
        """Newton's method on the gradient, to the last digits, with a Hessian from central differences of it.

        Gauss and Newton's steps converge but slowly where the residual at the minimum is large.
        """
        count, n = points.shape
        for _ in range(4):
            at = self.residual.evaluate(points)
            slope = self._slope(at, points)
            _, size, target = self._matrix(at, points)
            gradient = self._gradient(points)
            typical = np.sqrt(np.square(target).sum(axis=1, keepdims=True)) / size
            reach = 1e-5 * np.where(points != 0.0, np.abs(points), typical)
            around = points[:, None] + reach[:, :, None] * np.eye(n), points[:, None] - reach[:, :, None] * np.eye(n)
            up, down = (self._gradient(sides.reshape(-1, n)).reshape(count, n, n) for sides in around)
            hessian = finite((up - down) / (2.0 * reach[:, :, None])) / (size[:, :, None] * size[:, None, :])
            free = ~self.box.blocks(points, gradient)
            hessian = np.where(free[:, :, None] & free[:, None, :], hessian, np.eye(n))
            step = np.linalg.pinv(hessian, rcond=1e-13) @ np.where(free, gradient / size, 0.0)[:, :, None]
            trial = self.box.clip(points - finite(step[:, :, 0] / size))
            after = self.residual.evaluate(trial)
            better = (self._slope(after, trial) < slope) & (self.loss(after) <= self.loss(at) * (1.0 + 1e-9))
            if not better.any():
                break
            points = np.where(better[:, None], trial, points)
        return points

    def _gradient(self, points: FloatArray) -> FloatArray:
        """Half the gradient of the weighted sum of squares, ``[points, unknowns]``."""
        at = self.residual.evaluate(points)
        transposed = np.swapaxes(self.residual.jacobian(at.entries), 1, 2)
        return finite((transposed @ (at.residual * self.weights**2)[:, :, None])[:, :, 0])
