"""Polynomials in one unknown over the whole numbers, and their real roots, isolated by Sturm's theorem.

A polynomial is the tuple of its coefficients, constant first, without leading zeros; () is zero.

Source: S. Basu, R. Pollack, M.-F. Roy, *Algorithms in Real Algebraic Geometry*, 2006, chapter 2; the refinement is
J. Abbott's quadratic interval refinement, *ACM Communications in Computer Algebra* 48, 2014.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

from puzzlesolver.verify.budget import Budget

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


def sturm_sequence(polynomial: Polynomial, budget: Budget) -> tuple[Polynomial, ...]:
    """Sturm's sequence of a squarefree polynomial."""
    sequence = [polynomial, primitive(derivative(polynomial))]
    while len(sequence[-1]) > 1:
        budget.check()
        sequence.append(tuple(-c for c in remainder(sequence[-2], sequence[-1])))
    return tuple(sequence)


def _variations(signs: Iterable[int]) -> int:
    present = [s for s in signs if s]
    return sum(one != other for one, other in pairwise(present))


class RealAlgebraic:
    """One real root of a squarefree polynomial: the only one in ``(low, high]``. Its interval can be refined."""

    def __init__(self, polynomial: Polynomial, low: Fraction, high: Fraction) -> None:
        self.polynomial = polynomial
        if not sign(polynomial, high):
            low = high
        self.low, self.high = low, high
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
        if not at_low or (at_low > 0) == (at_high > 0):
            # `low` may be another root of the polynomial: move it off, by halving.
            self._halve(at_high)
            return
        part = (self.high - self.low) / self._grid
        place = min(max(round(at_low / (at_low - at_high) * self._grid), 0), self._grid)
        middle = self.low + place * part
        at_middle = value(self.polynomial, middle)
        if not at_middle:
            self.low = self.high = middle
            return
        if (at_middle > 0) == (at_low > 0):
            low, high = middle, min(middle + part, self.high)
        else:
            low, high = max(middle - part, self.low), middle
        ends = sign(self.polynomial, low), sign(self.polynomial, high)
        if not ends[1]:
            self.low = self.high = high
        elif ends[0] * ends[1] < 0:
            self.low, self.high = low, high
            self._grid = min(self._grid**2, 2**256)
        else:
            self._grid = max(4, int(self._grid**0.5))
            self._halve(at_high)

    def _halve(self, at_high: Fraction) -> None:
        middle = (self.low + self.high) / 2
        at_middle = value(self.polynomial, middle)
        if not at_middle:
            # Squarefree and the only root in (low, high]: this is it.
            self.low = self.high = middle
        elif (at_middle > 0) == (at_high > 0):
            self.high = middle
        else:
            self.low = middle

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
            low, high = _enclosure(polynomial, self.low, self.high)
            if low > 0 or high < 0:
                return 1 if low > 0 else -1
            self.refine((self.high - self.low) / 16)
            if self.is_rational:
                return sign(polynomial, self.low)

    def _is_root_of(self, divisor: Polynomial) -> bool:
        """Whether a divisor of the own polynomial has this root: its only candidate in the interval."""
        while not sign(divisor, self.low) or not sign(self.polynomial, self.low):
            self._step()
            if self.is_rational:
                return not sign(divisor, self.low)
        return sign(divisor, self.low) * sign(divisor, self.high) < 0


def _enclosure(polynomial: Polynomial, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
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
    sequence = sturm_sequence(simple, budget)

    def variations(at: Fraction) -> int:
        return _variations(sign(p, at) for p in sequence)

    # Cauchy's bound, as a power of two.
    ratio = max((abs(Fraction(c, simple[-1])) for c in simple[:-1]), default=Fraction(0))
    bound = Fraction(2 ** (int(ratio).bit_length() + 1))
    roots: list[RealAlgebraic] = []
    stack = [(-bound, bound, variations(-bound), variations(bound))]
    while stack:
        budget.check()
        low, high, at_low, at_high = stack.pop()
        count = at_low - at_high
        if count == 1:
            roots.append(RealAlgebraic(simple, low, high))
        elif count > 1:
            middle = (low + high) / 2
            at_middle = variations(middle)
            stack.append((middle, high, at_middle, at_high))
            stack.append((low, middle, at_low, at_middle))
    return roots
