"""What was given told from what was found, in tables of indexed unknowns and in grids.

In: an answer, and the report on it. Out: where in the text the numbers stand that were given or found, for colours; or
the tables as they were given, for ``--verbose``. The plain report itself is the same with givens and without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr, Number, Symbol

from puzzlesolver.answer.solution import SolutionSet
from puzzlesolver.problem import Problem
from puzzlesolver.problem.unroll import scalar
from puzzlesolver.report.layout import aligned, arrays
from puzzlesolver.report.solutions import GAP, INDENT, MOST_GRIDS, MOST_VALUES, grid_pieces
from puzzlesolver.report.values import brief

BLANK = "."


@dataclass(frozen=True, slots=True)
class MarkedNumber:
    """A number in the text, from `start` to before `end`, and whether it was given."""

    start: int
    end: int
    is_given: bool


def given_names(problem: Problem) -> frozenset[str]:
    """The unknowns that a line equates with a number: the values of a `table`, above all."""
    sides = ((scalar(equation.lhs), equation.rhs) for equation in problem.equations)
    return frozenset(str(lhs.name) for lhs, rhs in sides if isinstance(lhs, Symbol) and isinstance(rhs, Number))


def given_tables(answer: SolutionSet) -> Iterator[str]:
    """The tables with nothing but what is given in them, where that is a part of them."""
    given = given_names(answer.problem)
    for label, rows in _tables(answer, given).items():
        yield f"given of {label}:"
        cells = [[_value(answer, name) if name in given else BLANK for name in row] for row in rows]
        yield from (INDENT + line for line in aligned(cells))


def marks(text: str, answer: SolutionSet) -> Iterator[MarkedNumber]:
    """Where the numbers stand in the report on an answer, one after the other."""
    given = given_names(answer.problem)
    lines = [match.span() for match in re.finditer(r"(?m)^.*$", text)]
    for label, rows in _tables(answer, given).items():
        yield from _table_marks(text, lines, label, rows, given)
    layout = answer.problem.layout
    if layout is not None:
        for solution in answer.solutions[:MOST_GRIDS]:
            kinds = [[_is_given(piece) for piece in row] for row in layout.rows]
            yield from _grid_marks(text, grid_pieces(layout, solution, answer.digits), kinds)


def _tables(answer: SolutionSet, given: frozenset[str]) -> Mapping[str, Sequence[Sequence[str]]]:
    """The tables of a report some of which is given, and not all."""
    if not answer.solutions or not given:
        return {}
    tables, _ = arrays(answer[0].values)
    return {
        label: rows
        for label, rows in tables.items()
        if 1 < len(rows) <= MOST_VALUES
        and len(rows[0]) <= MOST_VALUES
        and 0 < sum(name in given for row in rows for name in row) < len(rows) * len(rows[0])
    }


def _value(answer: SolutionSet, name: str) -> str:
    return brief(answer[0][name], answer.digits)


def _table_marks(
    text: str, lines: Sequence[tuple[int, int]], label: str, rows: Sequence[Sequence[str]], given: frozenset[str]
) -> Iterator[MarkedNumber]:
    """The cells below each head of a table; several solutions may stand side by side, and below each other."""
    head, row = f"{INDENT}{label} =", None
    for start, end in lines:
        line = text[start:end]
        if line == head:
            row = 0
        elif not line and start < len(text):
            row = 0 if row is not None else None
        elif row is not None and line.startswith(INDENT * 2) and GAP not in line:
            cells = list(re.finditer(r"\S+", line))
            names = rows[row % len(rows)]
            if len(cells) % len(names) == 0:
                for number, cell in enumerate(cells):
                    name = names[number % len(names)]
                    yield MarkedNumber(start + cell.start(), start + cell.end(), name in given)
            row += 1
        else:
            row = None


def _is_given(piece: str | Expr) -> bool | None:
    """Whether a piece of a layout is a number that was given, or one that was found; None for signs."""
    if isinstance(piece, str):
        return True if piece.strip().isdecimal() else None
    return False


def _grid_marks(
    text: str, rows: Sequence[Sequence[str]], kinds: Sequence[Sequence[bool | None]]
) -> Iterator[MarkedNumber]:
    """The numbers of a grid, where it stands in the text."""
    drawn = "\n".join(f"{INDENT}{''.join(row).rstrip()}" for row in rows)
    place = text.find(drawn)
    if place < 0:
        return
    for row, kind in zip(rows, kinds, strict=True):
        column = place + len(INDENT)
        for piece, is_given in zip(row, kind, strict=True):
            number = piece.strip()
            if is_given is not None and number:
                start = column + piece.index(number)
                yield MarkedNumber(start, start + len(number), is_given)
            column += len(piece)
        place += len(f"{INDENT}{''.join(row).rstrip()}\n")
