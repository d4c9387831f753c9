"""Interval arithmetic on NumPy arrays, outward rounded: thousands of intervals in one call.

In: intervals as pairs (lows, highs) of float64 arrays of one shape; ends may be infinite, but no low is +oo and no high
is -oo. Out: pairs that enclose the function's values at every point of the arguments where it is defined. Where a
function is nowhere defined on its argument, `Found.empty` says so, which proves that no point there has a value.

Rounding. The float64 result r of + - * / sqrt has the error of half a unit in its last place at most; r is moved by
|r| 2^-52 plus the least normal number, which is at least one whole unit, so that even after the rounding of that
movement the exact value is inside. NumPy's and SciPy's functions have no proved bounds; the largest errors ever seen
are a few units, and their results are moved by `LIBRARY` of them. Callers recheck in balls what is claimed to exist.
The operations must run under ``numpy.errstate(all="ignore")``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from puzzlesolver.arithmetic.dag import Op

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Pair = tuple[Array, Array]

UNIT = 2.0**-52
LEAST_NORMAL = 2.0**-1022
LIBRARY = 32  # Units in the last place by which the results of library functions are moved outward.
PERIODIC_LIMIT = 1e8
"""Beyond this, sines and cosines are only known to be in [-1, 1]: a float's spacing is then no longer small."""

HALF_PI = np.pi / 2
TAU = 2 * np.pi


class Enclosure(NamedTuple):
    """An enclosure; `empty`, where given, marks the intervals at no point of which the operation is defined."""

    low: Array
    high: Array
    empty: Mask | None = None


def outward(low: Array, high: Array, units: float = 1.0) -> Pair:
    """Computed ends moved outward, in place; what overflowed or is not a number becomes infinite."""
    width = np.abs(low)
    width *= units * UNIT
    width += LEAST_NORMAL
    low -= width
    np.abs(high, out=width)
    width *= units * UNIT
    width += LEAST_NORMAL
    high += width
    return settled(low, high)


def settled(low: Array, high: Array) -> Pair:
    """The ends with not-a-number replaced by the infinities that claim nothing, in place."""
    if np.isnan(low.min(initial=0.0)):
        low[np.isnan(low)] = -np.inf
    if np.isnan(high.max(initial=0.0)):
        high[np.isnan(high)] = np.inf
    return low, high


def whole(like: Array) -> Pair:
    """The whole line."""
    return np.full_like(like, -np.inf), np.full_like(like, np.inf)


def absolute(low: Array, high: Array) -> Pair:
    """The least and the largest absolute value, exactly."""
    return np.maximum(np.maximum(low, -high), 0.0), np.maximum(-low, high)


# --- arithmetic -------------------------------------------------------------------------------------------------------


def add(al: Array, ah: Array, bl: Array, bh: Array) -> Pair:
    return outward(al + bl, ah + bh)


def subtract(al: Array, ah: Array, bl: Array, bh: Array) -> Pair:
    return outward(al - bh, ah - bl)


def multiply(al: Array, ah: Array, bl: Array, bh: Array) -> Pair:
    """The least and largest of the four products. Zero times infinity gives not-a-number, which `fmin` and `fmax` pass
    over: the product zero that it stands for is there among the others, or all four are so, and then nothing is
    claimed."""
    p = al * bl
    low, high = p.copy(), p
    for q in (al * bh, ah * bl, ah * bh):
        np.fmin(low, q, out=low)
        np.fmax(high, q, out=high)
    return outward(low, high)


def reciprocal(low: Array, high: Array) -> Pair:
    """The hull of 1/x over the interval; the whole line where zero is inside."""
    through = (low <= 0) & (high >= 0)
    first, last = 1.0 / np.where(high == 0, -0.0, high), 1.0 / np.where(low == 0, 0.0, low)
    inside = through & (low < 0) & (high > 0)
    if inside.any():
        first[inside], last[inside] = -np.inf, np.inf
    return outward(first, last)


