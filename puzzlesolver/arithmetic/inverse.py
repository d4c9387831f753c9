"""The inverse of every operation on intervals: what must the arguments be, for the result to be in an interval?

In: the ends of the result z, then those of each argument, as in `intervals`. Out: for each argument the ends of a
narrower interval that still holds every value it can have (a pair per argument, not yet intersected with the old one
unless the inverse has a gap). Where nothing can be said, the argument itself. An empty answer shows as low > high.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np

from puzzlesolver.arithmetic.dag import Op
from puzzlesolver.arithmetic.intervals import (
    BRANCH_POINT,
    HALF_PI,
    LEAST_NORMAL,
    LIBRARY,
    PERIODIC_LIMIT,
    TAU,
    UNIT,
    Array,
    Pair,
    add,
    divide,
    exponential,
    logarithm,
    multiply,
    odd_root,
    outward,
    power,
    root_power,
    sine,
    square_root,
    subtract,
    tangent,
)

Backward = Callable[..., tuple[Pair, ...]]


def outside_gap(low: Array, high: Array, gap_low: Array, gap_high: Array) -> Pair:
    """An interval without an open gap: an end inside the gap moves to its border. No gap: gap_low > gap_high."""
    real = gap_low < gap_high
    return (
        np.where(real & (low > gap_low) & (low < gap_high), gap_high, low),
        np.where(real & (high > gap_low) & (high < gap_high), gap_low, high),
    )


def quotient_gap(zl: Array, zh: Array, vl: Array, vh: Array) -> Pair:
    """The open gap in z/v where v holds zero and z does not; without one, a low above the high."""
    through = (vl <= 0) & (vh >= 0)
    above, below = through & (zl > 0), through & (zh < 0)
    least = np.where(above, zl, np.where(below, -zh, 0.0))
    toward_left = np.abs(np.where(above, vl, vh))
    toward_right = np.abs(np.where(above, vh, vl))
    # The gap is rounded inward: its ends come nearer to zero.
    gap_low = -np.maximum(least / toward_left * (1 - 2 * UNIT) - LEAST_NORMAL, 0.0)
    gap_high = np.maximum(least / toward_right * (1 - 2 * UNIT) - LEAST_NORMAL, 0.0)
    some = above | below
    return np.where(some, gap_low, 1.0), np.where(some, gap_high, -1.0)


def factor(zl: Array, zh: Array, vl: Array, vh: Array, ul: Array, uh: Array) -> Pair:
    """What u must be for u*v = z: the quotient where v has no zero, what the gap leaves where it has."""
    through = (vl <= 0) & (vh >= 0)
    if not through.any():
        low, high, _ = divide(zl, zh, vl, vh)
        return low, high
    low, high, _ = divide(zl, zh, np.where(through, 1.0, vl), np.where(through, 1.0, vh))
    kept_low, kept_high = outside_gap(ul, uh, *quotient_gap(zl, zh, vl, vh))
    return np.where(through, kept_low, low), np.where(through, kept_high, high)


def _signed(low: Array, high: Array, least: Array, largest: Array) -> Pair:
    """The u in an interval whose absolute value is between two bounds."""
    gap = np.maximum(least, 0.0)
    return outside_gap(np.maximum(low, -largest), np.minimum(high, largest), -gap, gap)


def _add(zl: Array, zh: Array, al: Array, ah: Array, bl: Array, bh: Array) -> tuple[Pair, ...]:
    return subtract(zl, zh, bl, bh), subtract(zl, zh, al, ah)


def _subtract(zl: Array, zh: Array, al: Array, ah: Array, bl: Array, bh: Array) -> tuple[Pair, ...]:
    return add(zl, zh, bl, bh), subtract(al, ah, zl, zh)


def _multiply(zl: Array, zh: Array, al: Array, ah: Array, bl: Array, bh: Array) -> tuple[Pair, ...]:
    return factor(zl, zh, bl, bh, al, ah), factor(zl, zh, al, ah, bl, bh)


def _divide(zl: Array, zh: Array, al: Array, ah: Array, bl: Array, bh: Array) -> tuple[Pair, ...]:
    return multiply(zl, zh, bl, bh), factor(al, ah, zl, zh, bl, bh)


def _power(zl: Array, zh: Array, low: Array, high: Array, value: Fraction | int) -> tuple[Pair, ...]:
    exponent = int(value)
    if exponent % 2:
        return (odd_root(zl, zh, exponent),)
    least, largest, _ = square_root(zl, zh) if exponent == 2 else root_power(zl, zh, 1 / exponent)
    return (_signed(low, high, least, np.where(zh < 0, -1.0, largest)),)


def _square_root(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    first, last = power(np.maximum(zl, 0.0), np.maximum(zh, 0.0), 2)
    return ((first, np.where(zh < 0, -np.inf, last)),)


def _root_power(zl: Array, zh: Array, low: Array, high: Array, value: Fraction | int) -> tuple[Pair, ...]:
    first, last, _ = root_power(np.maximum(zl, 0.0), np.maximum(zh, 0.0), float(1 / Fraction(value)))
    return ((first, np.where(zh < 0, -np.inf, last)),)


def _odd_root(zl: Array, zh: Array, low: Array, high: Array, value: Fraction | int) -> tuple[Pair, ...]:
    return (power(zl, zh, int(value)),)


def _general_power(zl: Array, zh: Array, al: Array, ah: Array, bl: Array, bh: Array) -> tuple[Pair, ...]:
    """Through logarithms, where the base is sure to be positive."""
    plain = (al > 0) & (zh > 0)
    base = logarithm(np.where(plain, al, 1.0), np.where(plain, ah, 2.0))[:2]
    result = logarithm(np.where(plain, zl, 1.0), np.where(plain, zh, 2.0))[:2]
    exponent = factor(*result, *base, bl, bh)
    log_base = factor(*result, bl, bh, *base)
    new = exponential(*log_base)
    return (
        (np.where(plain, new[0], al), np.where(plain, new[1], ah)),
        (np.where(plain, exponent[0], bl), np.where(plain, exponent[1], bh)),
    )


def _exponential(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    first, last, _ = logarithm(zl, zh)
    return ((first, np.where(zh <= 0, -np.inf, last)),)


def _logarithm(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    return (exponential(zl, zh),)


def _next_crossing(start: Array, phases: tuple[Array, ...], period: float) -> Array:
    """The least of the points phase + k*period from a little before `start` on."""
    slack = 2.0**-40 * (1.0 + np.abs(start))
    nearest: Array = np.minimum.reduce([phase + period * np.ceil((start - slack - phase) / period) for phase in phases])
    return nearest - slack


def _periodic(low: Array, high: Array, phases: tuple[Array, ...], period: float, inside: Pair) -> Pair:
    """An interval narrowed to where a periodic function meets a range. `inside` tells for each end whether the function
    may be in the range there; otherwise the end moves to the next point where the range's border is crossed, among the
    phases."""
    near = (low > -PERIODIC_LIMIT) & (high < PERIODIC_LIMIT)
    a, b = np.where(near, low, 0.0), np.where(near, high, 0.0)
    first = _next_crossing(a, phases, period)
    last = -_next_crossing(-b, tuple(-phase for phase in phases), period)
    return (
        np.where(near & (inside[0] == 0), np.maximum(first, low), low),
        np.where(near & (inside[1] == 0), np.minimum(last, high), high),
    )


def _in_range(values: Pair, zl: Array, zh: Array) -> Array:
    return ((values[0] <= zh) & (values[1] >= zl)).astype(np.float64)


def _sine(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    bottom, top = np.arcsin(np.clip(zl, -1, 1)), np.arcsin(np.clip(zh, -1, 1))
    inside = (_in_range(sine(low, low), zl, zh), _in_range(sine(high, high), zl, zh))
    phases = (bottom, np.pi - bottom, top, np.pi - top)
    return (_periodic(low, high, phases, TAU, inside),)


def _cosine(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    ((first, last),) = _sine(zl, zh, *add(low, high, np.full_like(low, HALF_PI), np.full_like(high, HALF_PI)))
    slack = 2.0**-50 * (1.0 + np.maximum(np.abs(first), np.abs(last)))
    return ((first - HALF_PI - slack, last - HALF_PI + slack),)


def _tangent(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    """Where the tangent is between zl and zh; its poles lie outside every bounded range."""
    bottom, top = np.arctan(zl), np.arctan(zh)
    inside = (_in_range(tangent(low, low), zl, zh), _in_range(tangent(high, high), zl, zh))
    return (_periodic(low, high, (bottom, top), np.pi, inside),)


def _arc_sine(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    first, last = sine(np.clip(zl, -HALF_PI, HALF_PI), np.clip(zh, -HALF_PI, HALF_PI))
    return ((first, last),)


def _arc_cosine(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    slack = LIBRARY * UNIT
    return ((np.cos(np.clip(zh, 0, np.pi)) - slack, np.cos(np.clip(zl, 0, np.pi)) + slack),)


def _arc_tangent(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    """The tangent is steep near the ends of its branch: there nothing is said."""
    edge = HALF_PI - 1e-6
    first, last = outward(np.tan(np.clip(zl, -edge, edge)), np.tan(np.clip(zh, -edge, edge)), LIBRARY)
    return ((np.where(zl > -edge, first, -np.inf), np.where(zh < edge, last, np.inf)),)


def _hyperbolic_sine(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    return (outward(np.arcsinh(zl), np.arcsinh(zh), LIBRARY),)


def _hyperbolic_cosine(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    """Near one the inverse has a square root in it, which the absolute slack covers."""
    least, largest = np.arccosh(np.maximum(zl, 1.0)), np.arccosh(np.maximum(zh, 1.0))
    least, largest = outward(least - 1e-7 / (1 + least), largest + 1e-7 / (1 + largest), LIBRARY)
    return (_signed(low, high, least, np.where(zh < 1.0, -1.0, largest)),)


def _hyperbolic_tangent(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    edge = 1 - 1e-6
    first = np.arctanh(np.clip(zl, -edge, edge))
    last = np.arctanh(np.clip(zh, -edge, edge))
    first, last = outward(first, last, LIBRARY * 64)
    return ((np.where(zl > -edge, first, -np.inf), np.where(zh < edge, last, np.inf)),)


def _absolute(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    return (_signed(low, high, zl, zh),)


def _sign(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    return ((np.where(zl > -1, 0.0, low), np.where(zh < 1, 0.0, high)),)


def _floor(zl: Array, zh: Array, low: Array, high: Array) -> tuple[Pair, ...]:
    return ((np.ceil(zl), np.floor(zh) + 1.0),)


def _least(zl: Array, zh: Array, al: Array, ah: Array, bl: Array, bh: Array) -> tuple[Pair, ...]:
    return (zl, np.where(bl > zh, zh, ah)), (zl, np.where(al > zh, zh, bh))


def _greatest(zl: Array, zh: Array, al: Array, ah: Array, bl: Array, bh: Array) -> tuple[Pair, ...]:
    return (np.where(bh < zl, zl, al), zh), (np.where(ah < zl, zl, bl), zh)


def _lambert_w(zl: Array, zh: Array, low: Array, high: Array, value: Fraction | int) -> tuple[Pair, ...]:
    """z*exp(z) rises on the principal branch, z >= -1; of the other nothing is said."""
    if value != 0:
        return ((low, high),)
    a, b = np.maximum(zl, -1.0), np.maximum(zh, -1.0)
    first, _ = multiply(a, a, *exponential(a, a))
    _, last = multiply(b, b, *exponential(b, b))
    return ((np.maximum(first, np.nextafter(BRANCH_POINT, -1.0)), np.where(zh < -1.0, -np.inf, last)),)


def _anything(zl: Array, zh: Array, *args: Array) -> tuple[Pair, ...]:
    return tuple(zip(args[::2], args[1::2], strict=True))


BACKWARD: Mapping[Op, Backward] = {
    Op.ADD: _add,
    Op.SUBTRACT: _subtract,
    Op.MULTIPLY: _multiply,
    Op.DIVIDE: _divide,
    Op.NEGATE: lambda zl, zh, low, high: ((-zh, -zl),),
    Op.SQRT: _square_root,
    Op.GENERAL_POWER: _general_power,
    Op.EXP: _exponential,
    Op.LOG: _logarithm,
    Op.SIN: _sine,
    Op.COS: _cosine,
    Op.TAN: _tangent,
    Op.ASIN: _arc_sine,
    Op.ACOS: _arc_cosine,
    Op.ATAN: _arc_tangent,
    Op.SINH: _hyperbolic_sine,
    Op.COSH: _hyperbolic_cosine,
    Op.TANH: _hyperbolic_tangent,
    Op.ABS: _absolute,
    Op.SIGN: _sign,
    Op.FLOOR: _floor,
    Op.MIN: _least,
    Op.MAX: _greatest,
}
"""The inverses of the operations that hold no value of their own; those missing say nothing of their arguments."""

BACKWARD_WITH_VALUE: Mapping[Op, Backward] = {
    Op.POWER: _power,
    Op.ROOT_POWER: _root_power,
    Op.ODD_ROOT: _odd_root,
    Op.LAMBERT_W: _lambert_w,
}
"""Those of the ones that do."""
