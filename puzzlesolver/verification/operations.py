"""The elementary operations of a tape: their values over intervals, their slopes, and how to invert them.

``forward(*arguments)`` encloses the values where they are defined. ``slopes(value, *arguments)`` encloses, for each
argument, every difference quotient by it, so that kinks (``Abs``, ``Max``) count as well as derivatives; it raises
`Discontinuous` where there is a jump. ``whole(*arguments)`` says whether the operation is defined and continuous all
over its arguments. ``backward(value, *arguments)`` encloses the arguments that give a value. ``exact`` works it out at
rational numbers. A number that an operation needs besides (an exponent, a branch) is its last argument.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any

from flint import arb, fmpq

from puzzlesolver.verification.intervals import BELOW, FROM_ZERO, ONE, UNIT, WHOLE, ZERO, Interval, ball_of

MOST_BITS = 1_000_000
"""Of an exact power."""


class Discontinuous(ValueError):
    """There is no bound on the difference quotients."""


class NotRational(ValueError):
    """The value is not worked out over the rational numbers."""


def _not_exact(*_: Any) -> fmpq:
    raise NotRational


@dataclass(frozen=True, slots=True)
class Operation:
    """See the module's words."""

    forward: Callable[..., Interval]
    slopes: Callable[..., Sequence[Interval]]
    whole: Callable[..., bool] = lambda *_: True
    backward: Callable[..., Sequence[Interval]] | None = None
    exact: Callable[..., fmpq] = _not_exact


def _factor(product: Interval, other: Interval, own: Interval) -> Interval:
    """The numbers whose product with one of `other` is in `product`, as far as that tells anything."""
    return own if other.holds_zero and product.holds_zero else product / other


def _power_back(value: Interval, x: Interval, n: int) -> Sequence[Interval]:
    if n < 0:
        value, n = ONE / value, -n
    return (value.odd_root(n) if n % 2 else _signed_like(x, value.root(n)),)


def _exact_power(x: fmpq, n: int | fmpq) -> fmpq:
    if isinstance(n, fmpq):
        if n.q != 1:
            raise NotRational
        n = int(n.p)
    if abs(n) > 8 and abs(n) * max(int(x.p).bit_length(), int(x.q).bit_length()) > MOST_BITS:
        raise NotRational
    return x**n


def _inverse(below: Interval) -> Interval:
    return WHOLE if below.holds_zero else ONE / below


def _root_slope(value: Interval, _x: Interval, n: int) -> Sequence[Interval]:
    return (_inverse(Interval.of(n) * value ** (n - 1)),)


def _pow(base: Interval, exponent: Interval) -> Interval:
    """``base**exponent`` of any real exponent, for positive bases, and 0 where the exponent is positive."""
    if base.low < 0:
        n = exponent.low.unique_fmpz() if exponent.is_point else None
        return WHOLE if n is None or abs(n) > 10**6 else base ** int(n)
    if base == ZERO:
        return ZERO if exponent.is_positive else WHOLE
    return (exponent * base.log()).exp()


def _pow_slopes(value: Interval, base: Interval, exponent: Interval) -> Sequence[Interval]:
    if not base.is_positive:
        raise Discontinuous
    return value * exponent / base, value * base.log()


def _atan2(y: Interval, x: Interval) -> Interval:
    half = Interval.around(arb.pi() / 2)
    if x.is_positive:
        return (y / x).rising(arb.atan)
    if not y.holds_zero:
        return (half if y.is_positive else -half) - (x / y).rising(arb.atan)
    return Interval.around(arb.pi(), -arb.pi())


def _atan2_whole(y: Interval, x: Interval) -> bool:
    """Off the negative half axis, where it jumps."""
    return x.is_positive or not y.holds_zero


def _atan2_slopes(_value: Interval, y: Interval, x: Interval) -> Sequence[Interval]:
    if not _atan2_whole(y, x):
        raise Discontinuous
    below = x**2 + y**2
    return x / below, -y / below


def _signed_like(x: Interval, size: Interval) -> Interval:
    """The numbers of an absolute value in `size`, with a sign that `x` has."""
    size = size & FROM_ZERO
    if x.low >= 0:
        return size
    return -size if x.high <= 0 else size | -size


def _stepped(value: Interval, *_: Interval) -> Sequence[Interval]:
    """The slope of a function that is constant between its jumps."""
    if not value.is_point:
        raise Discontinuous
    return (ZERO,)


def _jumps(*_: Interval) -> Sequence[Interval]:
    raise Discontinuous


