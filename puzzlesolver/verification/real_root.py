"""Real roots of polynomials with whole coefficients, in balls of any precision (python-flint), and one as an atom of
SymPy expressions, in place of `CRootOf`, which is not relied on here."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flint import arb, ctx, fmpz_poly
from sympy import AtomicExpr

Coefficients = tuple[int, ...]
"""Of a polynomial, constant first, without leading zeros."""

MOST_DEGREE = 200
MOST_BITS = 4_000
"""Of a coefficient."""


@lru_cache(maxsize=512)
def real_balls(polynomial: Coefficients, bits: int) -> tuple[arb, ...]:
    """The real roots of a squarefree polynomial in ascending order, in disjoint balls with about so many right bits."""
    with ctx.workprec(bits):
        found: list[Any] = fmpz_poly(list(polynomial)).complex_roots()
    # A root's imaginary part is exactly zero where it is proved to be real, and else does not hold zero.
    return tuple(sorted((root.real for root, _ in found if root.imag.is_zero()), key=lambda ball: ball.mid()))


class RealRoot(AtomicExpr):  # type: ignore[misc]
    """The real root number `index`, from 0 in ascending order, of a squarefree polynomial."""

    is_real = True
    is_commutative = True
    is_number = False
    __slots__ = ("index", "polynomial")
    polynomial: Coefficients
    index: int

    def __new__(cls, polynomial: Coefficients, index: int) -> RealRoot:
        found: RealRoot = AtomicExpr.__new__(cls)
        found.polynomial = polynomial
        found.index = index
        return found

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*self.polynomial, self.index)

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.polynomial, self.index)

    def _sympystr(self, printer: Any) -> str:
        return f"root number {self.index + 1} of a polynomial of degree {len(self.polynomial) - 1}"

    def ball(self, bits: int) -> arb:
        """An enclosure with about so many right bits."""
        return real_balls(self.polynomial, bits)[self.index]


def real_root(polynomial: Coefficients, index: int) -> RealRoot | None:
    """The atom; None where there is no such real root, or the polynomial has multiple ones or is too large."""
    if not 2 <= len(polynomial) <= MOST_DEGREE + 1 or max(c.bit_length() for c in polynomial) > MOST_BITS:
        return None
    whole = fmpz_poly(list(polynomial))
    if whole.gcd(whole.derivative()).degree() > 0:
        return None
    return RealRoot(polynomial, index) if 0 <= index < len(real_balls(polynomial, 64)) else None
