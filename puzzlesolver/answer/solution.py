"""What comes out: solutions, the evidence for each, whether they are all, and why the search stopped where it did.

Four separate facts, never mixed: the `Status` of the answer, the `Evidence` of each solution, whether the list is
`complete` (and by which proof), and the reasons for what was left open.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Generic, Self, TypeVar, overload

from sympy import Expr, Symbol

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.arithmetic.interval import Interval
from puzzlesolver.problem import Condition, Equation, Origin, Problem, Restriction
from puzzlesolver.problem.statements import ExpressionMap


class Status(Enum):
    """What kind of answer it is."""

    UNIQUE = "unique"
    FINITE = "finite"
    INFINITE = "infinite"
    NONE = "none"
    BEST_FIT = "best fit"
    ANSWERED = "answered"
    UNDECIDED = "undecided"


class Evidence(Enum):
    """Why to believe a solution: put back exactly; a box proved to hold exactly one; or only a small residual.

    From the strongest to the weakest.
    """

    EXACT = "exact"
    CERTIFIED = "certified"
    NUMERIC = "numeric"


@dataclass(frozen=True, slots=True)
class Value:
    """One unknown's value: a closed form, a certified interval, a floating-point approximation, or several of these.

    `exact` may contain a family's free symbols; `approximation` is then that of a sample point. `refine`, where there
    is one, gives an interval of at least so many correct significant digits.
    """

    exact: Expr | None
    approximation: float
    interval: Interval | None = None
    refine: Callable[[int], Interval] | None = field(default=None, compare=False, repr=False)
    sample: Expr | None = None

    def decimal(self, digits: int = 10) -> str:
        """The value (of the sample point, in a family) with `digits` correct significant digits.

        A merely numeric value shows no more than the 15 digits a float64 holds.
        """
        from puzzlesolver.arithmetic.decimals import decimal_of_exact, decimal_of_float, decimal_of_interval

        closed = self.sample if self.sample is not None else self.exact
        if closed is not None and not closed.free_symbols:
            return decimal_of_exact(closed, digits)
        if self.interval is not None:
            interval = self.refine(digits) if self.refine is not None else self.interval
            return decimal_of_interval(interval, digits)
        return decimal_of_float(self.approximation, digits)


Name = TypeVar("Name")
Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Component(Generic[Name, Known]):
    """One solution, or one component of infinitely many: the values of the unknowns, in parameters where it is many.

    `free` parameters are real, `integer_parameters` whole numbers. The points are solutions where the parameters fulfil
    the `conditions`.
    """

    values: Mapping[Name, Known]
    evidence: Evidence
    multiplicity: int | None = None
    free: tuple[Symbol, ...] = ()
    integer_parameters: tuple[Symbol, ...] = ()
    conditions: tuple[Restriction, ...] = ()

    @property
    def parameters(self) -> tuple[Symbol, ...]:
        return (*self.free, *self.integer_parameters)

    @property
    def dimension(self) -> int:
        """How many real parameters are free."""
        return len(self.free)

    def mapped(self, change: ExpressionMap) -> Self:
        """The same component, each expression in its values changed."""
        raise NotImplementedError

    def renamed(self, names: Mapping[Symbol, Symbol]) -> Self:
        """The same component, parameters called by other names."""
        rule = dict(names)
        return replace(
            self.mapped(lambda expression: expression.xreplace(rule)),
            free=tuple(names.get(symbol, symbol) for symbol in self.free),
            integer_parameters=tuple(names.get(symbol, symbol) for symbol in self.integer_parameters),
            conditions=tuple(condition.at(names) for condition in self.conditions),
        )

    def beside(self, other: Self) -> Self:
        """Both at once: a component of one part and of another, independent one, as a component of both together."""
        counts = [one.multiplicity for one in (self, other) if one.multiplicity is not None]
        return replace(
            self,
            values={**self.values, **other.values},
            evidence=max(self.evidence, other.evidence, key=list(Evidence).index),
            multiplicity=math.prod(counts) if len(counts) == 2 else None,
            free=(*self.free, *other.free),
            integer_parameters=(*self.integer_parameters, *other.integer_parameters),
            conditions=(*self.conditions, *other.conditions),
        )


@dataclass(frozen=True, slots=True)
class Solution(Component[str, Value]):
    """A component with the names of the unknowns."""

    def __getitem__(self, name: str) -> Value:
        return self.values[name]

    def mapped(self, change: ExpressionMap) -> Self:
        values = {
            name: value if value.exact is None else replace(value, exact=change(value.exact))
            for name, value in self.values.items()
        }
        return replace(self, values=values)


class Claim(Enum):
    """What may be so for some values of the symbols of a ``solve for``."""

    NOTHING = "no solution"
    EVERYTHING = "every value is a solution"
    NOT_WRITTEN_OUT = "the roots are not written out"
    NONE_OR_MANY = "none or infinitely many solutions"


@dataclass(frozen=True, slots=True)
class SymbolCase:
    """What is so where the symbols of a ``solve for`` fulfil the `conditions` (none: always).

    A claim of one factor's roots alone has its `equation`; EVERYTHING has the `target` whose values are meant, and is
    claimed `where` some conditions on it hold.
    """

    conditions: tuple[Restriction, ...]
    claim: Claim
    equation: Equation | None = None
    target: Symbol | None = None
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a ``… = ?`` came to; `tape` is TensorFlow's own figure for it where it computed one."""

    ask: str
    value: Value
    tape: float | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """The user's own lines that cannot hold together, and the point that misses them by least squares."""

    lines: tuple[Origin, ...]
    compromise: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class FitStatistics:
    """How well a fit fits. Standard errors and 95 % confidence intervals are by parameter, None where undefined."""

    standard_errors: Mapping[str, float | None]
    intervals: Mapping[str, tuple[float, float] | None]
    residual_sum_of_squares: float
    degrees_of_freedom: int
    residual_standard_deviation: float | None
    r_squared: float | None


