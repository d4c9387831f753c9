"""Linear equations as a person takes them: whole multiples of unknowns, and several of them combined.

In: equations. Out: `WholeTerms`, by elimination those combinations that speak of one or two unknowns only, and the
columns of a sum of words, as one adds on paper: from the right, with what is carried to the next column.
Source: Gauss–Jordan elimination.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sympy import Add, Expr, Integer, Poly, Rational, Symbol

from puzzlesolver.deduction.arithmetic import Number
from puzzlesolver.deduction.steps import Domains
from puzzlesolver.problem import Equation, real_symbol

WholeTerms = dict[Symbol | None, int]
"""What every unknown, and the number without one (None), is multiplied by."""

FEW = 2  # Unknowns of a combination that is worth a step.
MOST_EQUATIONS, MOST_UNKNOWNS = 40, 60  # More are not combined.


@dataclass(frozen=True, slots=True)
class Combination:
    """Whole multiples that add up to zero, and the numbers of the equations that they come from."""

    terms: WholeTerms
    parts: tuple[int, ...]


def terms_of(expression: Expr) -> Mapping[Symbol | None, Fraction] | None:
    """An expression as multiples of its unknowns, None where it is not linear over the fractions."""
    symbols = sorted(expression.free_symbols, key=str)
    if not symbols:
        return {None: _fraction(expression)} if isinstance(expression, Rational) else None
    if not expression.is_polynomial(*symbols):
        return None
    polynomial = Poly(expression, *symbols)
    if polynomial.total_degree() > 1 or not all(isinstance(a, Rational) for a in polynomial.coeffs()):
        return None
    terms: dict[Symbol | None, Fraction] = {}
    for powers, coefficient in polynomial.terms():
        symbol = next((one for one, power in zip(symbols, powers, strict=True) if power), None)
        terms[symbol] = _fraction(coefficient)
    return {symbol: a for symbol, a in terms.items() if a}


def combinations_of(rows: Sequence[Mapping[Symbol | None, Fraction]], order: Sequence[Symbol]) -> list[Combination]:
    """The combinations of equations (each a row that is zero) that hold of one or two unknowns."""
    found: dict[tuple[tuple[str, int], ...], Combination] = {}
    used = [symbol for symbol in order if any(symbol in row for row in rows)]
    if not 1 < len(rows) <= MOST_EQUATIONS or len(used) > MOST_UNKNOWNS:
        return []
    for columns in (used, used[::-1]):
        for values, multipliers in _eliminated(rows, columns):
            parts = tuple(number for number, times in enumerate(multipliers) if times)
            if len(parts) > 1 and 0 < sum(1 for symbol in values if symbol is not None) <= FEW:
                terms = _whole(values)
                key = tuple((str(symbol), a) for symbol, a in sorted(terms.items(), key=lambda item: str(item[0])))
                found.setdefault(key, Combination(terms, parts))
    return list(found.values())


def _eliminated(
    rows: Sequence[Mapping[Symbol | None, Fraction]], columns: Sequence[Symbol]
) -> list[tuple[dict[Symbol | None, Fraction], list[Fraction]]]:
    """The reduced rows, each with its multiples of the given ones."""
    table = [(dict(row), [Fraction(number == other) for other in range(len(rows))]) for number, row in enumerate(rows)]
    done = 0
    for column in columns:
        pivot = next((k for k in range(done, len(table)) if table[k][0].get(column)), None)
        if pivot is None:
            continue
        table[done], table[pivot] = table[pivot], table[done]
        for k, (values, multipliers) in enumerate(table):
            if k != done and values.get(column):
                table[k] = _less(values, multipliers, *table[done], values[column] / table[done][0][column])
        done += 1
    return table


def _less(
    values: dict[Symbol | None, Fraction], multipliers: list[Fraction],
    other: Mapping[Symbol | None, Fraction], others: list[Fraction], times: Fraction,
) -> tuple[dict[Symbol | None, Fraction], list[Fraction]]:  # fmt: skip
    result = {symbol: values.get(symbol, 0) - times * other.get(symbol, 0) for symbol in {**values, **other}}
    kept = {symbol: Fraction(a) for symbol, a in result.items() if a}
    return kept, [a - times * b for a, b in zip(multipliers, others, strict=True)]


def _whole(values: Mapping[Symbol | None, Fraction]) -> WholeTerms:
    """The same without fractions and common factors."""
    common = math.lcm(*(a.denominator for a in values.values()))
    whole = {symbol: int(a * common) for symbol, a in values.items()}
    factor = math.gcd(*whole.values())
    return {symbol: a // factor for symbol, a in whole.items()}


def positive(own: Mapping[Symbol | None, int], other: Mapping[Symbol | None, int]) -> WholeTerms:
    """What stands on one side when everything that is taken away is added on the other."""
    kept = {symbol: a for symbol, a in own.items() if a > 0}
    for symbol, a in other.items():
        if a < 0:
            kept[symbol] = kept.get(symbol, 0) - a
    return kept


def expression(terms: Mapping[Symbol | None, int]) -> Expr:
    """The terms as a sum."""
    return Add(*(Integer(a) if symbol is None else a * symbol for symbol, a in terms.items()))


def written(terms: Mapping[Symbol | None, int], order: Sequence[Symbol]) -> str:
    """The terms as one says them: unknowns in their order, others behind them, the number last."""
    places = {symbol: place for place, symbol in enumerate(order)}
    symbols = sorted((s for s in terms if s is not None), key=lambda s: places.get(s, len(places)))
    parts = [f"{'' if terms[s] == 1 else f'{terms[s]} '}{s.name}" for s in symbols]
    parts += [str(terms[None])] if None in terms else []
    return " + ".join(parts) or "0"


def _fraction(value: Rational) -> Fraction:
    return Fraction(int(value.p), int(value.q))


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
    """The columns of an equation, None where it is no sum of words. The carries have none of the names `taken`.

    The numbers of both sides are taken apart at the base; that is right for any whole coefficients, so no word has to
    be known. Source: the schoolbook method.
    """
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