def divide(al: Array, ah: Array, bl: Array, bh: Array) -> Enclosure:
    """The quotient; nowhere defined where the divisor is zero throughout."""
    empty = (bl == 0) & (bh == 0)
    if not ((bl <= 0) & (bh >= 0)).any():
        p = al / bl
        low, high = p.copy(), p
        for q in (al / bh, ah / bl, ah / bh):
            np.fmin(low, q, out=low)
            np.fmax(high, q, out=high)
        return Enclosure(*outward(low, high))
    return Enclosure(*multiply(al, ah, *reciprocal(bl, bh)), empty)


def scale(low: Array, high: Array, factor_low: Array, factor_high: Array) -> Pair:
    """Times a positive factor known to lie between two floats."""
    return outward(np.fmin(low * factor_low, low * factor_high), np.fmax(high * factor_low, high * factor_high))


def _repeated(x: Array, exponent: int) -> Array:
    """A whole power by squaring; at most exponent - 1 roundings, each within half a unit."""
    result: Array | None = None
    while True:
        if exponent & 1:
            result = x if result is None else result * x
        exponent >>= 1
        if not exponent:
            assert result is not None
            return result
        x = x * x


def power(low: Array, high: Array, exponent: int) -> Pair:
    """A whole power, at least the second."""
    if exponent % 2:
        return outward(_repeated(low, exponent), _repeated(high, exponent), exponent)
    least, largest = absolute(low, high)
    low, high = outward(_repeated(least, exponent), _repeated(largest, exponent), exponent)
    return np.maximum(low, 0.0), high


def square_root(low: Array, high: Array) -> Enclosure:
    first, last = outward(np.sqrt(np.maximum(low, 0.0)), np.sqrt(np.maximum(high, 0.0)))
    return Enclosure(np.maximum(first, 0.0), last, high < 0)


def root_power(low: Array, high: Array, exponent: float) -> Enclosure:
    """A positive real power of what is not negative. The exponent's own rounding weighs as the logarithm does, which is
    below 746 for every float."""
    units = LIBRARY + 1024 * max(exponent, 1.0)
    first, last = np.power(np.maximum(low, 0.0), exponent), np.power(np.maximum(high, 0.0), exponent)
    first, last = outward(first, last, units)
    return Enclosure(np.maximum(first, 0.0), last, high < 0)


def odd_root(low: Array, high: Array, degree: int) -> Pair:
    units = LIBRARY + 1024
    return outward(
        np.copysign(np.power(np.abs(low), 1.0 / degree), low),
        np.copysign(np.power(np.abs(high), 1.0 / degree), high),
        units,
    )


def general_power(al: Array, ah: Array, bl: Array, bh: Array) -> Enclosure:
    """a**b: through the logarithm where a > 0; of zero from b = 0 on, 0**0 being 1; of negative a for whole b."""
    low, high = exponential(*multiply(bl, bh, *logarithm(al, ah)[:2]))
    if (al > 0).all():
        return Enclosure(low, high)
    low, high = np.where(ah > 0, low, np.inf), np.where(ah > 0, high, -np.inf)
    zero = (al <= 0) & (ah >= 0)
    to_zero, to_one = zero & (bh > 0), zero & (bl <= 0) & (bh >= 0)
    low, high = np.where(to_zero, np.minimum(low, 0.0), low), np.where(to_zero, np.maximum(high, 0.0), high)
    low, high = np.where(to_one, np.minimum(low, 1.0), low), np.where(to_one, np.maximum(high, 1.0), high)
    first, last = np.ceil(bl), np.floor(bh)
    negative = (al < 0) & (first <= last)
    least, most = _negative_power(al, ah, first, last)
    low, high = np.where(negative, np.minimum(low, least), low), np.where(negative, np.maximum(high, most), high)
    empty = ~((ah > 0) | to_zero | to_one | negative)
    return Enclosure(np.where(empty, -np.inf, low), np.where(empty, np.inf, high), empty)


