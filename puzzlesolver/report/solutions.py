"""Solutions side by side or one below the other, whatever is the easiest to read.

In: a `SolutionSet` and some of its solutions. Out: lines. Whole grids come in the puzzle's own shape, small matrices
abreast, few unknowns one solution a line, more in a table with a header, and what fits nowhere as a block each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from sympy import Expr, Rational, Symbol

from puzzlesolver.answer.solution import Evidence, Solution, SolutionSet, Value
from puzzlesolver.problem import Layout
from puzzlesolver.problem.notation import notation
from puzzlesolver.report.conditions import condition_texts
from puzzlesolver.report.layout import aligned, arrays, filled_pieces
from puzzlesolver.report.terminal import padded, width
from puzzlesolver.report.values import ABOUT, brief, statement

LINE_WIDTH = 100
TABLE_WIDTH = 120
SHORT_LINE = 72
MOST_SOLUTIONS = 60  # More are counted, and shown under ``--verbose`` and in JSON.
MOST_VALUES = 40  # Of a longer list of values the first and last few are shown.
MOST_GRIDS = 3
INDENT = "  "
SQUARE_GAP = "    "
ENDS = 3
GAP = "…"
EVIDENCE_WORDS = {
    Evidence.EXACT: "exact",
    Evidence.CERTIFIED: "certified",
    Evidence.NUMERIC: "approximate, unproved",
}
T = TypeVar("T")
_PLACE_NAME = re.compile(r"r\d+c\d+")


def _is_all_cells(answer: SolutionSet) -> bool:
    """Whether the grid shows everything, because the unknowns have no names of their own."""
    return answer.problem.layout is not None and all(
        _PLACE_NAME.fullmatch(unknown.name) for unknown in answer.problem.unknowns
    )


def grids(answer: SolutionSet, solutions: Sequence[Solution]) -> Iterator[str]:
    """The puzzle as it was written, filled in, once for each of a few solutions."""
    layout = answer.problem.layout
    if layout is None or len(solutions) > MOST_GRIDS:
        return
    for solution in solutions:
        yield ""
        for line in grid(layout, solution, answer.digits):
            yield INDENT + line
    yield ""


def grid(layout: Layout, solution: Solution, digits: int) -> list[str]:
    """The puzzle as it was written, filled in with one solution, or with the sample of a family."""
    return ["".join(row).rstrip() for row in grid_pieces(layout, solution, digits)]


def grid_pieces(layout: Layout, solution: Solution, digits: int) -> list[list[str]]:
    """The same piece by piece."""

    def value_of(expression: Expr) -> str:
        closed: dict[Symbol, Expr] = {}
        for symbol in expression.free_symbols:
            value = solution.values.get(str(symbol.name))
            if value is None:
                return notation(expression)
            known = value.sample if value.sample is not None else value.exact
            if known is None:
                return value.decimal(digits) if expression == symbol else notation(expression)
            closed[symbol] = known
        result = expression.xreplace(closed)
        return brief(Value(result, float("nan")), digits)

    return filled_pieces(layout, value_of)


def _tag(answer: SolutionSet, solution: Solution) -> str:
    """What sets this solution apart from the headline's words: its multiplicity, and its evidence where they differ."""
    words = []
    if solution.multiplicity is not None and solution.multiplicity > 1:
        words.append(f"multiplicity {solution.multiplicity}")
    kinds = {one.evidence for one in answer}
    if len(kinds) > 1 and solution.evidence in kinds:
        words.append(EVIDENCE_WORDS[solution.evidence])
    if solution.conditions:
        words.append(f"if {' and '.join(condition_texts(solution.conditions))}")
    return f"  ({', '.join(words)})" if words else ""


def listed(answer: SolutionSet, solutions: Sequence[Solution], verbose: bool) -> Iterator[str]:
    """The solutions, one a line where they fit, else as a table with a header, else each as a block."""
    if _is_all_cells(answer) and len(solutions) <= MOST_GRIDS:
        return
    shown = solutions if verbose else solutions[:MOST_SOLUTIONS]
    if len(solutions) == 1:
        yield from block(answer, solutions[0], verbose)
        return
    if (squares := _squares(answer, shown)) is not None:
        yield from squares
        if len(shown) < len(solutions):
            yield f"{INDENT}… and {len(solutions) - len(shown)} more"
        return
    tags = [_tag(answer, solution) for solution in shown]
    if (lines := _one_a_line(answer, shown)) is not None:
        yield from (INDENT + line + tag for line, tag in zip(lines, tags, strict=True))
    elif (table := _table(answer, shown)) is not None:
        yield from (INDENT + line + tag for line, tag in zip(table, ["", *tags], strict=True))
    else:
        for number, (solution, tag) in enumerate(zip(shown, tags, strict=True), 1):
            yield f"solution {number}{tag}"
            yield from block(answer, solution, verbose, tagged=False)
    if len(shown) < len(solutions):
        yield f"{INDENT}… and {len(solutions) - len(shown)} more"


