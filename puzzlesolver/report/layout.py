"""Puzzles drawn as they were written: grids filled in, indexed unknowns as lists and matrices.

In: a `Layout` and the values as text, or the unknowns' names. Out: aligned lines, or names in rows and columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from sympy import Expr

from puzzlesolver.problem import Layout
from puzzlesolver.report.terminal import padded, width

_ELEMENT = re.compile(r"(?P<array>[^\[\]]+)\[(?P<index>-?\d+(?:, -?\d+)*)\]")


def filled_pieces(layout: Layout, value_of: Callable[[Expr], str]) -> list[list[str]]:
    """The puzzle's own shape with every expression's value in its place, piece by piece, each as wide as its column."""
    rows = [[piece if isinstance(piece, str) else value_of(piece) for piece in row] for row in layout.rows]
    columns = max((len(row) for row in rows), default=0)
    widths = [max((width(row[column]) for row in rows if column < len(row)), default=0) for column in range(columns)]
    return [[padded(piece, widths[column], ">") for column, piece in enumerate(row)] for row in rows]


def arrays(names: Iterable[str]) -> tuple[dict[str, list[list[str]]], list[str]]:
    """Split names into full rectangles of array elements, as rows of their names, and what stands alone.

    A one-dimensional array is one row. What is no full list or matrix (a gap, three indices) stands alone. The arrays
    are by their labels, ``x[1..3, 1..3]``.
    """
    names = list(names)
    found: dict[str, dict[tuple[int, ...], str]] = {}
    for name in names:
        if match := _ELEMENT.fullmatch(name):
            index = tuple(map(int, match["index"].split(",")))
            found.setdefault(match["array"], {})[index] = name
    matrices = {array: rows for array, elements in found.items() if (rows := _rectangle(elements)) is not None}
    alone = [name for name in names if name.partition("[")[0] not in matrices]
    return {_label(array, found[array]): rows for array, rows in matrices.items()}, alone


def aligned(rows: Sequence[Sequence[str]], align: str = ">", gap: str = " ") -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        gap.join(padded(cell, columns, align) for cell, columns in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _rectangle(elements: Mapping[tuple[int, ...], str]) -> list[list[str]] | None:
    dimensions = {len(index) for index in elements}
    if len(elements) < 2 or dimensions not in ({1}, {2}):
        return None
    indices = [index if len(index) == 2 else (0, *index) for index in elements]
    (top, left), (bottom, right) = (tuple(map(end, zip(*indices, strict=True))) for end in (min, max))
    if len(elements) != (bottom - top + 1) * (right - left + 1):
        return None
    cells = dict(zip(indices, elements.values(), strict=True))
    return [[cells[row, column] for column in range(left, right + 1)] for row in range(top, bottom + 1)]


def _label(array: str, elements: Mapping[tuple[int, ...], str]) -> str:
    axes = zip(*elements, strict=True)
    return f"{array}[{', '.join(f'{min(axis)}..{max(axis)}' for axis in axes)}]"
