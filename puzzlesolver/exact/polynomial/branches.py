"""The solutions of a representation, one branch for every irreducible factor of its polynomial.

In: a `Representation`. Out: `Branch`es. Within a branch all solutions are conjugate: what is true of one, by algebra
over the rationals, is true of all. That makes "is it zero?" a division of polynomials.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flint import fmpq_poly, fmpz, fmpz_poly

from puzzlesolver.arithmetic.interval import Interval
from puzzlesolver.arithmetic.real_roots import isolate_real_roots
from puzzlesolver.exact import limits
from puzzlesolver.exact.polynomial.representation import Representation, common_denominator, homogenized, is_multiple

MonomialTerms = Mapping[tuple[int, ...], fmpz]
"""A polynomial in all the unknowns: exponents and integer coefficients."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Conjugate solutions, one for every root θ of an irreducible polynomial.

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
