"""The real roots of integer polynomials as balls, and SymPy's `CRootOf` among them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flint import arb, ctx, fmpz_poly
from sympy import ComplexRootOf, Integer


def root_ball(root: ComplexRootOf, precision: int) -> arb:
    """A ball around a real root; not finite for the others. SymPy counts the real roots first, in increasing order."""
    coefficients = root.poly.all_coeffs()
    if not all(isinstance(coefficient, Integer) for coefficient in coefficients):
        return arb("nan")
    real_roots = real_root_balls(tuple(int(coefficient) for coefficient in reversed(coefficients)), precision)
    index = int(root.index)
    return real_roots[index] if index < len(real_roots) else arb("nan")


@lru_cache(maxsize=128)
def real_root_balls(coefficients: tuple[int, ...], precision: int) -> tuple[arb, ...]:
    """Disjoint balls around the real roots of a squarefree polynomial, in order; the constant coefficient is first."""
    with ctx.workprec(precision):
        roots: list[Any] = fmpz_poly([*coefficients]).complex_roots()
    real = [root.real for root, _ in roots if root.imag.is_zero()]
    return tuple(sorted(real, key=lambda ball: ball.mid()))