def _one_a_line(answer: SolutionSet, solutions: Sequence[Solution]) -> list[str] | None:
    """``x = -4, y = 3`` for each; None where the lines would be too long."""
    names = list(solutions[0].values)
    if len(names) > MOST_VALUES:
        return None
    rows = [[statement(name, solution[name], answer.digits) for name in names] for solution in solutions]
    if max(map(width, map(", ".join, rows))) > LINE_WIDTH:
        return None
    if all(_is_whole(solution[name]) for solution in solutions for name in names):
        rows = _equals_aligned(rows)
    return aligned([[*(f"{cell}," for cell in row[:-1]), row[-1]] for row in rows], "<")


def _is_whole(value: Value) -> bool:
    return value.exact is not None and bool(value.exact.is_integer)


def _equals_aligned(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """``x = -4`` above ``x =  3``: whole numbers end below each other."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    for column in columns:
        pairs = [cell.rsplit(" ", 1) for cell in column]
        widest = max(width(number) for _, number in pairs)
        column[:] = [f"{front} {padded(number, widest, '>')}" for front, number in pairs]
    return [list(row) for row in zip(*columns, strict=True)]


def _table(answer: SolutionSet, solutions: Sequence[Solution]) -> list[str] | None:
    """A header of the names and the values below them; None where that is too wide."""
    names = list(solutions[0].values)
    if len(names) > MOST_VALUES:
        return None
    rows = [[brief(solution[name], answer.digits) for name in names] for solution in solutions]
    lines = aligned([names, *rows], gap="  ")
    return lines if width(max(lines, key=width)) <= TABLE_WIDTH else None


def block(answer: SolutionSet, solution: Solution, verbose: bool, *, tagged: bool = True) -> Iterator[str]:
    """One solution: on one line where short, matrices as matrices, else a line for each unknown."""
    tag = _tag(answer, solution) if tagged else ""
    matrices, names = arrays(solution.values)
    if len(solution.values) <= MOST_VALUES and all(len(rows) == 1 for rows in matrices.values()):
        matrices, names = {}, list(solution.values)
    for label, rows in matrices.items():
        yield from _matrix(answer, label, rows, solution, verbose)
    lines = [statement(name, solution[name], answer.digits) for name in names]
    if len(names) > 1 and all(ABOUT not in line for line in lines) and len(", ".join(lines)) <= SHORT_LINE:
        lines = [", ".join(lines)]
    elif names:
        widest = max(map(width, names))
        lines = [padded(name, widest) + line[len(name) :] for name, line in zip(names, lines, strict=True)]
    for line in lines[:-1]:
        yield INDENT + line
    if lines:
        yield INDENT + lines[-1] + tag
    elif tag:
        yield INDENT + tag.strip()


def _squares(answer: SolutionSet, solutions: Sequence[Solution]) -> list[str] | None:
    """Solutions that are nothing but one small matrix each, side by side; None for any others."""
    matrices, alone = arrays(solutions[0].values)
    if alone or len(matrices) != 1 or any(_tag(answer, solution) for solution in solutions):
        return None
    ((label, rows),) = matrices.items()
    if not 1 < len(rows) <= MOST_VALUES:
        return None
    blocks = [aligned(_cells(answer, rows, solution)) for solution in solutions]
    columns = max(max(map(width, block)) for block in blocks)
    abreast = max((LINE_WIDTH - len(INDENT)) // (columns + len(SQUARE_GAP)), 1)
    lines = [f"{INDENT}{label} ="]
    for first in range(0, len(blocks), abreast):
        beside = blocks[first : first + abreast]
        lines += [""] if first else []
        lines += [
            INDENT * 2 + SQUARE_GAP.join(padded(cell, columns) for cell in row) for row in zip(*beside, strict=True)
        ]
    return lines


def _cells(answer: SolutionSet, rows: Sequence[Sequence[str]], solution: Solution) -> list[list[str]]:
    return [[brief(solution[name], answer.digits) if name != GAP else GAP for name in row] for row in rows]


def _matrix(
    answer: SolutionSet, label: str, rows: Sequence[Sequence[str]], solution: Solution, verbose: bool
) -> Iterator[str]:
    """An array as a list or a matrix; of many rows or columns the first and the last few."""
    shown = rows if verbose else [_ends(row, GAP) for row in _ends(rows, [GAP] * len(rows[0]))]
    cells = _cells(answer, shown, solution)
    exactly = all(isinstance(solution[name].exact, Rational) for row in shown for name in row if name != GAP)
    sign = "=" if exactly else ABOUT
    if len(cells) > 1:
        yield f"{INDENT}{label} {sign}"
        for line in aligned(cells):
            yield INDENT * 2 + line
    else:
        yield f"{INDENT}{label} {sign} {', '.join(cells[0])}"


def _ends(sequence: Sequence[T], gap: T) -> Sequence[T]:
    if len(sequence) <= MOST_VALUES:
        return sequence
    return [*sequence[:ENDS], gap, *sequence[-ENDS:]]
