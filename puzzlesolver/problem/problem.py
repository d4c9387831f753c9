"""The pivot: what a puzzle asks, as mathematics. The language writes it, every engine reads it, nothing changes it.

All expressions are SymPy's and exact: a literal 2.5 is 5/2. An unknown is ``Symbol(name, real=True)``, `real_symbol`;
what else is known of it stands in its `Domain`, never in SymPy's assumptions, so that equal names are equal symbols.

An equation as written is more than its SymPy expression, because SymPy simplifies: ``x/x`` becomes 1 and the writer's
"x is not 0" is lost. Lowering therefore records beside each statement the conditions under which it means anything at
all, in `defined`. *An equation holds at a point when its `defined` conditions hold and both sides are equal.*
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sympy import Expr, Rational, Symbol

from puzzlesolver.problem.statements import AllDifferent, Condition, Equation, ExpressionMap, Family, Origin, Statement
from puzzlesolver.problem.unknowns import Unknown, UnknownArray


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

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The equations, and then the conditions."""
        return (*self.equations, *self.conditions)

    def relations(self) -> Iterator[Condition]:
        """Every plain condition on a solution except the equations and the domains, `defined` ones included."""
        for equation in self.equations:
            yield from equation.defined
        for condition in self.conditions:
            if isinstance(condition, Condition):
                yield from condition.defined
                yield condition

    def demands(self, values: Mapping[Symbol, Expr] | None = None) -> Iterator[Condition]:
        """All that is asked of a solution of the equations, as plain conditions, at `values` where they are given:
        the ends of the domains, the `relations`, the differences. Whole numbers and lists of members are left out."""
        rule = dict(values or {})
        for unknown in self.unknowns:
            yield from unknown.domain.bounds(rule.get(unknown.symbol, unknown.symbol), unknown.origin)
        differences = (
            one for different in self.conditions if isinstance(different, AllDifferent) for one in different.pairs()
        )
        for one in (*self.relations(), *differences):
            yield Condition(one.lhs.xreplace(rule), one.relation, one.rhs.xreplace(rule), one.origin)

    def part(self, statements: Iterable[Statement], unknowns: Iterable[Unknown] | None = None) -> Problem:
        """The problem that some statements are, in some unknowns: without `unknowns`, in those that stand in them.

        No value is asked for, and nothing is laid out.
        """
        chosen = tuple(statements)
        if unknowns is None:
            present = set().union(*(statement.symbols for statement in chosen))
            unknowns = (unknown for unknown in self.unknowns if unknown.symbol in present)
        return replace(
            self,
            unknowns=tuple(unknowns),
            equations=tuple(one for one in chosen if isinstance(one, Equation)),
            conditions=tuple(one for one in chosen if not isinstance(one, Equation)),
            asks=(),
            layout=None,
        )

    def at(self, values: Mapping[Symbol, Expr]) -> Problem:
        """The `part` that is left of the problem when some unknowns have these values; they are unknowns no more."""
        left = (unknown for unknown in self.unknowns if unknown.symbol not in values)
        return self.part((statement.at(values) for statement in self.statements), left)

    def mapped(self, change: ExpressionMap) -> Problem:
        """The same problem, each expression of what is stated, asked, minimized or fitted changed."""
        fit, objective = self.fit, self.objective
        return replace(
            self,
            equations=tuple(equation.mapped(change) for equation in self.equations),
            conditions=tuple(condition.mapped(change) for condition in self.conditions),
            fit=fit and replace(fit, output=change(fit.output), model=change(fit.model)),
            objective=objective and replace(objective, expression=change(objective.expression)),
            asks=tuple(
                replace(
                    ask, expression=change(ask.expression), defined=tuple(one.mapped(change) for one in ask.defined)
                )
                for ask in self.asks
            ),
        )
