"""The pivot: what a puzzle asks, as mathematics. The language writes it, every engine reads it, nothing changes it.

All expressions are SymPy's and exact: a literal 2.5 is 5/2. An unknown is ``Symbol(name, real=True)``, `real_symbol`;
what else is known of it stands in its `Domain`, never in SymPy's assumptions, so that equal names are equal symbols.

An equation as written is more than its SymPy expression, because SymPy simplifies: ``x/x`` becomes 1 and the writer's
"x is not 0" is lost. Lowering therefore records beside each statement the conditions under which it means anything at
all, in `defined`. *An equation holds at a point when its `defined` conditions hold and both sides are equal.*
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sympy import Expr, Indexed, Rational, Symbol, oo

from puzzlesolver.problem.relation import Relation


def real_symbol(name: str) -> Symbol:
    """The symbol of the unknown called `name`, the same one wherever it is made."""
    return Symbol(name, real=True)


@dataclass(frozen=True, slots=True)
class Origin:
    """The user's own words behind a thing: the statement's text, and where it begins (from 1; 0: not from a file)."""

    text: str
    line: int = 0
    column: int = 0


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


REALS = Domain()
INTEGERS = Domain(integer=True)


@dataclass(frozen=True, slots=True)
class Condition:
    """``lhs relation rhs``, which a solution must fulfil."""

    lhs: Expr
    relation: Relation
    rhs: Expr
    origin: Origin
    defined: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AllDifferent:
    """The members' values are pairwise different."""

    members: tuple[Expr, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Equation:
    """``lhs = rhs``, under the conditions in `defined` (``x != 0`` of a ``1/x`` that simplification removed, too)."""

    lhs: Expr
    rhs: Expr
    origin: Origin
    defined: tuple[Condition, ...] = ()

    @property
    def residual(self) -> Expr:
        """Left minus right; zero at a solution."""
        return self.lhs - self.rhs


@dataclass(frozen=True, slots=True)
class Unknown:
    """A real unknown; `guess` is where the writer would begin to look."""

    symbol: Symbol
    domain: Domain = REALS
    guess: Expr | None = None
    origin: Origin = Origin("")

    @property
    def name(self) -> str:
        return str(self.symbol.name)


@dataclass(frozen=True, slots=True)
class Index:
    """A bound name of a `for`: the whole numbers from `low` to `high`, both included."""

    symbol: Symbol
    low: int
    high: int


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
    origin: Origin = Origin("")

    @property
    def size(self) -> int:
        """How many unknowns it stands for."""
        product = 1
        for low, high in self.ranges:
            product *= high - low + 1
        return product


@dataclass(frozen=True, slots=True)
class Family:
    """One statement for every index: a template over `IndexedBase` elements, never unrolled by itself.

    `where` keeps those index tuples for which every condition (over the index symbols alone) is true.
    """

    template: Equation | Condition
    indices: tuple[Index, ...]
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Data:
    """Measured columns of equal length, exact as written in the file."""

    columns: Mapping[str, tuple[Rational, ...]]
    name: str = "data"

    @property
    def rows(self) -> int:
        return len(next(iter(self.columns.values()), ()))


@dataclass(frozen=True, slots=True)
class Fit:
    """``fit output = model``: estimate `parameters` by least squares over the rows of `data`.

    `output` and `model` use the columns' names as symbols. `sigma` names a column of standard deviations, `weights` one
    of weights (1/sigma²); at most one of them is given.
    """

    output: Expr
    model: Expr
    parameters: tuple[Symbol, ...]
    data: Data
    origin: Origin
    sigma: str | None = None
    weights: str | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """``minimize`` or ``maximize`` an expression under the other statements."""

    expression: Expr
    maximize: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Ask:
    """``expression = ?``. A derivative at the values of `let` stays an unevaluated ``Subs(Derivative(...))``."""

    expression: Expr
    origin: Origin
    defined: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How the puzzle looked, for printing the answer in the same shape: rows of aligned pieces.

    A piece is literal text or an expression whose value is printed in its place.
    """

    rows: tuple[tuple[str | Expr, ...], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a puzzle asks. `unknowns` are in the order of their first appearance, which orders the answer too.

    `targets` are the unknowns of ``solve for``; the other names are then symbols that stay. `parameters` tells the
    values of `let`, already put into every expression. `warnings` are the one-line forms of what the reader doubted.
    """

    unknowns: tuple[Unknown, ...] = ()
    equations: tuple[Equation, ...] = ()
    conditions: tuple[Condition | AllDifferent, ...] = ()
    arrays: tuple[UnknownArray, ...] = ()
    families: tuple[Family, ...] = ()
    fit: Fit | None = None
    objective: Objective | None = None
    asks: tuple[Ask, ...] = ()
    targets: tuple[Symbol, ...] | None = None
    parameters: Mapping[str, Expr] = field(default_factory=lambda: MappingProxyType({}))
    layout: Layout | None = None
    warnings: tuple[str, ...] = ()
    name: str = "puzzle"

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The unknowns' symbols, in order."""
        return tuple(unknown.symbol for unknown in self.unknowns)

    @property
    def is_unrolled(self) -> bool:
        """Whether every unknown and every statement stands by itself."""
        return not self.arrays and not self.families

    def relations(self) -> Iterator[Condition]:
        """Every plain condition on a solution except the equations and the domains, `defined` ones included."""
        for equation in self.equations:
            yield from equation.defined
        for condition in self.conditions:
            if isinstance(condition, Condition):
                yield from condition.defined
                yield condition


def element_symbol(element: Indexed) -> Symbol:
    """The unknown that an array element with whole-number indices stands for: ``x[1, 2]``."""
    return real_symbol(f"{element.base.name}[{', '.join(str(index) for index in element.indices)}]")