def _negative_power(al: Array, ah: Array, first: Array, last: Array) -> Pair:
    """Whole powers, from the `first` to the `last`, of the negative numbers among a."""
    below, above = np.where(al < 0, np.maximum(-ah, 0.0), 1.0), np.where(al < 0, -al, 1.0)
    low, high = exponential(*multiply(first, last, *logarithm(below, above)[:2]))
    one = (first == last) & (first == 0)
    low, high = np.where(one, 1.0, low), np.where(one, 1.0, high)
    odd = np.where(np.isfinite(first), np.mod(first, 2.0), 0.0) == 1.0
    single = first == last
    return np.where(single & ~odd, low, -high), np.where(single & odd, -low, high)


# --- functions --------------------------------------------------------------------------------------------------------


def increasing(function: Callable[[Array], Array], units: float = LIBRARY) -> Callable[[Array, Array], Pair]:
    """The enclosure of an increasing library function, defined everywhere."""

    def enclosure(low: Array, high: Array) -> Pair:
        return outward(function(low), function(high), units)

    return enclosure


def exponential(low: Array, high: Array) -> Pair:
    low, high = outward(np.exp(low), np.exp(high), LIBRARY)
    return np.maximum(low, 0.0), high


def logarithm(low: Array, high: Array) -> Enclosure:
    first, last = outward(np.log(np.maximum(low, 0.0)), np.log(np.maximum(high, 0.0)), LIBRARY)
    return Enclosure(first, last, high <= 0)


def _passes(low: Array, high: Array, phase: float, period: float) -> Mask:
    """Whether an interval may hold a point phase + k*period. Errs on the side of yes by far more than rounding does."""
    first, last = (low - phase) / period, (high - phase) / period
    slack = 2.0**-48 * (1.0 + np.maximum(np.abs(first), np.abs(last)))
    return np.floor(last + slack) >= np.ceil(first - slack)


def _wave(function: Callable[[Array], Array], top: float, low: Array, high: Array) -> Pair:
    """A sine or cosine whose largest values are at top + 2*pi*k."""
    a, b = np.clip(low, -PERIODIC_LIMIT, PERIODIC_LIMIT), np.clip(high, -PERIODIC_LIMIT, PERIODIC_LIMIT)
    left, right = function(a), function(b)
    first, last = np.minimum(left, right) - LIBRARY * UNIT, np.maximum(left, right) + LIBRARY * UNIT
    far = (low < -PERIODIC_LIMIT) | (high > PERIODIC_LIMIT)
    first = np.where(far | _passes(a, b, top + np.pi, TAU), -1.0, np.maximum(first, -1.0))
    last = np.where(far | _passes(a, b, top, TAU), 1.0, np.minimum(last, 1.0))
    return first, last


def sine(low: Array, high: Array) -> Pair:
    return _wave(np.sin, HALF_PI, low, high)


def cosine(low: Array, high: Array) -> Pair:
    return _wave(np.cos, 0.0, low, high)


def tangent(low: Array, high: Array) -> Pair:
    a, b = np.clip(low, -PERIODIC_LIMIT, PERIODIC_LIMIT), np.clip(high, -PERIODIC_LIMIT, PERIODIC_LIMIT)
    unknown = (low < -PERIODIC_LIMIT) | (high > PERIODIC_LIMIT) | _passes(a, b, HALF_PI, np.pi)
    first, last = outward(np.tan(a) - LIBRARY * UNIT, np.tan(b) + LIBRARY * UNIT, LIBRARY)
    return np.where(unknown, -np.inf, first), np.where(unknown, np.inf, last)


def arc_sine(low: Array, high: Array) -> Enclosure:
    first, last = outward(np.arcsin(np.clip(low, -1, 1)), np.arcsin(np.clip(high, -1, 1)), LIBRARY)
    return Enclosure(first, last, (low > 1) | (high < -1))


def arc_cosine(low: Array, high: Array) -> Enclosure:
    first, last = outward(np.arccos(np.clip(high, -1, 1)), np.arccos(np.clip(low, -1, 1)), LIBRARY)
    return Enclosure(np.maximum(first, 0.0), last, (low > 1) | (high < -1))


