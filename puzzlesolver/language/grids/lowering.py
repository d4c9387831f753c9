"""What a grid means: an exact equation for every line, an unknown for every name and every blank.

In comes a `Grid`; out goes a `BlockMeaning`, whose parts go into a `Problem`. A line with one ``=`` equates its sides;
in one with several, each ``=`` states the result of the calculation before it, and that result begins the next. A line
is worked out with the usual precedence, or from left to right (top to bottom) where the grid says so. No divisor is 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from sympy import Add, Expr, Integer, Mul, Pow, Rational, pi

from puzzlesolver.language.drawn import BlockMeaning, Word, digit_unknowns, letters_differ, word_value, word_values
from puzzlesolver.language.grids.grid import Cell, Grid, Line
from puzzlesolver.language.grids.tokens import CellKind
from puzzlesolver.language.mistakes import Mistake, Mistakes, TooMuch
from puzzlesolver.language.source import Source
from puzzlesolver.problem import (
    AllDifferent,
    Condition,
    Equation,
    Layout,
    Relation,
    Unknown,
    real_symbol,
)

MAX_SWITCHES = 50
"""How often a line worked out from left to right may change from sums to products: its brackets are nested so deep."""

_CONSTANTS: Mapping[str, Expr] = MappingProxyType({"pi": pi, "π": pi, "tau": 2 * pi})


@dataclass(frozen=True, slots=True)
class _Side:
    """A calculation: its value, how it is written, and the divisors that are not zero."""

    value: Expr
    text: str
    divisors: tuple[Expr, ...] = ()


def lower_grid(
    grid: Grid, source: Source, mistakes: Mistakes, values: Mapping[str, Expr] = MappingProxyType({})
) -> BlockMeaning | None:
    """The meaning of a grid; None, and a mistake noted, where it has none.

    `values` are names that are no unknowns (parameters) with what they stand for.
    """
    try:
        return _lower(grid, source, {**_CONSTANTS, **values})
    except Mistake as mistake:
        mistakes.add(mistake)
        return None


def _lower(grid: Grid, source: Source, values: Mapping[str, Expr]) -> BlockMeaning:
    conditions: tuple[Condition | AllDifferent, ...] = ()
    words: list[Word] = []
    if grid.options.cryptarithm:
        words = [(cell.text, cell.span) for cell in grid.cells if cell.kind is CellKind.NAME]
        unknowns = digit_unknowns(words, grid.options, source)
        conditions = letters_differ(unknowns, grid.options, source.origin("different letters", grid.span))
    else:
        unknowns = _unknowns(grid, source, values)
    meant = {cell: _value(cell, grid, values) for cell in grid.cells}
    equations = tuple(equation for line in grid.lines for equation in _equations(line, grid, meant, source))
    values_of_words = word_values(words, grid.options.base)
    return BlockMeaning(unknowns, equations, conditions, _layout(grid, meant), _cells(grid, meant), values_of_words)


def _unknowns(grid: Grid, source: Source, values: Mapping[str, Expr]) -> tuple[Unknown, ...]:
    """The names and the blanks, each once."""
    blanks = {cell.name for cell in grid.cells if cell.kind is CellKind.BLANK}
    found: dict[str, Unknown] = {}
    for cell in grid.cells:
        if cell.kind is CellKind.NUMBER or cell.name in values:
            continue
        if cell.kind is CellKind.NAME and cell.name in blanks:
            raise Mistake(
                cell.span, f"'{cell.name}' is what a blank of this grid is called, and not the name of a cell"
            )
        origin = source.origin(cell.text or "[ ]", cell.span)
        found.setdefault(cell.name, Unknown(real_symbol(cell.name), origin=origin))
    return tuple(found.values())


def _value(cell: Cell, grid: Grid, values: Mapping[str, Expr]) -> Expr:
    if cell.kind is CellKind.NUMBER:
        try:
            number = Fraction("".join(cell.text.split()))
        except ZeroDivisionError:
            raise Mistake(cell.span, f"'{cell.text}' divides by zero") from None
        return Rational(number.numerator, number.denominator)
    if grid.options.cryptarithm:
        return word_value(cell.text, grid.options.base)
    return values.get(cell.name, real_symbol(cell.name))


def _equations(line: Line, grid: Grid, meant: Mapping[Cell, Expr], source: Source) -> list[Equation]:
    """One equation for every ``=`` of a line."""
    ends = [k for k, sign in enumerate(line.operators) if sign == "="]
    starts = [0, *(k + 1 for k in ends)]
    sides = [
        _side(line.cells[start : end + 1], line.operators[start:end], grid, meant)
        for start, end in zip(starts, [*ends, len(line.operators)], strict=True)
    ]
    results = [_side(line.cells[start : start + 1], (), grid, meant) for start in starts[1:]]
    if len(ends) == 1:
        results = sides[1:]
    equations = []
    for start, left, right in zip(starts, sides, results, strict=False):
        origin = source.origin(f"{left.text} = {right.text}", line.cells[start].span)
        divisors = dict.fromkeys((*left.divisors, *right.divisors))
        defined = tuple(Condition(divisor, Relation.NOT_EQUAL, Integer(0), origin) for divisor in divisors)
        equations.append(Equation(left.value, right.value, origin, defined))
    return equations


def _side(cells: Sequence[Cell], operators: Sequence[str], grid: Grid, meant: Mapping[Cell, Expr]) -> _Side:
    """What a calculation comes to, as a sum of terms that are products of factors."""
    terms: list[Expr] = []
    factors = [meant[cells[0]]]
    text, divisors, switches = _written(cells[0]), [], 0
    for k, (sign, cell) in enumerate(zip(operators, cells[1:], strict=True)):
        value = meant[cell]
        if sign in "+-":
            terms.append(Mul(*factors))
            factors = [Integer(-1), value] if sign == "-" else [value]
        else:
            if grid.options.left_to_right and terms:
                terms, factors, text = [], [Add(*terms, Mul(*factors))], f"({text})"
                switches += 1
                if switches > MAX_SWITCHES:
                    raise TooMuch(cell.span, "this line is too long to be worked out from left to right")
            if sign == "/":
                if value.is_zero:
                    raise Mistake(cell.span, f"expected a divisor that is not zero, and '{cell.text}' is")
                if not value.is_number:
                    divisors.append(value)
                value = Pow(value, -1)
            factors.append(value)
        text += f" {operators[k]} {_written(cell, bracket=True)}"
    return _Side(Add(*terms, Mul(*factors)), text, tuple(divisors))


def _written(cell: Cell, bracket: bool = False) -> str:
    """A cell in a written equation; a number with a sign or a bar is bracketed where it follows an operator."""
    if cell.kind is not CellKind.NUMBER:
        return cell.name
    text = "".join(cell.text.split())
    signed = bracket and text[0] in "+-"
    return f"({text})" if signed or "/" in text else text


def _layout(grid: Grid, meant: Mapping[Cell, Expr]) -> Layout:
    """The picture with every unknown's value in its place; given numbers stay as they were written."""

    def shown(piece: Cell | str) -> str | Expr:
        if isinstance(piece, str):
            return piece
        return piece.text if piece.kind is CellKind.NUMBER else meant[piece]

    rows = []
    for k, row in enumerate(grid.picture):
        signs_between = k % 2 == 0
        rows.append(tuple(f" {piece} " if signs_between and j % 2 else shown(piece) for j, piece in enumerate(row)))
    return Layout(tuple(rows))


def _cells(grid: Grid, meant: Mapping[Cell, Expr]) -> tuple[Expr, ...]:
    in_brackets = any(cell.bracketed for cell in grid.cells)
    lines_of = Counter(cell for line in grid.lines for cell in line.cells)
    alone = {line.cells[0] for line in grid.lines if line.operators[0] == "="}
    alone |= {line.cells[-1] for line in grid.lines if line.operators[-1] == "="}
    found: dict[Cell | Expr, Expr] = {}
    for cell in grid.cells:
        given = cell.kind is CellKind.NUMBER
        only_result = given and lines_of[cell] == 1 and cell in alone
        if cell.bracketed if in_brackets else not only_result:
            found.setdefault(cell if given else meant[cell], meant[cell])
    return tuple(found.values())
