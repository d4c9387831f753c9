"""Sums of words column by column, as one adds on paper: from the right, with what is carried to the next column.

In: a linear equation between unknown digits. Out: an equation for every column, and the values that each carry can
have. The numbers of both sides are taken apart at the base; that is right for any whole coefficients, so no word has
to be known. Source: the schoolbook method.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sympy import Symbol

from puzzlesolver.deduction.arithmetic import Number
from puzzlesolver.deduction.linear import WholeTerms, expression, positive, terms_of, written
from puzzlesolver.deduction.steps import Domains
from puzzlesolver.problem import Equation, real_symbol

LARGEST_BASE = 100
NAMES = ("units", "tens", "hundreds", "thousands", "ten-thousands", "hundred-thousands", "millions")
LETTERS = "cdfghklmnpqrstuvwz"


@dataclass(frozen=True, slots=True)
class Column:
    """``left + carried in = right + base·carried out``."""

    name: str
    text: str
    equation: Equation


@dataclass(frozen=True, slots=True)
class EquationColumns:
    """All the columns of an equation, from the right, and the values of the carries between them."""

    columns: tuple[Column, ...]
    carries: Mapping[Symbol, tuple[Number, ...]]


def base_of(domains: Domains) -> int | None:
    """The base in which the unknowns are digits: one more than the greatest; None where they are no digits."""
    if not domains or not all(domains.values()):
        return None
    ends = [value for values in domains.values() for value in (values[0], values[-1])]
    if min(ends) < 0 or not 1 <= max(ends) < LARGEST_BASE or any(value != int(value) for value in ends):
        return None
    return int(max(ends)) + 1


def columns_of(equation: Equation, domains: Domains, base: int, taken: Collection[str]) -> EquationColumns | None:
    """The columns of an equation, None where it is no sum of words. The carries have none of the names `taken`."""
    one, other = _whole_terms(equation, 0), _whole_terms(equation, 1)
    letter = next((one for one in LETTERS if not any(name.startswith(one) for name in taken)), None)
    if one is None or other is None or letter is None:
        return None
    left, right = positive(one, other), positive(other, one)
    if max([a for symbol, a in (*left.items(), *right.items()) if symbol is not None], default=0) < base:
        return None
    columns: list[Column] = []
    carries: dict[Symbol, tuple[Number, ...]] = {}
    carried: WholeTerms = {}
    while left or right:
        place = len(columns)
        above = {symbol: a % base for symbol, a in left.items() if a % base} | carried
        below = {symbol: a % base for symbol, a in right.items() if a % base}
        left = {symbol: a // base for symbol, a in left.items() if a // base}
        right = {symbol: a // base for symbol, a in right.items() if a // base}
        if left or right:
            out = real_symbol(f"{letter}{place + 1}")
            carries[out] = _carried(above, below, {**domains, **carries}, base)
            below |= {out: base}
            carried = {out: 1}
        text = f"{written(above, tuple(domains))} = {written(below, tuple(domains))}"
        stated = Equation(expression(above), expression(below), equation.origin)
        columns.append(Column(f"{_name(place)} column", text, stated))
    return EquationColumns(tuple(columns), carries)


def _whole_terms(equation: Equation, side: int) -> WholeTerms | None:
    terms = terms_of((equation.lhs, equation.rhs)[side])
    if terms is None or any(a.denominator > 1 for a in terms.values()):
        return None
    return {symbol: int(a) for symbol, a in terms.items()}


def _carried(above: WholeTerms, below: WholeTerms, domains: Domains, base: int) -> tuple[Number, ...]:
    """The values that the column leaves to what is carried out of it."""
    (low, high), (least, greatest) = _range(above, domains), _range(below, domains)
    return tuple(range(-((greatest - low) // base), (high - least) // base + 1))


def _range(terms: WholeTerms, domains: Domains) -> tuple[int, int]:
    low = high = terms.get(None, 0)
    for symbol, a in terms.items():
        if symbol is not None:
            low += a * int(domains[symbol][0])
            high += a * int(domains[symbol][-1])
    return low, high


def _name(place: int) -> str:
    return NAMES[place] if place < len(NAMES) else f"{place + 1}th"
