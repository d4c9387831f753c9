"""Conditions in the words of the language, and names that are still free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Add, Expr, Integer, Symbol, oo

from puzzlesolver.arithmetic.polyhedron import HalfSpace
from puzzlesolver.problem import Condition, Relation
from puzzlesolver.problem.notation import notation

PARAMETER_NAMES = ("k", "m", "n", "j", "l")
"""What whole-number parameters are called, as long as the names are free."""


def condition_words(condition: Condition) -> str:
    """``lhs relation rhs``."""
    return f"{notation(condition.lhs)} {condition.relation.value} {notation(condition.rhs)}"


def fresh_integers(taken: Iterable[Symbol]) -> Iterator[Symbol]:
    """Whole-number symbols whose names no other symbol bears."""
    names = {str(symbol.name) for symbol in taken}
    yield from (Symbol(name, integer=True) for name in PARAMETER_NAMES if name not in names)
    number = 1
    while True:
        if f"k{number}" not in names:
            yield Symbol(f"k{number}", integer=True)
        number += 1


def half_space_condition(row: HalfSpace, symbols: tuple[Symbol, ...]) -> Condition:
    """A linear inequality with positive coefficients on both sides, a single symbol standing alone."""
    relation = Relation.LESS if row.strict else Relation.AT_MOST
    involved = [a for a in row.normal if a]
    if len(involved) == 1:
        a, symbol = involved[0], next(s for s, a in zip(symbols, row.normal, strict=True) if a)
        end = Integer(row.bound) / Integer(a)
        return Condition(symbol, relation, end) if a > 0 else Condition(end, relation, symbol)
    left = Add(*(a * symbol for a, symbol in zip(row.normal, symbols, strict=True) if a > 0))
    right = Add(*(-a * symbol for a, symbol in zip(row.normal, symbols, strict=True) if a < 0))
    bound = Integer(row.bound)
    left, right = (left - bound, right) if bound < 0 else (left, right + bound)
    return Condition(left, relation, right)


def range_words(symbol: Symbol, low: Expr, high: Expr, low_open: bool, high_open: bool) -> str:
    """``0 <= x < 5``; an infinite end is left out."""
    text = notation(symbol)
    if low != -oo:
        text = f"{notation(low)} {'<' if low_open else '<='} {text}"
    if high != oo:
        text = f"{text} {'<' if high_open else '<='} {notation(high)}"
    return text
