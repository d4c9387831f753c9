"""SymPy expressions made functions on exact numbers: their value at a point, and bounds on it over a box.

In: an expression in the unknowns of a puzzle. Out: a `NumberForm`, or None where a function in it is none of those that
a person works out by hand. A value is a whole number or a fraction; `NoNumber` is raised where there is none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from sympy import Abs, Add, Expr, Integer, Max, Min, Mod, Mul, Pow, Rational, Symbol, ceiling, floor

from puzzlesolver.problem.functions import Gcd

Number = int | Fraction
NumberRange = tuple[Number, Number]
"""The least and the greatest value."""

NumberPoint = Mapping[Symbol, Number]
NumberBox = Mapping[Symbol, NumberRange]

LARGEST_POWER = 16


class NoNumber(Exception):
    """There is no value: a division by zero."""


@dataclass(frozen=True, slots=True)
class NumberForm:
    """`value` at a point, and `bounds` over a box, None where nothing is known of them."""

    value: Callable[[NumberPoint], Number]
    bounds: Callable[[NumberBox], NumberRange | None]


def number(value: Fraction | Rational) -> Number:
    """A rational number, as Python's own whole number where it is one."""
    if isinstance(value, Rational):
        value = Fraction(int(value.p), int(value.q))
    return value.numerator if value.denominator == 1 else value


def form_of(expression: Expr) -> NumberForm | None:
    """The function that an expression is, None where it is not known."""
    match expression:
        case Symbol():
            return NumberForm(lambda at: at[expression], lambda box: box[expression])
        case Rational():
            known = number(expression)
            return NumberForm(lambda at: known, lambda box: (known, known))
    if isinstance(expression, Pow):
        return _power(expression)
    operation = _OPERATIONS.get(type(expression))
    parts = [form_of(part) for part in expression.args]
    if operation is None or any(part is None for part in parts):
        return None
    return _applied(*operation, [part for part in parts if part is not None])


def _applied(
    value: Callable[[Sequence[Number]], Number],
    bounds: Callable[[Sequence[NumberRange]], NumberRange | None],
    parts: Sequence[NumberForm],
) -> NumberForm:
    def bounded(box: NumberBox) -> NumberRange | None:
        ranges = []
        for part in parts:
            found = part.bounds(box)
            if found is None:
                return None
            ranges.append(found)
        return bounds(ranges)

    return NumberForm(lambda at: value([part.value(at) for part in parts]), bounded)


def _power(expression: Pow) -> NumberForm | None:
    base, exponent = form_of(expression.base), expression.exp
    if base is None or not isinstance(exponent, Integer) or abs(int(exponent)) > LARGEST_POWER:
        return None
    times = int(exponent)

    def value(numbers: Sequence[Number]) -> Number:
        if times >= 0:
            return numbers[0] ** times
        if not numbers[0]:
            raise NoNumber
        return 1 / Fraction(numbers[0]) ** -times

    def bounds(ranges: Sequence[NumberRange]) -> NumberRange | None:
        low, high = ranges[0]
        if times < 0 and low <= 0 <= high:
            return None
        ends = [value([low]), value([high])]
        if times % 2 == 0 and low < 0 < high:
            ends.append(0)
        return min(ends), max(ends)

    return _applied(value, bounds, [base])


# --- the operations ---------------------------------------------------------------------------------------------------


def _sum_bounds(ranges: Sequence[NumberRange]) -> NumberRange:
    return sum(low for low, _ in ranges), sum(high for _, high in ranges)


def _product(numbers: Sequence[Number]) -> Number:
    result: Number = 1
    for factor in numbers:
        result *= factor
    return result


def _monotonous(function: Callable[[Number], int], range_: NumberRange) -> NumberRange:
    return function(range_[0]), function(range_[1])


def _product_bounds(ranges: Sequence[NumberRange]) -> NumberRange:
    def both(one: NumberRange, other: NumberRange) -> NumberRange:
        ends = [a * b for a in one for b in other]
        return min(ends), max(ends)

    return reduce(both, ranges)


def _abs_bounds(ranges: Sequence[NumberRange]) -> NumberRange:
    low, high = ranges[0]
    return max(low, -high, 0), max(-low, high)


def _remainder(numbers: Sequence[Number]) -> Number:
    left, right = numbers
    if not right:
        raise NoNumber
    return left - right * math.floor(Fraction(left) / right)


def _remainder_bounds(ranges: Sequence[NumberRange]) -> NumberRange | None:
    low, high = ranges[1]
    return None if low <= 0 <= high else (min(low, 0), max(high, 0))


def _gcd(numbers: Sequence[Number]) -> Number:
    if any(value.denominator != 1 for value in numbers):
        raise NoNumber
    return math.gcd(*(value.numerator for value in numbers))


def _least(ranges: Sequence[NumberRange]) -> NumberRange:
    return min(low for low, _ in ranges), min(high for _, high in ranges)


def _greatest(ranges: Sequence[NumberRange]) -> NumberRange:
    return max(low for low, _ in ranges), max(high for _, high in ranges)


NumberOperation = tuple[Callable[[Sequence[Number]], Number], Callable[[Sequence[NumberRange]], NumberRange | None]]

_OPERATIONS: Mapping[type, NumberOperation] = {
    Add: (sum, _sum_bounds),
    Mul: (_product, _product_bounds),
    Abs: (lambda numbers: max(numbers[0], -numbers[0]), _abs_bounds),
    Max: (max, _greatest),
    Min: (min, _least),
    floor: (lambda numbers: math.floor(numbers[0]), lambda ranges: _monotonous(math.floor, ranges[0])),
    ceiling: (lambda numbers: math.ceil(numbers[0]), lambda ranges: _monotonous(math.ceil, ranges[0])),
    Mod: (_remainder, _remainder_bounds),
    Gcd: (_gcd, lambda ranges: None),
}
