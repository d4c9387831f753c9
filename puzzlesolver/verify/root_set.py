"""All real solutions of a polynomial system that has finitely many complex ones, exactly.

The polynomials modulo the system are a vector space of finite dimension; a Gröbner basis tells how they multiply, and
the rank of their trace form how many distinct roots there are. A linear form t that separates these makes every
coordinate, and every other polynomial h, a quotient ``g_h(t) / g_1(t)`` at the roots of one polynomial in t (the
rational univariate representation); Sturm's theorem does the rest.

Source: F. Rouillier, *Solving zero-dimensional systems through the rational univariate representation*, AAECC 9, 1999.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import QQ, Expr, Poly, Symbol
from sympy.polys.matrices import DomainMatrix
from sympy.polys.orderings import grevlex
from sympy.polys.rings import PolyRing

from puzzlesolver.verify.buchberger import Element, Monomial, TooHard, divides, groebner_basis
from puzzlesolver.verify.budget import Budget
from puzzlesolver.verify.sturm import (
    Polynomial,
    RealAlgebraic,
    derivative,
    greatest_common_divisor,
    primitive,
    quotient,
    real_roots,
    remainder,
)

MOST_DIMENSIONS = 48
"""Of the quotient: the number of complex roots with their multiplicities."""
MOST_FORMS = 12
"""So many linear forms are tried as separating ones."""
MOST_DEGREE = 150
"""Of a single polynomial in one unknown."""


class NotFinite(ValueError):
    """The system has infinitely many complex roots."""


class RootSet:
    """The distinct real roots of a system, by number. Raises `NotFinite`, `TooHard` and `OutOfTime` on making it."""

    def __init__(self, polynomials: Sequence[Expr], symbols: Sequence[Symbol], budget: Budget) -> None:
        self._budget = budget
        self._symbols = tuple(symbols)
        self._ring = PolyRing(self._symbols, QQ, grevlex)
        elements = [self._element(p) for p in polynomials]
        self._algebra: _Quotient | None = None
        if len(self._symbols) == 1:
            self._one_unknown([p for p in elements if p])
        else:
            self._several_unknowns(elements)
        self._unit = self.image(self._ring.one)
        self.roots: list[RealAlgebraic] = real_roots(self._simple, budget)

    def _element(self, polynomial: Expr) -> Element:
        terms = Poly(polynomial, *self._symbols, domain="QQ").terms()
        return self._ring.from_dict({powers: QQ(int(c.p), int(c.q)) for powers, c in terms if c})

    def _one_unknown(self, elements: Sequence[Element]) -> None:
        if not elements:
            raise NotFinite
        common: Polynomial = ()
        for element in elements:
            if element.degree() > MOST_DEGREE:
                raise TooHard
            common = greatest_common_divisor(common, _dense(element)) if common else _dense(element)
        self._characteristic = common
        self._simple = _simplified(common)

    def _several_unknowns(self, elements: Sequence[Element]) -> None:
        basis = groebner_basis(elements, self._budget)
        if any(element.is_ground for element in basis):
            self._characteristic = self._simple = (1,)
            return
        self._algebra = _Quotient(self._ring, basis, self._budget)
        count = self._algebra.distinct_roots()
        for form in self._algebra.linear_forms():
            self._budget.check()
            self._algebra.choose(form)
            self._characteristic = self._algebra.characteristic()
            self._simple = _simplified(self._characteristic)
            if len(self._simple) - 1 == count:
                return
        raise TooHard

    def image(self, h: Element) -> Polynomial:
        """The polynomial g_h in the separating form; at a root, h has the value ``g_h / g_1``. Up to no sign."""
        if self._algebra is None:
            return remainder(_dense(h), self._simple) if len(self._simple) > 1 else ()
        return self._algebra.image(h, self._simple)

    def sign(self, h: Expr, number: int) -> int:
        """The sign of a polynomial at a root."""
        self._budget.check()
        root = self.roots[number]
        return root.sign_of(self.image(self._element(h))) * root.sign_of(self._unit)

    def enclosure(self, h: Expr, number: int, width: Fraction) -> tuple[Fraction, Fraction]:
        """An interval, no wider than `width`, around the value of a polynomial at a root."""
        above, below = self._scaled_images(h)
        root = self.roots[number]
        while True:
            self._budget.check()
            low, high = root.low, root.high
            numerator, denominator = _bounds(above, low, high), _bounds(below, low, high)
            if denominator[0] > 0 or denominator[1] < 0:
                ends = [n / d for n, d in product(numerator, denominator)]
                if max(ends) - min(ends) <= width:
                    return min(ends), max(ends)
            root.refine((high - low) / 2**16)

    def _scaled_images(self, h: Expr) -> tuple[list[Fraction], list[Fraction]]:
        element = self._element(h)
        if self._algebra is None:
            return [Fraction(int(c.numerator), int(c.denominator)) for c in _coefficients(element)], [Fraction(1)]
        return self._algebra.scaled(element, self._simple), self._algebra.scaled(self._ring.one, self._simple)

    def multiplicity(self, number: int) -> int:
        """How often a root counts."""
        chain = self._characteristic
        times = 0
        while len(chain) > 1 and not self.roots[number].sign_of(chain):
            times += 1
            chain = greatest_common_divisor(chain, derivative(chain))
        return times


class _Quotient:
    """Polynomials modulo a Gröbner basis, as vectors over the monomials that no leading monomial divides."""

    def __init__(self, ring: Any, basis: list[Element], budget: Budget) -> None:
        self._ring, self._basis, self._budget = ring, basis, budget
        self._monomials = self._staircase()
        self._place = {monomial: number for number, monomial in enumerate(self._monomials)}
        size = len(self._monomials)
        generators = [self._multiplication(x) for x in ring.gens]
        self._generators = generators
        identity = DomainMatrix.eye(size, QQ)
        self._matrices: list[Any] = []
        for monomial in self._monomials:
            budget.check()
            variable = next((i for i, n in enumerate(monomial) if n), None)
            if variable is None:
                self._matrices.append(identity)
            else:
                smaller = tuple(n - (i == variable) for i, n in enumerate(monomial))
                self._matrices.append(generators[variable] * self._matrices[self._place[smaller]])
        self._traces = DomainMatrix([[_trace(m) for m in self._matrices]], (1, size), QQ)
        self._power_rows: list[Any] = []

    def _staircase(self) -> list[Monomial]:
        leads = [element.LM for element in self._basis]
        unknowns = len(self._ring.gens)
        for i in range(unknowns):
            if not any(all(n == 0 for j, n in enumerate(lead) if j != i) for lead in leads):
                raise NotFinite
        found: list[Monomial] = []
        layer: list[Monomial] = [(0,) * unknowns]
        while layer:
            found += layer
            if len(found) > MOST_DIMENSIONS:
                raise TooHard
            following = (
                tuple(n + (i == j) for j, n in enumerate(monomial)) for monomial in layer for i in range(unknowns)
            )
            layer = [m for m in dict.fromkeys(following) if not any(divides(lead, m) for lead in leads)]
        return found

    def _vector(self, element: Element) -> list[Any]:
        rest = element.rem(self._basis)
        vector = [QQ(0)] * len(self._monomials)
        for monomial, coefficient in rest.terms():
            vector[self._place[monomial]] = coefficient
        return vector

    def _multiplication(self, element: Element) -> Any:
        columns = []
        for monomial in self._monomials:
            self._budget.check()
            columns.append(self._vector(element.mul_monom(monomial)))
        size = len(columns)
        return DomainMatrix([[columns[j][i] for j in range(size)] for i in range(size)], (size, size), QQ)

    def distinct_roots(self) -> int:
        """The rank of the trace form."""
        rows = [(self._traces * matrix).to_list()[0] for matrix in self._matrices]
        return int(DomainMatrix(rows, (len(rows), len(rows)), QQ).rank())

    def linear_forms(self) -> list[tuple[int, ...]]:
        """Small linear forms in the unknowns, the simplest first."""
        n = len(self._ring.gens)
        singles = [tuple(int(i == j) for j in range(n)) for i in range(n)]
        powers = [tuple((k + 1) ** j * (-1) ** (k * j) for j in range(n)) for k in range(1, MOST_FORMS)]
        return [*singles[:4], *powers]

    def choose(self, form: tuple[int, ...]) -> None:
        """Make a linear form the separating one."""
        size = len(self._monomials)
        total = DomainMatrix.zeros((size, size), QQ)
        for factor, matrix in zip(form, self._generators, strict=True):
            total = total + matrix * QQ(factor)
        row = self._traces
        self._power_rows = []
        for _ in range(size + 1):
            self._budget.check()
            self._power_rows.append(row)
            row = row * total

    def characteristic(self) -> Polynomial:
        """The characteristic polynomial of the chosen form, from the traces of its powers (Newton's identities)."""
        size = len(self._monomials)
        sums = [_fraction(row.to_list()[0][0]) for row in self._power_rows]  # the first monomial is 1
        elementary = [Fraction(1)]
        for k in range(1, size + 1):
            total = sum(((-1) ** (i - 1) * elementary[k - i] * sums[i] for i in range(1, k + 1)), Fraction(0))
            elementary.append(total / k)
        return primitive([(-1) ** (size - power) * elementary[size - power] for power in range(size + 1)])

    def scaled(self, h: Element, simple: Polynomial) -> list[Fraction]:
        """Rouillier's g_h, constant first."""
        degree = len(simple) - 1
        monic = [Fraction(c, simple[-1]) for c in reversed(simple)]  # a_0 = 1 first
        vector = self._vector(h)
        result = [Fraction(0)] * max(degree, 1)
        for i in range(degree):
            row = self._power_rows[i].to_list()[0]
            trace = _fraction(sum((a * b for a, b in zip(row, vector, strict=True)), QQ(0)))
            # H_j(T) = a_0 T^j + ... + a_j with j = degree - i - 1
            for k, a in enumerate(monic[: degree - i]):
                result[degree - i - 1 - k] += trace * a
        return result

    def image(self, h: Element, simple: Polynomial) -> Polynomial:
        return primitive(self.scaled(h, simple))


def _fraction(number: Any) -> Fraction:
    return Fraction(int(number.numerator), int(number.denominator))


def _trace(matrix: Any) -> Any:
    rows = matrix.to_list()
    return sum((rows[i][i] for i in range(len(rows))), QQ(0))


def _coefficients(element: Element) -> list[Any]:
    """Of a polynomial in one unknown, constant first."""
    found = [QQ(0)] * (element.degree() + 1 if element else 1)
    for (power,), coefficient in element.terms():
        found[power] = coefficient
    return found


def _dense(element: Element) -> Polynomial:
    return primitive(_fraction(c) for c in _coefficients(element))


def _simplified(polynomial: Polynomial) -> Polynomial:
    if len(polynomial) < 2:
        return (1,)
    common = greatest_common_divisor(polynomial, derivative(polynomial))
    return quotient(polynomial, common) if len(common) > 1 else polynomial


def _bounds(coefficients: Sequence[Fraction], low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """A polynomial over an interval, by Horner's rule."""
    below = above = Fraction(0)
    for c in reversed(coefficients):
        products = (below * low, below * high, above * low, above * high)
        below, above = min(products) + c, max(products) + c
    return below, above
