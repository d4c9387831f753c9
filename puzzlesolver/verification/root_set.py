"""All real solutions of a polynomial system that has finitely many complex ones, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from sympy import QQ, Expr, Poly, Symbol

from puzzlesolver.verification.buchberger import Terms, TooHard, groebner_basis
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.quotient import NotFinite, Quotient, Representation, representation
from puzzlesolver.verification.univariate import (
    Polynomial,
    RealAlgebraic,
    derivative,
    enclosure,
    greatest_common_divisor,
    primitive,
    real_roots,
)

MOST_DEGREE = 150
"""Of a single polynomial in one unknown."""


class RootSet:
    """The distinct real roots of a system, by number. Raises `NotFinite`, `TooHard` and `OutOfTime` on making it.

    `budget` is looked at by what is asked later, too; another one may be put in its place.
    """

    def __init__(self, polynomials: Sequence[Expr], symbols: Sequence[Symbol], budget: Budget) -> None:
        self.budget = budget
        self._symbols = tuple(symbols)
        elements = [self._terms(p) for p in polynomials]
        self._form: Representation | None = self._represented([terms for terms in elements if terms])
        self.roots: list[RealAlgebraic] = []
        if self._form is not None:
            self._unit = self._form.image({(0,) * len(self._symbols): QQ(1)}, budget)
            self.roots = real_roots(self._form.characteristic, budget)

    def _terms(self, polynomial: Expr) -> Terms:
        terms = Poly(polynomial, *self._symbols, domain="QQ").terms()
        return {powers: QQ(int(c.p), int(c.q)) for powers, c in terms if c}

    def _represented(self, elements: Sequence[Terms]) -> Representation | None:
        """The roots by a separating form; None where there is not even a complex one."""
        if len(self._symbols) == 1:
            return _OneUnknown(elements)
        basis = groebner_basis(elements, self.budget)
        if any(element.is_constant for element in basis):
            return None
        quotient = Quotient(len(self._symbols), basis, self.budget)
        if any(any(quotient.vector(terms, self.budget)) for terms in elements):
            raise TooHard  # the basis is not one of this system
        return representation(quotient, self.budget)

    def sign(self, h: Expr, number: int) -> int:
        """The sign of a polynomial at a root."""
        self.budget.check()
        assert self._form is not None
        root = self.roots[number]
        return root.sign_of(primitive(self._form.image(self._terms(h), self.budget))) * root.sign_of(
            primitive(self._unit)
        )

    def enclosure(self, h: Expr, number: int, width: Fraction) -> tuple[Fraction, Fraction]:
        """An interval, no wider than `width`, around the value of a polynomial at a root."""
        assert self._form is not None
        above, root = self._form.image(self._terms(h), self.budget), self.roots[number]
        while True:
            self.budget.check()
            numerator, denominator = enclosure(above, root.low, root.high), enclosure(self._unit, root.low, root.high)
            if denominator[0] > 0 or denominator[1] < 0:
                ends = [n / d for n, d in product(numerator, denominator)]
                if max(ends) - min(ends) <= width:
                    return min(ends), max(ends)
            root.refine((root.high - root.low) / 2**16)

    def multiplicity(self, number: int) -> int:
        """How often a root counts."""
        assert self._form is not None
        chain = self._form.characteristic
        times = 0
        while len(chain) > 1 and not self.roots[number].sign_of(chain):
            times += 1
            chain = greatest_common_divisor(chain, derivative(chain))
        return times


class _OneUnknown:
    """The common roots of polynomials in one unknown, which is itself the form that separates them."""

    def __init__(self, elements: Sequence[Terms]) -> None:
        if not elements:
            raise NotFinite
        common: Polynomial = ()
        for terms in elements:
            if max(terms)[0] > MOST_DEGREE:
                raise TooHard
            common = greatest_common_divisor(common, primitive(self._coefficients(terms)))
        self.characteristic = common

    def image(self, h: Terms, budget: Budget) -> list[Fraction]:
        return self._coefficients(h)

    @staticmethod
    def _coefficients(h: Terms) -> list[Fraction]:
        found = [Fraction(0)] * (max(h)[0] + 1 if h else 1)
        for (power,), c in h.items():
            found[power] = Fraction(int(c.numerator), int(c.denominator))
        return found
