"""Interval arithmetic: mpmath's, with the ends rounded outward at a chosen precision.

An interval is a pair of mpmath's raw floats, lower end first; an end may be infinite. Every function returns an
interval that holds all values over the arguments *where the function is defined*; `Outside` is raised where it is
defined nowhere on them. What mpmath computes of exp, log, sin, cos and atan over intervals is used as it is; monotone
functions that it knows only at points are taken at both ends, in python-flint's balls.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb, ctx
from mpmath.libmp import (
    finf,
    fnan,
    fninf,
    fone,
    from_int,
    from_man_exp,
    from_rational,
    fzero,
    mpf_abs,
    mpf_add,
    mpf_ceil,
    mpf_cmp,
    mpf_floor,
    mpf_neg,
    mpf_shift,
    mpf_sign,
    mpf_sub,
    mpi_abs,
    mpi_add,
    mpi_atan,
    mpi_cos,
    mpi_div,
    mpi_exp,
    mpi_log,
    mpi_mul,
    mpi_neg,
    mpi_pow_int,
    mpi_sin,
    mpi_sqrt,
    mpi_sub,
    to_rational,
)
from mpmath.libmp.libmpi import mpi_pi

Raw = Any
Interval = tuple[Raw, Raw]
WHOLE: Interval = (fninf, finf)
ZERO: Interval = (fzero, fzero)
ONE: Interval = (fone, fone)
MINUS_ONE: Interval = (mpf_neg(fone), mpf_neg(fone))
UNIT: Interval = (mpf_neg(fone), fone)

GUARD_BITS = 8
"""More bits with which functions of a point are worked out."""
LARGEST_ANGLE = 2000
"""In bits; beyond it, sin and cos are between -1 and 1."""
LARGEST_POWER = 2**40
"""Beyond it, exp is as large, or as near to zero, as anything."""


class Outside(ValueError):
    """A function is undefined all over its arguments."""


# --- making and asking ------------------------------------------------------------------------------------------------


def point(number: Fraction | int, precision: int) -> Interval:
    """The tightest interval around a rational number."""
    p, q = number.numerator, number.denominator
    return from_rational(p, q, precision, "f"), from_rational(p, q, precision, "c")


def spanning(low: Fraction, high: Fraction, precision: int) -> Interval:
    """The tightest interval around two rational numbers and what is between them."""
    return point(low, precision)[0], point(high, precision)[1]


def less(one: Raw, other: Raw) -> bool:
    return bool(mpf_cmp(one, other) < 0)


def at_most(one: Raw, other: Raw) -> bool:
    return bool(mpf_cmp(one, other) <= 0)


def is_bounded(x: Interval) -> bool:
    return x[0] != fninf and x[1] != finf and fnan not in x


def sign(x: Interval) -> int | None:
    """The sign of all its numbers; None where they differ in it."""
    low, high = mpf_sign(x[0]), mpf_sign(x[1])
    if low > 0 or high < 0 or low == high == 0:
        return int(low or high)
    return None


def holds_zero(x: Interval) -> bool:
    return bool(mpf_sign(x[0]) <= 0 <= mpf_sign(x[1]))


def is_inside(x: Interval, y: Interval) -> bool:
    """Whether `x` lies in the interior of `y`."""
    return less(y[0], x[0]) and less(x[1], y[1])


def is_within(x: Interval, y: Interval) -> bool:
    """Whether `x` is a part of `y`."""
    return at_most(y[0], x[0]) and at_most(x[1], y[1])


def intersection(x: Interval, y: Interval) -> Interval | None:
    """What both have in common; None where that is nothing."""
    low = x[0] if at_most(y[0], x[0]) else y[0]
    high = x[1] if at_most(x[1], y[1]) else y[1]
    return (low, high) if at_most(low, high) else None


def hull(x: Interval, y: Interval) -> Interval:
    return (x[0] if at_most(x[0], y[0]) else y[0]), (x[1] if at_most(y[1], x[1]) else y[1])


def fraction(end: Raw) -> Fraction:
    """A finite end as a rational number."""
    p, q = to_rational(end)
    return Fraction(int(p), int(q))


def middle(x: Interval, precision: int) -> Interval:
    """A point near the middle of a bounded interval."""
    found = mpf_shift(mpf_add(x[0], x[1], precision, "n"), -1)
    return found, found


def width(x: Interval, precision: int) -> Raw:
    """The width, rounded up."""
    return mpf_sub(x[1], x[0], precision, "c")


def largest(x: Interval) -> Raw:
    """The largest absolute value."""
    one, other = mpf_abs(x[0]), mpf_abs(x[1])
    return other if at_most(one, other) else one


def smallest(x: Interval) -> Raw:
    """The smallest absolute value."""
    if holds_zero(x):
        return fzero
    one, other = mpf_abs(x[0]), mpf_abs(x[1])
    return one if at_most(one, other) else other


# --- arithmetic -------------------------------------------------------------------------------------------------------


def _sound(x: Interval) -> Interval:
    return WHOLE if fnan in x else x


def add(x: Interval, y: Interval, precision: int) -> Interval:
    return _sound(mpi_add(x, y, precision))


def subtract(x: Interval, y: Interval, precision: int) -> Interval:
    return _sound(mpi_sub(x, y, precision))


def negate(x: Interval) -> Interval:
    return mpi_neg(x)  # type: ignore[no-any-return]


def multiply(x: Interval, y: Interval, precision: int) -> Interval:
    if x == ZERO or y == ZERO:
        return ZERO  # not only of bounded factors: every number of the other one is finite
    return _sound(mpi_mul(x, y, precision))


def divide(x: Interval, y: Interval, precision: int) -> Interval:
    """The quotients by all numbers of `y` but zero."""
    if y == ZERO:
        raise Outside
    if mpf_sign(y[0]) < 0 < mpf_sign(y[1]):
        return ZERO if x == ZERO else WHOLE
    return _sound(mpi_div(x, y, precision))


def power(x: Interval, n: int, precision: int) -> Interval:
    """``x**n`` with a whole exponent; a negative one is a quotient."""
    if n < 0:
        return divide(ONE, power(x, -n, precision), precision)
    if n == 0:
        return ONE
    if n % 2:
        return _sound((mpi_pow_int((x[0], x[0]), n, precision)[0], mpi_pow_int((x[1], x[1]), n, precision)[1]))
    return _sound(mpi_pow_int(mpi_abs(x, precision), n, precision))


def absolute(x: Interval, precision: int) -> Interval:
    return mpi_abs(x, precision)  # type: ignore[no-any-return]


def _from_zero(x: Interval) -> Interval:
    """The part of `x` that is not negative."""
    if mpf_sign(x[1]) < 0:
        raise Outside
    return (fzero if mpf_sign(x[0]) < 0 else x[0]), x[1]


def root(x: Interval, n: int, precision: int) -> Interval:
    """The n-th root of what is not negative."""
    low, high = _from_zero(x)
    if n == 2:
        return _sound(mpi_sqrt((low, high), precision))
    top = finf if high == finf else at_end(lambda end: end.root(n), high, precision)[1]
    return (fzero if low == fzero else at_end(lambda end: end.root(n), low, precision)[0]), top


def odd_root(x: Interval, n: int, precision: int) -> Interval:
    """The real n-th root, n odd, of any number."""
    parts = []
    if mpf_sign(x[1]) >= 0:
        parts.append(root(x, n, precision))
    if mpf_sign(x[0]) < 0:
        parts.append(negate(root(negate(x), n, precision)))
    return hull(parts[0], parts[-1])


# --- functions --------------------------------------------------------------------------------------------------------


def exponential(x: Interval, precision: int) -> Interval:
    limit = from_int(LARGEST_POWER)
    low = fzero if less(x[0], mpf_neg(limit)) else x[0]
    if low is fzero and x[0] != fzero:
        bottom = fzero
    else:
        bottom = mpi_exp((min_end(low, limit), min_end(low, limit)), precision)[0]
    if less(limit, x[1]):
        top = finf
    elif less(x[1], mpf_neg(limit)):
        top = mpi_exp((mpf_neg(limit), mpf_neg(limit)), precision)[1]
    else:
        top = mpi_exp((x[1], x[1]), precision)[1]
    return bottom, top


def min_end(one: Raw, other: Raw) -> Raw:
    return one if at_most(one, other) else other


def logarithm(x: Interval, precision: int) -> Interval:
    low, high = _from_zero(x)
    if mpf_sign(high) == 0:
        raise Outside
    bottom = fninf if mpf_sign(low) == 0 else mpi_log((low, low), precision)[0]
    top = finf if high == finf else mpi_log((high, high), precision)[1]
    return bottom, top


def _angle_is_large(x: Interval) -> bool:
    size = largest(x)
    return size in (finf, fnan) or (size[1] != 0 and size[2] + size[3] > LARGEST_ANGLE)


def sine(x: Interval, precision: int) -> Interval:
    return UNIT if _angle_is_large(x) else _sound(mpi_sin(x, precision))


def cosine(x: Interval, precision: int) -> Interval:
    return UNIT if _angle_is_large(x) else _sound(mpi_cos(x, precision))


def arctangent(x: Interval, precision: int) -> Interval:
    return _sound(mpi_atan(x, precision))


def arcsine(x: Interval, precision: int) -> Interval:
    inner = intersection(x, UNIT)
    if inner is None:
        raise Outside
    return rising(arb.asin, inner, precision)


def gamma_function(x: Interval, precision: int) -> Interval:
    """On the positive half line, which its only minimum, near 1.4616, divides; anything elsewhere."""
    if mpf_sign(x[0]) <= 0 or x[1] == finf or size_in_bits(x[1]) > 20:
        return WHOLE
    found = hull(at_end(arb.gamma, x[0], precision), at_end(arb.gamma, x[1], precision))
    if less(x[0], from_rational(14617, 10000, 53, "n")) and less(from_rational(14616, 10000, 53, "n"), x[1]):
        least = from_rational(8856, 10000, precision, "f")  # gamma is nowhere below 0.8856 there
        found = (min_end(least, found[0]), found[1])
    return found


def lambert(x: Interval, branch: int, precision: int) -> Interval:
    """Lambert's function on its real branches 0 (rising) and -1 (falling), both of which begin at -1/e with -1."""
    if not is_bounded(x) or (branch == -1 and mpf_sign(x[1]) >= 0):
        return WHOLE
    low, high = (at_end(lambda end: end.lambertw(branch), end, precision) for end in x)
    return hull(MINUS_ONE if low == WHOLE else low, high)


