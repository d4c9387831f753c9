"""Expressions as a list of elementary steps, to be run over boxes forward, and backward to make the boxes smaller.

A `Tape` is compiled once from SymPy expressions. `forward` encloses every step's values over a box; `gradients` the
slopes of the outputs; `exact` works at rational numbers; `contract` cuts from a box what cannot give the outputs the
values wanted (the HC4 revision of F. Benhamou, F. Goualard, L. Granvilliers and J.-F. Puget, *Revising hull and box
consistency*, ICLP 1999).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType
from typing import Any, NamedTuple

from flint import arb, ctx, fmpq
from sympy import (
    Add,
    Expr,
    Max,
    Mul,
    Pow,
    Rational,
    S,
    Symbol,
    asin,
    cos,
    exp,
    floor,
    gamma,
    log,
    pi,
    sin,
    sqrt,
)
from sympy import E as EULER

from puzzlesolver.verification.intervals import ONE, Interval, NoValue, Number, Outside
from puzzlesolver.verification.operations import OPERATIONS, NotRational
from puzzlesolver.verification.real_root import RealRoot
from puzzlesolver.verification.shapes import odd_roots

Box = Sequence[Interval]
Gradient = dict[int, Interval]
LARGEST_POWER = 100_000

MADE_OF: Mapping[str, Callable[..., Expr]] = {
    "tan": lambda x: sin(x) / cos(x),
    "cot": lambda x: cos(x) / sin(x),
    "sec": lambda x: 1 / cos(x),
    "csc": lambda x: 1 / sin(x),
    "acos": lambda x: pi / 2 - asin(x),
    "sinh": lambda x: (exp(x) - exp(-x)) / 2,
    "cosh": lambda x: (exp(x) + exp(-x)) / 2,
    "tanh": lambda x: 1 - 2 / (exp(2 * x) + 1),
    "asinh": lambda x: log(x + sqrt(x**2 + 1)),
    "acosh": lambda x: log(x + sqrt(x**2 - 1)),
    "atanh": lambda x: log((1 + x) / (1 - x)) / 2,
    "Min": lambda *each: -Max(*(-one for one in each)),
    "Mod": lambda x, y: x - y * floor(x / y),
    "factorial": lambda x: gamma(x + 1),
}
"""Functions that are worked out by others."""


class NotOnTape(NoValue):
    """An expression holds something that no step works out."""


class Step(NamedTuple):
    """One operation on earlier steps; `data` is what it needs besides. Leaves: symbol, number, constant, root."""

    operation: str
    arguments: tuple[int, ...] = ()
    data: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A forward run: every step's values, and whether all of them are defined and continuous all over the box."""

    values: tuple[Interval, ...]
    outputs: tuple[Interval, ...]
    whole: bool


