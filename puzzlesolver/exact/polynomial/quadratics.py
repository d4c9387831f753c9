"""Squares in polynomials: discriminants, pairs of quadratics whose solutions hold the same root, sums of squares.

In: integer polynomials. Where f is quadratic in u with the discriminant s²·q, and g in v with r²·q, then
(r·∂f/∂u)² - (s·∂g/∂v)² is a combination of f and g, because (∂f/∂u)² is the discriminant plus 4·f times the leading
coefficient. So r·∂f/∂u is s·∂g/∂v or its negative at every solution: which signs of the two roots belong together is
one of two cases, and in each of them there is an equation that is linear in both u and v.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement

from flint import fmpq, fmpz, fmpz_mpoly, fmpz_mpoly_ctx

from puzzlesolver.exact import limits
from puzzlesolver.exact.polynomial.f4 import Limits
from puzzlesolver.exact.polynomial.finite import is_contradiction
from puzzlesolver.exact.polynomial.ring import coefficients_in, factored, factors_of, primitive

SMALL = 1 << 60  # Contents below this are factored to find the squares in them.
GENERAL = (2, 3, 5, 7, 11, 13)  # Values of the other unknowns that stand for general ones.

PROBING = Limits(columns=1_000, bits=5_000)
"""How far a look at what lies over such a point goes."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Polynomials of which one vanishes at every solution; those in `general` do so over a general point, it seems."""

    general: tuple[fmpz_mpoly, ...]
    special: tuple[fmpz_mpoly, ...]


def twins_of(polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> Twins | None:
    """The shortest case split that two quadratic equations give, where one case is a hypersurface's and one is not."""
    pairs = sorted(_pairs(polynomials), key=lambda pair: sum(map(len, pair[1])))
    for unknowns, cases in pairs:
        others = [i for i in range(context.nvars()) if i not in unknowns]
        if not others or len(others) > len(GENERAL):
            continue
        point = [context.gens()[i] - value for i, value in zip(others, GENERAL, strict=False)]
        empty = [is_contradiction([*polynomials, case, *point], context, PROBING) for case in cases]
        if True in empty and False in empty:
            return Twins(
                tuple(case for case, gone in zip(cases, empty, strict=True) if not gone),
                tuple(case for case, gone in zip(cases, empty, strict=True) if gone),
            )
    return None


def _pairs(polynomials: Sequence[fmpz_mpoly]) -> Iterator[tuple[tuple[int, int], tuple[fmpz_mpoly, ...]]]:
    """The unknowns of two quadratic equations with the same root, and the factors of what follows from them."""
    found = []
    for polynomial in polynomials:
        for unknown, degree in enumerate(polynomial.degrees()):
            if degree == 2:
                square, core = square_part(discriminant(polynomial, unknown))
                if not core.is_constant():
                    found.append((unknown, polynomial.derivative(unknown), square, core))
    for (u, f, s, q), (v, g, r, other) in combinations(found, 2):
        sides = (r * f - s * g, r * f + s * g)
        if u != v and q == other and not any(side.is_zero() for side in sides):
            yield (u, v), factors_of(sides)


def discriminant(polynomial: fmpz_mpoly, unknown: int) -> fmpz_mpoly:
    """``b² - 4ac`` of a polynomial ``a·v² + b·v + c``."""
    parts = coefficients_in(polynomial, unknown)
    zero = polynomial.context().constant(0)
    a, b, c = parts[2], parts.get(1, zero), parts.get(0, zero)
    return b * b - 4 * a * c


def square_part(polynomial: fmpz_mpoly) -> tuple[fmpz_mpoly, fmpz_mpoly]:
    """s and q with ``polynomial = s²·q``, q without square factors."""
    context = polynomial.context()
    square, core = context.constant(1), context.constant(1)
    content, factors = factored(polynomial)
    for factor, exponent in factors:
        square *= factor ** (exponent // 2)
        core *= factor ** (exponent % 2)
    root = fmpz(1)
    for prime, exponent in content.factor() if abs(content) < SMALL else []:
        root *= prime ** (exponent // 2)
    return square * root, core * (content // root**2)


Exponents = tuple[int, ...]


def squares_of(polynomial: fmpz_mpoly) -> tuple[fmpz_mpoly, ...] | None:
    """q₁ … qₖ with ``polynomial = Σ dᵢ·qᵢ²``, all dᵢ > 0; None where none were found. A constant among them is 1.

    By an exact LDLᵀ decomposition of one Gram matrix over the monomials whose squares occur; that there is none does
    not mean that the polynomial takes both signs. Source: M. Choi, T. Lam and B. Reznick, Sums of squares of real
    polynomials, 1995.
    """
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
