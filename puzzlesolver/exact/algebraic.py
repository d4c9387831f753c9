"""A real point with algebraic coordinates, given exactly by one root of one polynomial, and digits of it at will."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx, fmpq, fmpq_poly, fmpz, fmpz_poly
from sympy import Symbol

from puzzlesolver.solution import Interval

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
    the root's size. By the interval Newton step in balls, and by bisection where that does not halve the interval.
    """
    low, high = isolating
    before = _sign(polynomial, low)
    derivative = polynomial.derivative()
    tolerance = Fraction(1, 1 << bits)
    while high - low > tolerance * max(Fraction(1), abs(low), abs(high)):
        width = high - low
        step = _newton_step(polynomial, derivative, low, high, bits)
        if step is not None:
            low, high = max(low, step[0]), min(high, step[1])
        if 2 * (high - low) > width:
            middle = (low + high) / 2
            here = _sign(polynomial, middle)
            if not here:
                return middle, middle
            low, high = (middle, high) if here == before else (low, middle)
    return low, high


def _newton_step(
    polynomial: fmpz_poly, derivative: fmpz_poly, low: Fraction, high: Fraction, bits: int
) -> Interval | None:
    """``m - f(m)/f'(X)`` for the interval X and a point m in its middle: it holds every root in X."""
    wanted = 2 * max(1, _magnitude((high - low) / max(Fraction(1), abs(low), abs(high)))) + 64
    with ctx.workprec(min(wanted, bits + 64) + 32):
        ball = _ball((low, high))
        slope = derivative(ball)
        if slope.contains(0) or not slope.is_finite():
            return None
        middle = ball.mid()
        step = middle - polynomial(middle) / slope
        return ends(step) if step.is_finite() else None


def _magnitude(small: Fraction) -> int:
    """About the number of bits before the first one of a number below 1 that is not zero."""
    return small.denominator.bit_length() - small.numerator.bit_length()


def _sign(polynomial: fmpz_poly, point: Fraction) -> int:
    value = polynomial(fmpq(point.numerator, point.denominator))
    return (value > 0) - (value < 0)


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


def fraction(number: fmpq | fmpz) -> Fraction:
    """python-flint's rational number as Python's."""
    return Fraction(int(number.p), int(number.q)) if isinstance(number, fmpq) else Fraction(int(number))