def arc_tangent_2(yl: Array, yh: Array, xl: Array, xh: Array) -> Pair:
    """The angle of (x, y); over a box without the origin and off the slit its extremes are at the corners."""
    yl, yh = yl + 0.0, yh + 0.0
    corners = [np.arctan2(y, x) for y in (yl, yh) for x in (xl, xh)]
    first, last = outward(np.minimum.reduce(corners), np.maximum.reduce(corners), LIBRARY)
    around = (xl <= 0) & (yl <= 0) & (yh >= 0) & ~((yl == 0) & (xh < 0))
    turn = np.nextafter(np.pi, 4.0)
    return np.where(around, -turn, first), np.where(around, turn, last)


def hyperbolic_cosine(low: Array, high: Array) -> Pair:
    least, largest = absolute(low, high)
    first, last = outward(np.cosh(least), np.cosh(largest), LIBRARY)
    return np.maximum(first, 1.0), last


def hyperbolic_tangent(low: Array, high: Array) -> Pair:
    first, last = outward(np.tanh(low), np.tanh(high), LIBRARY)
    return np.maximum(first, -1.0), np.minimum(last, 1.0)


def error_function(low: Array, high: Array) -> Pair:
    from scipy.special import erf

    first, last = outward(erf(low), erf(high), LIBRARY)
    return np.maximum(first, -1.0), np.minimum(last, 1.0)


GAMMA_LOWEST_AT = 1.4616321449683623
GAMMA_LOWEST = 0.8856031944108886  # Below the least value of gamma on the positive numbers.


def gamma_function(low: Array, high: Array) -> Pair:
    """On the positive numbers, where it falls and then rises; elsewhere nothing is claimed."""
    from scipy.special import gamma

    left, right = gamma(np.maximum(low, 0.0)), gamma(np.maximum(high, 0.0))
    around = (low <= GAMMA_LOWEST_AT * (1 + 1e-15)) & (high >= GAMMA_LOWEST_AT * (1 - 1e-15))
    first, last = outward(np.minimum(left, right), np.maximum(left, right), 64 * LIBRARY)
    first = np.where(around, GAMMA_LOWEST, np.maximum(first, GAMMA_LOWEST))
    return np.where(low > 0, first, -np.inf), np.where(low > 0, last, np.inf)


def digamma_function(low: Array, high: Array) -> Pair:
    """On the positive numbers, where it rises; elsewhere nothing is claimed."""
    from scipy.special import digamma

    slack = 64 * LIBRARY * UNIT
    first, last = digamma(np.maximum(low, 0.0)) - slack, digamma(np.maximum(high, 0.0)) + slack
    first, last = outward(first, last, 64 * LIBRARY)
    return np.where(low > 0, first, -np.inf), np.where(low > 0, last, np.inf)


BRANCH_POINT = -0.36787944117144233
"""The float nearest to -1/e (a little below it), where the two real branches of Lambert's function meet at -1."""


def lambert_w(low: Array, high: Array, branch: int) -> Enclosure:
    """The principal branch rises from -1 at -1/e; the other falls from there to -oo at zero. Near the meeting point the
    square root in it magnifies rounding, for which the slack is."""
    from scipy.special import lambertw

    below = np.nextafter(BRANCH_POINT, -1.0)
    if branch == 0:
        ends = [np.maximum(low, BRANCH_POINT), np.maximum(high, BRANCH_POINT)]
        empty = high < below
    else:
        ends = [np.clip(high, BRANCH_POINT, -0.0), np.clip(low, BRANCH_POINT, -0.0)]
        empty = (high < below) | (low >= 0)
    values = [np.where(end == np.inf, np.inf, np.real(lambertw(end, branch))) for end in ends]
    slacks = [np.where(end < -0.36, 1e-6, 1e-13) for end in ends]
    first, last = outward(values[0] - slacks[0], values[1] + slacks[1], 64 * LIBRARY)
    if branch == 0:
        return Enclosure(np.maximum(first, -1.0), last, empty)
    first, last = np.where(high >= 0, -np.inf, first), np.minimum(last, -1.0)
    return Enclosure(first, last, empty)


# --- jumps and kinks --------------------------------------------------------------------------------------------------


