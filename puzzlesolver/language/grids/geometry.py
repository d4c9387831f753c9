"""Which column of a grid each cell and each operator belongs to: by position on the screen, and by order.

In come the rows of cells and, between each two, the row of operators; out goes a `Placement` for each way of reading
that gives one. Whether a placement makes sense as a grid of equations is judged elsewhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from puzzlesolver.language.grids.tokens import GridRow, Mark, Token


@dataclass(frozen=True, slots=True)
class Bands:
    """A grid's rows of cells, and the one row of operators (or a rule, which means ``=``) between each two of them."""

    cells: tuple[GridRow, ...]
    gaps: tuple[GridRow, ...]

    @property
    def tokens(self) -> Iterator[Token]:
        for row in (*self.cells, *self.gaps):
            yield from row.tokens


@dataclass(frozen=True, slots=True)
class Placement:
    """The columns, counted from 0, of the cells of every row and of the operators of every gap, in their order.

    `closed` are, for every gap, the columns where a mark says that no operator stands. `definite` tells whether every
    operator stands right at its column.
    """

    width: int
    cells: tuple[tuple[int, ...], ...]
    operators: tuple[tuple[int, ...], ...]
    closed: tuple[frozenset[int], ...]
    definite: bool = False


def by_position(bands: Bands) -> Iterator[Placement]:
    """The placements that the screen columns give: exactly overlapping first, then with a little slack."""
    for slack in (0, 1):
        placement = _at_screen_columns(bands, slack)
        if placement is not None:
            yield placement


def _at_screen_columns(bands: Bands, slack: int) -> Placement | None:
    """Cells that overlap on the screen (or are less than `slack` apart) form a column; no row has two of one column."""
    columns: list[list[int]] = []
    placed = sorted(
        (token for row in bands.cells for token in row.tokens if token.mark is Mark.CELL or _bracketed_hole(token)),
        key=lambda token: (token.left, token.right),
    )
    for token in placed:
        if columns and token.left < columns[-1][1] + slack:
            columns[-1][1] = max(columns[-1][1], token.right)
        else:
            columns.append([token.left, token.right])

    cells = []
    for row in bands.cells:
        found = [_column_at(columns, token.left, 0) for token in row.cells]
        if None in found or len(set(found)) < len(found):
            return None
        cells.append(tuple(column for column in found if column is not None))
    operators, closed, definite = [], [], True
    for row in bands.gaps:
        near = [_column_at(columns, token.left, None) for token in row.operators]
        if None in near or len(set(near)) < len(near):
            return None
        definite = definite and all(_column_at(columns, token.left, 1) is not None for token in row.operators)
        operators.append(tuple(column for column in near if column is not None))
        marks = (_column_at(columns, token.left, 0) for token in row.tokens if token.mark is not Mark.OPERATOR)
        closed.append(frozenset(column for column in marks if column is not None))
    return Placement(len(columns), tuple(cells), tuple(operators), tuple(closed), definite)


def _bracketed_hole(token: Token) -> bool:
    return token.mark is Mark.HOLE and token.bracketed


def _column_at(columns: Sequence[Sequence[int]], at: int, reach: int | None) -> int | None:
    """The one column nearest to a screen column, not further off than `reach`; None where two are as near."""
    after = bisect_right(columns, at, key=lambda column: column[0])
    near = sorted(
        (max(columns[k][0] - at, at - columns[k][1] + 1, 0), k) for k in (after - 1, after) if 0 <= k < len(columns)
    )
    if not near or (reach is not None and near[0][0] > reach):
        return None
    if len(near) > 1 and near[0][0] == near[1][0]:
        return None
    return near[0][1]


def by_order(bands: Bands) -> Iterator[Placement]:
    """The placements that counting gives: the k-th cell of every row in column k, the operators above in turn.

    Of a grid whose last column holds only the rows' results, the operators may belong to the other columns alone.
    """
    widths = sorted({count for row in bands.cells for count in _possible_widths(row)}, reverse=True)
    for width in widths[:4]:
        for inner in (width, width - 1):
            placement = _in_turn(bands, width, inner) if inner else None
            if placement is not None:
                yield placement


def _possible_widths(row: GridRow) -> Iterator[int]:
    yield len(_cell_places(row))
    if len(row.cells) < len(row.tokens):
        yield (len(row.tokens) + 1) // 2


def _cell_places(row: GridRow) -> list[Token]:
    return [token for token in row.tokens if token.mark in (Mark.CELL, Mark.HOLE)]


def _in_turn(bands: Bands, width: int, inner: int) -> Placement | None:
    """The placement in `width` columns, of which the first `inner` have operators between their cells."""
    cells = [_cell_columns(row, width) for row in bands.cells]
    operators, closed = [], []
    for k, gap in enumerate(bands.gaps):
        above, below = cells[k], cells[k + 1]
        if above is None:
            return None
        reachable = [column for column in above if column < inner and (below is None or column in below)]
        turn = _operator_columns(gap, reachable, width, inner)
        if turn is None:
            return None
        columns, marks = turn
        if below is None:
            cells[k + 1] = below = _under_results(bands.cells[k + 1], gap, columns, reachable)
        operators.append(columns)
        closed.append(marks)
    found = [columns for columns in cells if columns is not None]
    if len(found) < len(cells):
        return None
    return Placement(width, tuple(found), tuple(operators), tuple(closed))


def _cell_columns(row: GridRow, width: int) -> tuple[int, ...] | None:
    """The columns of a row's cells: counted with the holes, or with a mark in every place for an operator too."""
    places = _cell_places(row)
    if len(places) == width:
        return tuple(k for k, token in enumerate(places) if token.mark is Mark.CELL)
    if len(row.tokens) == 2 * width - 1:
        odd = all(token.mark is not Mark.CELL for token in row.tokens[1::2])
        even = all(token.mark in (Mark.CELL, Mark.HOLE) for token in row.tokens[::2])
        if odd and even:
            return tuple(k for k, token in enumerate(row.tokens[::2]) if token.mark is Mark.CELL)
    return None


def _operator_columns(
    gap: GridRow, reachable: Sequence[int], width: int, inner: int
) -> tuple[tuple[int, ...], frozenset[int]] | None:
    """The columns of a gap's operators and of its marks for none: a token a column, a token a place, or no marks."""
    tokens = gap.tokens
    if not tokens:
        return (), frozenset()
    if len(gap.operators) < len(tokens):
        for count in (width, inner):
            if len(tokens) == 2 * count - 1 and all(token.mark is not Mark.OPERATOR for token in tokens[1::2]):
                tokens = tokens[::2]
                break
        if len(tokens) in (width, inner):
            columns = tuple(k for k, token in enumerate(tokens) if token.mark is Mark.OPERATOR)
            return columns, frozenset(range(len(tokens))) - frozenset(columns)
    if len(gap.operators) == len(reachable):
        return tuple(reachable), frozenset()
    return None


def _under_results(
    row: GridRow, gap: GridRow, columns: Sequence[int], reachable: Sequence[int]
) -> tuple[int, ...] | None:
    """The columns of a shorter last row: its k-th value is the result of the k-th column that ends there."""
    if row.operators or len(row.cells) < len(row.tokens):
        return None
    ends = [column for column, token in zip(columns, gap.operators, strict=True) if token.text == "="]
    ends = ends if gap.tokens else list(reachable)
    return tuple(ends) if len(ends) == len(row.cells) else None
