"""The polynomials modulo a system with finitely many complex roots, and how one linear form tells all of them apart.

They are a vector space with a basis of monomials. Where the powers of a linear form t span it, t separates the roots,
its minimal polynomial has them, and every polynomial is one in t at them (`PowerBasis`). Where no form does, the traces
of multiplications give Rouillier's representation: at the roots, a polynomial h is ``g_h(t) / g_1(t)`` (`Traces`).

Source: F. Rouillier, *Solving zero-dimensional systems through the rational univariate representation*, AAECC 9, 1999.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

from sympy import QQ
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

from puzzlesolver.verification.buchberger import Element, Monomial, Terms, TooHard, divides, remainder, times
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.univariate import Polynomial, primitive, squarefree

MOST_DIMENSIONS = 70
"""Of the space: the number of complex roots with their multiplicities."""
MOST_FORMS = 12
"""So many linear forms are tried as separating ones."""


class NotFinite(ValueError):
    """The system has infinitely many complex roots."""


class Representation(Protocol):
    """The roots by the values of a separating form: those of `characteristic`, as often as they count."""

    characteristic: Polynomial

    def image(self, h: Terms, budget: Budget) -> list[Fraction]:
        """The polynomial g_h, constant first: at every root, h has the value ``g_h(t) / g_1(t)``."""
        ...


class Quotient:
    """See the module's words. Raises `NotFinite` and `TooHard` on making it."""

    def __init__(self, unknowns: int, basis: list[Element], budget: Budget) -> None:
        self.unknowns, self._basis = unknowns, basis
        self.monomials = self._staircase()
        self._place = {monomial: number for number, monomial in enumerate(self.monomials)}
        self.generators = [self._multiplication(i, budget) for i in range(unknowns)]
        # Multiplications that commute prove that the reduction modulo the basis is the one modulo its ideal, whatever
        # the algorithm that found the basis did (B. Mourrain, AAECC 13, 1999).
        for i, one in enumerate(self.generators):
            for other in self.generators[:i]:
                budget.check()
                if one * other != other * one:
                    raise TooHard

    @property
    def dimension(self) -> int:
        return len(self.monomials)

    def _staircase(self) -> list[Monomial]:
        """The monomials that no leading monomial divides."""
        leads = [element.lead for element in self._basis]
        for i in range(self.unknowns):
            if not any(all(n == 0 for j, n in enumerate(lead) if j != i) for lead in leads):
                raise NotFinite
        found: list[Monomial] = []
        layer: list[Monomial] = [(0,) * self.unknowns]
        while layer:
            found += layer
            if len(found) > MOST_DIMENSIONS:
                raise TooHard
            steps = [tuple(int(i == j) for j in range(self.unknowns)) for i in range(self.unknowns)]
            following = dict.fromkeys(times(monomial, step) for monomial in layer for step in steps)
            layer = [m for m in following if not any(divides(lead, m) for lead in leads)]
        return found

    def vector(self, terms: Terms, budget: Budget) -> list[Any]:
        """A polynomial's coordinates."""
        vector = [QQ(0)] * self.dimension
        for monomial, coefficient in remainder(terms, self._basis, budget).items():
            vector[self._place[monomial]] = coefficient
        return vector

    def _multiplication(self, number: int, budget: Budget) -> Any:
        """The matrix of the multiplication by one unknown."""
        unknown = tuple(int(i == number) for i in range(self.unknowns))
        columns = [self.vector({times(monomial, unknown): QQ(1)}, budget) for monomial in self.monomials]
        return _matrix([list(row) for row in zip(*columns, strict=True)])

    def matrices(self, budget: Budget) -> list[Any]:
        """The matrix of the multiplication by each monomial of the basis."""
        found: list[Any] = []
        for monomial in self.monomials:
            budget.check()
            variable = next((i for i, n in enumerate(monomial) if n), None)
            if variable is None:
                found.append(_matrix([[QQ(int(i == j)) for j in range(self.dimension)] for i in range(self.dimension)]))
            else:
                smaller = tuple(n - (i == variable) for i, n in enumerate(monomial))
                found.append(self.generators[variable] * found[self._place[smaller]])
        return found

    def multiplication(self, form: Sequence[int]) -> Any:
        """The matrix of the multiplication by a linear form."""
        total = self.generators[0] * QQ(form[0])
        for factor, matrix in zip(form[1:], self.generators[1:], strict=True):
            total = total + matrix * QQ(factor)
        return total

    def forms(self) -> list[tuple[int, ...]]:
        """Small linear forms in the unknowns, the simplest first."""
        n = self.unknowns
        singles = [tuple(int(i == j) for j in range(n)) for i in range(n)]
        return [*singles[:4], *(tuple((k + 1) ** j * (-1) ** (k * j) for j in range(n)) for k in range(1, MOST_FORMS))]


