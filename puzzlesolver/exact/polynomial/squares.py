"""Sums of squares: why a polynomial has no real zero, or only where several simpler ones vanish together.

In: an integer polynomial. Out: polynomials whose common real zeros are its real zeros, when it is proved to be a sum of
squares with positive coefficients. By an exact LDLᵀ decomposition of one Gram matrix over the
monomials whose squares occur; that there is none does not mean that the polynomial takes both signs. Source: M. Choi,
T. Lam and B. Reznick, Sums of squares of real polynomials, 1995.
"""

from __future__ import annotations

from itertools import combinations_with_replacement

from flint import fmpq, fmpz, fmpz_mpoly

from puzzlesolver.exact import limits
from puzzlesolver.exact.polynomial.ring import primitive

Exponents = tuple[int, ...]


def squares_of(polynomial: fmpz_mpoly) -> tuple[fmpz_mpoly, ...] | None:
    """q₁ … qₖ with ``polynomial = Σ dᵢ·qᵢ²``, all dᵢ > 0; None where none were found. A constant among them is 1."""
    terms = {tuple(int(e) for e in exponents): fmpq(c) for exponents, c in polynomial.to_dict().items()}
    if not terms:
        return ()
    even = [exponents for exponents in sorted(terms) if terms[exponents] > 0 and not any(e % 2 for e in exponents)]
    halves = [tuple(e // 2 for e in exponents) for exponents in even]
    if not halves or len(halves) > limits.MOST_MONOMIALS or terms[max(terms)] < 0:
        return None
    gram = _gram(terms, halves)
    rows = _decomposed(gram) if gram is not None else None
    if rows is None:
        return None
    context = polynomial.context()
    found = []
    for row in rows:
        common = fmpz(1)
        for entry in row:
            common = entry.q.lcm(common)
        found.append(context.from_dict({half: (entry * common).p for half, entry in zip(halves, row, strict=True)}))
    return tuple(primitive(square) for square in found)


def _gram(terms: dict[Exponents, fmpq], halves: list[Exponents]) -> list[list[fmpq]] | None:
    """A symmetric matrix G with ``Σ G[i][j]·mᵢ·mⱼ`` equal to the polynomial, the mᵢ being `halves`.

    A positive term that is a square goes there, any other to the products that give it, in equal parts.
    """
    size = len(halves)
    products: dict[Exponents, list[tuple[int, int]]] = {}
    for i, j in combinations_with_replacement(range(size), 2):
        products.setdefault(tuple(a + b for a, b in zip(halves[i], halves[j], strict=True)), []).append((i, j))
    gram = [[fmpq(0)] * size for _ in range(size)]
    for exponents, coefficient in terms.items():
        pairs = products.get(exponents)
        if pairs is None:
            return None
        squares = [(i, j) for i, j in pairs if i == j]
        chosen = squares if squares and coefficient > 0 else [pair for pair in pairs if pair not in squares]
        if not chosen:
            return None
        for i, j in chosen:
            share = coefficient / len(chosen)
            if i == j:
                gram[i][i] += share
            else:
                gram[i][j] += share / 2
                gram[j][i] += share / 2
    return gram


def _decomposed(gram: list[list[fmpq]]) -> list[list[fmpq]] | None:
    """The rows ℓ of ``G = Σ d·ℓℓᵀ`` with all d > 0; None where the matrix is not positive semidefinite."""
    size = len(gram)
    matrix = [row[:] for row in gram]
    rows: list[list[fmpq]] = []
    for i in range(size):
        pivot = matrix[i][i]
        if pivot < 0 or (pivot == 0 and any(matrix[i])):
            return None
        if pivot == 0:
            continue
        row = [entry / pivot for entry in matrix[i]]
        rows.append(row)
        for j in range(size):
            factor = matrix[j][i]
            if factor:
                matrix[j] = [entry - factor * other for entry, other in zip(matrix[j], row, strict=True)]
    return rows
