"""Whole numbers by gradient descent: the puzzle relaxed to real numbers, and drawn towards whole ones step by step.

An unrolled problem over bounded whole numbers comes in; points of whole numbers at which every statement holds, as far
as float64 tells, go out as `Candidates`. To the squared residuals come ``sin(πx)²`` for every unknown, with a weight
that grows from descent to descent (annealing), and a hinge for every pair that must differ and for every inequality.
The best ends are rounded and mended: the one change of a value, or exchange of two, that lowers the loss most is made
as long as there is one. Nothing is proved, and a puzzle that the gradient does not solve is no defect: the rate of
success is measured in the benchmarks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sympy import Abs, Expr, Integer, Max, pi, sin

from puzzlesolver.answer.reasons import Why
from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.numeric import limits
from puzzlesolver.numeric.box import SearchBox
from puzzlesolver.numeric.candidates import Candidates, nothing_found
from puzzlesolver.numeric.harvest import Harvest
from puzzlesolver.numeric.nadam import Merit, descend
from puzzlesolver.numeric.refine import row_weights
from puzzlesolver.numeric.residual import Residual
from puzzlesolver.numeric.templates import NotComputable, compile_expressions
from puzzlesolver.problem import AllDifferent, Problem, Relation

WEIGHTS = (0.0, 0.01, 0.1, 1.0)
"""Of a whole number's being one, in one descent after the other, relative to an equation's."""

DIFFERENCE = 0.3  # The weight of a pair's being different.
MOST_ROWS = 4_000
HOLDS = 1e-9  # A row this small, relative to its terms, is zero at a point of whole numbers.


@np.errstate(all="ignore")  # overflow and nan are dealt with where they matter
def search_whole(
    problem: Problem, *, seed: int, starts: int, deadline: float, enough: Callable[[], bool]
) -> Candidates:
    """Solutions in whole numbers, by annealed multistart Nadam and rounding; none of them is proved.

    `starts` points begin every round; `deadline` is a `time.monotonic()` stamp. `enough` is asked between descents
    whether the answer is known meanwhile. The same input and seed give the same answer where neither of these ends it.
    """
    rows = list(_rows(problem))
    if len(rows) > MOST_ROWS:
        return nothing_found(problem.symbols, Why.MANY_STATEMENTS())
    try:
        program = compile_expressions(problem.symbols, [(row.expression,) for row in rows])
    except NotComputable as error:
        return nothing_found(problem.symbols, error.reason)
    box = SearchBox.around(problem.unknowns)
    if not program.unknowns or not np.isfinite([box.low, box.high]).all():
        return nothing_found(problem.symbols, Why.NOTHING_BOUNDED())
    residual, rng, harvest = Residual(program), np.random.default_rng(seed), Harvest(program.unknowns)
    fixed = np.array([row.weight for row in rows])
    found: FloatArray = np.zeros((0, program.unknowns))
    barren, reason = 0, Why.BARREN_ROUNDS()
    wide = int(np.clip(limits.LARGEST_WHOLE_BATCH // max(len(rows), 1), starts, limits.WHOLE_WIDE))
    while barren < limits.BARREN_WHOLE_ROUNDS or not len(found):
        if enough() or time.monotonic() > deadline:
            reason = Why.DEADLINE() if time.monotonic() > deadline else Why.PROVED()
            break
        harvest.rounds += 1
        count = starts if harvest.rounds == 1 else wide
        points = rng.uniform(box.low, box.high, (count, program.unknowns))
        points = _round(residual, fixed, box, points, deadline, enough)
        harvest.starts += count
        harvest.nadam.see(points, residual.evaluate(points).loss)
        rounded = np.unique(box.rounded(points), axis=0)
        rounded = _mended(residual, fixed, box, rounded, deadline, enough)
        solved = rounded[_fulfilled(residual, rounded, fixed)]
        more = np.unique(np.concatenate([found, solved]), axis=0)
        barren = 0 if len(more) > len(found) else barren + 1
        found = more
    return harvest.candidates(problem.symbols, residual, found, reason)


@dataclass(frozen=True, slots=True)
class _Row:
    """A residual, zero where a statement holds; `weight` is nan for a whole number's being one."""

    expression: Expr
    weight: float


