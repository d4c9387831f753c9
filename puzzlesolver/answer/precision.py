"""Solutions that are close to each other: in their order, and with as many digits as tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from puzzlesolver.answer.solution import Solution

MOST_DIGITS = 2_000
"""Solutions that this many digits do not tell apart are shown alike."""

NEAR_DIGITS = 60
"""Digits by which solutions are ordered that float64 cannot order."""


def in_order(solutions: Sequence[Solution]) -> list[Solution]:
    """The solutions sorted by their values in the order of the unknowns."""

    def rough(solution: Solution) -> list[float]:
        return [value.approximation for value in solution.values.values()]

    ordered = sorted(solutions, key=rough)
    groups: list[list[Solution]] = []
    for solution in ordered:
        if groups and rough(groups[-1][-1]) == rough(solution):
            groups[-1].append(solution)
        else:
            groups.append([solution])
    return [solution for group in groups for solution in (sorted(group, key=_fine) if len(group) > 1 else group)]


def _fine(solution: Solution) -> list[Decimal]:
    if not _is_point(solution):
        return []
    return [Decimal(value.decimal(NEAR_DIGITS)) for value in solution.values.values()]


def _is_point(solution: Solution) -> bool:
    """Whether its values are numbers, and hold neither parameters nor other names."""
    return not solution.parameters and not any(
        v.exact is not None and v.exact.free_symbols for v in solution.values.values()
    )


def digits_apart(solutions: Sequence[Solution], digits: int) -> int:
    """The least number of digits from `digits` on at which no two isolated solutions look alike."""
    isolated = [solution for solution in solutions if _is_point(solution)]
    rough = [tuple(f"{v.approximation:.{min(digits, 17)}g}" for v in one.values.values()) for one in isolated]
    if len({*rough}) == len(rough):
        return digits
    alike = [one for one, words in zip(isolated, rough, strict=True) if rough.count(words) > 1]

    def tells_apart(count: int) -> bool:
        shown = [tuple(Decimal(value.decimal(count)) for value in one.values.values()) for one in alike]
        return len({*shown}) == len(shown)

    high = digits
    while not tells_apart(high):
        if high >= MOST_DIGITS:
            return digits
        high = min(2 * high, MOST_DIGITS)
    low = digits if high == digits else high // 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if tells_apart(middle) else (middle + 1, high)
    return high