def step(low: Array, high: Array) -> Pair:
    """The derivative of the sign: zero off the jump, anything over it."""
    off = (low > 0) | (high < 0)
    return np.where(off, 0.0, -np.inf), np.where(off, 0.0, np.inf)


def flat(low: Array, high: Array) -> Pair:
    """The derivative of the floor: zero between the jumps, anything over one."""
    off = np.floor(low) == np.floor(high)
    return np.where(off, 0.0, -np.inf), np.where(off, 0.0, np.inf)


def slit(yl: Array, yh: Array, xl: Array, xh: Array) -> Pair:
    """Zero where the angle of (x, y) is continuous, anything over the slit or the origin."""
    off = (yl > 0) | (yh < 0) | (xl > 0)
    return np.where(off, 0.0, -np.inf), np.where(off, 0.0, np.inf)


def choose(ul: Array, uh: Array, vl: Array, vh: Array, al: Array, ah: Array, bl: Array, bh: Array) -> Pair:
    """The third where u < v, the fourth where u > v, their hull where that is open."""
    first, second = uh < vl, vh < ul
    low = np.where(first, al, np.where(second, bl, np.minimum(al, bl)))
    return low, np.where(first, ah, np.where(second, bh, np.maximum(ah, bh)))


# --- by operation -----------------------------------------------------------------------------------------------------

Forward = Callable[..., Pair | Enclosure]

FORWARD: Mapping[Op, Forward] = {
    Op.ADD: add,
    Op.SUBTRACT: subtract,
    Op.MULTIPLY: multiply,
    Op.DIVIDE: divide,
    Op.NEGATE: lambda low, high: (-high, -low),
    Op.SQRT: square_root,
    Op.GENERAL_POWER: general_power,
    Op.EXP: exponential,
    Op.LOG: logarithm,
    Op.SIN: sine,
    Op.COS: cosine,
    Op.TAN: tangent,
    Op.ASIN: arc_sine,
    Op.ACOS: arc_cosine,
    Op.ATAN: increasing(np.arctan),
    Op.ATAN2: arc_tangent_2,
    Op.SINH: increasing(np.sinh),
    Op.COSH: hyperbolic_cosine,
    Op.TANH: hyperbolic_tangent,
    Op.ABS: absolute,
    Op.SIGN: lambda low, high: (np.sign(low), np.sign(high)),
    Op.MIN: lambda al, ah, bl, bh: (np.minimum(al, bl), np.minimum(ah, bh)),
    Op.MAX: lambda al, ah, bl, bh: (np.maximum(al, bl), np.maximum(ah, bh)),
    Op.FLOOR: lambda low, high: (np.floor(low), np.floor(high)),
    Op.GCD: lambda al, ah, bl, bh: (np.zeros_like(al), np.full_like(al, np.inf)),
    Op.ERF: error_function,
    Op.GAMMA: gamma_function,
    Op.DIGAMMA: digamma_function,
    Op.STEP: step,
    Op.FLAT: flat,
    Op.SLIT: slit,
    Op.CHOOSE: choose,
    Op.UNKNOWN: lambda low, *rest: whole(low),
}
"""The enclosures of the operations that hold no value of their own, from the ends of their arguments in turn."""

FORWARD_WITH_VALUE: Mapping[Op, Forward] = {
    Op.POWER: lambda low, high, value: power(low, high, int(value)),
    Op.ROOT_POWER: lambda low, high, value: root_power(low, high, float(value)),
    Op.ODD_ROOT: lambda low, high, value: odd_root(low, high, int(value)),
    Op.LAMBERT_W: lambda low, high, value: lambert_w(low, high, int(value)),
}
"""Those of the ones that do (scaling apart, whose factors differ from node to node)."""


def float_below(exact: Fraction) -> float:
    """The largest float that is not above an exact number."""
    return -float_above(-exact)


def float_above(exact: Fraction) -> float:
    """The least float that is not below an exact number."""
    try:
        near = float(exact)
    except OverflowError:
        return float("inf") if exact > 0 else -np.finfo(np.float64).max
    return near if Fraction(near) >= exact else float(np.nextafter(near, np.inf))
