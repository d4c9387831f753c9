"""Small boxes that the search could not decide: joined where they touch, and looked at again in ball arithmetic.

In: boxes as columns of floats, or one exact box. Out: the hulls of what belongs together; and for a hull, the
certificates of all its solutions, or None where it stays undecided.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from flint import arb

from puzzlesolver.arithmetic.balls import ball_of, working_precision
from puzzlesolver.arithmetic.intervals import Array
from puzzlesolver.problem import Problem
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
