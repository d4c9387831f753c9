"""The set of each unknown's values, written as on paper: ``-2 < x < 2``, ``x < -1 or x >= 3``, ``every real x``.

In: the solutions of an answer. Out: lines, or the intervals themselves, where every condition is on one unknown alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product

from sympy import ComplexRootOf, Expr, Symbol, oo

from puzzlesolver.answer.solution import Solution, SolutionSet, Value
from puzzlesolver.arithmetic.decimals import decimal_of_exact
from puzzlesolver.exact.segment import Segment, segment
from puzzlesolver.problem import Condition, Relation
from puzzlesolver.problem.notation import notation
from puzzlesolver.problem.unknowns import real_symbol
from puzzlesolver.report.terminal import width

LINE_WIDTH = 100
LONGEST_END = 30  # A longer closed form of an end is shown by its decimals.
ROUNDED = "  (ends rounded)"

Extent = Segment | Value
"""An interval, or the value of a point."""


def intervals(solution: Solution) -> Iterator[tuple[str, Segment]]:
    """The intervals of the unknowns that are free and bounded by themselves alone, without holes."""
    for name in solution.values:
        piece = _piece(solution, name)
        if isinstance(piece, Segment) and not (piece.low == -oo and piece.high == oo and not piece.holes):
            yield from ((name, part) for part in _without_holes(piece))


def set_lines(answer: SolutionSet) -> list[str] | None:
    """A line for each unknown; None where the solutions are no product of such sets, or there is nothing to say."""
    first = answer[0]
    if answer.problem.layout is not None or not any(map(_is_set, answer)):
        return None
    rows: list[tuple[Extent, ...]] = []
    for solution in answer:
        pieces = [_piece(solution, name) for name in solution.values]
        row = tuple(piece for piece in pieces if piece is not None)
        if len(row) < len(pieces):
            return None
        rows.append(row)
    columns = [list(dict.fromkeys(column)) for column in zip(*rows, strict=True)]
    if set(rows) != set(product(*columns)):
        return None
    lines = [
        line
        for name, column in zip(first.values, columns, strict=True)
        for line in _lines(name, column, answer, _is_whole(answer, name))
    ]
    counters = dict.fromkeys(
        str(symbol) for one in answer for symbol in one.integer_parameters if str(symbol) not in first.values
    )
    return [*lines, *([f"for every whole number {', '.join(counters)}"] if counters else [])]


def _is_set(solution: Solution) -> bool:
    """Whether there are unknowns that stand for themselves, and more to be said of them than that they are free."""
    names = {str(symbol.name) for symbol in solution.parameters}
    return any(name in names for name in solution.values) and (len(solution.values) == 1 or bool(solution.conditions))


def _piece(solution: Solution, name: str) -> Extent | None:
    """The values of an unknown in a solution, as far as nothing but itself bounds them."""
    value = solution.values[name]
    itself = value.exact if isinstance(value.exact, Symbol) and value.exact.name == name else None
    if itself is None:
        constant = value.exact is None or value.exact.free_symbols <= {*solution.integer_parameters}
        return replace(value, refine=None) if constant else None
    own = [one for one in solution.conditions if itself in one.symbols]
    allowed = {itself, *solution.integer_parameters}
    if not all(isinstance(one, Condition) and one.symbols <= allowed for one in own):
        return None
    bounds = [one for one in own if isinstance(one, Condition)]
    return _between(bounds, itself) or segment(bounds, itself)


def _between(bounds: Sequence[Condition], itself: Symbol) -> Segment | None:
    """The interval between two bounds that a whole number moves; None where they are others."""
    match bounds:
        case [Condition(lhs=low, rhs=one), Condition(lhs=other, rhs=high)] if one == other == itself:
            if low.free_symbols and not {*low.free_symbols, *high.free_symbols} & {itself}:
                low_open, high_open = (bound.relation is Relation.LESS for bound in bounds)
                return Segment(itself, low, high, low_open, high_open)
    return None


def _is_whole(answer: SolutionSet, name: str) -> bool:
    return any(unknown.domain.integer for unknown in answer.problem.unknowns if unknown.symbol == real_symbol(name))


def _without_holes(piece: Segment) -> Iterator[Segment]:
    ends = [piece.low, *piece.holes, piece.high]
    for number, (low, high) in enumerate(pairwise(ends)):
        yield replace(
            piece,
            low=low,
            high=high,
            low_open=piece.low_open or number > 0,
            high_open=piece.high_open or number < len(piece.holes),
            holes=(),
        )


# --- words ------------------------------------------------------------------------------------------------------------


def _lines(name: str, pieces: Sequence[Extent], answer: SolutionSet, whole: bool) -> Iterator[str]:
    texts = [in_words(name, piece, answer.digits, whole) for piece in pieces]
    holes = _only_holes(pieces)
    if holes:
        line = " and ".join(f"{name} != {_end(hole, answer.digits)}" for hole in holes)
    else:
        line = " or ".join(texts)
    rounded = ROUNDED if any(_is_rounded(end) for piece in pieces for end in _ends(piece)) else ""
    if width(line) <= LINE_WIDTH:
        yield line + rounded
        return
    for number, text in enumerate(texts):
        yield (f"or {text}" if number else text) + (rounded if number == len(texts) - 1 else "")


def _only_holes(pieces: Sequence[Extent]) -> list[Expr]:
    """The points that are missing where nothing else is: ``x != 1`` rather than ``x < 1 or x > 1``."""
    parts = [part for piece in pieces if isinstance(piece, Segment) for part in _without_holes(piece)]
    if not parts or not all(isinstance(piece, Segment) for piece in pieces):
        return []
    if parts[0].low != -oo or parts[-1].high != oo:
        return []
    inner = list(pairwise(parts))
    if all(one.high == other.low and one.high_open and other.low_open for one, other in inner):
        return [one.high for one, _ in inner]
    return []


def in_words(name: str, piece: Extent, digits: int, whole: bool = False) -> str:
    """``-2 < x <= 3``; ``x = 3`` of a point."""
    if isinstance(piece, Value):
        exact = piece.exact
        return f"{name} = {_end(exact, digits)}" if exact is not None else f"{name} ≈ {piece.decimal(digits)}"
    below, above = ("<" if is_open else "<=" for is_open in (piece.low_open, piece.high_open))
    if piece.low == -oo and piece.high == oo:
        text = "" if whole else f"every real {name}"
    elif piece.low == -oo:
        text = f"{name} {above} {_end(piece.high, digits)}"
    elif piece.high == oo:
        text = f"{name} {below.replace('<', '>')} {_end(piece.low, digits)}"
    else:
        text = f"{_end(piece.low, digits)} {below} {name} {above} {_end(piece.high, digits)}"
    if whole:
        text = f"every whole number {name}" + (f" with {text}" if text else "")
    return " and ".join([text, *(f"{name} != {_end(hole, digits)}" for hole in piece.holes)])


def _ends(piece: Extent) -> Iterator[Expr]:
    if isinstance(piece, Segment):
        yield from (end for end in (piece.low, piece.high, *piece.holes) if end not in (oo, -oo))
    elif piece.exact is not None:
        yield piece.exact


def _is_rounded(end: Expr) -> bool:
    if end.free_symbols:
        return False
    return end.has(ComplexRootOf) or len(notation(end)) > LONGEST_END


def _end(end: Expr, digits: int) -> str:
    return decimal_of_exact(end, digits) if _is_rounded(end) else notation(end)
