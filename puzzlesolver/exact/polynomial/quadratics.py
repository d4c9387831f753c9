"""Quadratic equations: their discriminants, and pairs of equations whose solutions hold the same square root.

In: integer polynomials. Where f is quadratic in u with the discriminant s²·q, and g in v with r²·q, then
(r·∂f/∂u)² - (s·∂g/∂v)² is a combination of f and g, because (∂f/∂u)² is the discriminant plus 4·f times the leading
coefficient. So r·∂f/∂u is s·∂g/∂v or its negative at every solution: which signs of the two roots belong together is
one of two cases, and in each of them there is an equation that is linear in both u and v.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from flint import fmpz, fmpz_mpoly, fmpz_mpoly_ctx

from puzzlesolver.exact.polynomial.f4 import Limits
from puzzlesolver.exact.polynomial.finite import is_contradiction
from puzzlesolver.exact.polynomial.ring import coefficients_in, factored, factors_of

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
