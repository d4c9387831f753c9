"""A real point with algebraic coordinates, given exactly by one root of one polynomial, and digits of it at will."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb, ctx, fmpq, fmpq_poly, fmpz_poly
from sympy import Symbol

from puzzlesolver.arithmetic.interval import Interval

FIRST_BITS = 128
"""The precision of the first evaluation; each further one doubles it."""


@dataclass(frozen=True, slots=True)
class AlgebraicPoint:
    """Coordinates that are rational functions of one real algebraic number θ (a rational univariate representation).

    `polynomial` holds the integer coefficients of θ's squarefree polynomial, constant first; `isolating` is an interval
    that holds exactly one of its real roots, namely θ (both ends equal where θ is rational; otherwise its ends are no
    roots). `coordinates` gives each unknown as a polynomial in θ with rational coefficients, constant first, *over the
    common `denominator`*, a polynomial in θ that is not zero there (1, unless said otherwise).
    """

    polynomial: tuple[int, ...]
    isolating: Interval
    coordinates: Mapping[Symbol, tuple[Fraction, ...]]
    denominator: tuple[int, ...] = (1,)

    def interval(self, symbol: Symbol, digits: int) -> Interval:
        """An interval around a coordinate with at least `digits` correct significant digits.

        Its width is at most 10^-digits of its value; both ends are 0 where the coordinate is zero. Raises KeyError for
        a symbol that is no coordinate.
        """
        low, high = self.isolating
        if low == high:
            value = self._at(symbol, low)
            return value, value
        if self._is_zero(symbol):
            return Fraction(0), Fraction(0)
        bits = FIRST_BITS + 4 * digits
        while True:
            ball = self.ball(symbol, bits)
            if ball.is_finite():
                low, high = ends(ball)
                if (high - low) * 10**digits <= min(abs(low), abs(high)) and low * high > 0:
                    return low, high
            bits *= 2

    def ball(self, symbol: Symbol, bits: int) -> arb:
        """A ball around a coordinate, computed at a precision of `bits`; it may be wide, or not finite."""
        root = refined_root(fmpz_poly(list(self.polynomial)), self.isolating, bits)
        precision = bits + 32
        with ctx.workprec(precision):
            theta = _ball(root)
            numerator = _polynomial(self.coordinates[symbol])
            bottom = fmpz_poly(list(self.denominator))(theta) * numerator.denom()
            return numerator.numer()(theta) / bottom

    def _at(self, symbol: Symbol, theta: Fraction) -> Fraction:
        """A coordinate at a rational θ."""
        point = fmpq(theta.numerator, theta.denominator)
        value = _polynomial(self.coordinates[symbol])(point) / fmpz_poly(list(self.denominator))(point)
        return Fraction(int(value.p), int(value.q))

    def _is_zero(self, symbol: Symbol) -> bool:
        """Whether θ is a root of the coordinate's numerator: then the common divisor changes its sign around θ."""
        common = fmpz_poly(list(self.polynomial)).gcd(_polynomial(self.coordinates[symbol]).numer())
        if common.degree() < 1:
            return False
        at_low, at_high = (common(fmpq(end.numerator, end.denominator)) for end in self.isolating)
        return bool(at_low * at_high < 0)


def refined_root(polynomial: fmpz_poly, isolating: Interval, bits: int) -> Interval:
    """A part of the isolating interval that holds the root and is at most 2^-bits wide, relative to the larger of 1 and
    the root's size. Its ends are no roots, or equal.

    The secant names one of 2^k parts, two signs prove it right or wrong, and k doubles or halves: J. Abbott, Quadratic
    interval refinement for real roots, 2006.
    """
    low, high = isolating
    if low == high:
        return isolating
    bracket = _Bracket(polynomial, low, high, _value(polynomial, low), _value(polynomial, high))
    tolerance = Fraction(1, 1 << bits)
    k = 2
    while bracket.width > tolerance * max(Fraction(1), abs(bracket.low), abs(bracket.high)):
        part = bracket.width / (1 << k)
        middle = bracket.low + bracket.secant(1 << k) * part
        closer = bracket.cut(middle)
        closer = closer.cut(middle + part if closer.low == middle else middle - part)
        if closer.width <= part:
            k *= 2
        elif k > 1:
            k //= 2
        else:
            closer = closer.cut((closer.low + closer.high) / 2)
        bracket = closer
    return bracket.low, bracket.high


@dataclass(frozen=True, slots=True)
class _Bracket:
    """An interval around one root, and the values, of opposite signs, at its ends; equal ends are the root."""

    polynomial: fmpz_poly
    low: Fraction
    high: Fraction
    at_low: arb
    at_high: arb

    @property
    def width(self) -> Fraction:
        return self.high - self.low

    def secant(self, parts: int) -> int:
        """Which of the parts' borders the secant comes closest to."""
        with ctx.workprec(parts.bit_length() + 64):
            ratio = (self.at_low / (self.at_low - self.at_high)).mid()
            border = (ratio * parts + arb(0.5)).floor().unique_fmpz()
        return min(max(0, int(border)), parts) if border is not None else parts // 2

    def cut(self, point: Fraction) -> _Bracket:
        """The side of a point on which the root is."""
        if not self.low < point < self.high:
            return self
        value = _value(self.polynomial, point)
        if value.is_zero():
            return replace(self, low=point, high=point, at_low=value, at_high=value)
        if (value > 0) == (self.at_low > 0):
            return replace(self, low=point, at_low=value)
        return replace(self, high=point, at_high=value)


def _value(polynomial: fmpz_poly, point: Fraction) -> arb:
    """The value at a rational number, as a ball that shows its sign; exactly zero at a root."""
    exact = fmpq(point.numerator, point.denominator)
    most = polynomial.height_bits() + polynomial.degree() * (point.denominator.bit_length() + 64)
    bits = 64 + 2 * point.denominator.bit_length()
    while bits < most:
        with ctx.workprec(bits):
            value = polynomial(arb(exact))
        if value > 0 or value < 0:
            return value
        bits *= 2
    with ctx.workprec(64):
        return arb(polynomial(exact))


def _polynomial(coefficients: tuple[Fraction, ...]) -> fmpq_poly:
    return fmpq_poly([fmpq(c.numerator, c.denominator) for c in coefficients])


def _ball(interval: Interval) -> arb:
    low, high = (arb(fmpq(end.numerator, end.denominator)) for end in interval)
    return low.union(high)


def ends(ball: arb) -> Interval:
    """The exact ends of a finite ball."""
    middle, radius = (_exact(part) for part in (ball.mid(), ball.rad()))
    return middle - radius, middle + radius


def _exact(number: arb) -> Fraction:
    mantissa, exponent = number.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
