"""The interval Newton method: a box with exactly one zero, with none, or of which nothing is shown.

With ``f(x) - f(m)`` in ``A (x - m)`` for all x in a box X, m its middle, and A an interval matrix that Gaussian
elimination finds regular, f is injective on X, its zeros in X lie in ``N = m - A^-1 f(m)``, and where N is inside X
there is exactly one. Of more equations than unknowns, the elimination chooses as many as it needs.

Source: A. Neumaier, *Interval Methods for Systems of Equations*, 1990, chapter 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from flint import arb, ctx

from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.intervals import ZERO, Interval, Outside, spanning
from puzzlesolver.verification.operations import Discontinuous
from puzzlesolver.verification.tape import Gradient, Tape

Box = list[Interval]
MOST_STEPS = 60
MARGINS = (3, 10, 30)
"""A box is tested with margins of these powers of a half of its width."""


class Finding(Enum):
    """What is known of the zeros in a box."""

    ONE = "exactly one"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Zeros:
    """What was found; for exactly one zero, an enclosure, and the equations (by number) whose zero it is."""

    finding: Finding
    box: Box
    equations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NewtonStep:
    """The image of a box, and the equations chosen. Every zero in the box is in the image."""

    image: Box
    equations: tuple[int, ...]


def newton_step(tape: Tape, box: Box, precision: int) -> NewtonStep | None:
    """One step, None where the slopes are not bounded or not regular. Raises `Outside` where f is nowhere defined."""
    run = tape.forward(box, precision)
    if not run.whole or not all(x.is_bounded for x in box):
        return None
    try:
        slopes = tape.gradients(run, precision)
    except Discontinuous:
        return None
    with ctx.workprec(precision):
        middle = [x.middle for x in box]
        solved = solve(slopes, [-value for value in tape.forward(middle, precision).outputs], len(box))
        if solved is None:
            return None
        return NewtonStep([m + change for m, change in zip(middle, solved[0], strict=True)], solved[1])


def is_injective(tape: Tape, box: Box, precision: int) -> bool:
    """Whether two points of a box never have the same values."""
    try:
        return newton_step(tape, box, precision) is not None
    except Outside:
        return False


def isolate(tape: Tape, box: Box, precision: int, budget: Budget) -> Zeros:
    """Look for the zeros in a box, making it smaller as far as it goes."""
    try:
        for _ in range(MOST_STEPS):
            budget.check()
            if not all(value.holds_zero for value in tape.forward(box, precision).outputs):
                return Zeros(Finding.NONE, box)
            step = newton_step(tape, box, precision)
            if step is None:
                return Zeros(Finding.UNKNOWN, box)
            if all(new.is_inside(old) for new, old in zip(step.image, box, strict=True)):
                return Zeros(Finding.ONE, step.image, step.equations)
            smaller = [new & old for new, old in zip(step.image, box, strict=True)]
            if not _is_much_smaller(smaller, box):
                return Zeros(Finding.UNKNOWN, smaller)
            box = smaller
    except Outside:
        return Zeros(Finding.NONE, box)
    return Zeros(Finding.UNKNOWN, box)


def refine(tape: Tape, box: Box, precision: int, budget: Budget) -> Box:
    """A box with one zero, made as small as `precision` lets it become."""
    for _ in range(MOST_STEPS):
        budget.check()
        step = newton_step(tape, box, precision)
        if step is None:
            return box
        smaller = [new & old if new.meets(old) else old for new, old in zip(step.image, box, strict=True)]
        if not _is_much_smaller(smaller, box):
            return smaller
        box = smaller
    return box


def only_zero(tape: Tape, ends: Sequence[tuple[Fraction, Fraction]], precision: int, budget: Budget) -> Zeros:
    """What zeros are between ends; the only one is one of all equations there are, enclosed twice as precisely."""
    if any(low > high for low, high in ends):
        return Zeros(Finding.NONE, [])
    claimed = [spanning(low, high, precision) for low, high in ends]
    for box in (*(inflated(claimed, precision, margin) for margin in MARGINS), claimed):
        zeros = isolate(tape, box, precision, budget)
        if zeros.finding is Finding.ONE:
            fine = refine(tape, zeros.box, 2 * precision, budget)
            others = tape.forward(fine, 2 * precision).outputs
            if not all(x.meets(y) for x, y in zip(fine, claimed, strict=True)) or not all(y.holds_zero for y in others):
                return Zeros(Finding.NONE, fine)
            is_zero_of_all = len(zeros.equations) == len(tape.outputs)
            return Zeros(Finding.ONE if is_zero_of_all else Finding.UNKNOWN, fine, zeros.equations)
        if zeros.finding is Finding.NONE:
            return zeros
    return Zeros(Finding.UNKNOWN, claimed)


def inflated(box: Sequence[Interval], precision: int, bits: int) -> Box:
    """The box with a margin of ``2**-bits`` of its size on every side, no coordinate left without a width."""
    result = []
    with ctx.workprec(precision):
        for x in box:
            size, part = x.width, bits
            if size.is_zero():
                size, part = arb(1) if x == ZERO else x.largest, precision // 2
            margin = size * arb(2) ** -part
            result.append(Interval((x.low - margin).lower(), (x.high + margin).upper()))
    return result


def _is_much_smaller(new: Box, old: Box) -> bool:
    """Whether some width has shrunk by a tenth at least."""
    return any(bool(10 * one.width < 9 * other.width) for one, other in zip(new, old, strict=True))


# --- linear systems with intervals ------------------------------------------------------------------------------------


def solve(
    rows: Sequence[Gradient], sides: Sequence[Interval], unknowns: int
) -> tuple[list[Interval], tuple[int, ...]] | None:
    """An enclosure of the solutions of all systems within ``rows·x = sides``, by Gaussian elimination on sparse rows.

    The numbers of the rows used come with it. None where no regular choice of rows was found.
    """
    table = [dict(row) for row in rows]
    right = list(sides)
    holding: list[set[int]] = [set() for _ in range(unknowns)]
    for number, row in enumerate(table):
        for column in row:
            holding[column].add(number)
    pivots: list[tuple[int, int]] = []
    for column in sorted(range(unknowns), key=lambda c: (len(holding[c]), c)):
        pivot = _pivot(table, holding[column], column)
        if pivot is None:
            return None
        own = table[pivot]
        for place in own:
            holding[place].discard(pivot)
        pivots.append((column, pivot))
        for other in sorted(holding[column]):
            factor = table[other].pop(column) / own[column]
            for place, value in own.items():
                if place != column:
                    table[other][place] = table[other].get(place, ZERO) - factor * value
                    holding[place].add(other)
            right[other] -= factor * right[pivot]
        holding[column].clear()
    solution: list[Interval] = [ZERO] * unknowns
    for column, pivot in reversed(pivots):
        total = right[pivot]
        for place, value in table[pivot].items():
            if place != column:
                total -= value * solution[place]
        solution[column] = total / table[pivot][column]
    return solution, tuple(sorted(pivot for _, pivot in pivots))


def _pivot(table: Sequence[Gradient], rows: set[int], column: int) -> int | None:
    """A row with a large entry and few others; None where no entry is surely not zero."""
    entries = {row: table[row][column] for row in sorted(rows)}
    usable = {row: entry.smallest for row, entry in entries.items() if entry.is_bounded and not entry.holds_zero}
    if not usable:
        return None
    enough = max(usable.values()) / 16
    return min((row for row, size in usable.items() if size >= enough), key=lambda row: (len(table[row]), row))