def _rows(problem: Problem) -> Iterator[_Row]:
    for equation in problem.equations:
        yield _Row(equation.residual, 1.0)
    for condition in problem.relations():
        if condition.relation is Relation.NOT_EQUAL:
            yield _apart(condition.lhs, condition.rhs)
        else:
            gap = Integer(int(condition.relation is Relation.LESS))
            yield _Row(Max(Integer(0), condition.lhs - condition.rhs + gap), 1.0)
    for different in problem.conditions:
        if isinstance(different, AllDifferent):
            for one, other in combinations(different.members, 2):
                yield _apart(one, other)
    for unknown in problem.unknowns:
        if unknown.domain.integer:
            yield _Row(sin(pi * unknown.symbol), np.nan)


def _apart(one: Expr, other: Expr) -> _Row:
    return _Row(Max(Integer(0), 1 - Abs(one - other)), DIFFERENCE)


def _round(
    residual: Residual,
    fixed: FloatArray,
    box: SearchBox,
    points: FloatArray,
    deadline: float,
    enough: Callable[[], bool],
) -> FloatArray:
    """The ends of the descents from some points, ever more drawn to whole numbers (the rows whose weight is nan)."""
    is_whole = np.isnan(fixed)
    scale = row_weights(residual.evaluate(points)) ** 2
    for weight in WEIGHTS:
        square = np.where(is_whole, weight, fixed * scale)
        points, _ = descend(residual, points, Merit(square), box, deadline)
        if enough() or time.monotonic() > deadline:
            break
    return points


def _mended(
    residual: Residual,
    fixed: FloatArray,
    box: SearchBox,
    points: FloatArray,
    deadline: float,
    enough: Callable[[], bool],
) -> FloatArray:
    """The best of the points after steepest descent from neighbour to neighbour."""
    weights = np.where(np.isnan(fixed), 0.0, fixed) * row_weights(residual.evaluate(points)).mean(axis=0) ** 2

    def losses(at: FloatArray) -> FloatArray:
        values: FloatArray = np.nan_to_num(np.square(residual.evaluate(at).residual), nan=np.inf) @ weights
        return values

    moves = _moves(box)
    count = int(np.clip(limits.LARGEST_WHOLE_BATCH // max(len(moves) * len(fixed), 1), 8, limits.MENDED))
    loss = losses(points)
    best = np.argsort(loss, kind="stable")[:count]
    points, loss = points[best], loss[best]
    active = np.arange(len(points))
    for _ in range(limits.MOST_MENDS):
        if not len(active) or enough() or time.monotonic() > deadline:
            break
        around = box.clip(np.concatenate([move(points[active]) for move in moves]))
        values = losses(around).reshape(len(moves), len(active))
        chosen = values.argmin(axis=0)
        better = values[chosen, np.arange(len(active))] < loss[active]
        moved = around.reshape(len(moves), len(active), -1)[chosen, np.arange(len(active))]
        active, moved, chosen_loss = active[better], moved[better], values.min(axis=0)[better]
        points[active], loss[active] = moved, chosen_loss
    return np.unique(points, axis=0)


def _moves(box: SearchBox) -> list[Callable[[FloatArray], FloatArray]]:
    """The neighbours of a point: one unknown a few steps aside or, in a short range, at any value; two exchanged."""
    moves: list[Callable[[FloatArray], FloatArray]] = []
    unknowns = range(len(box.low))
    for j in unknowns:
        if box.high[j] - box.low[j] < limits.MOST_VALUES:
            values = np.arange(box.low[j], box.high[j] + 1)
            moves += [partial(_set, j, value) for value in values]
        else:
            moves += [partial(_shift, j, step) for step in (-10, -3, -2, -1, 1, 2, 3, 10)]
    if len(box.low) <= limits.MOST_EXCHANGED:
        moves += [partial(_exchange, i, j) for i, j in combinations(unknowns, 2)]
    return moves


def _set(j: int, value: float, points: FloatArray) -> FloatArray:
    changed = points.copy()
    changed[:, j] = value
    return changed


def _shift(j: int, step: float, points: FloatArray) -> FloatArray:
    changed = points.copy()
    changed[:, j] += step
    return changed


def _exchange(i: int, j: int, points: FloatArray) -> FloatArray:
    changed = points.copy()
    changed[:, [i, j]] = points[:, [j, i]]
    return changed


def _fulfilled(residual: Residual, points: FloatArray, fixed: FloatArray) -> NDArray[np.bool_]:
    """Which points of whole numbers fulfil every statement, as far as float64 tells."""
    if not len(points):
        return np.zeros(0, np.bool_)
    at = residual.evaluate(points)
    stated = ~np.isnan(fixed)
    allowed = HOLDS * np.maximum(at.magnitude[:, stated], 1.0)
    return np.asarray((np.abs(at.residual[:, stated]) <= allowed).all(axis=1))
