"""A `Problem` with every indexed statement written out: plain unknowns, plain equations, plain conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sympy import Expr, Indexed, Integer, Rational, Symbol, oo

from puzzlesolver.problem import (
    AllDifferent,
    Ask,
    Condition,
    Equation,
    Family,
    Problem,
    Relation,
    Unknown,
    element_symbol,
    real_symbol,
)
from puzzlesolver.verification.budget import Budget

Item = Equation | Condition | AllDifferent
MOST_STATEMENTS = 20_000


class TooMany(Exception):
    """The indexed statements are too many to be written out."""


@dataclass(frozen=True, slots=True)
class Statements:
    """What must hold. `conditions` are all plain ones, `defined` and the bounds of the domains not among them."""

    unknowns: tuple[Unknown, ...]
    equations: tuple[Equation, ...]
    conditions: tuple[Condition, ...]
    different: tuple[AllDifferent, ...]
    asks: tuple[Ask, ...] = ()

    @classmethod
    def of(cls, unknowns: tuple[Unknown, ...], items: Sequence[Item]) -> Statements:
        """Those among `items`, by their kind."""
        return cls(
            unknowns,
            tuple(item for item in items if isinstance(item, Equation)),
            tuple(item for item in items if isinstance(item, Condition)),
            tuple(item for item in items if isinstance(item, AllDifferent)),
        )

    @property
    def items(self) -> tuple[Item, ...]:
        return (*self.equations, *self.conditions, *self.different)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        return tuple(unknown.symbol for unknown in self.unknowns)

    def relations(self) -> Iterator[Condition]:
        """Every condition but those of the domains: defined ones, inequalities, and differences in pairs."""
        for equation in self.equations:
            yield from equation.defined
        for condition in self.conditions:
            yield from condition.defined
            yield condition
        for different in self.different:
            for number, one in enumerate(different.members):
                for other in different.members[:number]:
                    yield Condition(other, Relation.NOT_EQUAL, one, different.origin)

    def bounds(self) -> Iterator[Condition]:
        """The ends of the domains as conditions."""
        for unknown in self.unknowns:
            domain = unknown.domain
            if domain.low != -oo:
                relation = Relation.LESS if domain.low_open else Relation.AT_MOST
                yield Condition(domain.low, relation, unknown.symbol, unknown.origin)
            if domain.high != oo:
                relation = Relation.LESS if domain.high_open else Relation.AT_MOST
                yield Condition(unknown.symbol, relation, domain.high, unknown.origin)


def written_out(problem: Problem, budget: Budget) -> Statements:
    """Every statement of `problem` by itself. Raises `TooMany`."""
    if sum(array.size for array in problem.arrays) > MOST_STATEMENTS:
        raise TooMany
    unknowns = list(problem.unknowns)
    known = {unknown.name for unknown in unknowns}
    for array in problem.arrays:
        for index in product(*(range(low, high + 1) for low, high in array.ranges)):
            symbol = real_symbol(f"{array.name}[{', '.join(map(str, index))}]")
            if symbol.name not in known:
                unknowns.append(Unknown(symbol, array.domain, None, array.origin))
    equations = [_equation(equation, {}) for equation in problem.equations]
    conditions: list[Condition] = []
    different: list[AllDifferent] = []
    for item in problem.conditions:
        if isinstance(item, AllDifferent):
            different.append(AllDifferent(tuple(_placed(member, {}) for member in item.members), item.origin))
        else:
            conditions.append(_condition(item, {}))
    for family in problem.families:
        for at in _tuples(family):
            budget.check()
            if isinstance(family.template, Equation):
                equations.append(_equation(family.template, at))
            else:
                conditions.append(_condition(family.template, at))
            if len(equations) + len(conditions) > MOST_STATEMENTS:
                raise TooMany
    asks = tuple(
        Ask(_placed(ask.expression, {}), ask.origin, tuple(_condition(item, {}) for item in ask.defined))
        for ask in problem.asks
    )
    return Statements(tuple(unknowns), tuple(equations), tuple(conditions), tuple(different), asks)


def _tuples(family: Family) -> Iterator[Mapping[Symbol, Integer]]:
    symbols = [index.symbol for index in family.indices]
    for values in product(*(range(index.low, index.high + 1) for index in family.indices)):
        at = {symbol: Integer(value) for symbol, value in zip(symbols, values, strict=True)}
        if all(_true(condition, at) for condition in family.where):
            yield at


def _true(condition: Condition, at: Mapping[Symbol, Expr]) -> bool:
    """Whether a condition between known rational numbers holds."""
    difference = condition.rhs.xreplace(at) - condition.lhs.xreplace(at)
    if not isinstance(difference, Rational):
        raise TooMany
    return fulfils(difference, condition.relation)


def fulfils(difference: Any, relation: Relation) -> bool:
    """Whether ``0 relation difference`` holds for a number, or one of the same sign."""
    match relation:
        case Relation.LESS:
            return bool(difference > 0)
        case Relation.AT_MOST:
            return bool(difference >= 0)
        case _:
            return bool(difference != 0)


def _placed(expression: Expr, at: Mapping[Symbol, Expr]) -> Expr:
    placed = expression.xreplace(at) if at else expression
    elements = placed.atoms(Indexed)
    return placed.xreplace({element: element_symbol(element) for element in elements}) if elements else placed


def _equation(item: Equation, at: Mapping[Symbol, Expr]) -> Equation:
    defined = tuple(_condition(condition, at) for condition in item.defined)
    return Equation(_placed(item.lhs, at), _placed(item.rhs, at), item.origin, defined)


def _condition(item: Condition, at: Mapping[Symbol, Expr]) -> Condition:
    defined = tuple(_condition(condition, at) for condition in item.defined)
    return Condition(_placed(item.lhs, at), item.relation, _placed(item.rhs, at), item.origin, defined)
