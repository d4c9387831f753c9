"""Expressions at rational numbers, and polynomials over ranges of them, worked out exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, gcd

from sympy import Abs, Add, Expr, Max, Min, Mod, Mul, Pow, Rational, Symbol, ceiling, sign
from sympy import floor as sympy_floor

Number = int | Fraction
Range = tuple[Number, Number]

LARGEST_POWER = 10_000
LARGEST_INTERVAL_POWER = 8


class NotRational(ValueError):
    """The expression's value is not worked out over the rational numbers."""


def rational(number: Rational) -> Number:
    """SymPy's rational number as Python's."""
    return int(number.p) if number.q == 1 else Fraction(int(number.p), int(number.q))


def to_sympy(number: Number) -> Rational:
    """The same the other way round."""
    return Rational(number.numerator, number.denominator)


def evaluator(e: Expr) -> Callable[[Mapping[Symbol, Number]], Number]:
    """A function that works an expression out at rational numbers. Raises `NotRational`, as the function may.

    The function raises `ZeroDivisionError` where there is no value.
    """
    if isinstance(e, Rational):
        constant = rational(e)
        return lambda values: constant
    if isinstance(e, Symbol):
        return lambda values: _looked_up(values, e)
    parts = [evaluator(part) for part in e.args]
    if isinstance(e, Add):
        return lambda values: sum(part(values) for part in parts)
    if isinstance(e, Mul):
        return lambda values: _product(part(values) for part in parts)
    if isinstance(e, Pow):
        return lambda values: _power(parts[0](values), parts[1](values))
    if isinstance(e, Max):
        return lambda values: max([part(values) for part in parts])
    if isinstance(e, Min):
        return lambda values: min([part(values) for part in parts])
    if isinstance(e, Abs):
        return lambda values: _size(parts[0](values))
    if isinstance(e, Mod):
        return lambda values: parts[0](values) % parts[1](values)
    if isinstance(e, sign):
        return lambda values: sign_of_number(parts[0](values))
    if isinstance(e, sympy_floor):
        return lambda values: floor(parts[0](values))
    if isinstance(e, ceiling):
        return lambda values: ceil(parts[0](values))
    if type(e).__name__ == "Gcd":
        return lambda values: _greatest_common_divisor([part(values) for part in parts])
    raise NotRational


def _size(number: Number) -> Number:
    return -number if number < 0 else number


def _product(numbers: Iterable[Number]) -> Number:
    total: Number = 1
    for number in numbers:
        total *= number
    return total


def _looked_up(values: Mapping[Symbol, Number], symbol: Symbol) -> Number:
    if symbol not in values:
        raise NotRational
    return values[symbol]


def _power(base: Number, exponent: Number) -> Number:
    if exponent.denominator != 1 or _size(exponent) > LARGEST_POWER:
        raise NotRational
    if _size(exponent) * max(base.numerator.bit_length(), base.denominator.bit_length()) > 100 * LARGEST_POWER:
        raise NotRational
    n = int(exponent)
    return base**n if n >= 0 else Fraction(base) ** n


def sign_of_number(number: Number) -> int:
    return (number > 0) - (number < 0)


def _greatest_common_divisor(numbers: Sequence[Number]) -> int:
    if any(number.denominator != 1 for number in numbers):
        raise NotRational
    return gcd(*(int(number) for number in numbers))


def range_of(e: Expr, ranges: Mapping[Symbol, Range]) -> Range | None:
    """Bounds of a polynomial over ranges; None of anything else."""
    if isinstance(e, Rational):
        number = rational(e)
        return number, number
    if isinstance(e, Symbol):
        return ranges.get(e)
    if isinstance(e, Add):
        low: Number = 0
        high: Number = 0
        for part in e.args:
            found = range_of(part, ranges)
            if found is None:
                return None
            low, high = low + found[0], high + found[1]
        return low, high
    if isinstance(e, Mul):
        low = 1
        high = 1
        for part in e.args:
            found = range_of(part, ranges)
            if found is None:
                return None
            products = (low * found[0], low * found[1], high * found[0], high * found[1])
            low, high = min(products), max(products)
        return low, high
    if isinstance(e, Pow) and e.exp.is_Integer and 0 < e.exp <= LARGEST_INTERVAL_POWER:
        found = range_of(e.base, ranges)
        if found is None:
            return None
        ends = found[0] ** int(e.exp), found[1] ** int(e.exp)
        if e.exp % 2 or found[0] >= 0:
            return ends
        return (0 if found[1] > 0 else ends[1]), max(ends)
    return None
