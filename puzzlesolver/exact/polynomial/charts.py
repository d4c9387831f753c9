"""Zeros away from coordinate subspaces, in coordinates that send those subspaces to infinity.

In: integer polynomials with infinitely many zeros. Out: those of their zeros at which certain unknowns, the pivots, do
not vanish, where these are finitely many. The unknowns fall into blocks such that every equation's degrees in the
blocks add up to its degree: it is multi-homogeneous in disguise. In every block with the pivot x and the others y, the
coordinates 1/x and y/x describe the same part of the product of projective spaces; the equations do not become larger,
and components on which a block is zero are gone. Source of the blocks: A. Morgan and A. Sommese, A homotopy for solving
general polynomial systems that respects m-homogeneous structures, 1987.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod

from flint import fmpz_mpoly, fmpz_mpoly_ctx, fmpz_poly

from puzzlesolver.exact import limits
from puzzlesolver.exact.polynomial.finite import Empty, Finite, Infinite, solve_finite
from puzzlesolver.exact.polynomial.representation import Branch

Blocks = tuple[tuple[int, ...], ...]
"""The numbers of the unknowns, ascending, the first of every block its pivot."""


@dataclass(frozen=True, slots=True)
class Away:
    """The zeros at which none of the pivots vanishes."""

    pivots: tuple[int, ...]
    finite: Finite


def away_from_subspaces(polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> Away | None:
    """The zeros in the chart of the finest blocks; None where there is no such chart, or infinitely many zeros in it.

    Raises TooLarge, UnluckyPrime and Disagreement like `solve_finite`.
    """
    count = context.nvars()
    degrees = sorted(polynomial.total_degree() for polynomial in polynomials)
    if not 2 <= count <= min(limits.MOST_CHART_UNKNOWNS, len(degrees)) or prod(degrees[:count]) < limits.FEWEST_PATHS:
        return None
    blocks = max((blocks for blocks in _partitions(count) if _fits(blocks, polynomials)), key=len)
    if len(blocks) < 2:
        return None
    pivots = tuple(block[0] for block in blocks)
    match found := solve_finite([_in_chart(polynomial, blocks) for polynomial in polynomials], context):
        case Infinite():
            return None
        case Empty():
            return Away(pivots, Finite((), 1, counted=False))
    units = [dict(context.gens()[i].to_dict()) for i in pivots]
    inside = found.outside(units)
    return Away(pivots, replace(inside, branches=tuple(_back(branch, blocks) for branch in inside.branches)))


def _partitions(count: int) -> Iterator[Blocks]:
    """All partitions of the unknowns into blocks."""
    if not count:
        yield ()
        return
    last = count - 1
    for smaller in _partitions(last):
        for number, block in enumerate(smaller):
            yield (*smaller[:number], (*block, last), *smaller[number + 1 :])
        yield (*smaller, (last,))


def _degrees(exponents: tuple[int, ...], blocks: Blocks) -> list[int]:
    return [sum(exponents[i] for i in block) for block in blocks]


def _heights(polynomial: fmpz_mpoly, blocks: Blocks) -> list[int]:
    """The polynomial's degrees in the blocks."""
    return [max(column) for column in zip(*(_degrees(e, blocks) for e in polynomial.to_dict()), strict=True)]


def _fits(blocks: Blocks, polynomials: Sequence[fmpz_mpoly]) -> bool:
    return all(sum(_heights(polynomial, blocks)) == polynomial.total_degree() for polynomial in polynomials)


def _in_chart(polynomial: fmpz_mpoly, blocks: Blocks) -> fmpz_mpoly:
    """The polynomial in terms of 1/x for every pivot x and y/x for the others y of its block, without denominators."""
    heights = _heights(polynomial, blocks)
    terms = {}
    for exponents, c in polynomial.to_dict().items():
        moved = list(exponents)
        for block, height, degree in zip(blocks, heights, _degrees(exponents, blocks), strict=True):
            moved[block[0]] = height - degree
        terms[tuple(moved)] = c
    return polynomial.context().from_dict(terms)


def _back(branch: Branch, blocks: Blocks) -> Branch:
    """A branch in the old coordinates: 1/x and y/x for what were x and y, over the product of all the x.

    Nothing is reduced modulo the branch's polynomial: the inverses that this takes have far longer coefficients.
    """
    numerators = {}
    for block in blocks:
        cofactor = prod((branch.numerators[other[0]] for other in blocks if other != block), start=fmpz_poly([1]))
        pivot, *others = block
        numerators[pivot] = branch.denominator * cofactor
        numerators |= {i: branch.numerators[i] * cofactor for i in others}
    denominator = prod((branch.numerators[block[0]] for block in blocks), start=fmpz_poly([1]))
    return replace(
        branch, denominator=denominator, numerators=tuple(numerators[i] for i in range(len(branch.numerators)))
    )
