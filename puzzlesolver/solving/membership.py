"""Is a point a member of a family? Its parameters are read off the point, and the family is worked out at them."""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
from sympy import Add, Dummy, Expr, Float, Integer, Mul, Pow, Symbol, exp, expand, fraction, log, nan, together

from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.exact.outcome import ExactSolution
from puzzlesolver.problem import Problem
from puzzlesolver.proof.verdict import Verdict
from puzzlesolver.proof.zero import is_zero

SAME_POINT = 1e-6
"""Two points closer than this, relative to their size, are compared as one. Nothing is proved by it."""

MOST_READINGS = 16
"""Ways to read the parameters off a point that are tried: a square has two roots."""


def close(one: FloatArray, other: FloatArray, tolerance: float) -> bool:
    """Whether two points are the same but for `tolerance`, relative to their size."""
    return bool(np.all(np.abs(one - other) <= tolerance * np.maximum(1.0, np.abs(one))))


def is_member(problem: Problem, solution: ExactSolution, family: ExactSolution) -> bool:
    """Whether an isolated solution is proved to be the member of a family at some whole numbers."""
    if solution.parameters or len(solution.values) < len(problem.symbols):
        return False
    at = {symbol: Float(solution.values[symbol].evalf(17)) for symbol in problem.symbols}
    for parameters in _readings(family, at):
        if all(parameter in parameters for parameter in family.integer_parameters):
            gaps = (family.values[symbol].xreplace(parameters) - solution.values[symbol] for symbol in problem.symbols)
            if all(is_zero(gap) is Verdict.HOLDS for gap in gaps):
                return True
    return False


def on_family(problem: Problem, solutions: Sequence[ExactSolution], point: FloatArray) -> bool:
    """Whether a point is on one of the families, as far as float64 tells."""
    at = {symbol: Float(float(number), 17) for symbol, number in zip(problem.symbols, point, strict=True)}
    families = (solution for solution in solutions if solution.parameters)
    return any(_is_at(family, parameters, at, point) for family in families for parameters in _readings(family, at))


def _is_at(
    family: ExactSolution, parameters: Mapping[Symbol, Expr], at: Mapping[Symbol, Float], point: FloatArray
) -> bool:
    values = [family.values[symbol].xreplace(parameters) if symbol in family.values else nan for symbol in at]
    numbers = [complex(value.evalf()) if value.is_number else complex(math.nan) for value in values]
    if not all(abs(number.imag) < SAME_POINT for number in numbers):
        return False
    return close(point, np.array([number.real for number in numbers]), SAME_POINT)


def _readings(family: ExactSolution, at: Mapping[Symbol, Float]) -> Iterator[Mapping[Symbol, Expr]]:
    """What the family's parameters may be at a point: unknowns that are free, and what one coordinate after the other
    tells that depends on a single parameter more."""
    known: dict[Symbol, Expr] = {free: at[free] for free in family.free if free in at}
    yield from islice(_read(family, at, list(family.values), known), MOST_READINGS)


def _read(
    family: ExactSolution, at: Mapping[Symbol, Float], coordinates: Sequence[Symbol], known: Mapping[Symbol, Expr]
) -> Iterator[Mapping[Symbol, Expr]]:
    for place, symbol in enumerate(coordinates):
        rest = family.values[symbol].xreplace(known)
        if len(rest.free_symbols) != 1:
            continue
        (parameter,) = rest.free_symbols
        is_whole = parameter in family.integer_parameters
        found = [value for value in _undone(rest, parameter, complex(at[symbol])) if cmath.isfinite(value)]
        if found:
            for value in found:
                number = Integer(round(value.real)) if is_whole else Float(value.real, 17)
                yield from _read(family, at, coordinates[place + 1 :], {**known, parameter: number})
            return
    yield known


def _undone(form: Expr, parameter: Symbol, value: complex) -> Iterator[complex]:
    """The numbers at which an expression in one parameter has a value, as far as one operation after the other can be
    undone, or it is a quotient of linear functions."""
    try:
        yield from _stripped(form, parameter, value)
    except (ValueError, OverflowError, ZeroDivisionError):  # no number has that value
        return


def _stripped(form: Expr, parameter: Symbol, value: complex) -> Iterator[complex]:
    if form == parameter:
        yield value
    elif isinstance(form, (Add, Mul)):
        constant, rest = form.as_independent(parameter)
        if isinstance(rest, type(form)):
            yield from _of_quotient(form, parameter, value)
        else:
            number = complex(constant.evalf(17))
            yield from _stripped(rest, parameter, value - number if isinstance(form, Add) else value / number)
    elif isinstance(form, exp):
        yield from _stripped(form.args[0], parameter, cmath.log(value))
    elif isinstance(form, log):
        yield from _stripped(form.args[0], parameter, cmath.exp(value))
    elif isinstance(form, Pow) and not form.base.has(parameter):
        yield from _stripped(form.exp, parameter, cmath.log(value) / cmath.log(complex(form.base.evalf(17))))
    elif isinstance(form, Pow) and form.exp.is_Rational:
        root = value ** (1 / float(form.exp))
        yield from _stripped(form.base, parameter, root)
        if form.exp.p % 2 == 0:
            yield from _stripped(form.base, parameter, -root)


def _of_quotient(form: Expr, parameter: Symbol, value: complex) -> Iterator[complex]:
    coordinate = Dummy()
    top = expand(fraction(together(form - coordinate))[0])
    slope = top.diff(parameter)
    if not slope.has(parameter):
        at = {coordinate: Float(value.real, 17)}
        yield complex(-top.xreplace({parameter: Integer(0), **at}).evalf(17)) / complex(slope.xreplace(at).evalf(17))
