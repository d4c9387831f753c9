"""How many distinct roots a polynomial system has: complex ones, and real ones.

In: a finite-dimensional algebra Q[x₁ … xₙ]/I, given by multiplication by the unknowns on a basis of monomials. Out:
counts, by exact rational arithmetic. The rank of the trace form (a, b) ↦ tr(ab) is the number of distinct complex zeros
of I, its signature the number of distinct real ones, whatever their multiplicities. Sources: C. Hermite, 1856;
P. Pedersen, M.-F. Roy and A. Szpirglas, Counting real zeros in the multivariate case, 1993; D. Cox, J. Little and
D. O'Shea, Using Algebraic Geometry, chapter 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flint import fmpq, fmpq_mat, fmpq_poly

Exponents = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Algebra:
    """A basis of monomials, closed under division and with 1 first, and multiplication by each unknown.

    A vector is a python-flint polynomial whose k-th coefficient belongs to the k-th monomial; `products[i][k]` is that
    of xᵢ times the k-th monomial.
    """

    monomials: tuple[Exponents, ...]
    products: tuple[tuple[fmpq_poly, ...], ...]

    @property
    def dimension(self) -> int:
        return len(self.monomials)

    def times(self, unknown: int, vector: fmpq_poly) -> fmpq_poly:
        """The vector of xᵢ times a vector."""
        columns = self.products[unknown]
        return sum((columns[k] * c for k, c in enumerate(vector.coeffs()) if c), fmpq_poly([]))


@dataclass(frozen=True, slots=True)
class RootCount:
    """Distinct complex zeros, and distinct real ones."""

    distinct: int
    real: int


def count_real_roots(algebra: Algebra) -> RootCount:
    """The numbers of distinct zeros."""
    form = hermite_form(algebra)
    return RootCount(int(form.rank()), signature(form))


def hermite_form(algebra: Algebra) -> fmpq_mat:
    """The symmetric matrix of ``tr(ab)`` on the basis.

    The trace of multiplication by a basis monomial b is the sum over the basis monomials c of the coordinate of bc at
    c. The trace is a linear functional; with the vectors of all products it gives every entry.
    """
    size, basis = algebra.dimension, algebra.monomials
    vectors = _products(algebra)
    traces = [sum((vectors[_times(b, c)][k] for k, c in enumerate(basis)), fmpq(0)) for b in basis]
    values = {monomial: _pairing(traces, vector) for monomial, vector in vectors.items()}
    return fmpq_mat(size, size, [values[_times(b, c)] for b in basis for c in basis])


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


def _products(algebra: Algebra) -> dict[Exponents, fmpq_poly]:
    """The vectors of all products of two basis monomials, each from one of smaller degree."""
    basis = algebra.monomials
    vectors = {basis[0]: fmpq_poly([1])}
    for monomial in sorted({_times(b, c) for b in basis for c in basis}, key=lambda m: (sum(m), m)):
        for i, exponent in enumerate(monomial):
            smaller = (*monomial[:i], exponent - 1, *monomial[i + 1 :])
            if exponent and smaller in vectors:
                vectors[monomial] = algebra.times(i, vectors[smaller])
                break
    return vectors


def _times(a: Exponents, b: Exponents) -> Exponents:
    return tuple(x + y for x, y in zip(a, b, strict=True))


def _pairing(functional: Sequence[fmpq], vector: fmpq_poly) -> fmpq:
    return sum((c * functional[k] for k, c in enumerate(vector.coeffs()) if c), fmpq(0))
