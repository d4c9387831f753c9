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

from mpmath.libmp import from_man_exp, fzero, mpf_abs, mpf_add, mpf_cmp, mpf_neg, mpf_shift

from puzzlesolver.verification import intervals as iv
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.intervals import Interval, Outside
from puzzlesolver.verification.operations import Discontinuous
from puzzlesolver.verification.tape import Gradient, Tape

Box = list[Interval]
MOST_STEPS = 60


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
    if not run.whole or not all(map(iv.is_bounded, box)):
        return None
    try:
        slopes = tape.gradients(run, precision)
    except Discontinuous:
        return None
    middle = [iv.middle(x, precision) for x in box]
    at_middle = tape.forward(middle, precision).outputs
    solved = solve(slopes, [iv.negate(value) for value in at_middle], len(box), precision)
    if solved is None:
        return None
    image = [iv.add(m, change, precision) for m, change in zip(middle, solved[0], strict=True)]
    return NewtonStep(image, solved[1])


def is_injective(tape: Tape, box: Box, precision: int) -> bool:
    """Whether two points of a box never have the same values."""
    try:
        return newton_step(tape, box, precision) is not None
    except Outside:
        return False


def isolate(tape: Tape, box: Box, precision: int, budget: Budget) -> Zeros:
    """Look for the zeros in a box, making it smaller as far as it goes."""
    for _ in range(MOST_STEPS):
        budget.check()
        try:
            if not all(map(iv.holds_zero, tape.forward(box, precision).outputs)):
                return Zeros(Finding.NONE, box)
            step = newton_step(tape, box, precision)
        except Outside:
            return Zeros(Finding.NONE, box)
        if step is None:
            return Zeros(Finding.UNKNOWN, box)
        if all(iv.is_inside(new, old) for new, old in zip(step.image, box, strict=True)):
            return Zeros(Finding.ONE, step.image, step.equations)
        smaller = [iv.intersection(new, old) for new, old in zip(step.image, box, strict=True)]
        if any(x is None for x in smaller):
            return Zeros(Finding.NONE, box)
        shrunk = [x for x in smaller if x is not None]
        if not any(_is_much_smaller(new, old, precision) for new, old in zip(shrunk, box, strict=True)):
            return Zeros(Finding.UNKNOWN, shrunk)
        box = shrunk
    return Zeros(Finding.UNKNOWN, box)


def refine(tape: Tape, box: Box, precision: int, budget: Budget) -> Box:
    """A box with one zero, made as small as `precision` lets it become."""
    for _ in range(MOST_STEPS):
        budget.check()
        step = newton_step(tape, box, precision)
        if step is None:
            return box
        smaller = []
        for new, old in zip(step.image, box, strict=True):
            both = iv.intersection(new, old)
            smaller.append(old if both is None else both)
        if not any(_is_much_smaller(new, old, precision) for new, old in zip(smaller, box, strict=True)):
            return smaller
        box = smaller
    return box


def inflated(box: Sequence[Interval], precision: int, bits: int) -> Box:
    """The box with a margin of ``2**-bits`` of its size on every side, no coordinate left without a width."""
    result = []
    for x in box:
        size = iv.width(x, precision)
        if mpf_cmp(size, fzero) == 0:
            largest = iv.largest(x)
            size = largest if mpf_cmp(largest, fzero) else from_man_exp(1, 0)
            margin = mpf_shift(size, -precision // 2)
        else:
            margin = mpf_shift(size, -bits)
        result.append((mpf_add(x[0], mpf_neg(margin), precision, "f"), mpf_add(x[1], margin, precision, "c")))
    return result


def _is_much_smaller(new: Interval, old: Interval, precision: int) -> bool:
    """Whether the width has shrunk by a tenth at least."""
    return 10 * iv.fraction(iv.width(new, precision)) < 9 * iv.fraction(iv.width(old, precision))


# --- linear systems with intervals ------------------------------------------------------------------------------------


def solve(
    rows: Sequence[Gradient], sides: Sequence[Interval], unknowns: int, precision: int
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
        for place in table[pivot]:
            holding[place].discard(pivot)
        pivots.append((column, pivot))
        own = table[pivot]
        for other in sorted(holding[column]):
            factor = iv.divide(table[other].pop(column), own[column], precision)
            for place, value in own.items():
                if place != column:
                    term = iv.multiply(factor, value, precision)
                    old = table[other].get(place)
                    table[other][place] = iv.negate(term) if old is None else iv.subtract(old, term, precision)
                    holding[place].add(other)
            right[other] = iv.subtract(right[other], iv.multiply(factor, right[pivot], precision), precision)
        holding[column].clear()
    solution: list[Interval] = [iv.ZERO] * unknowns
    for column, pivot in reversed(pivots):
        total = right[pivot]
        for place, value in table[pivot].items():
            if place != column:
                total = iv.subtract(total, iv.multiply(value, solution[place], precision), precision)
        solution[column] = iv.divide(total, table[pivot][column], precision)
    return solution, tuple(sorted(pivot for _, pivot in pivots))


def _pivot(table: Sequence[Gradient], rows: set[int], column: int) -> int | None:
    """A row with a large entry and few others; None where no entry is surely not zero."""
    usable = [(row, iv.smallest(table[row][column])) for row in sorted(rows) if iv.is_bounded(table[row][column])]
    usable = [(row, size) for row, size in usable if mpf_cmp(size, fzero) > 0]
    if not usable:
        return None
    best = usable[0][1]
    for _, size in usable:
        best = size if mpf_cmp(size, best) > 0 else best
    tenth = mpf_shift(mpf_abs(best), -4)
    return min((row for row, size in usable if mpf_cmp(size, tenth) >= 0), key=lambda row: (len(table[row]), row))