def _max_slopes(_value: Interval, x: Interval, y: Interval) -> Sequence[Interval]:
    if y.high <= x.low:
        return ONE, ZERO
    return (ZERO, ONE) if x.high <= y.low else (ZERO | ONE, ZERO | ONE)


def _gamma_slope(value: Interval, x: Interval) -> Sequence[Interval]:
    if not x.is_positive:
        raise Discontinuous
    return (value * x.rising(arb.digamma),)  # it rises on the positive half line


def _exact_gcd(*numbers: fmpq) -> fmpq:
    if any(number.q != 1 for number in numbers):
        raise NotRational
    return fmpq(gcd(*(int(number.p) for number in numbers)))


EDGE = ball_of(Fraction(-3678, 10000))
"""A little larger than -1/e."""

OPERATIONS: Mapping[str, Operation] = {
    "add": Operation(
        operator.add, lambda v, x, y: (ONE, ONE), backward=lambda v, x, y: (v - y, v - x), exact=operator.add
    ),
    "multiply": Operation(
        operator.mul,
        lambda v, x, y: (y, x),
        backward=lambda v, x, y: (_factor(v, y, x), _factor(v, x, y)),
        exact=operator.mul,
    ),
    "power": Operation(
        operator.pow,
        lambda v, x, n: (Interval.of(n) * x ** (n - 1),),
        lambda x, n: n > 0 or not x.holds_zero,
        _power_back,
        _exact_power,
    ),
    "root": Operation(
        Interval.root, _root_slope, lambda x, n: bool(x.low >= 0), lambda v, x, n: ((v & FROM_ZERO) ** n,)
    ),
    "odd root": Operation(Interval.odd_root, _root_slope, backward=lambda v, x, n: (v**n,)),
    "pow": Operation(_pow, _pow_slopes, lambda x, y: x.is_positive, exact=_exact_power),
    "exp": Operation(Interval.exp, lambda v, x: (v,), backward=lambda v, x: (v.log(),)),
    "log": Operation(
        Interval.log, lambda v, x: (_inverse(x & FROM_ZERO),), lambda x: x.is_positive, lambda v, x: (v.exp(),)
    ),
    "sin": Operation(Interval.sin, lambda v, x: (x.cos(),)),
    "cos": Operation(Interval.cos, lambda v, x: (-x.sin(),)),
    "atan": Operation(lambda x: x.rising(arb.atan), lambda v, x: (ONE / (ONE + x**2),)),
    "asin": Operation(
        lambda x: (x & UNIT).rising(arb.asin),
        lambda v, x: (_inverse((ONE - (x & UNIT) ** 2).root(2)),),
        lambda x: x.is_within(UNIT),
        lambda v, x: (x & UNIT,),
    ),
    "atan2": Operation(_atan2, _atan2_slopes, _atan2_whole),
    "abs": Operation(abs, lambda v, x: (x.rising(arb.sgn),), backward=lambda v, x: (_signed_like(x, v),), exact=abs),
    "sign": Operation(
        lambda x: x.rising(arb.sgn),
        _stepped,
        lambda x: x.sign is not None,
        exact=lambda x: fmpq((x > 0) - (x < 0)),
    ),
    "floor": Operation(
        lambda x: x.rising(arb.floor), _stepped, lambda x: x.rising(arb.floor).is_point, exact=lambda x: fmpq(x.floor())
    ),
    "ceiling": Operation(
        lambda x: x.rising(arb.ceil), _stepped, lambda x: x.rising(arb.ceil).is_point, exact=lambda x: fmpq(x.ceil())
    ),
    "max": Operation(
        lambda x, y: Interval(max(x.low, y.low), max(x.high, y.high)),
        _max_slopes,
        backward=lambda v, x, y: (Interval(BELOW, v.high),) * 2,
        exact=max,
    ),
    "erf": Operation(
        lambda x: x.rising(arb.erf) & UNIT, lambda v, x: (Interval.around(2 / arb.pi().sqrt()) * (-(x**2)).exp(),)
    ),
    "gamma": Operation(Interval.gamma, _gamma_slope, lambda x: x.is_positive),
    "lambert": Operation(
        Interval.lambert,
        lambda v, x, branch: (_inverse(v.exp() * (ONE + v)),),
        # Right of -1/e; for the branch -1, left of zero too.
        lambda x, branch: bool(x.low > EDGE) and (branch == 0 or bool(x.high < 0)),
    ),
    "gcd": Operation(lambda *_: FROM_ZERO, _jumps, lambda *_: False, exact=_exact_gcd),
}
"""Every operation by its name."""