@dataclass(frozen=True, slots=True)
class Engines:
    """What each engine did: the numeric one's starts, loss and candidates; the exact one's method; the comparison.

    `nadam` is the best point that Nadam had reached by itself, before the second-order polish; `found` is how many
    points the numeric search took for solutions.
    `agree` is None where there was nothing to compare. `ledger` is the comparison line by line, for ``--verbose``.
    """

    optimizer: str | None = None
    starts: int = 0
    loss: float | None = None
    candidates: tuple[Mapping[str, float], ...] = ()
    nadam: Mapping[str, float] | None = None
    found: int = 0
    method: str | None = None
    agree: bool | None = None
    ledger: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SolutionSet(Sequence[Solution]):
    """The whole answer to a `Problem`; a sequence of its solutions, sorted by their values in the unknowns' order.

    `conditions` tell what is so for which values of the symbols of a ``solve for``. `best` is the least or greatest
    value that ``minimize`` or ``maximize`` ask for.
    """

    problem: Problem
    status: Status
    solutions: tuple[Solution, ...] = ()
    complete: bool = False
    proof: str | None = None
    answers: tuple[Answer, ...] = ()
    conditions: tuple[SymbolCase, ...] = ()
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[str, ...] = ()
    conflict: Conflict | None = None
    redundant: tuple[Origin, ...] = ()
    undecided_boxes: tuple[Mapping[str, Interval], ...] = ()
    candidates: tuple[Solution, ...] = ()
    fit: FitStatistics | None = None
    best: Answer | None = None
    engines: Engines = Engines()
    seconds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    digits: int = 10
    seed: int = 0

    @overload
    def __getitem__(self, index: int) -> Solution: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Solution, ...]: ...
    def __getitem__(self, index: int | slice) -> Solution | tuple[Solution, ...]:
        return self.solutions[index]

    def __len__(self) -> int:
        return len(self.solutions)

    def __iter__(self) -> Iterator[Solution]:
        return iter(self.solutions)

    def is_open_for(self, why: Why) -> bool:
        """Whether this is among the reasons for what was left open."""
        return any(reason.why is why for reason in self.reasons)

    @property
    def dimension(self) -> int:
        """The largest dimension of a component: 0 for isolated solutions."""
        return max((solution.dimension for solution in self.solutions), default=0)
