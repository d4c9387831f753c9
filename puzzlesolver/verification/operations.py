"""The elementary operations of a tape: their values over intervals, their slopes, and how to invert them.

``forward(arguments, data, precision)`` encloses the values where they are defined. ``slopes`` encloses, for each
argument, every difference quotient by it, so that kinks (``Abs``, ``Max``) count as well as derivatives; it raises
`Discontinuous` where there is a jump. ``whole(arguments, data)`` says whether the operation is defined and continuous
all over its arguments. ``backward(arguments, value, data, precision)`` encloses the arguments that give a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any

from flint import arb
from mpmath.libmp import finf, fninf, fzero, mpf_sign

from puzzlesolver.verification import intervals as iv
from puzzlesolver.verification.intervals import Interval, Outside

Arguments = Sequence[Interval]


class Discontinuous(ValueError):
    """There is no bound on the difference quotients."""


def _everywhere(_arguments: Arguments, _data: Any) -> bool:
    return True


def _no_backward(arguments: Arguments, _value: Interval, _data: Any, _precision: int) -> Sequence[Interval]:
    return arguments


@dataclass(frozen=True, slots=True)
class Operation:
    """See the module's words."""

    forward: Callable[[Arguments, Any, int], Interval]
    slopes: Callable[[Arguments, Interval, Any, int], Sequence[Interval]]
    whole: Callable[[Arguments, Any], bool] = _everywhere
    backward: Callable[[Arguments, Interval, Any, int], Sequence[Interval]] = _no_backward


# --- sums, products, powers -------------------------------------------------------------------------------------------


def _multiply_back(arguments: Arguments, value: Interval, _data: Any, precision: int) -> Sequence[Interval]:
    x, y = arguments
    return _factor(value, y, x, precision), _factor(value, x, y, precision)


def _factor(product: Interval, other: Interval, own: Interval, precision: int) -> Interval:
    """The numbers whose product with one of `other` is in `product`, as far as that tells anything."""
    if iv.holds_zero(other) and iv.holds_zero(product):
        return own
    return iv.divide(product, other, precision)


def _power_slope(arguments: Arguments, _value: Interval, n: int, precision: int) -> Sequence[Interval]:
    return (iv.multiply(iv.point(n, precision), iv.power(arguments[0], n - 1, precision), precision),)


def _power_back(arguments: Arguments, value: Interval, n: int, precision: int) -> Sequence[Interval]:
    (x,) = arguments
    if n < 0:
        if value == iv.ZERO:
            raise Outside
        value, n = iv.divide(iv.ONE, value, precision), -n
    if n % 2:
        return (iv.odd_root(value, n, precision),)
    size = iv.root(value, n, precision)
    if mpf_sign(x[0]) >= 0:
        return (size,)
    if mpf_sign(x[1]) <= 0:
        return (iv.negate(size),)
    return (iv.hull(size, iv.negate(size)),)


def _root_slope(arguments: Arguments, value: Interval, n: int, precision: int) -> Sequence[Interval]:
    if mpf_sign(arguments[0][0]) <= 0:
        return (iv.WHOLE,)
    below = iv.multiply(iv.point(n, precision), iv.power(value, n - 1, precision), precision)
    return (iv.divide(iv.ONE, below, precision),)


def _odd_root_slope(arguments: Arguments, value: Interval, n: int, precision: int) -> Sequence[Interval]:
    if iv.holds_zero(arguments[0]):
        return (iv.WHOLE,)
    below = iv.multiply(iv.point(n, precision), iv.power(value, n - 1, precision), precision)
    return (iv.divide(iv.ONE, below, precision),)


def _is_positive(x: Interval) -> bool:
    return bool(mpf_sign(x[0]) > 0)


def _pow(arguments: Arguments, _data: Any, precision: int) -> Interval:
    """``base**exponent`` of any real exponent, for positive bases, and 0 where the exponent is positive."""
    base, exponent = arguments
    if mpf_sign(base[0]) < 0:
        n = iv.fraction(exponent[0]) if exponent[0] == exponent[1] and iv.is_bounded(exponent) else None
        if n is not None and n.denominator == 1 and abs(n) <= 10**6:
            return iv.power(base, int(n), precision)
        return iv.WHOLE
    if base == iv.ZERO:
        return iv.ZERO if _is_positive(exponent) else iv.WHOLE
    return iv.exponential(iv.multiply(exponent, iv.logarithm(base, precision), precision), precision)


def _pow_slopes(arguments: Arguments, value: Interval, _data: Any, precision: int) -> Sequence[Interval]:
    base, exponent = arguments
    if not _is_positive(base):
        raise Discontinuous
    by_base = iv.divide(iv.multiply(value, exponent, precision), base, precision)
    return by_base, iv.multiply(value, iv.logarithm(base, precision), precision)


# --- functions --------------------------------------------------------------------------------------------------------