class Tape:
    """`expressions` over the unknowns `symbols`, compiled. Raises `NotOnTape`."""

    def __init__(self, expressions: Iterable[Expr], symbols: Sequence[Symbol]) -> None:
        self._place = {symbol: number for number, symbol in enumerate(symbols)}
        self.steps: list[Step] = []
        self._known: dict[Step, int] = {}
        self._compiled: dict[Expr, int] = {}
        self._leaves: dict[tuple[int, int], Interval] = {}
        self.outputs = tuple(self._compile(expression) for expression in expressions)

    # --- compiling ----------------------------------------------------------------------------------------------------

    def _step(self, operation: str, *arguments: int, data: Any = None) -> int:
        step = Step(operation, arguments, () if data is None else (data,))
        if step not in self._known:
            self._known[step] = len(self.steps)
            self.steps.append(step)
        return self._known[step]

    def _compile(self, expression: Expr) -> int:
        found = self._compiled.get(expression)
        if found is None:
            found = self._compiled[expression] = self._built(expression)
        return found

    def _built(self, e: Expr) -> int:
        if isinstance(e, Symbol):
            if e not in self._place:
                raise NotOnTape(f"the name {e} has no value")
            return self._step("symbol", data=self._place[e])
        if isinstance(e, Rational):
            return self._step("number", data=fmpq(int(e.p), int(e.q)))
        if isinstance(e, RealRoot):
            return self._step("algebraic", data=e)
        if e in (pi, EULER):
            return self._step("constant", data=str(e))
        if isinstance(e, Add):
            return self._chained("add", [self._compile(argument) for argument in e.args])
        if isinstance(e, Mul):
            return self._product(e)
        if isinstance(e, Pow):
            return self._power(e.base, e.exp)
        return self._function(type(e).__name__, e.args)

    def _chained(self, operation: str, places: Sequence[int]) -> int:
        return reduce(lambda total, place: self._step(operation, total, place), places)

    def _product(self, e: Expr) -> int:
        roots, factors = odd_roots(e)
        places = [self._powered(self._step("odd root", self._compile(b), data=q), p) for b, p, q in roots]
        return self._chained("multiply", [*places, *map(self._compile, factors)])

    def _power(self, base: Expr, exponent: Expr) -> int:
        if isinstance(exponent, Rational):
            p, q = int(exponent.p), int(exponent.q)
            if abs(p) > LARGEST_POWER or q > LARGEST_POWER:
                raise NotOnTape("an exponent is too large")
            place = self._compile(base)
            return self._powered(self._step("root", place, data=q) if q > 1 else place, p)
        if base == EULER:
            return self._step("exp", self._compile(exponent))
        return self._step("pow", self._compile(base), self._compile(exponent))

    def _powered(self, place: int, n: int) -> int:
        return place if n == 1 else self._step("power", place, data=n)

    def _function(self, name: str, arguments: Sequence[Expr]) -> int:
        made_of = MADE_OF.get(name)
        if made_of is not None:
            return self._compile(made_of(*arguments))
        places = [self._compile(argument) for argument in arguments]
        if name == "Max":
            return self._chained("max", places)
        if name == "LambertW" and arguments[1:] in ((), (S.Zero,), (S.NegativeOne,)):
            return self._step("lambert", places[0], data=int(Add(*arguments[1:])))
        if name.lower() not in OPERATIONS:
            raise NotOnTape(f"{name} is not worked out here")
        return self._step(name.lower(), *places)

    # --- running ------------------------------------------------------------------------------------------------------

    def forward(self, box: Box, precision: int) -> Run:
        """Enclose all steps over a box. Raises `Outside` where some step is defined nowhere on it."""
        values: list[Interval] = []
        whole = True
        with ctx.workprec(precision):
            for number, step in enumerate(self.steps):
                operation = OPERATIONS.get(step.operation)
                if operation is None:
                    values.append(box[step.data[0]] if step.operation == "symbol" else self._leaf(number, precision))
                    continue
                arguments = [*(values[place] for place in step.arguments), *step.data]
                values.append(operation.forward(*arguments))
                whole = whole and operation.whole(*arguments)
        return Run(tuple(values), tuple(values[place] for place in self.outputs), whole)

    def output(self, box: Box, precision: int) -> Interval:
        """The first output over a box."""
        return self.forward(box, precision).outputs[0]

    def exact(self, point: Sequence[Number]) -> fmpq:
        """The first output at rational numbers. Raises `NotRational`, and `ZeroDivisionError` where it has no value."""
        values: list[fmpq] = []
        for operation, places, data in self.steps:
            if operation == "symbol":
                number = point[data[0]]
                values.append(fmpq(number.numerator, number.denominator))
            elif operation == "number":
                values.append(data[0])
            elif operation in OPERATIONS:
                values.append(OPERATIONS[operation].exact(*[values[place] for place in places], *data))
            else:
                raise NotRational
        return values[self.outputs[0]]

    def _leaf(self, number: int, precision: int) -> Interval:
        key = number, precision
        if key not in self._leaves:
            step = self.steps[number]
            match step.operation:
                case "number":
                    self._leaves[key] = Interval.around(arb(step.data[0]))
                case "constant":
                    self._leaves[key] = Interval.around(arb.pi() if step.data[0] == "pi" else arb.const_e())
                case _:
                    self._leaves[key] = Interval.around(step.data[0].ball(precision + 10))
        return self._leaves[key]

    def gradients(self, run: Run, precision: int) -> list[Gradient]:
        """For each output its slopes by the unknowns it depends on. Raises `Discontinuous`."""
        slopes: list[Gradient] = []
        with ctx.workprec(precision):
            for number, step in enumerate(self.steps):
                total: Gradient = {step.data[0]: ONE} if step.operation == "symbol" else {}
                if any(slopes[place] for place in step.arguments):
                    arguments = [run.values[place] for place in step.arguments]
                    own = OPERATIONS[step.operation].slopes(run.values[number], *arguments, *step.data)
                    for place, factor in zip(step.arguments, own, strict=True):
                        for unknown, slope in slopes[place].items():
                            term = factor * slope
                            total[unknown] = total[unknown] + term if unknown in total else term
                slopes.append(total)
        return [slopes[place] for place in self.outputs]

    def contract(self, box: Box, wanted: Sequence[Interval], precision: int) -> list[Interval] | None:
        """What is left of a box where every output lies in the interval wanted of it; None where nothing is."""
        try:
            values = list(self.forward(box, precision).values)
            with ctx.workprec(precision):
                for place, target in zip(self.outputs, wanted, strict=True):
                    values[place] = values[place] & target
                for number, step in reversed(list(enumerate(self.steps))):
                    operation = OPERATIONS.get(step.operation)
                    if operation is not None and operation.backward is not None:
                        arguments = [values[place] for place in step.arguments]
                        found = operation.backward(values[number], *arguments, *step.data)
                        for place, argument in zip(step.arguments, found, strict=True):
                            values[place] = values[place] & argument
        except Outside:
            return None
        smaller = list(box)
        for number, step in enumerate(self.steps):
            if step.operation == "symbol":
                smaller[step.data[0]] = values[number]
        return smaller


def enclosure(expression: Expr, precision: int, at: Mapping[Symbol, Interval] = MappingProxyType({})) -> Interval:
    """An interval around an expression's values where its symbols have values in intervals.

    Raises `Outside` where it has no real value, and `NotOnTape` where it cannot be worked out.
    """
    if expression.has(S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity):
        raise Outside
    return Tape([expression], tuple(at)).output(tuple(at.values()), precision)
