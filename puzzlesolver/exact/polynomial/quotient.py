"""The algebra of polynomials modulo an ideal with finitely many zeros, and multiplication in it.

In: a reduced basis (rows over packed monomials). Out: the standard monomials, which span the algebra as a vector space
over the rationals, and the products of every unknown with every one of them. A vector is a python-flint polynomial over
the rationals whose k-th coefficient belongs to the k-th standard monomial. Source: J.-C. Faugère, P. Gianni, D. Lazard
and T. Mora, Efficient computation of zero-dimensional Gröbner bases by change of ordering, 1993.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from flint import fmpq, fmpq_mat, fmpq_poly, fmpz

from puzzlesolver.exact import limits
from puzzlesolver.exact.polynomial.f4 import PolynomialRow
from puzzlesolver.exact.polynomial.monomials import Monomials


@dataclass(frozen=True, slots=True)
class Quotient:
    """The standard monomials, ascending, and `products[i][k]`, the vector of xᵢ times the k-th of them.

    For a Gröbner basis this is the quotient algebra. For any other set of polynomials of the ideal, the standard
    monomials still span the algebra, so that its dimension is at most `dimension`.
    """

    monomials: Monomials
    standard: tuple[int, ...]
    products: tuple[tuple[fmpq_poly, ...], ...]

    @property
    def dimension(self) -> int:
        return len(self.standard)

    def times(self, unknown: int, vector: fmpq_poly) -> fmpq_poly:
        """The vector of xᵢ times a vector."""
        columns = self.products[unknown]
        return sum((columns[k] * c for k, c in enumerate(vector.coeffs()) if c), fmpq_poly([]))

    def one(self) -> fmpq_poly:
        """The vector of 1."""
        return fmpq_poly([1])

    def unknown(self, unknown: int) -> fmpq_poly:
        """The vector of xᵢ."""
        return self.products[unknown][0]

    def normal_form(self, row: PolynomialRow) -> fmpq_poly:
        """The vector of a polynomial."""
        known: dict[int, fmpq_poly] = {0: self.one()}
        total = fmpq_poly([])
        for monomial, coefficient in zip(row.monomials, row.coefficients, strict=True):
            total += self.vector(monomial, known) * coefficient
        return total

    def vector(self, monomial: int, known: dict[int, fmpq_poly]) -> fmpq_poly:
        """The vector of a monomial, by those `known`, which it joins."""
        if monomial not in known:
            i = next(i for i, unit in enumerate(self.monomials.unknowns) if self.monomials.divides(unit, monomial))
            known[monomial] = self.times(i, self.vector(monomial - self.monomials.unknowns[i], known))
        return known[monomial]

    def matrix(self, unknown: int) -> fmpq_mat:
        """The matrix of multiplication by xᵢ; column k is the vector of xᵢ times the k-th standard monomial."""
        size = self.dimension
        entries = [fmpq(0)] * (size * size)
        for k, column in enumerate(self.products[unknown]):
            entries[k::size] = _padded(column, size)
        return fmpq_mat(size, size, entries)

    def is_proved(self, rows: Sequence[PolynomialRow]) -> bool:
        """Whether the algebra of the ideal that `rows` generate is proved to have exactly this dimension.

        It is where multiplication commutes and every row is zero in it (B. Mourrain, A new criterion for normal form
        algorithms, 1999).
        """
        matrices = [self.matrix(i) for i in range(self.monomials.count)]
        return all(a * b == b * a for a, b in combinations(matrices, 2)) and not any(
            self.normal_form(row) for row in rows
        )


def quotient_of(
    basis: Sequence[PolynomialRow], monomials: Monomials, limit: int = limits.MOST_DIMENSION
) -> Quotient | None:
    """The quotient by a reduced basis; None where it is not finite or has more than `limit` dimensions."""
    leading = [row.leading for row in basis]
    if not monomials.is_finite(leading):
        return None
    standard = monomials.standard(leading, limit)
    if standard is None:
        return None
    place = {monomial: k for k, monomial in enumerate(standard)}
    forms = {monomial: _unit(k) for monomial, k in place.items()}
    tails = {row.leading: row for row in basis}
    border = sorted({b + unit for b in standard for unit in monomials.unknowns} - place.keys())
    for monomial in border:
        row = tails.get(monomial)
        forms[monomial] = (
            _tail(row, place) if row is not None else _product(monomial, monomials, standard, place, forms)
        )
    products = tuple(tuple(forms[b + unit] for b in standard) for unit in monomials.unknowns)
    return Quotient(monomials, standard, products)


def _tail(row: PolynomialRow, place: Mapping[int, int]) -> fmpq_poly:
    """What a leading monomial equals modulo its basis element."""
    vector = [fmpz(0)] * len(place)
    for monomial, coefficient in zip(row.monomials[1:], row.coefficients[1:], strict=True):
        vector[place[monomial]] = -coefficient
    return fmpq_poly(vector) / row.coefficients[0]


def _product(
    monomial: int,
    monomials: Monomials,
    standard: Sequence[int],
    place: Mapping[int, int],
    forms: Mapping[int, fmpq_poly],
) -> fmpq_poly:
    """The form of a border monomial that leads no basis element: an unknown times a smaller border monomial."""
    unit = next(
        unit
        for unit in monomials.unknowns
        if monomials.divides(unit, monomial) and monomial - unit in forms and monomial - unit not in place
    )
    smaller = forms[monomial - unit]
    return sum((forms[standard[k] + unit] * c for k, c in enumerate(smaller.coeffs()) if c), fmpq_poly([]))


def _unit(k: int) -> fmpq_poly:
    return fmpq_poly([0] * k + [1])


def _padded(vector: fmpq_poly, size: int) -> list[fmpq]:
    entries = list(vector.coeffs())
    return entries + [fmpq(0)] * (size - len(entries))


@dataclass(frozen=True, slots=True)
class RootCount:
    """Distinct complex zeros, and distinct real ones."""

    distinct: int
    real: int


def count_real_roots(quotient: Quotient) -> RootCount:
    """The numbers of distinct zeros, by exact rational arithmetic.

    The rank of the trace form (a, b) ↦ tr(ab) is the number of distinct complex zeros, its signature the number of
    distinct real ones, whatever their multiplicities. Sources: C. Hermite, 1856; P. Pedersen, M.-F. Roy and
    A. Szpirglas, Counting real zeros in the multivariate case, 1993; D. Cox, J. Little and D. O'Shea, Using Algebraic
    Geometry, chapter 2.
    """
    form = hermite_form(quotient)
    return RootCount(int(form.rank()), signature(form))


def hermite_form(quotient: Quotient) -> fmpq_mat:
    """The symmetric matrix of ``tr(ab)`` on the standard monomials.

    The trace of multiplication by a basis monomial b is the sum over the basis monomials c of the coordinate of bc at
    c. The trace is a linear functional; with the vectors of all products it gives every entry.
    """
    size, basis = quotient.dimension, quotient.standard
    known = {0: quotient.one()}
    vectors = {product: quotient.vector(product, known) for product in sorted({b + c for b in basis for c in basis})}
    traces = [sum((vectors[b + c][k] for k, c in enumerate(basis)), fmpq(0)) for b in basis]
    values = {product: _pairing(traces, vector) for product, vector in vectors.items()}
    return fmpq_mat(size, size, [values[b + c] for b in basis for c in basis])


def signature(form: fmpq_mat) -> int:
    """Positive less negative eigenvalues of a symmetric matrix.

    All roots of its characteristic polynomial are real, and then Descartes' rule counts the positive ones exactly.
    """
    integer, _ = form.numer_denom()
    coefficients = integer.charpoly().coeffs()
    signs = [c > 0 for c in coefficients if c]
    alternating = [(c > 0) == (k % 2 == 0) for k, c in enumerate(coefficients) if c]
    return _changes(signs) - _changes(alternating)


def _changes(signs: Sequence[bool]) -> int:
    return sum(a != b for a, b in pairwise(signs))


def _pairing(functional: Sequence[fmpq], vector: fmpq_poly) -> fmpq:
    return sum((c * functional[k] for k, c in enumerate(vector.coeffs()) if c), fmpq(0))
