"""The chain of steps: at every point the one that a person would take next, and at the end only those that matter.

In: a `Board`. Out: the steps taken on it. The easiest step comes first (a value that is left over, the only place of
a value, the statement with the fewest unknowns), and one that finds a value before one that only rules some out.
Steps that turn out not to be needed are left out: the others are taken again without them.
"""

from __future__ import annotations

from collections.abc import Sequence

from puzzlesolver.deduction.board import Board
from puzzlesolver.deduction.rules import Deduction
from puzzlesolver.deduction.steps import Step

Key = tuple[int, str]

EASY_UNKNOWNS, EASY_COMBINATIONS = 3, 100
"""A statement over more of both is weighed when nothing easier is left."""

MOST_STEPS = 2_000
MOST_SHORTENED = 120
"""Longer chains are left as they are."""


def follow(board: Board) -> list[Step]:
    """Take every step there is; the board is solved, impossible or stuck then."""
    start = board.copy()
    steps: list[Step] = []
    keys: list[Key] = []
    while not board.is_impossible and len(steps) < MOST_STEPS:
        deduction = min(board.deductions(), key=_order, default=None)
        if deduction is None:
            break
        steps.append(board.take(deduction))
        keys.append(deduction.key)
    if not board.is_impossible and not board.is_solved:
        return steps
    return _shortened(start, steps, keys)


def _order(deduction: Deduction) -> tuple[bool, bool, bool, tuple[int, int, int], Key]:
    """Contradictions first, then what is easy, then found values before values ruled out, then the least effort."""
    finds = not deduction.changes or any(len(left) == 1 for left in deduction.changes.values())
    _, unknowns, count = deduction.effort
    is_hard = unknowns > EASY_UNKNOWNS and count > EASY_COMBINATIONS
    return bool(deduction.changes), is_hard, not finds, deduction.effort, deduction.key


def _shortened(start: Board, steps: list[Step], keys: list[Key]) -> list[Step]:
    """The chain without the steps that are not needed: tried from the last to the first."""
    if len(steps) > MOST_SHORTENED:
        return steps
    for number in range(len(steps) - 1, -1, -1):
        if number >= len(keys) or all(len(change.left) == 1 for change in steps[number].changes):
            continue
        fewer = keys[:number] + keys[number + 1 :]
        again = replay(start, fewer)
        if again is not None:
            steps, keys = again
    return steps


def replay(start: Board, keys: Sequence[Key]) -> tuple[list[Step], list[Key]] | None:
    """The steps of these keys, where they still lead to the end; those that say nothing any more are left out."""
    board = start.copy()
    steps: list[Step] = []
    taken: list[Key] = []
    for key in keys:
        found = next((one for one in board.deductions_of(key) if one.key == key), None)
        if found is not None:
            steps.append(board.take(found))
            taken.append(key)
        if board.is_impossible:
            return steps, taken
    ended = board.is_solved and next(iter(board.deductions()), None) is None
    return (steps, taken) if ended else None
