"""A grid as it is drawn: its cells, and every line of them, across and down, that states an equation.

In comes the raw block that a `grid` header or a line of brackets opens; out goes a `Grid`, or None with what is wrong
noted. A grid that comes out holds together: see `grid_lines` for what that means.

Columns are read twice, off the positions and off the order (`grid_geometry`). One reading that makes sense is enough;
two that contradict each other are an error that shows both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from puzzlesolver.language.drawn import GRID_OPTIONS, MAX_LETTERS, BlockOptions, read_block_options
from puzzlesolver.language.grids.geometry import Bands
from puzzlesolver.language.grids.lines import Reading, chosen_reading
from puzzlesolver.language.grids.tokens import CellKind, GridRow, Mark, RowKind, Token, read_rows
from puzzlesolver.language.limits import MAX_ERRORS
from puzzlesolver.language.mistakes import BadSyntax, Mistake, Mistakes, TooMuch
from puzzlesolver.language.pieces import RawPiece
from puzzlesolver.language.source import Span
from puzzlesolver.language.tree import Statement

MAX_CELLS = 5_000  # Cells of one grid.
MAX_CHARACTERS = 60_000  # Characters of one grid.


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `row` and `column` count from 1, holes included, and so does `grid`, the grids of a file."""

    row: int
    column: int
    kind: CellKind
    text: str
    span: Span
    bracketed: bool
    grid: int = 1

    @property
    def name(self) -> str:
        """What the cell is called: its own name, or its place where it has none."""
        if self.kind is CellKind.NAME:
            return self.text
        place = f"r{self.row}c{self.column}"
        return place if self.grid == 1 else f"g{self.grid}{place}"


@dataclass(frozen=True, slots=True)
class Line:
    """Cells with the operators between them (one fewer, at least one of them ``=``), left to right or top to bottom."""

    cells: tuple[Cell, ...]
    operators: tuple[str, ...]


class Grid(Statement):
    """A whole grid: its cells row by row, its lines across and then down.

    `picture` is what it looks like: cells and signs in aligned columns, all its rows equally long.
    """

    cells: tuple[Cell, ...]
    lines: tuple[Line, ...]
    picture: tuple[tuple[Cell | str, ...], ...]
    options: BlockOptions


def read_grid(piece: RawPiece, mistakes: Mistakes, number: int = 1) -> Grid | None:
    """Read the `grid` block that is the file's `number`-th; None, and a mistake noted, where it makes no sense."""
    wrong: list[Mistake] = []
    grid = _grid(piece, number, wrong)
    for mistake in wrong[:MAX_ERRORS]:
        mistakes.add(mistake)
    return None if wrong else grid


def _grid(piece: RawPiece, number: int, wrong: list[Mistake]) -> Grid | None:
    options = read_block_options(piece.options, GRID_OPTIONS, wrong)
    if sum(len(line.text) for line in piece.lines) > MAX_CHARACTERS:
        wrong.append(TooMuch(piece.lines[0].span(0, 1), f"expected a grid of at most {MAX_CHARACTERS} characters"))
        return None
    rows = read_rows(piece.lines, options.cryptarithm, wrong)
    if options.cryptarithm:
        for token in (token for row in rows for token in row.cells):
            _check_word(token, wrong)
    bands = _bands(piece.span, rows, wrong) if not wrong else None
    reading = chosen_reading(bands, wrong) if bands and not wrong else None
    return _drawn(piece.span, number, reading, options) if reading else None


def _check_word(token: Token, wrong: list[Mistake]) -> None:
    """In a cryptarithm every cell is a word or a number."""
    if token.kind is CellKind.BLANK or (token.kind is CellKind.NAME and not token.text.isalpha()):
        stands = f"'{token.text[:40]}' stands there" if token.text else "it is empty"
        wrong.append(BadSyntax(token.span, f"expected a word or a number in this cell of a cryptarithm, and {stands}"))
    elif token.kind is CellKind.NAME and len(token.text) > MAX_LETTERS:
        wrong.append(TooMuch(token.span, f"expected a word of at most {MAX_LETTERS} letters"))


def _bands(span: Span, rows: Sequence[GridRow], wrong: list[Mistake]) -> Bands | None:
    """Rows of cells and of operators in turn; a rule of dashes counts where it stands for a row of ``=``."""
    cells: list[GridRow] = []
    gaps: list[GridRow] = []
    rule: GridRow | None = None
    noted = len(wrong)
    for row in rows:
        if len(wrong) - noted >= MAX_ERRORS:
            break
        if row.kind is RowKind.RULE:
            rule = row
        elif row.kind is RowKind.CELLS:
            wrong.extend(_wrong_row(row))
            if len(gaps) < len(cells):
                if rule is None:
                    wrong.append(_no_operators(row))
                gaps.append(rule or row)
            cells.append(row)
            rule = None
        elif not cells:
            wrong.append(BadSyntax(row.span, "expected a row of cells first, and this is a row of operators"))
        elif len(gaps) == len(cells):
            wrong.append(BadSyntax(row.span, "expected a row of cells, and this is a second row of operators"))
        else:
            gaps.append(row)
    if not any(row.cells for row in cells):
        said = "expected the rows of a grid here: cells, each with an operator or '=' between it and the next"
        wrong.append(BadSyntax(Span(span.start, span.start + 1), said))
    elif len(gaps) == len(cells):
        wrong.append(BadSyntax(gaps[-1].span, "expected a row of cells below this row of operators, and the grid ends"))
    if sum(len(row.cells) for row in cells) > MAX_CELLS:
        wrong.append(TooMuch(cells[0].span, f"expected a grid of at most {MAX_CELLS} cells"))
    return Bands(tuple(cells), tuple(gaps)) if len(wrong) == noted else None


def _no_operators(row: GridRow) -> Mistake:
    return BadSyntax(
        row.span,
        "expected a row of operators, and this is a second row of cells",
        "a grid ends with an empty line; a row of '.' says that no operators stand between two rows",
    )


def _wrong_row(row: GridRow) -> list[Mistake]:
    """The first operator of a row of cells that does not stand between two cells."""
    for k, token in enumerate(row.tokens):
        if token.mark is not Mark.OPERATOR:
            continue
        before = row.tokens[k - 1] if k else None
        after = row.tokens[k + 1] if k + 1 < len(row.tokens) else None
        for side, other in (("before", before), ("after", after)):
            if other is None or other.mark is not Mark.CELL:
                stands = f"'{other.text}' stands there" if other else "nothing stands there"
                return [BadSyntax(token.span, f"expected a cell {side} this '{token.text}', and {stands}")]
    return []


def _drawn(span: Span, number: int, reading: Reading, options: BlockOptions) -> Grid:
    """The grid that a reading without mistakes gives."""
    made = {
        spot: Cell(spot[0] + 1, spot[1] + 1, token.kind, token.text, token.span, token.bracketed, number)
        for spot, token in sorted(reading.cells.items(), key=lambda item: item[0])
    }
    lines = tuple(
        Line(
            tuple(made[spot] for spot in line),
            tuple(reading.joints[pair].text for pair in pairwise(line)),
        )
        for line in reading.lines
    )
    height, width = max(row for row, _ in made) + 1, max(column for _, column in made) + 1
    picture: list[list[Cell | str]] = [[""] * (2 * width - 1) for _ in range(2 * height - 1)]
    for (row, column), cell in made.items():
        picture[2 * row][2 * column] = cell
    for ((row, column), (below, right)), sign in reading.joints.items():
        picture[row + below][column + right] = sign.text
    return Grid(span, tuple(made.values()), lines, tuple(tuple(row) for row in picture), options)
