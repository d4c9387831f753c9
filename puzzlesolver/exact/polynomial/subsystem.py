"""A system in some of the unknowns alone, away from where given polynomials vanish."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpz_mpoly, fmpz_mpoly_ctx

from puzzlesolver.exact.polynomial.finite import Empty, Finite, solve_finite
from puzzlesolver.exact.polynomial.ring import product_of, reduces_to_zero, ring


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
