"""Systems with finitely many complex solutions, solved completely.

In: integer polynomials. Out: all their common zeros, as branches of algebraic points. Why the list is complete: every
basis polynomial lies in the ideal or in its radical, so that there are at most D distinct zeros, D the number of
standard monomials; and D distinct zeros were found, each put back exactly into the polynomials given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flint import fmpq_poly, fmpz, fmpz_mpoly, fmpz_mpoly_ctx, fmpz_poly, nmod_poly

from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.exact import limits
from puzzlesolver.exact.polynomial.f4 import Limits, PolynomialRow, TooLarge, UnluckyPrime, basis_of
from puzzlesolver.exact.polynomial.linear import WithoutLinear, equation_of, without_linear_unknowns
from puzzlesolver.exact.polynomial.modular import lifted, word_primes
from puzzlesolver.exact.polynomial.monomials import Monomials
from puzzlesolver.exact.polynomial.quotient import Quotient, RootCount, count_real_roots, quotient_of
from puzzlesolver.exact.polynomial.representation import (
    Branch,
    MonomialTerms,
    Representation,
    ThetaForm,
    branches_of,
    common_denominator,
    factors_of,
    guesses,
    is_multiple,
    matrix_modulo,
    minimal_modulo,
)
from puzzlesolver.exact.polynomial.ring import from_row, product_of, reduces_to_zero, ring, to_row, unknowns_of


class Disagreement(LeftOpen, ArithmeticError):
    """Two ways to the same fact differ, so that neither is believed."""


@dataclass(frozen=True, slots=True)
class Empty:
    """1 lies in the ideal: there is no complex solution. `basis_size` is 1."""


@dataclass(frozen=True, slots=True)
class Infinite:
    """Not finitely many complex solutions, as far as is known; the basis generates the same ideal."""

    basis: tuple[fmpz_mpoly, ...]


@dataclass(frozen=True, slots=True)
class Finite:
    """All complex zeros. `counted` says that Hermite's form confirmed their number and that of the real ones."""

    branches: tuple[Branch, ...]
    basis_size: int
    counted: bool

    @property
    def distinct(self) -> int:
        """How many distinct complex zeros there are."""
        return sum(branch.polynomial.degree() for branch in self.branches)

    @property
    def real(self) -> int:
        """How many of them are real."""
        return sum(len(branch.roots) for branch in self.branches)

    def outside(self, polynomials: Sequence[MonomialTerms]) -> Finite:
        """The zeros at which none of some polynomials vanishes."""
        kept = (branch for branch in self.branches if not any(branch.vanishes(terms) for terms in polynomials))
        return replace(self, branches=tuple(kept))

    def projected(self, count: int) -> Finite:
        """The same zeros in the first `count` unknowns, of which the others must be functions."""
        return replace(self, branches=tuple(replace(b, numerators=b.numerators[:count]) for b in self.branches))


def is_contradiction(polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx, limits: Limits) -> bool:
    """Whether 1 is found in the ideal within the limits; True is a proof that there is no complex solution."""
    reduced = without_linear_unknowns(polynomials, context)
    unknowns = unknowns_of(reduced.rest)
    monomials = Monomials(len(unknowns))
    try:
        rows = [to_row(polynomial, monomials, unknowns) for polynomial in reduced.rest]
        return any(row.leading == 0 for row in basis_of(rows, monomials, limits))
    except (TooLarge, UnluckyPrime):
        return False