def size_in_bits(end: Raw) -> int:
    """The k with 2**(k-1) <= \\|end| < 2**k, of a finite end that is not zero."""
    return int(end[2] + end[3]) if end[1] else 0


def floors(x: Interval) -> Interval:
    return (x[0] if x[0] == fninf else mpf_floor(x[0])), (x[1] if x[1] == finf else mpf_floor(x[1]))


def ceilings(x: Interval) -> Interval:
    return (x[0] if x[0] == fninf else mpf_ceil(x[0])), (x[1] if x[1] == finf else mpf_ceil(x[1]))


def pi(precision: int) -> Interval:
    return mpi_pi(precision)  # type: ignore[no-any-return]


def signs(x: Interval) -> Interval:
    """The hull of the signs of all its numbers."""
    low, high = mpf_sign(x[0]), mpf_sign(x[1])
    return from_int(low), from_int(high)


# --- functions that python-flint knows at points ----------------------------------------------------------------------


def of_ball(ball: arb) -> Interval:
    """The ends of a ball, at python-flint's precision."""
    if not ball.is_finite():
        return WHOLE
    low, high = (end.man_exp() for end in (ball.lower(), ball.upper()))
    return from_man_exp(int(low[0]), int(low[1])), from_man_exp(int(high[0]), int(high[1]))


def at_end(function: Callable[[arb], arb], end: Raw, precision: int) -> Interval:
    """A function's value at one end of an interval; `WHOLE` where it is not a number."""
    if end in (finf, fninf):
        end_ball = arb.pos_inf() if end == finf else arb.neg_inf()
    else:
        negative, mantissa, exponent, _ = end
        end_ball = arb((-mantissa if negative else mantissa, exponent))
    with ctx.workprec(precision + GUARD_BITS):
        return of_ball(function(end_ball))


def rising(function: Callable[[arb], arb], x: Interval, precision: int) -> Interval:
    """A rising function over an interval."""
    return at_end(function, x[0], precision)[0], at_end(function, x[1], precision)[1]
