"""Polynomials in one unknown over the whole numbers, and their real roots, isolated by Descartes' rule of signs.

A polynomial is the tuple of its coefficients, constant first, without leading zeros; () is zero.

Sources: G. Collins and A. Akritas, *Polynomial real root isolation using Descartes' rule of signs*, SYMSAC 1976; the
refinement is J. Abbott's quadratic interval refinement, *ACM Communications in Computer Algebra* 48, 2014.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

from puzzlesolver.verification.budget import Budget

Polynomial = tuple[int, ...]


def primitive(coefficients: Iterable[Fraction | int]) -> Polynomial:
    """The polynomial with whole coprime coefficients that is a positive multiple of the one given."""
    numbers = [Fraction(c) for c in coefficients]
    while numbers and not numbers[-1]:
        numbers.pop()
    if not numbers:
        return ()
    common = lcm(*(c.denominator for c in numbers))
    whole = [int(c * common) for c in numbers]
    divisor = gcd(*whole)
    return tuple(c // divisor for c in whole)


def value(polynomial: Sequence[int], at: Fraction) -> Fraction:
    """The value at a point, by Horner's rule over the whole numbers."""
    if not polynomial:
        return Fraction(0)
    p, q = at.numerator, at.denominator
    total, power = 0, 1
    for c in reversed(polynomial):
        total = total * p + c * power
        power *= q
    return Fraction(total, power // q)


def sign(polynomial: Sequence[int], at: Fraction) -> int:
    """The sign at a point."""
    found = value(polynomial, at)
    return (found > 0) - (found < 0)


def derivative(polynomial: Polynomial) -> Polynomial:
    return tuple(i * c for i, c in enumerate(polynomial))[1:]


def remainder(dividend: Polynomial, divisor: Polynomial) -> Polynomial:
    """A positive multiple of the remainder of a division."""
    rest = list(dividend)
    lead = divisor[-1]
    size = len(divisor)
    while len(rest) >= size:
        head = rest[-1]
        common = gcd(head, lead)
        # Multiply by the positive |lead|, so that signs stay.
        factor, times = abs(lead) // common, head // common * (1 if lead > 0 else -1)
        shift = len(rest) - size
        if factor != 1:
            rest = [factor * c for c in rest]
        for i, c in enumerate(divisor):
            rest[shift + i] -= times * c
        while rest and not rest[-1]:
            rest.pop()
    return primitive(rest)


def greatest_common_divisor(one: Polynomial, other: Polynomial) -> Polynomial:
    """The primitive greatest common divisor."""
    while other:
        one, other = other, remainder(one, other)
    return primitive(one)


def quotient(dividend: Polynomial, divisor: Polynomial) -> Polynomial:
    """A positive multiple of an exact quotient."""
    rest = [Fraction(c) for c in dividend]
    result = [Fraction(0)] * (len(dividend) - len(divisor) + 1)
    for place in reversed(range(len(result))):
        result[place] = rest[place + len(divisor) - 1] / divisor[-1]
        for i, c in enumerate(divisor):
            rest[place + i] -= result[place] * c
    assert not any(rest), "the division is exact"
    return primitive(result)


def squarefree(polynomial: Polynomial) -> Polynomial:
    """The polynomial with the same roots, each once."""
    common = greatest_common_divisor(polynomial, derivative(polynomial))
    return quotient(polynomial, common) if len(common) > 1 else primitive(polynomial)


def _variations(signs: Iterable[int]) -> int:
    present = [s for s in signs if s]
    return sum(one != other for one, other in pairwise(present))


class RealAlgebraic:
    """One real root of a squarefree polynomial: the only one in the open interval from `low` to `high`, or both ends.

    The interval can be refined; its ends may be other roots of the polynomial.
    """

    def __init__(self, polynomial: Polynomial, low: Fraction, high: Fraction) -> None:
        self.polynomial, self.low, self.high = polynomial, low, high
        self._grid = 4

    @property
    def is_rational(self) -> bool:
        """Whether it has been met exactly."""
        return self.low == self.high

    def refine(self, width: Fraction) -> tuple[Fraction, Fraction]:
        """An interval around the root, no wider than `width`."""
        while self.high - self.low > width:
            self._step()
        return self.low, self.high

    def _step(self) -> None:
        """Guess by the secant which of `_grid` parts holds the root, and see by the signs at its ends."""
        at_low, at_high = value(self.polynomial, self.low), value(self.polynomial, self.high)
        if not at_low or not at_high:
            self._halve()
            return
        part = (self.high - self.low) / self._grid
        place = min(max(round(at_low / (at_low - at_high) * self._grid), 1), self._grid - 1)
        middle = self.low + place * part
        at_middle = value(self.polynomial, middle)
        if not at_middle:
            self.low = self.high = middle
            return
        low, high = (middle, middle + part) if (at_middle > 0) == (at_low > 0) else (middle - part, middle)
        ends = sign(self.polynomial, low), sign(self.polynomial, high)
        if ends[0] * ends[1] < 0:
            self.low, self.high = low, high
            self._grid = min(self._grid**2, 2**256)
        else:
            self._grid = max(4, int(self._grid**0.5))
            self._halve()

    def _halve(self) -> None:
        middle = (self.low + self.high) / 2
        at_middle = sign(self.polynomial, middle)
        if not at_middle:
            self.low = self.high = middle
        elif at_middle == _sign_inside(self.polynomial, self.low, 1):
            self.low = middle
        else:
            self.high = middle

    def sign_of(self, polynomial: Polynomial) -> int:
        """The sign of another polynomial at this root, exactly."""
        if not polynomial:
            return 0
        if self.is_rational:
            return sign(polynomial, self.low)
        common = greatest_common_divisor(self.polynomial, polynomial)
        if len(common) > 1 and self._is_root_of(common):
            return 0
        while True:
            low, high = enclosure(polynomial, self.low, self.high)
            if low > 0 or high < 0:
                return 1 if low > 0 else -1
            self.refine((self.high - self.low) / 16)
            if self.is_rational:
                return sign(polynomial, self.low)

    def _is_root_of(self, divisor: Polynomial) -> bool:
        """Whether a divisor of the own polynomial has this root: its only candidate in the interval."""
        return _sign_inside(divisor, self.low, 1) != _sign_inside(divisor, self.high, -1)


def _sign_inside(polynomial: Polynomial, end: Fraction, direction: int) -> int:
    """The sign of a squarefree polynomial just beside a point."""
    return sign(polynomial, end) or direction * sign(derivative(polynomial), end)


def enclosure(polynomial: Sequence[Fraction | int], low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Bounds of a polynomial over an interval, by Horner's rule."""
    below = above = Fraction(0)
    for c in reversed(polynomial):
        products = (below * low, below * high, above * low, above * high)
        below, above = min(products) + c, max(products) + c
    return below, above


def real_roots(polynomial: Polynomial, budget: Budget) -> list[RealAlgebraic]:
    """The distinct real roots in ascending order. `polynomial` is not zero."""
    if len(polynomial) < 2:
        return []
    simple = squarefree(polynomial)
    # Cauchy's bound, as a power of two: no root is at it.
    ratio = max((abs(Fraction(c, simple[-1])) for c in simple[:-1]), default=Fraction(0))
    bound = 2 ** (int(ratio).bit_length() + 1)
    on_unit = _doubled(_shifted([c * bound**i for i, c in enumerate(simple)], -1))
    roots: list[RealAlgebraic] = []
    stack = [(Fraction(-bound), Fraction(bound), on_unit)]
    while stack:
        budget.check()
        low, high, own = stack.pop()
        count = _variations((c > 0) - (c < 0) for c in _shifted(own[::-1], 1))
        if count == 1:
            roots.append(RealAlgebraic(simple, low, high))
        elif count > 1:
            middle = (low + high) / 2
            degree = len(own) - 1
            left = [c << (degree - i) for i, c in enumerate(own)]
            right = _shifted(left, 1)
            if not right[0]:
                roots.append(RealAlgebraic(simple, middle, middle))
                right = right[1:]
            stack.append((middle, high, right))
            stack.append((low, middle, left))
    return sorted(roots, key=lambda root: root.low)


def _shifted(coefficients: Sequence[int], step: int) -> list[int]:
    """The coefficients of ``p(x + step)``, where `step` is 1 or -1."""
    result = list(coefficients)
    for start in range(len(result) - 1):
        for i in range(len(result) - 2, start - 1, -1):
            result[i] += step * result[i + 1]
    return result


def _doubled(coefficients: Sequence[int]) -> list[int]:
    """The coefficients of ``p(2 x)``."""
    return [c << i for i, c in enumerate(coefficients)]