def _arcsine_slope(arguments: Arguments, _value: Interval, _data: Any, precision: int) -> Sequence[Interval]:
    below = iv.subtract(iv.ONE, iv.power(arguments[0], 2, precision), precision)
    if not _is_positive(below):
        return (iv.WHOLE,)
    return (iv.divide(iv.ONE, iv.root(below, 2, precision), precision),)


def _arctangent_slope(arguments: Arguments, _value: Interval, _data: Any, precision: int) -> Sequence[Interval]:
    return (iv.divide(iv.ONE, iv.add(iv.ONE, iv.power(arguments[0], 2, precision), precision), precision),)


def _atan2(arguments: Arguments, _data: Any, precision: int) -> Interval:
    y, x = arguments
    if _is_positive(x):
        return iv.arctangent(iv.divide(y, x, precision), precision)
    half = iv.multiply(iv.pi(precision), iv.point(Fraction(1, 2), precision), precision)
    if _is_positive(y):
        return iv.subtract(half, iv.arctangent(iv.divide(x, y, precision), precision), precision)
    if mpf_sign(y[1]) < 0:
        found = iv.arctangent(iv.divide(x, y, precision), precision)
        return iv.subtract(iv.negate(half), found, precision)
    return iv.hull(iv.pi(precision), iv.negate(iv.pi(precision)))


def _atan2_whole(arguments: Arguments, _data: Any) -> bool:
    """Off the negative half axis, where it jumps."""
    return _is_positive(arguments[1]) or not iv.holds_zero(arguments[0])


def _atan2_slopes(arguments: Arguments, _value: Interval, _data: Any, precision: int) -> Sequence[Interval]:
    if not _atan2_whole(arguments, None):
        raise Discontinuous
    y, x = arguments
    below = iv.add(iv.power(x, 2, precision), iv.power(y, 2, precision), precision)
    return iv.divide(x, below, precision), iv.divide(iv.negate(y), below, precision)


def _signed_like(x: Interval, size: Interval) -> Interval:
    """The numbers of an absolute value in `size`, with a sign that `x` has."""
    if mpf_sign(size[1]) < 0:
        raise Outside
    positive = (fzero if mpf_sign(size[0]) < 0 else size[0]), size[1]
    if mpf_sign(x[0]) >= 0:
        return positive
    return iv.negate(positive) if mpf_sign(x[1]) <= 0 else iv.hull(positive, iv.negate(positive))


def _stepped(arguments: Arguments, value: Interval, _data: Any, _precision: int) -> Sequence[Interval]:
    """The slope of a function that is constant between its jumps."""
    if value[0] != value[1]:
        raise Discontinuous
    return (iv.ZERO,)


def _sign_whole(arguments: Arguments, _data: Any) -> bool:
    return iv.sign(arguments[0]) is not None


def _constant_floor(arguments: Arguments, _data: Any) -> bool:
    low, high = iv.floors(arguments[0])
    return bool(low == high)


def _constant_ceiling(arguments: Arguments, _data: Any) -> bool:
    low, high = iv.ceilings(arguments[0])
    return bool(low == high)


def _max(arguments: Arguments, _data: Any, _precision: int) -> Interval:
    x, y = arguments
    return (y[0] if iv.less(x[0], y[0]) else x[0]), (y[1] if iv.less(x[1], y[1]) else x[1])


def _max_slopes(arguments: Arguments, _value: Interval, _data: Any, _precision: int) -> Sequence[Interval]:
    x, y = arguments
    if iv.at_most(y[1], x[0]):
        return iv.ONE, iv.ZERO
    if iv.at_most(x[1], y[0]):
        return iv.ZERO, iv.ONE
    between = iv.hull(iv.ZERO, iv.ONE)
    return between, between


def _max_back(arguments: Arguments, value: Interval, _data: Any, _precision: int) -> Sequence[Interval]:
    below = (fninf, value[1])
    return below, below


def _error_slope(arguments: Arguments, _value: Interval, _data: Any, precision: int) -> Sequence[Interval]:
    bell = iv.exponential(iv.negate(iv.power(arguments[0], 2, precision)), precision)
    two = iv.point(2, precision)
    return (iv.divide(iv.multiply(two, bell, precision), iv.root(iv.pi(precision), 2, precision), precision),)


def _gamma_slope(arguments: Arguments, value: Interval, _data: Any, precision: int) -> Sequence[Interval]:
    (x,) = arguments
    if not _is_positive(x):
        raise Discontinuous
    if not iv.is_bounded(x):
        return (iv.WHOLE,)
    return (iv.multiply(value, iv.rising(arb.digamma, x, precision), precision),)  # it rises on the positive half line


def _lambert_slope(_arguments: Arguments, value: Interval, _data: Any, precision: int) -> Sequence[Interval]:
    below = iv.multiply(iv.exponential(value, precision), iv.add(iv.ONE, value, precision), precision)
    if iv.holds_zero(below):
        return (iv.WHOLE,)
    return (iv.divide(iv.ONE, below, precision),)


def _lambert_whole(arguments: Arguments, branch: int) -> bool:
    """Right of -1/e, by a rational number a little larger; for the branch -1, left of zero too."""
    edge = iv.point(Fraction(-3678, 10000), 53)
    return iv.less(edge[1], arguments[0][0]) and (branch == 0 or bool(mpf_sign(arguments[0][1]) < 0))


