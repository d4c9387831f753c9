"""Interval arithmetic: two exact ends, of which either may be infinite, worked out in python-flint's balls.

Every operation returns an interval that holds all values over the arguments *where the operation is defined*, rounded
outward at python-flint's working precision (`ctx.workprec`); `Outside` is raised where it is defined nowhere on them.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from flint import arb, ctx, fmpq

Number = int | Fraction
ABOVE, BELOW = arb.pos_inf(), arb.neg_inf()


class NoValue(ValueError):
    """A value is not enclosed."""


class Outside(NoValue):
    """An operation is undefined all over its arguments: there is no real value."""


def ball_of(number: Number) -> arb:
    """A rational number, rounded."""
    return arb(fmpq(number.numerator, number.denominator))


def _lower(ball: arb) -> arb:
    end = ball.lower()
    return BELOW if end.is_nan() else end


def _upper(ball: arb) -> arb:
    end = ball.upper()
    return ABOVE if end.is_nan() else end


class Interval:
    """The numbers from `low` to `high`."""

    __slots__ = ("high", "low")

    def __init__(self, low: arb, high: arb) -> None:
        self.low, self.high = low, high

    @classmethod
    def of(cls, low: Number, high: Number | None = None) -> Interval:
        """The tightest interval around one rational number, or two and what is between them."""
        below = ball_of(low)
        return cls(below.lower(), (below if high is None else ball_of(high)).upper())

    @classmethod
    def around(cls, *balls: arb) -> Interval:
        """The tightest interval around balls and what is between them."""
        return cls(min(map(_lower, balls)), max(map(_upper, balls)))

    # --- asking -------------------------------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Interval) and bool(self.low == other.low and self.high == other.high)

    __hash__ = None  # type: ignore[assignment]

    @property
    def is_bounded(self) -> bool:
        return bool(self.low.is_finite() and self.high.is_finite())

    @property
    def is_point(self) -> bool:
        return bool(self.low == self.high)

    @property
    def is_positive(self) -> bool:
        return bool(self.low > 0)

    @property
    def sign(self) -> int | None:
        """The sign of all its numbers; None where they differ in it."""
        if self.holds_zero:
            return 0 if self.low == self.high else None
        return 1 if self.low > 0 else -1

    @property
    def holds_zero(self) -> bool:
        return bool(self.low <= 0 <= self.high)

    def is_inside(self, other: Interval) -> bool:
        """Whether it lies in the interior of another one."""
        return bool(other.low < self.low and self.high < other.high)

    def is_within(self, other: Interval) -> bool:
        """Whether it is a part of another one."""
        return bool(other.low <= self.low and self.high <= other.high)

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """The ends of a bounded interval as rational numbers."""
        return fraction(self.low), fraction(self.high)

    @property
    def whole_numbers(self) -> range:
        """Those in a bounded interval. Raises `NoValue` where it has no bounds."""
        if not self.is_bounded:
            raise NoValue
        low, high = self.ends
        return range(ceil(low), floor(high) + 1)

    @property
    def middle(self) -> Interval:
        """A point near the middle of a bounded interval."""
        found = ((self.low + self.high) / 2).mid()
        return Interval(found, found)

    @property
    def width(self) -> arb:
        """The width, rounded up."""
        return (self.high - self.low).upper()

    @property
    def largest(self) -> arb:
        """The largest absolute value, rounded up."""
        return max(self.low.abs_upper(), self.high.abs_upper())

    @property
    def smallest(self) -> arb:
        """The smallest absolute value, rounded down."""
        return arb(0) if self.holds_zero else min(self.low.abs_lower(), self.high.abs_lower())

    # --- sets ---------------------------------------------------------------------------------------------------------

    def __and__(self, other: Interval) -> Interval:
        """What both have in common; raises `Outside` where that is nothing."""
        both = Interval(max(self.low, other.low), min(self.high, other.high))
        if both.low > both.high:
            raise Outside
        return both

    def meets(self, other: Interval) -> bool:
        """Whether both have something in common."""
        return not (self.low > other.high or other.low > self.high)

    def __or__(self, other: Interval) -> Interval:
        """The hull of both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    # --- arithmetic ---------------------------------------------------------------------------------------------------

    def __add__(self, other: Interval) -> Interval:
        return Interval((self.low + other.low).lower(), (self.high + other.high).upper())

    def __sub__(self, other: Interval) -> Interval:
        return Interval((self.low - other.high).lower(), (self.high - other.low).upper())

    def __neg__(self) -> Interval:
        return Interval((-self.high).lower(), (-self.low).upper())  # python-flint rounds

    def __mul__(self, other: Interval) -> Interval:
        return Interval.around(*(_product(x, y) for x in (self.low, self.high) for y in (other.low, other.high)))

    def __truediv__(self, other: Interval) -> Interval:
        """The quotients by all numbers of the other one but zero."""
        if other.low < 0 < other.high:
            return ZERO if self == ZERO else WHOLE
        if other.low.is_zero() and other.high.is_zero():
            raise Outside
        if other.low.is_zero():
            return self * Interval((1 / other.high).lower() if other.high.is_finite() else arb(0), ABOVE)
        if other.high.is_zero():
            return -(self / -other)
        return Interval.around(*(_quotient(x, y) for x in (self.low, self.high) for y in (other.low, other.high)))

    def __pow__(self, n: int) -> Interval:
        if n < 0:
            return ONE / self**-n
        if n == 0:
            return ONE
        base = self if n % 2 else abs(self)
        return Interval(_lower(_power(base.low, n)), _upper(_power(base.high, n)))

    def __abs__(self) -> Interval:
        return Interval(self.smallest, self.largest)

    # --- functions ----------------------------------------------------------------------------------------------------

    def rising(self, function: Callable[[arb], arb]) -> Interval:
        """A rising function of it; where the function is no number at an end, that end is infinite."""
        return Interval(_lower(function(self.low)), _upper(function(self.high)))

    def root(self, n: int) -> Interval:
        """The n-th root of what is not negative."""
        return (self & FROM_ZERO).rising(arb.sqrt if n == 2 else lambda end: end.root(n))

    def odd_root(self, n: int) -> Interval:
        """The real n-th root, n odd, of any number."""
        return self.rising(lambda end: end.root(n) if end >= 0 else -((-end).root(n)))

    def exp(self) -> Interval:
        return self.rising(arb.exp) & FROM_ZERO

    def log(self) -> Interval:
        positive = self & FROM_ZERO
        if positive.high.is_zero():
            raise Outside
        return positive.rising(arb.log)

    def sin(self) -> Interval:
        return self._wave(arb.sin, Fraction(1, 4))

    def cos(self) -> Interval:
        return self._wave(arb.cos, Fraction(0))

    def _wave(self, function: Callable[[arb], arb], top: Fraction) -> Interval:
        """A sine, which is 1 after `top` of a turn, and -1 half a turn later."""
        if not self.is_bounded:
            return UNIT
        found = Interval.around(function(self.low), function(self.high)) & UNIT
        whole = 2 * arb.pi()
        first, last = (self.low / whole).lower(), (self.high / whole).upper()
        low, high = (
            # Certainly no such angle is between the ends, where the next one comes after both.
            (first - ball_of(turns)).lower().ceil() > (last - ball_of(turns)).upper().floor()
            for turns in (top + Fraction(1, 2), top)
        )
        return Interval(found.low if low else arb(-1), found.high if high else arb(1))

    def gamma(self) -> Interval:
        """On the positive half line, which its only minimum, near 1.4616, divides; anything elsewhere."""
        if not self.is_positive or not self.high < 2**20:
            return WHOLE
        found = Interval.around(self.low.gamma(), self.high.gamma())
        is_below = self.low < ball_of(Fraction(14617, 10000)) and ball_of(Fraction(14616, 10000)) < self.high
        return Interval.of(Fraction(8856, 10000)) | found if is_below else found  # it is nowhere below 0.8856

    def lambert(self, branch: int) -> Interval:
        """Lambert's function on its real branches 0 (rising) and -1 (falling), both of which begin at -1/e with -1."""
        if branch == 0:
            return self.rising(arb.lambertw) & Interval(arb(-1), ABOVE)
        return (-self).rising(lambda end: (-end).lambertw(-1)) & Interval(BELOW, arb(-1))


def _product(x: arb, y: arb) -> arb:
    """Of two ends: every number is finite, so that zero times an infinite end is zero."""
    return arb(0) if x.is_zero() or y.is_zero() else x * y


def _quotient(x: arb, y: arb) -> arb:
    return x / y if y.is_finite() else arb(0)


def _power(end: arb, n: int) -> arb:
    return end**n if end.is_finite() or n % 2 == 0 else end


def fraction(end: arb) -> Fraction:
    """A finite end as a rational number."""
    mantissa, exponent = end.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def spanning(low: Number, high: Number, precision: int) -> Interval:
    """The tightest interval with so many bits around two rational numbers and what is between them."""
    with ctx.workprec(precision):
        return Interval.of(low, high)


WHOLE, FROM_ZERO = Interval(BELOW, ABOVE), Interval(arb(0), ABOVE)
ZERO, ONE, UNIT = Interval.of(0), Interval.of(1), Interval.of(-1, 1)