def solve_finite(polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> Empty | Infinite | Finite:
    """The zeros of the polynomials in all the ring's unknowns.

    Raises TooLarge or UnluckyPrime where the basis cannot be computed, Disagreement where two counts differ.
    """
    reduced = without_linear_unknowns(polynomials, context)
    if any(polynomial.is_constant() for polynomial in reduced.rest):
        return Empty()
    unknowns = unknowns_of(reduced.rest)
    if len(unknowns) > limits.MOST_ELIMINATED:
        raise TooLarge(Why.MANY_UNKNOWNS(len(unknowns)))
    monomials = Monomials(len(unknowns))
    rows = [to_row(polynomial, monomials, unknowns) for polynomial in reduced.rest]
    basis = basis_of(rows, monomials) if rows else ()
    leading = [row.leading for row in basis]
    if 0 in leading:
        return Empty()
    if len(unknowns) + reduced.count < context.nvars() or not monomials.is_finite(leading):
        taken = (*(equation_of(i, form, context) for i, form in reduced.forms.items()), *(p for _, p in reduced.given))
        return Infinite((*taken, *(from_row(row, monomials, unknowns, context) for row in basis)))
    solved = _solve(basis, rows, monomials)
    whole = _extended(solved.representation, unknowns, reduced, context.nvars())
    if not all(whole.vanishes(polynomial.to_dict()) for polynomial in polynomials):
        raise Disagreement(Why.SOLUTION_FAILS())
    found = Finite(branches_of(whole, solved.multiplicities), len(basis) + reduced.count, solved.count is not None)
    if solved.count is not None and solved.count != RootCount(found.distinct, found.real):
        raise Disagreement(Why.COUNTS_DIFFER())
    return found


@dataclass(frozen=True, slots=True)
class _Solved:
    """A checked representation of all zeros, the factors' multiplicities, and Hermite's count where it was taken."""

    representation: Representation
    multiplicities: Mapping[int, int | None]
    count: RootCount | None


def _solve(basis: Sequence[PolynomialRow], rows: Sequence[PolynomialRow], monomials: Monomials) -> _Solved:
    """The zeros of a reduced basis with finitely many standard monomials."""
    if monomials.count == 0:
        return _Solved(Representation(fmpz_poly([0, 1]), fmpz_poly([1]), (), ()), {0: 1}, RootCount(1, 1))
    if monomials.count == 1 and len(basis) == 1:
        return _solve_univariate(basis[0], monomials)
    quotient = quotient_of(basis, monomials)
    if quotient is None:
        raise TooLarge(Why.MANY_COMPLEX_SOLUTIONS(limits.MOST_DIMENSION))
    representation = _checked(quotient, rows)
    count = _count(quotient)
    if representation is not None:
        return _Solved(representation, dict.fromkeys(range(quotient.dimension), 1), count)
    reduced = quotient_of(basis_of([*basis, *radical_rows(quotient)], monomials), monomials)
    representation = _checked(reduced, rows) if reduced is not None else None
    if representation is None:
        raise TooLarge(Why.MULTIPLE_SOLUTIONS())
    return _Solved(representation, _multiplicities(quotient, rows, representation), count)


def _solve_univariate(row: PolynomialRow, monomials: Monomials) -> _Solved:
    """A single polynomial in a single unknown, which is θ itself."""
    coefficients = [fmpz(0)] * (monomials.degree(row.leading) + 1)
    for monomial, c in zip(row.monomials, row.coefficients, strict=True):
        coefficients[monomials.degree(monomial)] = c
    polynomial = fmpz_poly(coefficients)
    squarefree = polynomial // polynomial.gcd(polynomial.derivative())
    multiplicities: dict[int, int | None] = {}
    for number, factor in enumerate(factors_of(squarefree)):
        exponent, rest = 0, polynomial
        while is_multiple(rest, factor):
            exponent, rest = exponent + 1, rest // factor
        multiplicities[number] = exponent
    theta = Representation(squarefree, fmpz_poly([1]), (fmpz_poly([0, 1]),), (1,))
    return _Solved(theta, multiplicities, None)


def _checked(quotient: Quotient, rows: Sequence[PolynomialRow]) -> Representation | None:
    """The first guess that passes: as many distinct zeros as there are dimensions, each a zero of every row."""
    monomials = quotient.monomials
    terms = [{monomials.exponents(m): c for m, c in zip(row.monomials, row.coefficients, strict=True)} for row in rows]
    for guess in guesses(quotient):
        if guess.polynomial.degree() == quotient.dimension and guess.separates() and all(map(guess.vanishes, terms)):
            return guess
    return None


def _bits(quotient: Quotient) -> int:
    """The size of the largest number in the multiplication tables."""
    return max(
        (c.numer().height_bits() + int(c.denom()).bit_length() for column in quotient.products for c in column),
        default=0,
    )


def _count(quotient: Quotient) -> RootCount | None:
    """Hermite's count, where it is not too much work."""
    if quotient.dimension**3 * _bits(quotient) > limits.MOST_COUNTING:
        return None
    return count_real_roots(quotient)


def _multiplicities(
    quotient: Quotient, rows: Sequence[PolynomialRow], representation: Representation
) -> Mapping[int, int | None]:
    """The dimensions of the local algebras: how often each factor divides a characteristic polynomial.

    The form's characteristic polynomial is a product of powers of the representation's factors; modulo a prime at which
    these stay squarefree and coprime, the exponents can be read off.
    """
    factors = factors_of(representation.polynomial)
    unknown: dict[int, int | None] = dict.fromkeys(range(len(factors)))
    work = quotient.monomials.count**2 * quotient.dimension**3 * _bits(quotient)
    if work > limits.MOST_PROVING or not quotient.is_proved(rows):
        return unknown
    for prime in word_primes():
        image = nmod_poly(representation.polynomial, prime)
        if image.degree() != representation.polynomial.degree() or image.gcd(image.derivative()).degree() > 0:
            continue
        try:
            characteristic = matrix_modulo(quotient, representation.form, prime).charpoly()
        except ZeroDivisionError:
            continue
        return {number: _exponent(characteristic, nmod_poly(factor, prime)) for number, factor in enumerate(factors)}
    return unknown


def _exponent(polynomial: nmod_poly, factor: nmod_poly) -> int:
    exponent = 0
    while True:
        polynomial, rest = divmod(polynomial, factor)
        if rest:
            return exponent
        exponent += 1


def _extended(
    representation: Representation, unknowns: Sequence[int], reduced: WithoutLinear, count: int
) -> Representation:
    """The representation in all the unknowns: those taken out follow from the others."""
    numerators = {i: fmpq_poly(a) for i, a in zip(unknowns, representation.numerators, strict=True)}
    for i, equation in reversed(reduced.given):
        numerators[i] = _given_numerator(i, equation, numerators, representation)
    for i, form in reduced.forms.items():
        total = fmpq_poly(representation.denominator) * form.constant
        numerators[i] = sum((numerators[j] * a for j, a in form.coefficients.items()), total)
    scale = common_denominator(numerators.values())
    place = {i: number for number, i in enumerate(unknowns)}
    whole: ThetaForm = tuple(representation.form[place[i]] if i in place else 0 for i in range(count))
    return Representation(
        representation.polynomial,
        representation.denominator * scale,
        tuple((numerators[i] * scale).numer() for i in range(count)),
        whole,
    )


def _given_numerator(
    i: int, equation: fmpz_mpoly, numerators: Mapping[int, fmpq_poly], representation: Representation
) -> fmpq_poly:
    """The numerator of an unknown that an equation gives, computed modulo the representation's polynomial."""
    modulus, denominator = fmpq_poly(representation.polynomial), fmpq_poly(representation.denominator)
    _, inverse, _ = (denominator % modulus).xgcd(modulus)
    values = {j: numerator * inverse % modulus for j, numerator in numerators.items()}
    total, top = fmpq_poly([]), fmpz(1)
    for exponents, c in equation.to_dict().items():
        if exponents[i]:
            top = c
            continue
        term = fmpq_poly([c])
        for j, exponent in enumerate(exponents):
            for _ in range(exponent):
                term = term * values[j] % modulus
        total += term
    return -total / top * denominator % modulus


def radical_rows(quotient: Quotient) -> tuple[PolynomialRow, ...]:
    """The squarefree parts of the unknowns' minimal polynomials that have multiple roots.

    With the ideal they generate its radical: the same zeros, each counted once (A. Seidenberg, Constructions in
    algebra, 1974, lemma 92). That the minimal polynomials lie in the ideal is checked exactly.
    """
    rows = []
    for i in range(quotient.monomials.count):
        minimal = minimal_polynomial(quotient, i)
        common = minimal.gcd(minimal.derivative())
        if common.degree() > 0:
            rows.append(_row(minimal // common, quotient.monomials.unknowns[i]))
    return tuple(rows)


def minimal_polynomial(quotient: Quotient, unknown: int) -> fmpz_poly:
    """The integer polynomial of least degree in one unknown that is zero in the algebra; primitive."""
    for vector in lifted(lambda prime: [int(c) for c in minimal_modulo(quotient, unknown, prime).coeffs()]):
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


def solve_subsystem(
    polynomials: Sequence[fmpz_mpoly],
    unknowns: Sequence[int],
    nonzero: Sequence[fmpz_mpoly],
    context: fmpz_mpoly_ctx,
) -> Empty | Finite | tuple[fmpz_mpoly, ...]:
    """The common zeros at which no polynomial of `nonzero` vanishes, or a basis where they are not finitely many.

    All polynomials are in `unknowns` alone, and the coordinates of a `Finite` are in their order. The condition is
    another unknown's, the reciprocal of the product of `nonzero` (J. Rabinowitsch, 1929). The basis is of polynomials
    whose common zeros are between those zeros and the zeros of `polynomials`. Raises TooLarge, UnluckyPrime and
    Disagreement like `solve_finite`.
    """
    count = len(unknowns)
    small = ring(count + bool(nonzero))
    inner = [_moved(polynomial, unknowns, small) for polynomial in polynomials]
    if nonzero:
        inner.append(_moved(product_of(nonzero, context), unknowns, small) * small.gens()[count] - 1)
    found = solve_finite(inner, small)
    if isinstance(found, Empty):
        return found
    if isinstance(found, Finite):
        return found.projected(count)
    if not nonzero:
        return tuple(_moved_back(polynomial, unknowns, context) for polynomial in found.basis)
    kept = [_moved_back(p, unknowns, context) for p in found.basis if not p.degrees()[count]]
    return (*kept, *(polynomial for polynomial in polynomials if not reduces_to_zero(polynomial, kept, context)))


def _moved(polynomial: fmpz_mpoly, unknowns: Sequence[int], context: fmpz_mpoly_ctx) -> fmpz_mpoly:
    """A polynomial in `unknowns` alone, in a smaller ring whose first generators they are."""
    pad = (0,) * (context.nvars() - len(unknowns))
    return context.from_dict(
        {(*(exponents[i] for i in unknowns), *pad): c for exponents, c in polynomial.to_dict().items()}
    )


def _moved_back(polynomial: fmpz_mpoly, unknowns: Sequence[int], context: fmpz_mpoly_ctx) -> fmpz_mpoly:
    """And back into the ring of all the unknowns."""
    terms = {}
    for exponents, c in polynomial.to_dict().items():
        whole = [0] * context.nvars()
        for i, exponent in zip(unknowns, exponents, strict=False):
            whole[i] = exponent
        terms[tuple(whole)] = c
    return context.from_dict(terms)
