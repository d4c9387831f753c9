"""Unknowns, and where they may live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr, Indexed, Symbol, oo

from puzzlesolver.problem.statements import NOWHERE, Condition, Origin, Relation


def real_symbol(name: str) -> Symbol:
    """The symbol of the unknown called `name`, the same one wherever it is made."""
    return Symbol(name, real=True)


def element_symbol(element: Indexed) -> Symbol:
    """The unknown that an array element with whole-number indices stands for: ``x[1, 2]``."""
    return real_symbol(f"{element.base.name}[{', '.join(str(index) for index in element.indices)}]")


@dataclass(frozen=True, slots=True)
class Domain:
    """Where an unknown may live: a part of the real line.

    `members`, where given, lists every admissible value (sorted, exact, real) and the other fields agree with it.
    Bounds are exact SymPy numbers (``2*pi`` may be one) or ±oo; an infinite end is always open.
    """

    integer: bool = False
    low: Expr = -oo
    high: Expr = oo
    low_open: bool = True
    high_open: bool = True
    members: tuple[Expr, ...] | None = None

    @property
    def is_real_line(self) -> bool:
        """Whether nothing at all is asked."""
        return self == REALS

    def bounds(self, value: Expr, origin: Origin = NOWHERE) -> Iterator[Condition]:
        """That a value lies between the ends. Nothing is said of whole numbers and lists of members."""
        if self.low != -oo:
            yield Condition(self.low, Relation.LESS if self.low_open else Relation.AT_MOST, value, origin)
        if self.high != oo:
            yield Condition(value, Relation.LESS if self.high_open else Relation.AT_MOST, self.high, origin)


REALS = Domain()
INTEGERS = Domain(integer=True)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A real unknown; `guess` is where the writer would begin to look."""

    symbol: Symbol
    domain: Domain = REALS
    guess: Expr | None = None
    origin: Origin = NOWHERE

    @property
    def name(self) -> str:
        return str(self.symbol.name)


@dataclass(frozen=True, slots=True)
class UnknownArray:
    """An indexed unknown, ``x[1..9, 1..9]``: one `Unknown` for every index in the product of `ranges`.

    Elements stand in expressions as SymPy's ``IndexedBase(name, real=True)[i, j]`` until `unroll.unroll` makes them
    the symbols ``x[1, 1]`` and so on. `guess` may contain the symbols of `guess_indices`.
    """

    name: str
    ranges: tuple[tuple[int, int], ...]
    domain: Domain = REALS
    guess: Expr | None = None
    guess_indices: tuple[Symbol, ...] = ()
    origin: Origin = NOWHERE

    @property
    def size(self) -> int:
        """How many unknowns it stands for."""
        product = 1
        for low, high in self.ranges:
            product *= high - low + 1
        return product
