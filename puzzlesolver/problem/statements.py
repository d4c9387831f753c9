"""Statements: equations, conditions, differences, and families of them; what each holds, and itself with changes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations
from typing import Self

from sympy import Expr, Symbol


class Relation(Enum):
    """The relations that are no equations; ``>`` and ``>=`` are written with their sides exchanged."""

    LESS = "<"
    AT_MOST = "<="
    NOT_EQUAL = "!="


ExpressionMap = Callable[[Expr], Expr]


@dataclass(frozen=True, slots=True)
class Origin:
    """The user's own words behind a thing: the statement's text, and where it begins (from 1; 0: not from a file)."""

    text: str
    line: int = 0
    column: int = 0


NOWHERE = Origin("")
"""Of what no line of the user's says."""


class _Statement:
    """What can be asked of every statement, and done with it."""

    __slots__ = ()

    @abstractmethod
    def expressions(self) -> Iterator[Expr]:
        """Every expression in it, those of what must hold for it to be defined among them."""

    @abstractmethod
    def mapped(self, change: ExpressionMap) -> Self:
        """The same statement, each of its expressions changed."""

    @property
    def symbols(self) -> set[Symbol]:
        """The symbols in it, ``x`` of ``x/x = 1`` too: it says that x is not zero."""
        return set().union(*(expression.free_symbols for expression in self.expressions()))

    def at(self, values: Mapping[Symbol, Expr]) -> Self:
        """The same statement with values put in."""
        rule = dict(values)
        return self.mapped(lambda expression: expression.xreplace(rule))


@dataclass(frozen=True, slots=True)
class Condition(_Statement):
    """``lhs relation rhs``, which a solution must fulfil."""

    lhs: Expr
    relation: Relation
    rhs: Expr
    origin: Origin = NOWHERE
    defined: tuple[Condition, ...] = ()

    def expressions(self) -> Iterator[Expr]:
        yield from (self.lhs, self.rhs, *(side for one in self.defined for side in one.expressions()))

    def mapped(self, change: ExpressionMap) -> Self:
        defined = tuple(one.mapped(change) for one in self.defined)
        return replace(self, lhs=change(self.lhs), rhs=change(self.rhs), defined=defined)


@dataclass(frozen=True, slots=True)
class Equation(_Statement):
    """``lhs = rhs``, under the conditions in `defined` (``x != 0`` of a ``1/x`` that simplification removed, too)."""

    lhs: Expr
    rhs: Expr
    origin: Origin = NOWHERE
    defined: tuple[Condition, ...] = ()

    @property
    def residual(self) -> Expr:
        """Left minus right; zero at a solution."""
        return self.lhs - self.rhs

    def expressions(self) -> Iterator[Expr]:
        yield from (self.lhs, self.rhs, *(side for one in self.defined for side in one.expressions()))

    def mapped(self, change: ExpressionMap) -> Self:
        defined = tuple(one.mapped(change) for one in self.defined)
        return replace(self, lhs=change(self.lhs), rhs=change(self.rhs), defined=defined)


@dataclass(frozen=True, slots=True)
class AllDifferent(_Statement):
    """The members' values are pairwise different."""

    members: tuple[Expr, ...]
    origin: Origin

    def expressions(self) -> Iterator[Expr]:
        yield from self.members

    def mapped(self, change: ExpressionMap) -> Self:
        return replace(self, members=tuple(map(change, self.members)))

    def pairs(self) -> Iterator[Condition]:
        """The same as conditions on two members each."""
        for one, other in combinations(self.members, 2):
            yield Condition(one, Relation.NOT_EQUAL, other, self.origin)


Statement = Equation | Condition | AllDifferent
Restriction = Equation | Condition
"""What may be asked of the symbols that stay, or of a family's parameters."""


@dataclass(frozen=True, slots=True)
class Index:
    """A bound name of a `for`: the whole numbers from `low` to `high`, both included."""

    symbol: Symbol
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Family:
    """One statement for every index: a template over `IndexedBase` elements, never unrolled by itself.

    `where` keeps those index tuples for which every condition (over the index symbols alone) is true.
    """

    template: Equation | Condition
    indices: tuple[Index, ...]
    where: tuple[Condition, ...] = ()
