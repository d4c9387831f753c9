"""Small boxes that the search could not decide: joined where they touch, and looked at again in ball arithmetic.

In: boxes as columns of floats, or one exact box. Out: the hulls of what belongs together; and for a hull, the
certificates of all its solutions, or None where it stays undecided. A box that a jump runs through is taken piece by
piece.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from flint import arb
from sympy import Expr, Integer, Mod, ceiling, floor, sign

from puzzlesolver.arithmetic.balls import ball_of, compile_balls, working_precision
from puzzlesolver.arithmetic.intervals import Array
from puzzlesolver.problem import Condition, Equation, Problem, Relation
from puzzlesolver.proof import limits
from puzzlesolver.proof.boxes.box import Box, Certificate
from puzzlesolver.proof.boxes.krawczyk import certify_box
from puzzlesolver.proof.boxes.system import System, system_of

TOUCHING = 1e-7  # Boxes nearer to each other than this part of their coordinates are one cluster.


@dataclass(slots=True)
class Effort:
    """How many balls are left for a second look at clusters, and when (`time.monotonic`) it has to end."""

    deadline: float
    balls: int

    def is_spent(self) -> bool:
        """Whether there is no going on."""
        return self.balls <= 0 or time.monotonic() > self.deadline


def hulls(low: Array, high: Array, most: int) -> list[tuple[Array, Array]]:
    """At most `most` boxes ``([unknowns], [unknowns])`` that cover all the given ones."""
    if not low.shape[1]:
        return []
    if low.shape[1] > limits.COMPARED:
        return list(_grouped(low, high, most))
    found = list(_joined(low, high))
    if len(found) <= most:
        return found
    return list(_grouped(np.array([a for a, _ in found]).T, np.array([b for _, b in found]).T, most))


def _joined(low: Array, high: Array) -> Iterator[tuple[Array, Array]]:
    """The hulls of the connected components of boxes that touch, or nearly do."""
    count = low.shape[1]
    slack = TOUCHING * np.maximum(np.maximum(np.abs(low), np.abs(high)), 1e-12) + 0.1 * (high - low)
    a, b = low - slack, high + slack
    touching = np.ones((count, count), dtype=np.bool_)
    for first, last in zip(a, b, strict=True):
        touching &= (first[:, None] <= last[None, :]) & (first[None, :] <= last[:, None])
    waiting = np.ones(count, dtype=np.bool_)
    while waiting.any():
        members = np.zeros(count, dtype=np.bool_)
        edge = np.zeros(count, dtype=np.bool_)
        edge[int(np.argmax(waiting))] = True
        while edge.any():
            members |= edge
            edge = touching[edge].any(axis=0) & ~members
        waiting &= ~members
        yield low[:, members].min(axis=1), high[:, members].max(axis=1)


def _grouped(low: Array, high: Array, most: int) -> Iterator[tuple[Array, Array]]:
    """The hulls of groups along the longest side, at most `most` of them."""
    side = int(np.argmax(high.max(axis=1) - low.min(axis=1)))
    for group in np.array_split(np.argsort(low[side], kind="stable"), most):
        if group.size:
            yield low[:, group].min(axis=1), high[:, group].max(axis=1)


def resolve_cluster(problem: Problem, box: Box, effort: Effort) -> tuple[Certificate, ...] | None:
    """All solutions in a small box, by bisecting it at high precision; None where that does not come to an end."""
    system = system_of(problem)
    balls = system.unknowns + sum(map(len, system.gradients))
    found: list[Certificate] = []
    waiting = [box]
    with working_precision(limits.SECOND_CHANCE_BITS):
        for _ in range(min(limits.SECOND_CHANCE_BOXES, 1 + limits.SECOND_CHANCE_BALLS // balls)):
            if not waiting:
                return tuple(found)
            if effort.is_spent():
                return None
            effort.balls -= balls
            current = waiting.pop()
            if _is_empty(system, [ball_of(current[symbol]) for symbol in problem.symbols]):
                continue
            proved = certify_box(problem, _inflated(current), limits.SECOND_CHANCE_BITS)
            if proved is not None:
                found.append(proved[0])
                continue
            waiting.extend(_bisected(current))
    return None


def _is_empty(system: System, box: list[arb]) -> bool:
    """Whether an equation is not zero anywhere in the box, by its value or by the mean value theorem."""
    if any(value.is_finite() and not value.contains(0) for value in system.residual_balls(box)):
        return True
    centre = [ball.mid() for ball in box]
    for value, row in zip(system.residual_balls(centre), system.jacobian_balls(box), strict=True):
        for k, slope in row.items():
            value += slope * (box[k] - centre[k])
        if value.is_finite() and not value.contains(0):
            return True
    return False


def _inflated(box: Box) -> Box:
    result = {}
    for symbol, (low, high) in box.items():
        margin = (high - low) / 8 + max(abs(low), abs(high)) / 2**80
        result[symbol] = low - margin, high + margin
    return result


def _bisected(box: Box) -> list[Box]:
    symbol = max(box, key=lambda s: box[s][1] - box[s][0])
    low, high = box[symbol]
    middle = low + (high - low) * 487 / 1000
    return [{**box, symbol: (low, middle)}, {**box, symbol: (middle, high)}]


MOST_PIECES = 16
MOST_VALUES = 4
PRECISION = 128

EmptySearch = Callable[[Problem, Box], bool]
"""Whether a problem is proved to have no solution in a box."""


def is_empty_piecewise(problem: Problem, box: Box, is_empty: EmptySearch) -> bool:
    """Whether every piece of the box is proved empty by `is_empty`; False where nothing jumps or too much does.

    On each piece the jumping functions are constants, and the conditions under which they have these values are added:
    what is left is continuous, and an ordinary search can empty it.
    """
    plain = [equation.mapped(_as_floors) for equation in problem.equations]
    jumping = sorted(
        {atom for e in plain for side in (e.lhs, e.rhs) for atom in side.atoms(floor, sign) if atom.free_symbols},
        key=lambda atom: str(atom),
    )
    if not jumping:
        return False
    values = [_values(atom, problem, box) for atom in jumping]
    count = 1
    for possible in values:
        count *= len(possible)
    if not 0 < count <= MOST_PIECES:
        return False
    for chosen in product(*values):
        if not is_empty(_piece(problem, plain, dict(zip(jumping, chosen, strict=True))), box):
            return False
    return True


def _as_floors(expression: Expr) -> Expr:
    """Remainders and ceilings in terms of floors."""
    expression = expression.replace(Mod, lambda u, v: u - v * floor(u / v))
    return expression.replace(ceiling, lambda u: -floor(-u))


def _values(atom: Expr, problem: Problem, box: Box) -> list[Integer]:
    """The values that a jumping function may take over the box; none where there are too many to list."""
    with working_precision(PRECISION):
        (ball,) = compile_balls([atom], problem.symbols)([ball_of(box[symbol]) for symbol in problem.symbols])
        if not ball.is_finite() or ball.rad() > MOST_VALUES:
            return []
        first, last = (int(_whole(end)) for end in (ball.lower().ceil(), ball.upper().floor()))
    return [Integer(k) for k in range(first, last + 1)]


def _whole(end: arb) -> int:
    whole = end.unique_fmpz()
    return 0 if whole is None else int(whole)


def _piece(problem: Problem, equations: list[Equation], values: dict[Expr, Integer]) -> Problem:
    """The problem where each jumping function has the value given, with the conditions for that."""
    conditions: list[Condition] = []
    extra: list[Equation] = []
    for atom, value in values.items():
        inner = atom.args[0].xreplace(values)
        if isinstance(atom, floor):
            conditions.append(Condition(value, Relation.AT_MOST, inner))
            conditions.append(Condition(inner, Relation.LESS, value + 1))
        elif value == 0:
            extra.append(Equation(inner, Integer(0)))
        else:
            ends = (Integer(0), inner) if value > 0 else (inner, Integer(0))
            conditions.append(Condition(ends[0], Relation.LESS, ends[1]))
    smooth = [equation.at(values) for equation in equations]
    return replace(problem, equations=(*smooth, *extra), conditions=(*problem.conditions, *conditions))
