"""The least or greatest value of an expression: multistart Nadam with penalties, then sequential quadratic programming.

A problem with an `Objective` comes in; feasible local optima go out as `Candidates`, the best first. Equations and
inequalities among the conditions are constraints, domains are bounds; `!=` and "all different" are not looked at. The
polish is SciPy's SLSQP (D. Kraft, ACM Transactions on Mathematical Software 20, 1994) on TensorFlow's derivatives.
"""

from __future__ import annotations

import time
import warnings
from functools import partial
from typing import Any

import numpy as np
from sympy import Expr

from puzzlesolver.answer.reasons import Why
from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.numeric import limits
from puzzlesolver.numeric.box import SearchBox, draw, first_start
from puzzlesolver.numeric.candidates import Candidates, nothing_found
from puzzlesolver.numeric.harvest import Harvest
from puzzlesolver.numeric.nadam import Merit, descend
from puzzlesolver.numeric.refine import row_weights
from puzzlesolver.numeric.residual import Residual, trace_count
from puzzlesolver.numeric.templates import NotComputable, compile_expressions
from puzzlesolver.problem import Condition, Problem, Relation

PENALTY = 100.0  # How much heavier a constraint weighs than the objective on Nadam's way.
FEASIBLE = 1e-8  # The largest violation of a constraint, relative to the size of its terms.
SETTLED = (0, 8)  # What SLSQP says when it is done: converged, or no descent left in float64.
UNBOUNDED = 1e15  # A coordinate or an objective beyond this is taken for a way to infinity.


@np.errstate(all="ignore")  # overflow and nan are dealt with where they matter
def minimize(problem: Problem, *, seed: int, starts: int, deadline: float) -> Candidates:
    """Local optima of `problem.objective` under its other statements, best first; none of them is proved.

    `losses` are the objective's values there, negated where it is to be maximised. `deadline` is a `time.monotonic()`
    stamp. An expression that cannot be evaluated gives no candidates and a reason.
    """
    if problem.objective is None:
        raise ValueError("the problem has no objective")
    traces = trace_count()
    inequalities = [c for c in problem.conditions if isinstance(c, Condition) and c.relation is not Relation.NOT_EQUAL]
    rows: list[tuple[Expr, ...]] = [(problem.objective.expression,)]
    rows += [(equation.lhs, equation.rhs) for equation in problem.equations]
    rows += [(condition.lhs, condition.rhs) for condition in inequalities]
    try:
        program = compile_expressions(problem.symbols, rows)
    except NotComputable as error:
        return nothing_found(problem.symbols, error.reason)
    if not program.unknowns:
        return nothing_found(problem.symbols, Why.NOTHING_TO_SEARCH())
    sign = -1.0 if problem.objective.maximize else 1.0
    task = _Programme(Residual(program), SearchBox.around(problem.unknowns), sign, len(problem.equations))
    points, harvest = task.starts(np.random.default_rng(seed), starts, deadline)
    optima, unbounded, far = [], False, False
    for start in points:
        if time.monotonic() > deadline:
            break
        end, settled = task.polished(start, deadline)
        if not task.is_feasible(end):
            continue
        if task.value(end) < -UNBOUNDED:
            unbounded = True
        elif task.value(end) > UNBOUNDED or np.abs(end).max() > UNBOUNDED:
            far = True
        elif settled:
            optima.append(end)
    found = task.distinct(np.array(optima).reshape(-1, program.unknowns))
    reason = Why.MINIMUM() if len(found) else Why.NO_MINIMUM()
    if unbounded or (far and not len(found)):
        found, reason = found[:0], Why.NO_BOUND()
    elif time.monotonic() > deadline:
        reason = Why.DEADLINE()
    losses = np.array([task.value(point) for point in found])
    harvest.best.see(found, losses)
    return Candidates(
        unknowns=problem.symbols, points=found, losses=losses,
        best=harvest.best.point, best_loss=harvest.best.loss,
        nadam=harvest.nadam.point, nadam_loss=harvest.nadam.loss,
        starts=harvest.starts, rounds=1, traces=trace_count() - traces, reason=reason,
    )  # fmt: skip


