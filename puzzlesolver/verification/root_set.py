"""All real solutions of a polynomial system that has finitely many complex ones, exactly.

The polynomials modulo the system are a vector space with a basis of monomials, and modulo its radical (with the
squarefree parts of the unknowns' minimal polynomials added: Seidenberg's lemma) one of as many dimensions as there are
complex roots. There a linear form t whose powers are a basis tells all roots apart: its minimal polynomial has them,
and every polynomial is one in t at them. SymPy finds the Gröbner bases; python-flint does the linear algebra.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb_poly, ctx, fmpq, fmpq_mat, fmpq_poly, fmpz_poly
from sympy import QQ, Expr, Poly, Symbol
from sympy.polys.groebnertools import groebner
from sympy.polys.orderings import grevlex
from sympy.polys.rings import PolyElement, PolyRing

from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.intervals import Interval
from puzzlesolver.verification.real_root import Coefficients, real_balls

MOST_DIMENSIONS = 70
"""Of the space: the number of complex roots with their multiplicities."""
MOST_DEGREE = 150
"""The same for a system in one unknown."""
MOST_FORMS = 12
"""So many linear forms are tried as separating ones."""
LARGEST_PRECISION = 100_000

Monomial = tuple[int, ...]


class TooHard(ValueError):
    """The system is larger than what is worked out here."""


class NotFinite(ValueError):
    """The system has infinitely many complex roots."""


class _Quotient:
    """The polynomials modulo a system. Raises `NotFinite` and `TooHard` on making it."""

    def __init__(self, ring: PolyRing, system: Sequence[PolyElement], budget: Budget) -> None:
        self._ring = ring
        elements = [element for element in system if element]
        self.basis = groebner(elements, ring) if elements else []
        self._monomials = self._staircase()
        self._place = {monomial: number for number, monomial in enumerate(self._monomials)}
        self.generators = [self._multiplication(x, budget) for x in ring.gens] if self._monomials else []
        # Multiplications that commute prove that the reduction modulo the basis is the one modulo its ideal, whatever
        # the algorithm that found the basis did (B. Mourrain, AAECC 13, 1999).
        for i, one in enumerate(self.generators):
            if any(one * other != other * one for other in self.generators[:i]):
                raise TooHard
        if any(element.rem(self.basis) for element in elements):
            raise TooHard  # the basis is not one of this system

    @property
    def dimension(self) -> int:
        return len(self._monomials)

    def _staircase(self) -> list[Monomial]:
        """The monomials that no leading monomial divides."""
        size = self._ring.ngens
        leads = [element.leading_expv() for element in self.basis]
        if not all(any(sum(lead) == lead[i] for lead in leads) for i in range(size)):
            raise NotFinite
        found: list[Monomial] = []
        layer: list[Monomial] = [(0,) * size]
        while layer := [m for m in layer if not any(_divides(lead, m) for lead in leads)]:
            found += layer
            if len(found) > (MOST_DEGREE if size == 1 else MOST_DIMENSIONS):
                raise TooHard
            layer = list(dict.fromkeys((*m[:i], m[i] + 1, *m[i + 1 :]) for m in layer for i in range(size)))
        return found

    def vector(self, polynomial: PolyElement) -> list[fmpq]:
        """A polynomial's coordinates."""
        vector = [fmpq(0)] * self.dimension
        for monomial, c in polynomial.rem(self.basis).terms():
            vector[self._place[monomial]] = fmpq(int(c.numerator), int(c.denominator))
        return vector

    def _multiplication(self, x: PolyElement, budget: Budget) -> fmpq_mat:
        columns = []
        for monomial in self._monomials:
            budget.check()
            columns.append(self.vector(x.mul_monom(monomial)))
        return fmpq_mat(columns).transpose()

    def form(self, factors: Sequence[int]) -> fmpq_mat:
        """The multiplication by a linear form."""
        total = self.generators[0] * factors[0]
        for factor, matrix in zip(factors[1:], self.generators[1:], strict=True):
            total = total + matrix * factor
        return total