def _gcd(arguments: Arguments, _data: Any, precision: int) -> Interval:
    if not all(x[0] == x[1] and iv.is_bounded(x) for x in arguments):
        return fzero, finf
    numbers = [iv.fraction(x[0]) for x in arguments]
    if any(number.denominator != 1 for number in numbers):
        return fzero, finf
    return iv.point(gcd(*(int(number) for number in numbers)), precision)


def _gcd_slopes(arguments: Arguments, _value: Interval, _data: Any, _precision: int) -> Sequence[Interval]:
    raise Discontinuous


def _not_positive(x: Interval) -> bool:
    return bool(mpf_sign(x[0]) <= 0)


OPERATIONS: Mapping[str, Operation] = {
    "add": Operation(
        lambda a, d, p: iv.add(a[0], a[1], p),
        lambda a, v, d, p: (iv.ONE, iv.ONE),
        backward=lambda a, v, d, p: (iv.subtract(v, a[1], p), iv.subtract(v, a[0], p)),
    ),
    "subtract": Operation(
        lambda a, d, p: iv.subtract(a[0], a[1], p),
        lambda a, v, d, p: (iv.ONE, iv.MINUS_ONE),
        backward=lambda a, v, d, p: (iv.add(v, a[1], p), iv.subtract(a[0], v, p)),
    ),
    "multiply": Operation(
        lambda a, d, p: iv.multiply(a[0], a[1], p), lambda a, v, d, p: (a[1], a[0]), backward=_multiply_back
    ),
    "power": Operation(
        lambda a, n, p: iv.power(a[0], n, p),
        _power_slope,
        lambda a, n: n > 0 or not iv.holds_zero(a[0]),
        _power_back,
    ),
    "root": Operation(
        lambda a, n, p: iv.root(a[0], n, p),
        _root_slope,
        lambda a, n: bool(mpf_sign(a[0][0]) >= 0),
        lambda a, v, n, p: (iv.power(_signed_like(iv.ONE, v), n, p),),
    ),
    "odd root": Operation(
        lambda a, n, p: iv.odd_root(a[0], n, p), _odd_root_slope, backward=lambda a, v, n, p: (iv.power(v, n, p),)
    ),
    "pow": Operation(_pow, _pow_slopes, lambda a, d: _is_positive(a[0])),
    "exp": Operation(
        lambda a, d, p: iv.exponential(a[0], p),
        lambda a, v, d, p: (v,),
        backward=lambda a, v, d, p: (iv.logarithm(v, p),),
    ),
    "log": Operation(
        lambda a, d, p: iv.logarithm(a[0], p),
        lambda a, v, d, p: (iv.WHOLE,) if _not_positive(a[0]) else (iv.divide(iv.ONE, a[0], p),),
        lambda a, d: _is_positive(a[0]),
        lambda a, v, d, p: (iv.exponential(v, p),),
    ),
    "sin": Operation(lambda a, d, p: iv.sine(a[0], p), lambda a, v, d, p: (iv.cosine(a[0], p),)),
    "cos": Operation(lambda a, d, p: iv.cosine(a[0], p), lambda a, v, d, p: (iv.negate(iv.sine(a[0], p)),)),
    "atan": Operation(lambda a, d, p: iv.arctangent(a[0], p), _arctangent_slope),
    "asin": Operation(
        lambda a, d, p: iv.arcsine(a[0], p),
        _arcsine_slope,
        lambda a, d: iv.is_within(a[0], iv.UNIT),
        lambda a, v, d, p: (iv.intersection(a[0], iv.UNIT) or iv.UNIT,),
    ),
    "atan2": Operation(_atan2, _atan2_slopes, _atan2_whole),
    "abs": Operation(
        lambda a, d, p: iv.absolute(a[0], p),
        lambda a, v, d, p: (iv.signs(a[0]),),
        backward=lambda a, v, d, p: (_signed_like(a[0], v),),
    ),
    "sign": Operation(lambda a, d, p: iv.signs(a[0]), _stepped, _sign_whole),
    "floor": Operation(lambda a, d, p: iv.floors(a[0]), _stepped, _constant_floor),
    "ceiling": Operation(lambda a, d, p: iv.ceilings(a[0]), _stepped, _constant_ceiling),
    "max": Operation(_max, _max_slopes, backward=_max_back),
    "erf": Operation(lambda a, d, p: iv.rising(arb.erf, a[0], p), _error_slope),
    "gamma": Operation(lambda a, d, p: iv.gamma_function(a[0], p), _gamma_slope, lambda a, d: _is_positive(a[0])),
    "lambert": Operation(lambda a, branch, p: iv.lambert(a[0], branch, p), _lambert_slope, _lambert_whole),
    "gcd": Operation(_gcd, _gcd_slopes, lambda a, d: all(x[0] == x[1] for x in a)),
}
"""Every operation by its name."""
