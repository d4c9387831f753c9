"""The lines of cells that a grid's equations are: what each placement of the columns means, and which one holds.

In come a grid's `Bands`; out goes the one `Reading` that makes sense, or what is wrong. A reading makes sense when
every operator stands between two neighbouring cells, every two neighbours are joined (save results that stand beside
each other at the ends of their own lines), every line states a result, and every cell is in a line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from puzzlesolver.language.grids.geometry import Bands, Placement, by_order, by_position
from puzzlesolver.language.grids.tokens import CellKind, GridRow, Mark, RowKind, Token
from puzzlesolver.language.mistakes import BadSyntax, Mistake
from puzzlesolver.language.source import Span

Spot = tuple[int, int]
"""Row and column of a cell, from 0."""

Joints = dict[tuple[Spot, Spot], Token]
"""The operators, each by the two cells that it joins, left or upper one first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one placement makes of the grid: its cells, their joints, the maximal lines, and what is wrong with it."""

    placement: Placement
    cells: dict[Spot, Token]
    joints: Joints
    lines: tuple[tuple[Spot, ...], ...]
    wrong: tuple[Mistake, ...]

    @property
    def meaning(self) -> frozenset[tuple[Span, Span, Span]]:
        """Which operator joins which cells, whatever the columns are called."""
        return frozenset((self.cells[a].span, sign.span, self.cells[b].span) for (a, b), sign in self.joints.items())


def chosen_reading(bands: Bands, wrong: list[Mistake]) -> Reading | None:
    """The one reading of the columns that makes sense; what is wrong is noted where none or more than one does.

    Without brackets, an empty place on the screen may be a hole; with brackets a hole is drawn.
    """
    if any(token.bracketed for row in bands.cells for token in row.tokens) and (ragged := list(_ragged(bands))):
        wrong.extend(ragged)
        return None
    positions = [_reading(bands, placement) for placement in by_position(bands)]
    orders = [_reading(bands, placement) for placement in by_order(bands)]
    position = next((reading for reading in positions if not reading.wrong), None)
    order = {reading.meaning: reading for reading in orders if not reading.wrong}
    if position is not None and (not order or position.meaning in order):
        return position
    drawn = position or next((reading for reading in positions if _spacing_kept(bands, reading)), None)
    if drawn is None and len(order) == 1:
        return next(iter(order.values()))
    if order:
        first, second, *_ = [reading for reading in (drawn, *order.values()) if reading is not None]
        wrong.append(_contradiction(bands, first, second, "position" if drawn else "one order"))
    elif ragged := list(_ragged(bands)):
        wrong.extend(ragged)
    elif drawn or orders:
        wrong.extend((drawn or min(orders, key=lambda reading: len(reading.wrong))).wrong)
    else:
        wrong.append(_unclear(bands))
    return None


def _spacing_kept(bands: Bands, reading: Reading) -> bool:
    """Whether there are as many columns as the fullest row has cells, and every operator is right at its column."""
    return reading.placement.definite and reading.placement.width == max(len(row.cells) for row in bands.cells)


def _reading(bands: Bands, placement: Placement) -> Reading:
    """Join the cells of a placement into lines, and see what is wrong."""
    cells = {
        (i, column): token
        for i, row in enumerate(bands.cells)
        for token, column in zip(row.cells, placement.cells[i], strict=True)
    }
    joints: Joints = {}
    apart: list[tuple[Spot, Spot]] = []
    wrong: list[Mistake] = []
    for i, row in enumerate(bands.cells):
        _join_across(row, [(i, column) for column in placement.cells[i]], joints, apart, wrong)
    for i, gap in enumerate(bands.gaps):
        _join_down(i, gap, placement, cells, joints, apart, wrong)
    apart = [pair for pair in apart if not _are_results(pair, cells, joints)]
    in_rows = [pair for pair in apart if pair[0][0] == pair[1][0]]
    wrong.extend(_missing_operator(bands, pair, cells) for pair in in_rows or apart)
    lines = tuple(_lines(cells, joints))
    if not apart:
        wrong.extend(_wrong_lines(cells, joints, lines))
    return Reading(placement, cells, joints, lines, tuple(wrong))


def _join_across(
    row: GridRow, spots: Sequence[Spot], joints: Joints, apart: list[tuple[Spot, Spot]], wrong: list[Mistake]
) -> None:
    """The joints in a row of cells; neighbours with nothing between them go to `apart`."""
    following = iter(spots)
    last: Spot | None = None
    between: Token | None = None
    for token in row.tokens:
        if token.mark is not Mark.CELL:
            between = token
            continue
        here = next(following)
        if last is not None:
            neighbours = here[1] == last[1] + 1
            if between is None:
                apart.extend([(last, here)] if neighbours else [])
            elif between.mark is Mark.OPERATOR:
                joints[last, here] = between
                if not neighbours:
                    wrong.append(
                        BadSyntax(between.span, f"expected a cell right beside this '{between.text}' on both sides")
                    )
        last, between = here, None


def _join_down(
    i: int,
    gap: GridRow,
    placement: Placement,
    cells: dict[Spot, Token],
    joints: Joints,
    apart: list[tuple[Spot, Spot]],
    wrong: list[Mistake],
) -> None:
    """The joints between row `i` and the next; a rule of dashes joins every two cells by ``=``."""
    columns = [column for column in placement.cells[i] if (i + 1, column) in cells]
    signs = dict(zip(placement.operators[i], gap.operators, strict=True))
    if gap.kind is RowKind.RULE:
        signs = dict.fromkeys(columns, Token(Mark.OPERATOR, "=", gap.span, 0, 0))
    for column, sign in signs.items():
        above, below = (i, column), (i + 1, column)
        if above in cells and below in cells:
            joints[above, below] = sign
        else:
            side = "below" if above in cells else "above"
            wrong.append(BadSyntax(sign.span, f"expected a cell {side} this '{sign.text}', and none stands there"))
    free = (column for column in columns if column not in signs and column not in placement.closed[i])
    apart.extend(((i, column), (i + 1, column)) for column in free)


def _are_results(pair: tuple[Spot, Spot], cells: dict[Spot, Token], joints: Joints) -> bool:
    """Whether two neighbours are results of lines that cross theirs, which stand beside each other by chance."""
    across = pair[0][0] == pair[1][0]
    for spot in pair:
        before, after = (
            joints.get((_step(spot, not across, -1), spot)),
            joints.get((spot, _step(spot, not across, 1))),
        )
        alone = [sign.text for sign in (before, after) if sign is not None] == ["="]
        crossed = (_step(spot, across, -1), spot) in joints or (spot, _step(spot, across, 1)) in joints
        if cells[spot].bracketed or not alone or crossed:
            return False
    return True


def _step(spot: Spot, across: bool, step: int) -> Spot:
    return (spot[0], spot[1] + step) if across else (spot[0] + step, spot[1])


def _lines(cells: dict[Spot, Token], joints: Joints) -> Iterator[tuple[Spot, ...]]:
    """Every maximal line of joined cells: those across from the top, then those down from the left."""
    for across in (True, False):
        for start in sorted(cells, key=lambda spot: spot if across else spot[::-1]):
            if (_step(start, across, -1), start) in joints:
                continue
            line = [start]
            while (line[-1], _step(line[-1], across, 1)) in joints:
                line.append(_step(line[-1], across, 1))
            if len(line) > 1:
                yield tuple(line)


def _wrong_lines(cells: dict[Spot, Token], joints: Joints, lines: Sequence[tuple[Spot, ...]]) -> Iterator[Mistake]:
    """Lines that state no result, or do not end in one; cells that are in no line."""
    for line in lines:
        signs = [joints[pair] for pair in pairwise(line)]
        equals = [k for k, sign in enumerate(signs) if sign.text == "="]
        what = "row" if line[0][0] == line[-1][0] else "column"
        if not equals:
            shown = _shown([cells[spot] for spot in line], signs)
            yield BadSyntax(
                cells[line[-1]].span, f"expected '=' and a result: the {what} {shown} ends here without one"
            )
        elif len(equals) > 1 and equals[-1] < len(signs) - 1:
            more = signs[equals[-1] + 1]
            yield BadSyntax(
                more.span,
                f"expected the end of the {what} after its last result, and '{more.text}' goes on",
                "where there are several '=', each states the result of the calculation before it",
            )
    joined = {spot for line in lines for spot in line}
    for spot, token in cells.items():
        if spot not in joined:
            yield BadSyntax(
                token.span,
                f"expected every cell in an equation, and {_named(token)} is in none",
                "a comment beside a grid goes on a line of its own" if token.kind is CellKind.NAME else None,
            )


def _named(token: Token) -> str:
    return f"'{token.text[:40] or '[ ]'}'"


def _shown(cells: Sequence[Token], signs: Sequence[Token]) -> str:
    words = [cells[0].text or "?"]
    for sign, cell in zip(signs, cells[1:], strict=True):
        words += [sign.text, cell.text or "?"]
    text = " ".join(words)
    return f"'{text}'" if len(text) <= 60 else f"'{text[:40]} …'"


def _missing_operator(bands: Bands, pair: tuple[Spot, Spot], cells: dict[Spot, Token]) -> Mistake:
    first, second = (cells[spot] for spot in pair)
    message = f"expected an operator between {_named(first)} and {_named(second)}, and none stands there"
    if pair[0][0] == pair[1][0]:
        return BadSyntax(first.span.to(second.span), message)
    gap = bands.gaps[pair[0][0]]
    before = [token.span for token in gap.tokens if token.left < first.left]
    where = Span(before[-1].end, before[-1].end + 1) if before else Span(gap.span.start, gap.span.start + 1)
    return BadSyntax(where, message, "'.' says that there is none", (("above the gap", first.span),))


def _ragged(bands: Bands) -> Iterator[Mistake]:
    """Rows with other numbers of cells than most, in all and in brackets; a last row of results may be shorter."""
    last = bands.cells[-1]
    rows = [row for row in bands.cells if row is not last or row.operators or row is bands.cells[0]]
    usual, _ = Counter((_count(row), _count(row, bracketed=True)) for row in rows).most_common(1)[0]
    model = next(row for row in rows if (_count(row), _count(row, bracketed=True)) == usual)
    for row in rows:
        if _count(row) != usual[0] and (not usual[1] or _count(row, bracketed=True) != usual[1]):
            yield BadSyntax(
                row.span,
                f"expected {usual[0]} cells in this row, and {_count(row)} stand there",
                f"write '{'[#]' if usual[1] else '#'}' where there is no cell",
                ((f"a row with {usual[0]} cells", model.span),),
            )


def _count(row: GridRow, bracketed: bool = False) -> int:
    return sum(token.mark in (Mark.CELL, Mark.HOLE) and token.bracketed >= bracketed for token in row.tokens)


def _unclear(bands: Bands) -> Mistake:
    """Neither the positions nor the order tell the columns: the first row whose operators do not fit is shown."""
    hint = "put every operator right under the cell above it"
    for gap, above, below in zip(bands.gaps, bands.cells, bands.cells[1:], strict=False):
        columns, count = min(len(above.cells), len(below.cells)), len(gap.operators)
        if gap.kind is RowKind.OPERATORS and count not in (columns, columns - 1):
            return BadSyntax(
                gap.span, f"expected {columns} operators, one for each column, and {count} stand there", hint
            )
    row = bands.gaps[0] if bands.gaps else bands.cells[0]
    return BadSyntax(row.span, "the columns of this grid cannot be told, neither by position nor by order", hint)


def _contradiction(bands: Bands, first: Reading, second: Reading, way: str) -> Mistake:
    """Two readings that disagree, shown at the first operator that they take differently."""
    for gap in bands.gaps:
        for sign in gap.operators:
            here, there = _around(first, sign), _around(second, sign)
            if here != there:
                other = "order" if way == "position" else "another"
                said = f"by {way} it stands {_between(here)}, by {other} {_between(there)}"
                return BadSyntax(
                    sign.span,
                    f"this '{sign.text}' can be read in two ways: {said}",
                    "put every operator right under the cell above it",
                    tuple(
                        (f"by {name}, below this cell", cells[0].span)
                        for name, cells in ((way, here), (other, there))
                        if cells
                    ),
                )
    return BadSyntax(bands.cells[0].span, "the columns of this grid can be read in two ways", "line the cells up")


def _around(reading: Reading, sign: Token) -> tuple[Token, ...]:
    """The two cells between which a reading puts an operator, if it does."""
    for (above, below), joint in reading.joints.items():
        if joint == sign:
            return reading.cells[above], reading.cells[below]
    return ()


def _between(cells: Sequence[Token]) -> str:
    return " and ".join([f"between {_named(cells[0])}", _named(cells[1])]) if cells else "between no two cells"