class _Programme:
    """A nonlinear programme: residual 0 is the objective, then come `equations` equalities, then ``≤ 0``."""

    def __init__(self, residual: Residual, box: SearchBox, sign: float, equations: int) -> None:
        self.residual, self.box, self.sign, self.equations = residual, box, sign, equations

    def value(self, point: FloatArray) -> float:
        """What is to be small; inf where it is no number."""
        value = self.sign * float(self.residual.evaluate(point[None]).residual[0, 0])
        return value if np.isfinite(value) else np.inf

    def starts(self, rng: np.random.Generator, count: int, deadline: float) -> tuple[FloatArray, Harvest]:
        """The best ends of Nadam's descents, best first."""
        harvest = Harvest(self.residual.unknowns)
        points = draw(rng, 2 * count, self.box)
        points[0] = first_start(self.box, points[0])
        at = self.residual.evaluate(points)
        order = np.argsort(~np.isfinite(at.loss), kind="stable")[:count]
        weights = row_weights(at[order])
        square, linear, hinge = (np.zeros_like(weights) for _ in range(3))
        linear[:, 0] = self.sign * weights[:, 0]
        last = 1 + self.equations
        square[:, 1:last] = PENALTY * weights[:, 1:last] ** 2
        hinge[:, last:] = PENALTY * weights[:, last:] ** 2
        ends, merit = descend(self.residual, points[order], Merit(square, linear, hinge), self.box, deadline)
        ends = ends[np.argsort(merit, kind="stable")]
        best = ends[: limits.POLISHED]
        harvest.starts = len(order)
        harvest.nadam.see(best[:1], np.array([self.value(best[0])]))
        return best, harvest

    def _descended(self, start: FloatArray, deadline: float) -> tuple[FloatArray, bool]:
        """Where SLSQP came to from `start`, measuring in units of that, and whether it was content."""
        residual, last = self.residual, 1 + self.equations
        size = np.where(start == 0.0, 1.0, np.abs(start))
        weights = row_weights(residual.evaluate(start[None]))[0]

        def at(scaled: FloatArray) -> tuple[FloatArray, FloatArray]:
            """Residuals and Jacobian in units of the start's."""
            if time.monotonic() > deadline:
                raise TimeoutError
            now = residual.evaluate((scaled * size)[None])
            return now.residual[0] * weights, residual.jacobian(now.entries)[0] * weights[:, None] * size

        constraints: list[Any] = []
        if self.equations:
            constraints.append({"type": "eq", "fun": lambda z: at(z)[0][1:last], "jac": lambda z: at(z)[1][1:last]})
        if last < residual.residuals:
            constraints.append({"type": "ineq", "fun": lambda z: -at(z)[0][last:], "jac": lambda z: -at(z)[1][last:]})
        from scipy.optimize import Bounds  # half a second to load: only where it is needed
        from scipy.optimize import minimize as scipy_minimize

        slsqp: Any = partial(scipy_minimize, method="SLSQP")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                result = slsqp(
                    lambda z: self.sign * float(at(z)[0][0]),
                    start / size,
                    jac=lambda z: self.sign * at(z)[1][0],
                    bounds=Bounds(self.box.low / size, self.box.high / size),
                    constraints=constraints,
                    options={"maxiter": 200, "ftol": 1e-15},
                )
            except (TimeoutError, ValueError, np.linalg.LinAlgError):
                return start, False
        end = self.box.clip(np.asarray(result.x, np.float64) * size)
        return (end, result.status in SETTLED) if np.isfinite(end).all() else (start, False)

    def polished(self, start: FloatArray, deadline: float) -> tuple[FloatArray, bool]:
        """A local optimum reached from `start`, and whether it is one as far as SLSQP can tell."""
        point, before, settled = start, np.inf, False
        for _ in range(limits.RESTARTS):
            point, settled = self._descended(point, deadline)
            value = self.value(point)
            if not np.isfinite(value) or before - value <= 1e-12 * abs(value) or abs(value) > UNBOUNDED:
                break
            before = value
        return point, settled

    def is_feasible(self, point: FloatArray) -> bool:
        at = self.residual.evaluate(point[None])
        violation = at.residual[0, 1:] / np.where(at.error[0, 1:] > 0.0, at.error[0, 1:], 1.0)
        violation[: self.equations] = np.abs(violation[: self.equations])
        return bool(np.isfinite(at.residual).all() and (violation <= FEASIBLE).all())

    def distinct(self, points: FloatArray) -> FloatArray:
        """The best of the points, best first; near a better one none counts."""
        order = np.argsort([self.value(point) for point in points], kind="stable")
        kept: list[FloatArray] = []
        for point in points[order]:
            if all(np.abs(point - other).max() > 1e-4 * max(np.abs(other).max(), 1e-300) for other in kept):
                kept.append(point)
        return np.array(kept[: limits.OPTIMA]).reshape(-1, self.residual.unknowns)
