"""Polynomial systems over the rationals, solved exactly and completely.

`solve_polynomial` is the way in. The real work is done by `finite` (Gröbner basis by F4, quotient algebra, rational
univariate representation) and, where there are infinitely many complex solutions, by `cover` (case splits into families
and points).
"""

from __future__ import annotations

from puzzlesolver.exact.polynomial.solver import solve_polynomial

__all__ = ["solve_polynomial"]
