"""The chain of steps: at every point the one that a person would take next, and at the end only those that matter.

In: a `Board`. Out: the steps taken on it. The easiest step comes first (a value that is left over, the only place of
a value, the statement with the fewest unknowns), and one that finds a value before one that only rules some out.
Steps that turn out not to be needed are left out: the others are taken again without them. Where no step is left, the
supposition that is refuted in the fewest steps comes first; where none is refuted, the unknown with the fewest values
is split. Both end after so many tries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sympy import Symbol

from puzzlesolver.deduction.arithmetic import Number
from puzzlesolver.deduction.board import Board
from puzzlesolver.deduction.rules import Deduction, change_of
from puzzlesolver.deduction.steps import Case, Chain, Ending, Step
from puzzlesolver.deduction.words import told

Key = tuple[int, str]

EASY_UNKNOWNS, EASY_COMBINATIONS = 3, 100  # A statement over more of both is weighed when nothing easier is left.
MOST_STEPS = 2_000
MOST_SHORTENED = 120  # Longer chains are left as they are.


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


MOST_TRIES = 160  # Suppositions that are followed for one puzzle to refute them.
MOST_SPLIT = 60  # Cases that are followed for one puzzle.
SHORT_ENOUGH = 3  # A refutation of so few steps is taken at once.
FOR_EACH_VALUE = 2  # How many steps more a refutation may take for each value fewer that its unknown has.
MOST_CASES = 9  # Values of an unknown that is split.
DEEPEST = 4


@dataclass(slots=True)
class Tries:
    """How many suppositions and how many cases may still be followed."""

    suppositions: int = MOST_TRIES
    cases: int = MOST_SPLIT


def chain_of(board: Board, tries: Tries, depth: int = 0) -> Chain:
    """The whole chain: steps, refutations where there are no more steps, cases where there are no refutations."""
    steps = follow(board)
    while not board.is_impossible and not board.is_solved:
        refuted = _refutation(board, tries)
        if refuted is None:
            break
        steps.append(refuted)
        steps += follow(board)
    if board.is_impossible or board.is_solved:
        ending = Ending.IMPOSSIBLE if board.is_impossible else Ending.SOLVED
        return Chain(tuple(steps), ending, _left(board))
    cases = _cases(board, tries, depth)
    return Chain(tuple(steps), Ending.CASES if cases else Ending.STUCK, _left(board), cases)


def _left(board: Board) -> dict[str, tuple[Number, ...]]:
    return {str(symbol.name): values for symbol, values in board.domains.items()}


def _suppositions(board: Board) -> Iterator[tuple[Symbol, Number]]:
    """What may be supposed, unknowns with few values first."""
    open_ones = [symbol for symbol, values in board.domains.items() if len(values) > 1]
    for symbol in sorted(open_ones, key=lambda one: len(board.domains[one])):
        for value in board.domains[symbol]:
            yield symbol, value


def _supposed(board: Board, symbol: Symbol, value: Number) -> Board:
    other = board.copy()
    other.narrow({symbol: (value,)})
    other.announce([symbol])
    return other


def _refutation(board: Board, tries: Tries) -> Step | None:
    """The shortest refutation among those tried, taken on the board."""
    best: tuple[int, Symbol, Number, Chain] | None = None
    for symbol, value in _suppositions(board):
        if tries.suppositions <= 0:
            break
        tries.suppositions -= 1
        other = _supposed(board, symbol, value)
        steps = follow(other)
        cost = len(steps) + FOR_EACH_VALUE * (len(board.domains[symbol]) - 2)
        if other.is_impossible and (best is None or cost < best[0]):
            best = cost, symbol, value, Chain(tuple(steps), Ending.IMPOSSIBLE, {})
        if best is not None and best[0] <= max(SHORT_ENOUGH, FOR_EACH_VALUE * (len(board.domains[symbol]) - 2)):
            break  # no other one can be much shorter
    if best is None:
        return None
    _, symbol, value, chain = best
    left = tuple(one for one in board.domains[symbol] if one != value)
    change = change_of(symbol, board.domains[symbol], left)
    changes = board.narrow({symbol: left})
    excluded = board.announce([symbol])
    return Step((), f"suppose {symbol.name} = {value}; that is refuted, so {told(change)}", changes, excluded, chain)


def _cases(board: Board, tries: Tries, depth: int) -> tuple[Case, ...]:
    """One case for every value of the unknown that has the fewest; none where they would not all come to an end."""
    symbol = next(iter(_suppositions(board)))[0]
    values = board.domains[symbol]
    if depth >= DEEPEST or len(values) > min(MOST_CASES, tries.cases):
        return ()
    tries.cases -= len(values)
    found = []
    for value in values:
        chain = chain_of(_supposed(board, symbol, value), tries, depth + 1)
        if chain.ending is Ending.STUCK:
            return ()
        found.append(Case(str(symbol.name), value, chain))
    return tuple(found)
