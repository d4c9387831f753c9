"""All complex solutions of a system at once: every unknown as a rational function of one algebraic number θ.

In: a quotient algebra of dimension D. Out: a squarefree integer polynomial of degree D whose roots are the values of a
linear form u in the unknowns, and each unknown as Aᵢ(θ)/δ(θ) at the root θ. It is computed modulo primes and lifted, so
it is a guess; `vanishes` and `separates` check it exactly. A representation of degree D that passes both *is* the
complete list of complex solutions, for there can be no more of them than the algebra has dimensions, and then the ideal
is radical. Sources: F. Rouillier, Solving zero-dimensional systems through the rational univariate representation,
1999; A. Bostan, B. Salvy and É. Schost, Fast algorithms for zero-dimensional polynomial systems using duality, 2003.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flint import fmpq, fmpq_poly, fmpz, fmpz_poly, nmod_mat, nmod_poly

from puzzlesolver.arithmetic.interval import Interval
from puzzlesolver.arithmetic.real_roots import isolate_real_roots
from puzzlesolver.exact import limits
from puzzlesolver.exact.polynomial.modular import lifted, word_primes
from puzzlesolver.exact.polynomial.quotient import Quotient

FIRST_PRIMES = 2  # How many primes the first attempt to lift uses; each further one uses half as many again.

ThetaForm = tuple[int, ...]
"""The integer coefficients of a linear form in the unknowns."""


@dataclass(frozen=True, slots=True)
class Representation:
    """``xᵢ = numerators[i](θ)/denominator(θ)`` at every root θ of `polynomial`, where `form`·x = θ."""

    polynomial: fmpz_poly
    denominator: fmpz_poly
    numerators: tuple[fmpz_poly, ...]
    form: ThetaForm

    def separates(self) -> bool:
        """Whether the polynomial is squarefree and different roots are proved to be different points."""
        theta = fmpz_poly([0, 1]) * self.denominator
        value = sum((a * c for a, c in zip(self.numerators, self.form, strict=True)), fmpz_poly([]))
        return is_multiple(value - theta, self.polynomial) and _is_squarefree(self.polynomial)

    def vanishes(self, terms: Mapping[tuple[int, ...], fmpz]) -> bool:
        """Whether a polynomial, given by its exponents and coefficients, is zero at every one of the points."""
        return is_multiple(homogenized(terms, self.numerators, self.denominator), self.polynomial)


def is_multiple(dividend: fmpz_poly, divisor: fmpz_poly) -> bool:
    """Whether a primitive polynomial divides another over the integers (by Gauss's lemma: over the rationals)."""
    if not dividend:
        return True
    if divisor.degree() > dividend.degree():
        return False
    quotient, rest = divmod(dividend, divisor)
    return not rest and quotient * divisor == dividend


def homogenized(
    terms: Mapping[tuple[int, ...], fmpz], numerators: Sequence[fmpz_poly], denominator: fmpz_poly
) -> fmpz_poly:
    """``δ^d · f(A₁/δ, …, Aₙ/δ)`` for the polynomial f of total degree d given by its terms, by Horner's rule."""
    degree = max((sum(exponents) for exponents in terms), default=0)
    powers = [fmpz_poly([1])]
    for _ in range(degree):
        powers.append(powers[-1] * denominator)

    def value(part: Mapping[tuple[int, ...], fmpz], height: int) -> fmpz_poly:
        """``δ^height`` times the value of a part whose first unknowns were taken out already."""
        if len(part) == 1:
            ((exponents, coefficient),) = part.items()
            product = powers[height - sum(exponents)] * coefficient
            for exponent, numerator in zip(reversed(exponents), reversed(numerators), strict=False):
                if exponent:
                    product *= numerator**exponent
            return product
        by_power: dict[int, dict[tuple[int, ...], fmpz]] = {}
        for exponents, coefficient in part.items():
            by_power.setdefault(exponents[0], {})[exponents[1:]] = coefficient
        own = numerators[-len(next(iter(part)))]
        total = fmpz_poly([])
        for power in range(max(by_power), -1, -1):
            total *= own
            if power in by_power:
                total += value(by_power[power], height - power)
        return total

    return value(terms, degree) if terms else fmpz_poly([])


def _is_squarefree(polynomial: Any) -> bool:
    return bool(polynomial.degree() < 1 or polynomial.gcd(polynomial.derivative()).degree() == 0)


def guesses(quotient: Quotient) -> Iterator[Representation]:
    """Representations by the first linear form that separates, lifted from ever more primes, each to be checked.

    Yields nothing where the algebra is not reduced modulo two primes (over the rationals it is then not reduced either,
    for all but finitely many primes). Raises ArithmeticError where a guess no longer changes.
    """
    primes = word_primes()
    prime = next(primes)
    for number, form in enumerate(linear_forms(quotient.monomials.count)):
        if _is_squarefree(matrix_modulo(quotient, form, prime).charpoly()):
            yield from _lifted(quotient, form)
            return
        if number == 0 and not is_reduced(quotient, prime) and not is_reduced(quotient, next(primes)):
            return


def linear_forms(count: int) -> Iterator[ThetaForm]:
    """The single unknowns, the last first; then scattered whole coefficients, slowly growing. Always the same ones."""
    for i in reversed(range(count)):
        yield tuple(int(i == j) for j in range(count))
    scattered = _scattered()
    for step in range(3, 10_000):
        yield tuple((state >> 33) % (2 * step + 1) - step for state in islice(scattered, count))


def _scattered() -> Iterator[int]:
    """Numbers without a pattern, always the same ones: D. Knuth's linear congruential generator MMIX."""
    state = 1
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        yield state


def is_reduced(quotient: Quotient, prime: int) -> bool:
    """Whether, modulo the prime, every unknown's minimal polynomial is squarefree (A. Seidenberg, 1974)."""
    return all(_is_squarefree(minimal_modulo(quotient, i, prime)) for i in range(quotient.monomials.count))


def minimal_modulo(quotient: Quotient, unknown: int, prime: int) -> nmod_poly:
    """The minimal polynomial of an unknown in the algebra modulo the prime."""
    form = tuple(int(unknown == j) for j in range(quotient.monomials.count))
    return matrix_modulo(quotient, form, prime).minpoly()


def matrix_modulo(quotient: Quotient, form: ThetaForm, prime: int) -> nmod_mat:
    """Multiplication by the linear form, modulo the prime. Raises ZeroDivisionError where a denominator vanishes."""
    size = quotient.dimension
    entries = [0] * (size * size)
    for k in range(size):
        column = nmod_poly([], prime)
        for i, c in enumerate(form):
            if c:
                column += vector_modulo(quotient.products[i][k], prime) * (c % prime)
        values = [int(c) for c in column.coeffs()]
        entries[k : k + size * len(values) : size] = values
    return nmod_mat(size, size, entries, prime)


def vector_modulo(vector: fmpq_poly, prime: int) -> nmod_poly:
    """A vector's residues. Raises ZeroDivisionError where the prime divides its denominator."""
    denominator = int(vector.denom() % prime)
    if not denominator:
        raise ZeroDivisionError("the prime divides a denominator")
    return nmod_poly(vector.numer(), prime) * pow(denominator, -1, prime)


def _image(quotient: Quotient, form: ThetaForm, prime: int) -> list[int] | None:
    """The representation modulo a prime; None where it does not exist.

    The coefficients of the monic polynomial without its leading one, then those of the traces' numerators, over its
    derivative.
    """
    size, count = quotient.dimension, quotient.monomials.count
    matrix = matrix_modulo(quotient, form, prime)
    polynomial = matrix.charpoly()
    if not _is_squarefree(polynomial):
        return None
    vectors = [nmod_poly([1], prime), *(vector_modulo(quotient.unknown(i), prime) for i in range(count))]
    entries = [0] * (size * (count + 1))
    for j, vector in enumerate(vectors):
        values = [int(c) for c in vector.coeffs()]
        entries[j : j + (count + 1) * len(values) : count + 1] = values
    targets = nmod_mat(size, count + 1, entries, prime)
    for functional in _functionals(size, prime):
        sequence = []
        row = functional
        for _ in range(size):
            sequence.append((row * targets).entries())
            row = row * matrix
        first, *others = (
            _numerator(polynomial, [int(entry[j]) for entry in sequence], prime) for j in range(count + 1)
        )
        try:
            scale = inverse(first, polynomial) * polynomial.derivative() % polynomial
        except ZeroDivisionError:
            continue
        parts = (polynomial, *(other * scale % polynomial for other in others))
        rows = ([int(c) for c in part.coeffs()[:size]] for part in parts)
        return [c for row in rows for c in row + [0] * (size - len(row))]
    return None


def _functionals(size: int, prime: int) -> Iterator[nmod_mat]:
    """A few fixed linear functionals; almost every one serves."""
    scattered = _scattered()
    for _ in range(4):
        yield nmod_mat(1, size, [state % prime for state in islice(scattered, size)], prime)


def _numerator(polynomial: nmod_poly, sequence: list[int], prime: int) -> nmod_poly:
    """The polynomial part of ``polynomial · Σ sequence[k]/T^(k+1)``."""
    size = len(sequence)
    product = polynomial * nmod_poly(sequence[::-1], prime)
    return nmod_poly(product.coeffs()[size:], prime)


def inverse(element: nmod_poly, modulus: nmod_poly) -> nmod_poly:
    """The inverse modulo a polynomial. Raises ZeroDivisionError where there is none."""
    common, inverse, _ = element.xgcd(modulus)
    if common.degree() != 0:
        raise ZeroDivisionError("not invertible")
    return inverse * pow(int(common[0]), -1, int(modulus.modulus()))


def _lifted(quotient: Quotient, form: ThetaForm) -> Iterator[Representation]:
    """The images modulo more and more primes, put together."""
    last: list[fmpq] | None = None
    for vector in lifted(lambda prime: _image(quotient, form, prime), FIRST_PRIMES, quotient.dimension):
        if vector == last:
            raise ArithmeticError("the representation is stable and does not satisfy the equations")
        last = vector
        yield _assembled(vector, quotient.dimension, form)


def _assembled(vector: Sequence[fmpq], size: int, form: ThetaForm) -> Representation:
    """Integer polynomials out of the monic polynomial's and the numerators' rational coefficients."""
    polynomial = fmpq_poly([*vector[:size], 1]).numer()
    starts = range(size, size * (len(form) + 1), size)
    tops = [fmpq_poly(vector[start : start + size]) * polynomial[size] for start in starts]
    common = common_denominator(tops)
    return Representation(
        polynomial, polynomial.derivative() * common, tuple((top * common).numer() for top in tops), form
    )


def common_denominator(polynomials: Iterable[fmpq_poly]) -> fmpz:
    """The least common multiple of the denominators of all coefficients."""
    common = fmpz(1)
    for polynomial in polynomials:
        common = common.lcm(polynomial.denom())
    return common


MonomialTerms = Mapping[tuple[int, ...], fmpz]
"""A polynomial in all the unknowns: exponents and integer coefficients."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Conjugate solutions, one for every root θ of an irreducible polynomial: what is true of one, by algebra over the
    rationals, is true of all. That makes "is it zero?" a division of polynomials.

    Unknown i is ``numerators[i](θ)/denominator(θ)``. `roots` isolates the real ones; a solution is real where its θ is.
    `multiplicity` is None where it is not known.
    """

    polynomial: fmpz_poly
    denominator: fmpz_poly
    numerators: tuple[fmpz_poly, ...]
    roots: tuple[Interval, ...]
    multiplicity: int | None

    def vanishes(self, terms: MonomialTerms) -> bool:
        """Whether a polynomial is zero at the branch's solutions: at all of them or at none."""
        return is_multiple(homogenized(terms, self.numerators, self.denominator), self.polynomial)


def branches_of(representation: Representation, multiplicities: Mapping[int, int | None]) -> tuple[Branch, ...]:
    """The branches in a fixed order; `multiplicities` by the number of the factor in `factors_of`."""
    return tuple(
        _branch(representation, factor, multiplicities[number])
        for number, factor in enumerate(factors_of(representation.polynomial))
    )


def factors_of(polynomial: fmpz_poly) -> tuple[fmpz_poly, ...]:
    """The irreducible factors of a polynomial, each once, with positive leading coefficients, in a fixed order."""
    _, factors = polynomial.factor()
    positive = (factor if factor[factor.degree()] > 0 else -factor for factor, _ in factors)
    return tuple(sorted(positive, key=lambda factor: (factor.degree(), [int(c) for c in factor.coeffs()])))


def _branch(representation: Representation, factor: fmpz_poly, multiplicity: int | None) -> Branch:
    """The part of a representation that belongs to a factor, in the smaller polynomials that suffice for it."""
    denominator, numerators = representation.denominator, representation.numerators
    if 2 * factor.degree() <= representation.polynomial.degree() and factor.degree() <= limits.MOST_REDUCED:
        derivative = fmpq_poly(factor.derivative())
        modulus = fmpq_poly(factor)
        _, inverse, _ = (fmpq_poly(denominator) % modulus).xgcd(modulus)
        scale = inverse * derivative % modulus
        reduced = [fmpq_poly(numerator) * scale % modulus for numerator in numerators]
        common = common_denominator(reduced)
        numerators = tuple((numerator * common).numer() for numerator in reduced)
        denominator = factor.derivative() * common
    return Branch(factor, denominator, numerators, isolate_real_roots(factor), multiplicity)
