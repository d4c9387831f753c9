"""Expressions as polynomials over the rationals."""

from __future__ import annotations

from sympy import Dummy, Expr, Poly, Symbol, fraction, together
from sympy.polys.polyerrors import PolynomialError


def numerator(residual: Expr, unknowns: tuple[Symbol, ...]) -> Poly | None:
    """The residual's numerator as a polynomial over the rationals, None where it is none.

    A rational function is zero where its numerator is, as far as it is defined; that it is defined is kept in the
    equation's own conditions. The unknowns are the generators, in order.
    """
    if not unknowns:
        return Poly(residual, Dummy()) if residual.is_Rational else None
    if residual.is_polynomial(*unknowns):
        top = residual
    elif residual.is_rational_function(*unknowns):
        top = fraction(together(residual))[0]
    else:
        return None
    try:
        polynomial = Poly(top, *unknowns)
    except PolynomialError:
        return None
    return polynomial if polynomial.domain.is_ZZ or polynomial.domain.is_QQ else None
