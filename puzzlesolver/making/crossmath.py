"""A new cross-math: a square of different numbers, worked out from left to right and from top to bottom.

In: the size and a seed. Out: the puzzle's text. It begins with everything given; then numbers in the cells, results,
and the rest of the cells are taken away one by one wherever the solution stays the only one. What is left is needed:
without any one of the givens there is a second solution, because fewer givens never have fewer solutions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from puzzlesolver.errors import Diagnostic, NotSupported, Severity
from puzzlesolver.making.uniqueness import has_one_solution

DEFAULT_SIZE = 3
SMALLEST, LARGEST = 2, 5

MOST_RESULT = 999
OPERATORS = "++++---**/"
"""As often as they are drawn."""

HIDDEN = "abcdefghij"
"""The names of the results that are not given."""

FIRST_CELLS = 12
"""Numbers in cells that are taken away before the results: with more, the proofs for a large square last too long."""

MOST_ATTEMPTS = 3  # Squares that are drawn.

NOTHING: frozenset[int] = frozenset()

Operators = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Square:
    """The numbers of the cells, row by row, and the operators between those of each row and each column."""

    size: int
    cells: tuple[int, ...]
    across: tuple[Operators, ...]
    down: tuple[Operators, ...]

    @property
    def results(self) -> tuple[int, ...]:
        """The results of the rows, then those of the columns."""
        lines = zip(
            (*_rows(self.cells, self.size), *_columns(self.cells, self.size)), self.across + self.down, strict=True
        )
        return tuple(worked_out(numbers, operators) or 0 for numbers, operators in lines)


@dataclass(frozen=True, slots=True)
class Givens:
    """Which cells and which results are given, by their places."""

    cells: frozenset[int]
    results: frozenset[int]


def make_crossmath(size: int = DEFAULT_SIZE, seed: int = 0) -> str:
    """The text of a cross-math of one solution in which every given is needed.

    Raises `NotSupported` where the proofs do not end, for want of time or memory.
    """
    if not SMALLEST <= size <= LARGEST:
        raise ValueError(f"a cross-math has a size from {SMALLEST} to {LARGEST}, not {size}")
    head = f"# a cross-math of one solution, in which every number given is needed (size {size}, seed {seed})\n"
    for attempt in range(MOST_ATTEMPTS):
        random = Random(f"crossmath {size} {seed} {attempt}")
        square = draw(size, random)
        givens = thinned(square, random)
        if givens is not None:
            return head + text_of(square, givens)
    message = "no cross-math was made: the proofs that there is one solution did not end"
    raise NotSupported(Diagnostic(Severity.ERROR, message, None))


def thinned(square: Square, random: Random) -> Givens | None:
    """Givens of which none can be spared; None where a proof did not end."""
    cells, results = list(range(square.size**2)), list(range(2 * square.size))
    random.shuffle(cells)
    random.shuffle(results)
    order = [Givens(frozenset({cell}), NOTHING) for cell in cells]
    order[FIRST_CELLS:FIRST_CELLS] = [Givens(NOTHING, frozenset({result})) for result in results]
    givens = Givens(frozenset(cells), frozenset(results))
    for one in order:
        fewer = Givens(givens.cells - one.cells, givens.results - one.results)
        is_unique = has_one_solution(text_of(square, fewer))
        if is_unique is None:
            return None
        givens = fewer if is_unique else givens
    return givens


# --- drawing one ------------------------------------------------------------------------------------------------------


def draw(size: int, random: Random) -> Square:
    """A square of the numbers from 1, every line of which comes out as a small whole number on the way, too."""
    while True:
        cells = list(range(1, size * size + 1))
        random.shuffle(cells)
        lines = [_operators(numbers, random) for numbers in (*_rows(cells, size), *_columns(cells, size))]
        if all(lines):
            return Square(size, tuple(cells), tuple(lines[:size]), tuple(lines[size:]))


def _operators(numbers: Sequence[int], random: Random) -> Operators:
    """Operators for a line; none where luck finds none that come out well."""
    for _ in range(20):
        operators = tuple(random.choice(OPERATORS) for _ in numbers[1:])
        if sum(operator in "*/" for operator in operators) <= 1 and worked_out(numbers, operators) is not None:
            return operators
    return ()


def worked_out(numbers: Sequence[int], operators: Operators) -> int | None:
    """The result from left to right; None where it is no positive whole number, or a large one, anywhere on the way."""
    value = numbers[0]
    for operator, number in zip(operators, numbers[1:], strict=True):
        match operator:
            case "+":
                value += number
            case "-":
                value -= number
            case "*":
                value *= number
            case _:
                if value % number:
                    return None
                value //= number
        if not 0 < value <= MOST_RESULT:
            return None
    return value


def _rows(cells: Sequence[int], size: int) -> list[Sequence[int]]:
    return [cells[size * row : size * (row + 1)] for row in range(size)]


def _columns(cells: Sequence[int], size: int) -> list[Sequence[int]]:
    return [cells[column::size] for column in range(size)]


# --- writing it -------------------------------------------------------------------------------------------------------


def text_of(square: Square, givens: Givens) -> str:
    """The puzzle: the grid, and below it what may stand in the cells."""
    size = square.size
    hidden = [place for place in range(2 * size) if place not in givens.results]
    names = dict(zip(hidden, HIDDEN, strict=False))
    results = [names.get(place, str(result)) for place, result in enumerate(square.results)]
    shown = [str(number) if place in givens.cells else "[ ]" for place, number in enumerate(square.cells)]
    width = max(map(len, (*shown, *results[size:])))
    rows: list[list[str]] = []
    for row in range(size):
        numbers = [cell.center(width) for cell in shown[size * row : size * (row + 1)]]
        operators = [f" {operator} " for operator in square.across[row]]
        between = [piece for pair in zip(numbers, (*operators, " = "), strict=True) for piece in pair]
        rows.append([*between, results[row]])
        below = [(square.down[column][row] if row < size - 1 else "=").center(width) for column in range(size)]
        rows.append([piece for sign in below for piece in (sign, "   ")])
    rows.append([piece for result in results[size:] for piece in (result.center(width), "   ")])
    lines = ["grid left to right", *("".join(row).rstrip() for row in rows), ""]
    blanks = [place for place in range(size * size) if place not in givens.cells]
    if blanks:
        lines.append(f"cells in 1..{size * size}")
        given = sorted(square.cells[place] for place in givens.cells)
        lines.append(f"all different: cells{''.join(f', {number}' for number in given)}")
    if names:
        lines.append(f"{', '.join(names.values())} in integer")
    return "\n".join(lines) + "\n"
