"""A real point with algebraic coordinates, given exactly by one root of one polynomial, and digits of it at will."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx, fmpq, fmpq_poly, fmpz_poly
from sympy import Symbol

from puzzlesolver.arithmetic.balls import ball_of
from puzzlesolver.arithmetic.interval import Interval
from puzzlesolver.arithmetic.real_roots import ends, refined_root

FIRST_BITS = 128  # The precision of the first evaluation; each further one doubles it.


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
        root = refined_root(self.polynomial, self.isolating, bits)
        precision = bits + 32
        with ctx.workprec(precision):
            theta = ball_of(root)
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


def _polynomial(coefficients: tuple[Fraction, ...]) -> fmpq_poly:
    return fmpq_poly([fmpq(c.numerator, c.denominator) for c in coefficients])
