"""How close to zero an algebraic number can come without being zero, read off the expression that states it.

In: a constant built from whole numbers by + − × /, integer powers, k-th roots, roots of polynomials (`CRootOf`) and the
trigonometric functions of rational multiples of pi. Out: a number of bits b such that the expression's value is zero or
at least 2**-b in absolute value. With it, ball arithmetic decides whether such a constant is zero.

The bound is that of C. Burnikel, S. Funke, K. Mehlhorn, S. Schirra and S. Schmitt, "A separation bound for real
algebraic expressions" (ESA 2001, Algorithmica 55, 2009). Every subexpression is a quotient U/L of algebraic integers;
u and l bound the absolute values of all their conjugates, and D the degree of a field that holds them all. Where U is
not zero, the product of its conjugates is a whole number other than zero, so |U| >= u**(1-D), and |L| <= l. No
divisor and no base of a fractional power may be zero: `zero` sees to that first.
"""

from __future__ import annotations

import math

from sympy import (
    Add,
    ComplexRootOf,
    Expr,
    GoldenRatio,
    Integer,
    Mul,
    Pow,
    Rational,
    cos,
    cot,
    csc,
    pi,
    sec,
    sin,
    sqrt,
    tan,
    totient,
)

_SLACK = 1e-6  # Added to every logarithm, far more than its rounding error.

Bound = tuple[float, float]
"""The binary logarithms of u and l, at least 0."""


class _NotAlgebraic(Exception):
    """The expression holds something that the bound does not cover."""


def separation_bits(expression: Expr) -> int | None:
    """Bits b with |value| >= 2**-b unless the value is zero; None where the expression is not of the kind covered."""
    walk = _Walk()
    try:
        top, bottom = walk.bound(expression)
    except _NotAlgebraic:
        return None
    degree = walk.degree()
    bits = (degree - 1) * top + bottom
    return math.ceil(bits) + 2 if bits < 1e15 else 10**15


def is_algebraic(expression: Expr) -> bool:
    """Whether the expression is a constant of the kind covered, so that it is sure to be an algebraic number."""
    try:
        _Walk().bound(expression)
    except _NotAlgebraic:
        return False
    return True


class _Walk:
    """One walk over an expression. A subexpression that occurs twice is one number and counts once."""

    def __init__(self) -> None:
        self._bounds: dict[Expr, Bound] = {}
        self._degrees: dict[object, int] = {}
        self._cyclotomic = 1

    def degree(self) -> int:
        """The degree of the field built up so far, or a multiple of it."""
        real_subfield = max(1, int(totient(self._cyclotomic)) // 2)
        return math.prod(self._degrees.values()) * real_subfield

    def bound(self, expression: Expr) -> Bound:
        known = self._bounds.get(expression)
        if known is None:
            known = self._bounds[expression] = self._bound(expression)
        return known

    def _bound(self, expression: Expr) -> Bound:
        if isinstance(expression, Rational):
            return _log2(max(1, abs(expression.p))), _log2(expression.q)
        if isinstance(expression, Add):
            return self._sum(expression)
        if isinstance(expression, Mul):
            bounds = [self.bound(factor) for factor in expression.args]
            return sum(top for top, _ in bounds), sum(bottom for _, bottom in bounds)
        if isinstance(expression, Pow) and isinstance(expression.exp, Rational):
            return self._power(expression.base, expression.exp)
        if isinstance(expression, ComplexRootOf):
            return self._root_of(expression)
        if isinstance(expression, (sin, cos, tan, cot, sec, csc)):
            return self._trigonometric(expression)
        if expression == GoldenRatio:
            return self.bound((1 + sqrt(5)) / 2)
        raise _NotAlgebraic

    def _sum(self, expression: Add) -> Bound:
        """U1/L1 + U2/L2 = (U1 L2 + U2 L1)/(L1 L2), term by term."""
        top, bottom = self.bound(expression.args[0])
        for term in expression.args[1:]:
            other_top, other_bottom = self.bound(term)
            one, two = top + other_bottom, other_top + bottom
            top = max(one, two) + math.log2(1 + 2.0 ** -abs(one - two)) + _SLACK
            bottom += other_bottom
        return top, bottom

    def _power(self, base: Expr, exponent: Rational) -> Bound:
        top, bottom = self.bound(base)
        if exponent.q != 1:
            root = int(exponent.q)
            self._degrees[base, root] = root
            if top >= bottom:
                top, bottom = (top + (root - 1) * bottom) / root + _SLACK, bottom
            else:
                top, bottom = top, ((root - 1) * top + bottom) / root + _SLACK
        times = abs(int(exponent.p))
        top, bottom = times * top, times * bottom
        return (top, bottom) if exponent.p > 0 else (bottom, top)

    def _root_of(self, expression: ComplexRootOf) -> Bound:
        """The leading coefficient times a root is an algebraic integer; Cauchy's bound holds for all its conjugates."""
        coefficients = expression.poly.all_coeffs()
        if not all(isinstance(coefficient, Integer) for coefficient in coefficients):
            raise _NotAlgebraic
        sizes = [abs(int(coefficient)) for coefficient in coefficients]
        self._degrees[expression] = len(sizes) - 1
        return _log2(sizes[0] + max(sizes)), _log2(sizes[0])

    def _trigonometric(self, expression: Expr) -> Bound:
        """2 cos and 2 sin of a rational angle are algebraic integers of a cyclotomic field, conjugates at most 2."""
        turns = expression.args[0] / pi
        if not isinstance(turns, Rational):
            raise _NotAlgebraic
        self._cyclotomic = math.lcm(self._cyclotomic, 4 * int(turns.q))
        return 1.0, 1.0


def _log2(number: int) -> float:
    """The binary logarithm of a whole number of any size, rounded up."""
    shift = max(0, int(number).bit_length() - 60)
    return math.log2((int(number) >> shift) + (shift > 0)) + shift + (_SLACK if number > 1 else 0.0)
