"""Integer polynomials: from SymPy's to python-flint's and back, and into the rows that F4 works on.

All polynomials of one problem live in one ring, whose generators are the problem's unknowns in their order (and after
them, sometimes, an auxiliary one). They are kept primitive, with a positive leading coefficient.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import lcm

from flint import Ordering, fmpz, fmpz_mpoly, fmpz_mpoly_ctx, fmpz_mpoly_vec
from sympy import Add, Expr, Integer, Mul, Poly, Pow, Symbol

from puzzlesolver.answer.reasons import Why
from puzzlesolver.exact.polynomial.f4 import PolynomialRow, TooLarge
from puzzlesolver.exact.polynomial.monomials import MAX_DEGREE, Monomials


def ring(count: int) -> fmpz_mpoly_ctx:
    """The ring of integer polynomials in `count` unknowns, graded reverse lexicographic."""
    return fmpz_mpoly_ctx.get([f"x{i}" for i in range(count)], Ordering.degrevlex)


def from_sympy(polynomial: Poly, places: Sequence[int], context: fmpz_mpoly_ctx) -> fmpz_mpoly:
    """A rational polynomial, times what makes it integer and primitive; `places` tells which of the ring's unknowns its
    generators are."""
    terms = polynomial.terms()
    common = lcm(*(int(coefficient.q) for _, coefficient in terms))
    rows: dict[tuple[int, ...], int] = {}
    for exponents, coefficient in terms:
        if coefficient:
            row = [0] * context.nvars()
            for place, exponent in zip(places, exponents, strict=False):  # a constant has a generator of its own
                row[place] = exponent
            rows[tuple(row)] = int(coefficient * common)
    return primitive(context.from_dict(rows))


def to_sympy(polynomial: fmpz_mpoly, symbols: Sequence[Symbol]) -> Expr:
    """The expression, expanded."""
    return Add(
        *(
            Mul(Integer(int(c)), *(Pow(s, e) for s, e in zip(symbols, exponents, strict=False) if e))
            for exponents, c in polynomial.to_dict().items()
        )
    )


def primitive(polynomial: fmpz_mpoly) -> fmpz_mpoly:
    """Without a common factor of the coefficients, the leading one positive."""
    if polynomial.is_zero():
        return polynomial
    content: fmpz = polynomial.content()  # type: ignore[attr-defined]
    quotient: fmpz_mpoly = polynomial / (-content if polynomial.leading_coefficient() < 0 else content)
    return quotient


def reduces_to_zero(polynomial: fmpz_mpoly, others: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> bool:
    """Whether dividing by the others leaves nothing: then the polynomial vanishes wherever they all do."""
    rest: fmpz_mpoly = polynomial.reduction_primitive_part(  # type: ignore[attr-defined]
        fmpz_mpoly_vec(others, context)
    )
    return bool(rest.is_zero())


def factored(polynomial: fmpz_mpoly) -> tuple[fmpz, list[tuple[fmpz_mpoly, int]]]:
    """The content with its sign, and the irreducible factors with their exponents.

    python-flint sorts the factors and cannot where coefficients are huge: such a polynomial is left in one piece, which
    the callers may then not take for irreducible.
    """
    try:
        content, factors = polynomial.factor()
    except OverflowError:
        whole = primitive(polynomial)
        return polynomial.leading_coefficient() // whole.leading_coefficient(), [(whole, 1)]
    return fmpz(content), [(factor, int(exponent)) for factor, exponent in factors]


def factors_of(polynomials: Sequence[fmpz_mpoly]) -> tuple[fmpz_mpoly, ...]:
    """The irreducible factors, each once."""
    found: dict[str, fmpz_mpoly] = {}
    for polynomial in polynomials:
        for factor, _ in factored(polynomial)[1]:
            positive = primitive(factor)
            found.setdefault(str(positive), positive)
    return tuple(found.values())


def product_of(polynomials: Iterable[fmpz_mpoly], context: fmpz_mpoly_ctx) -> fmpz_mpoly:
    """The product, 1 where there are none."""
    product = context.constant(1)
    for polynomial in polynomials:
        product *= polynomial
    return product


def unknowns_of(polynomials: Iterable[fmpz_mpoly]) -> tuple[int, ...]:
    """The numbers of the unknowns that occur, ascending."""
    found: set[int] = set()
    for polynomial in polynomials:
        found.update(i for i, degree in enumerate(polynomial.degrees()) if degree)
    return tuple(sorted(found))


def to_row(polynomial: fmpz_mpoly, monomials: Monomials, unknowns: Sequence[int]) -> PolynomialRow:
    """The row of a polynomial that is not zero, over the monomials in `unknowns` alone. Raises TooLarge."""
    if polynomial.total_degree() > MAX_DEGREE // 2:
        raise TooLarge(Why.LARGE_DEGREE(polynomial.total_degree()))
    terms = sorted(
        ((monomials.pack([exponents[i] for i in unknowns]), c) for exponents, c in polynomial.to_dict().items()),
        reverse=True,
    )
    return PolynomialRow(tuple(monomial for monomial, _ in terms), tuple(fmpz(c) for _, c in terms))


def from_row(row: PolynomialRow, monomials: Monomials, unknowns: Sequence[int], context: fmpz_mpoly_ctx) -> fmpz_mpoly:
    """And back."""
    terms: dict[tuple[int, ...], fmpz] = {}
    for monomial, c in zip(row.monomials, row.coefficients, strict=True):
        exponents = [0] * context.nvars()
        for i, exponent in zip(unknowns, monomials.exponents(monomial), strict=True):
            exponents[i] = exponent
        terms[tuple(exponents)] = c
    return primitive(context.from_dict(terms))


def coefficients_in(polynomial: fmpz_mpoly, unknown: int) -> dict[int, fmpz_mpoly]:
    """The polynomial's coefficients as a polynomial in one unknown, by exponent."""
    context = polynomial.context()
    parts: dict[int, dict[tuple[int, ...], fmpz]] = {}
    for exponents, c in polynomial.to_dict().items():
        rest = (*exponents[:unknown], 0, *exponents[unknown + 1 :])
        parts.setdefault(exponents[unknown], {})[rest] = c
    return {exponent: context.from_dict(terms) for exponent, terms in parts.items()}
