"""How many distinct roots a polynomial system has: complex ones, and real ones.

In: a finite-dimensional algebra Q[x₁ … xₙ]/I. Out: counts, by exact rational arithmetic. The rank of the
trace form (a, b) ↦ tr(ab) is the number of distinct complex zeros of I, its signature the number of distinct real ones,
whatever their multiplicities. Sources: C. Hermite, 1856; P. Pedersen, M.-F. Roy and A. Szpirglas, Counting real zeros
in the multivariate case, 1993; D. Cox, J. Little and D. O'Shea, Using Algebraic Geometry, chapter 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flint import fmpq, fmpq_mat, fmpq_poly

from puzzlesolver.exact.polynomial.quotient import Quotient


@dataclass(frozen=True, slots=True)
class RootCount:
    """Distinct complex zeros, and distinct real ones."""

    distinct: int
    real: int


def count_real_roots(quotient: Quotient) -> RootCount:
    """The numbers of distinct zeros."""
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
