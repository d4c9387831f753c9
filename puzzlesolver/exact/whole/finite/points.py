"""The points of finite domains at which the statements may hold, where they have no form that CP-SAT takes.

In: an unrolled `Problem` and its unknowns' values. Out: every point that interval contraction does not refute. Ranges
are halved, thousands at a time, until single points are left; a point that stays has still to be put back.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sympy import Rational, Symbol

from puzzlesolver.exact import limits
from puzzlesolver.exact.whole.finite.ranges import Values
from puzzlesolver.problem import Problem
from puzzlesolver.proof.boxes.contract import Contractor

BATCH = 4_096
LARGEST = 2**53  # Whole numbers beyond this are not all float64 numbers.

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Points:
    """What was not refuted, and whether nothing was left unlooked at."""

    points: tuple[tuple[Rational, ...], ...]
    exhausted: bool


def points_by_boxes(
    problem: Problem, values: Mapping[Symbol, Values], most: int, deadline: float, work: float = math.inf
) -> Points | None:
    """At most `most` points, in ascending order; None where there are too many combinations to look at."""
    lists: list[Values] = [list(column) if not isinstance(column, range) else column for column in values.values()]
    if math.prod(map(len, lists)) > limits.MOST_COMBINED_POINTS or any(
        len(column) and not -LARGEST <= column[0] <= column[-1] <= LARGEST for column in lists
    ):
        return None
    if not all(map(len, lists)):
        return Points((), True)
    columns = [np.array([float(value) for value in column]) for column in lists]
    contractor = Contractor(problem)
    found: list[tuple[int, ...]] = []
    waiting: list[tuple[Indices, Indices]] = [
        (np.zeros((len(lists), 1), np.int64), np.array([[len(column) - 1] for column in lists], np.int64))
    ]
    looked_at = 0
    while waiting:
        boxes = sum(first.shape[1] for first, _ in waiting)
        if time.monotonic() > deadline or boxes > limits.MOST_BOXES or looked_at > work * limits.BOXES_OF_WORK:
            return Points(_named(lists, found), False)
        first, last = waiting.pop()
        if first.shape[1] > BATCH:
            waiting.append((first[:, BATCH:], last[:, BATCH:]))
            first, last = first[:, :BATCH], last[:, :BATCH]
        looked_at += first.shape[1]
        first, last = _narrowed(contractor, columns, first, last)
        single = (first == last).all(axis=0)
        found.extend(tuple(map(int, point)) for point in first[:, single].T)
        if len(found) >= most:
            return Points(_named(lists, sorted(found)[:most]), False)
        if not single.all():
            waiting.append(_halved(first[:, ~single], last[:, ~single]))
    return Points(_named(lists, sorted(found)), True)


def _narrowed(
    contractor: Contractor, columns: list[NDArray[np.float64]], first: Indices, last: Indices
) -> tuple[Indices, Indices]:
    """The parts of index boxes that contraction leaves."""
    low = np.array([column[index] for column, index in zip(columns, first, strict=True)])
    high = np.array([column[index] for column, index in zip(columns, last, strict=True)])
    with np.errstate(all="ignore"):
        low, high, alive = contractor(np.nextafter(low, -np.inf), np.nextafter(high, np.inf))
    first = np.array(
        [
            np.maximum(np.searchsorted(column, one, "left"), old)
            for column, one, old in zip(columns, low, first, strict=True)
        ]
    )
    last = np.array(
        [
            np.minimum(np.searchsorted(column, one, "right") - 1, old)
            for column, one, old in zip(columns, high, last, strict=True)
        ]
    )
    alive &= (first <= last).all(axis=0)
    return first[:, alive], last[:, alive]


def _halved(first: Indices, last: Indices) -> tuple[Indices, Indices]:
    """Every box cut in two across its longest side."""
    longest = np.argmax(last - first, axis=0)
    boxes = np.arange(first.shape[1])
    middle = (first[longest, boxes] + last[longest, boxes]) // 2
    lower, upper = last.copy(), first.copy()
    lower[longest, boxes] = middle
    upper[longest, boxes] = middle + 1
    return np.concatenate([first, upper], axis=1), np.concatenate([lower, last], axis=1)


def _named(lists: list[Values], found: list[tuple[int, ...]]) -> tuple[tuple[Rational, ...], ...]:
    return tuple(
        tuple(
            Rational(value.numerator, value.denominator)
            for value in (column[index] for column, index in zip(lists, point, strict=True))
        )
        for point in found
    )