class RootSet:
    """The distinct real roots of a system, by number. Raises `NotFinite`, `TooHard` and `OutOfTime` on making it."""

    def __init__(self, polynomials: Sequence[Expr], symbols: Sequence[Symbol], budget: Budget) -> None:
        self.symbols = tuple(symbols)
        self._ring = PolyRing(self.symbols, QQ, grevlex)
        self._images: dict[Expr, fmpq_poly] = {}
        self._roots: list[tuple[Coefficients, int, int]] = []
        with budget.enforced():
            full = _Quotient(self._ring, [self._element(p) for p in polynomials], budget)
            if full.dimension:
                self._reduced = self._radical(full, budget)
                self._isolate(full)

    def __len__(self) -> int:
        return len(self._roots)

    def _element(self, polynomial: Expr) -> PolyElement:
        return self._ring.from_dict(dict(Poly(polynomial, *self.symbols, domain=QQ).rep.to_dict()))

    def _radical(self, full: _Quotient, budget: Budget) -> _Quotient:
        more = []
        for x, matrix in zip(self._ring.gens, full.generators, strict=True):
            minimal = matrix.minpoly()
            common = minimal.gcd(minimal.derivative())
            if common.degree() > 0:
                simple = minimal / common
                coefficients = [QQ(int(c.p), int(c.q)) for c in simple.coeffs()]
                more.append(sum((x**n * c for n, c in enumerate(coefficients)), self._ring.zero))
        return _Quotient(self._ring, [*full.basis, *more], budget) if more else full

    def _isolate(self, full: _Quotient) -> None:
        size = self._reduced.dimension
        for form in _forms(len(self.symbols)):
            matrix = self._reduced.form(form)
            powers = [fmpq_mat([self._reduced.vector(self._ring.one)]).transpose()]
            for _ in range(size):
                powers.append(matrix * powers[-1])
            self._powers = fmpq_mat([list(power.entries()) for power in powers[:-1]]).transpose()
            try:
                last = self._powers.solve(powers[-1]).entries()
            except ZeroDivisionError:
                continue
            break
        else:
            raise TooHard
        minimal = fmpq_poly([*(-c for c in last), 1])
        every = full.form(form).charpoly() if full.dimension > size else minimal
        for factor, times in every.numer().factor()[1]:
            own = tuple(int(c) for c in factor.coeffs())
            self._roots += [(own, index, times) for index in range(len(real_balls(own, 64)))]

    def _image(self, h: Expr) -> fmpq_poly:
        """The polynomial in t that has the values of h at the roots."""
        if h not in self._images:
            column = fmpq_mat([self._reduced.vector(self._element(h))]).transpose()
            self._images[h] = fmpq_poly(list(self._powers.solve(column).entries()))
        return self._images[h]

    def sign(self, h: Expr, number: int) -> int:
        """The sign of a polynomial at a root."""
        if not self._at(h, number):
            return 0
        precision = 64
        while True:
            found = self.enclosure(h, number, precision).sign
            if found is not None:
                return found
            precision *= 2

    def enclosure(self, h: Expr, number: int, precision: int) -> Interval:
        """An interval around the value of a polynomial at a root, worked out with so many bits."""
        if precision > LARGEST_PRECISION:
            raise TooHard
        polynomial, index, _ = self._roots[number]
        with ctx.workprec(precision + 20):
            return Interval.around(arb_poly(self._at(h, number))(real_balls(polynomial, precision + 20)[index]))

    def _at(self, h: Expr, number: int) -> fmpq_poly:
        """The image of h, modulo the irreducible polynomial of a root: it is zero where h is."""
        return self._image(h) % fmpq_poly(fmpz_poly(list(self._roots[number][0])))

    def multiplicity(self, number: int) -> int:
        """How often a root counts."""
        return self._roots[number][2]


def _divides(one: Monomial, other: Monomial) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


def _forms(unknowns: int) -> list[tuple[int, ...]]:
    """Small linear forms in the unknowns, the simplest first."""
    singles = [tuple(int(i == j) for j in range(unknowns)) for i in range(min(unknowns, 4))]
    mixed = [tuple((k + 1) ** j * (-1) ** (k * j) for j in range(unknowns)) for k in range(1, MOST_FORMS)]
    return [*singles, *mixed]
