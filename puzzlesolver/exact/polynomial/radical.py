"""The radical of an ideal with finitely many zeros: the same zeros, each counted once.

In: a quotient algebra. Out: polynomials that vanish at the same points and generate, with the ideal, its radical: the
squarefree parts of the unknowns' minimal polynomials (A. Seidenberg, Constructions in algebra, 1974, lemma 92). That
the minimal polynomials lie in the ideal is checked exactly.
"""

from __future__ import annotations

from flint import fmpq_poly, fmpz_poly

from puzzlesolver.exact.polynomial.f4 import PolynomialRow
from puzzlesolver.exact.polynomial.modular import rational_vector, word_primes
from puzzlesolver.exact.polynomial.quotient import Quotient
from puzzlesolver.exact.polynomial.representation import minimal_modulo


def radical_rows(quotient: Quotient) -> tuple[PolynomialRow, ...]:
    """One row for every unknown whose minimal polynomial has a multiple root; none for a reduced algebra."""
    rows = []
    for i in range(quotient.monomials.count):
        minimal = minimal_polynomial(quotient, i)
        common = minimal.gcd(minimal.derivative())
        if common.degree() > 0:
            rows.append(_row(minimal // common, quotient.monomials.unknowns[i]))
    return tuple(rows)


def minimal_polynomial(quotient: Quotient, unknown: int) -> fmpz_poly:
    """The integer polynomial of least degree in one unknown that is zero in the algebra; primitive."""
    used: list[int] = []
    images: list[list[int]] = []
    wanted = 1
    for prime in word_primes():
        try:
            image = [int(c) for c in minimal_modulo(quotient, unknown, prime).coeffs()]
        except ZeroDivisionError:
            continue
        if images and len(image) != len(images[0]):
            if len(image) < len(images[0]):
                continue  # this prime is the unlucky one
            used, images = [], []
        used.append(prime)
        images.append(image)
        if len(used) < wanted:
            continue
        wanted += max(1, wanted // 2)
        vector = rational_vector(images, used)
        if vector is not None:
            guess = fmpq_poly(vector).numer()
            if not _value(quotient, unknown, guess):
                return guess
    raise AssertionError("there are always more primes")


def _value(quotient: Quotient, unknown: int, polynomial: fmpz_poly) -> fmpq_poly:
    """The vector of the polynomial in the unknown, by Horner's rule."""
    total = fmpq_poly([])
    for c in reversed(polynomial.coeffs()):
        total = quotient.times(unknown, total) + c
    return total


def _row(polynomial: fmpz_poly, unit: int) -> PolynomialRow:
    content = polynomial.content()
    entries = [(k * unit, c // content) for k, c in enumerate(polynomial.coeffs()) if c]
    return PolynomialRow(tuple(m for m, _ in reversed(entries)), tuple(c for _, c in reversed(entries)))