def representation(quotient: Quotient, budget: Budget) -> Representation:
    """The roots by one separating form. Raises `TooHard` where none is found."""
    for form in quotient.forms():
        budget.check()
        try:
            return PowerBasis(quotient, form, budget)
        except DMNonInvertibleMatrixError:
            continue
    traces = TraceForm(quotient, budget)
    for form in quotient.forms():
        budget.check()
        found = Traces(quotient, traces, form)
        if len(squarefree(found.characteristic)) - 1 == traces.rank:
            return found
    raise TooHard


class PowerBasis:
    """A form whose powers are a basis. Raises `DMNonInvertibleMatrixError` where they are not."""

    def __init__(self, quotient: Quotient, form: Sequence[int], budget: Budget) -> None:
        self._quotient = quotient
        size = quotient.dimension
        matrix = quotient.multiplication(form)
        power = _matrix([[c] for c in quotient.vector({(0,) * quotient.unknowns: QQ(1)}, budget)])
        columns = []
        for _ in range(size):
            columns.append([row[0] for row in power.to_list()])
            power = matrix * power
        self._powers = _matrix([list(row) for row in zip(*columns, strict=True)])
        last = self._in_powers(power)
        self.characteristic = primitive([*(-c for c in last), Fraction(1)])

    def _in_powers(self, vector: Any) -> list[Fraction]:
        return [_fraction(row[0]) for row in self._powers.lu_solve(vector).to_list()]

    def image(self, h: Terms, budget: Budget) -> list[Fraction]:
        return self._in_powers(_matrix([[c] for c in self._quotient.vector(h, budget)]))


class TraceForm:
    """The traces of the multiplications by the monomials; their form's rank is the number of distinct roots."""

    def __init__(self, quotient: Quotient, budget: Budget) -> None:
        matrices = quotient.matrices(budget)
        size = quotient.dimension
        self.traces = _matrix([[sum((m.to_list()[i][i] for i in range(size)), QQ(0)) for m in matrices]])
        rows = []
        for matrix in matrices:
            budget.check()
            rows.append((self.traces * matrix).to_list()[0])
        self.rank = int(DomainMatrix(rows, (size, size), QQ).rank())


class Traces:
    """Rouillier's representation by one form, which separates the roots where its values are as many as they."""

    def __init__(self, quotient: Quotient, form_of_traces: TraceForm, form: Sequence[int]) -> None:
        self._quotient = quotient
        size = quotient.dimension
        matrix = quotient.multiplication(form)
        row = form_of_traces.traces
        self._rows = []
        for _ in range(size + 1):
            self._rows.append(row.to_list()[0])
            row = row * matrix
        # The characteristic polynomial from the traces of the powers (Newton's identities); the first monomial is 1.
        sums = [_fraction(own[0]) for own in self._rows]
        elementary = [Fraction(1)]
        for k in range(1, size + 1):
            total = sum(((-1) ** (i - 1) * elementary[k - i] * sums[i] for i in range(1, k + 1)), Fraction(0))
            elementary.append(total / k)
        self.characteristic = primitive([(-1) ** (size - n) * elementary[size - n] for n in range(size + 1)])
        self._simple = squarefree(self.characteristic)

    def image(self, h: Terms, budget: Budget) -> list[Fraction]:
        degree = len(self._simple) - 1
        monic = [Fraction(c, self._simple[-1]) for c in reversed(self._simple)]
        vector = self._quotient.vector(h, budget)
        result = [Fraction(0)] * max(degree, 1)
        for i in range(degree):
            trace = _fraction(sum((a * b for a, b in zip(self._rows[i], vector, strict=True)), QQ(0)))
            for k, a in enumerate(monic[: degree - i]):
                result[degree - i - 1 - k] += trace * a
        return result


def _matrix(rows: list[list[Any]]) -> Any:
    """A dense matrix over QQ, in the form whose products are fastest."""
    return DomainMatrix.from_rep(DomainMatrix(rows, (len(rows), len(rows[0])), QQ).to_dfm_or_ddm())


def _fraction(number: Any) -> Fraction:
    return Fraction(int(number.numerator), int(number.denominator))
