"""Equations that describe points, lines and planes.

Equations whose factors are affine, perhaps after others have been put in, have a union of finitely many affine sets for
their solutions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sympy import Add, Dummy, Expr, Mul, Poly, Pow, Rational, Symbol, factor_list, together
from sympy.polys.polyerrors import BasePolynomialError

from puzzlesolver.verification.affine import Affine, Row, solve_rows
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.entries import affine_form
from puzzlesolver.verification.intervals import WHOLE, NoValue
from puzzlesolver.verification.shapes import is_small, to_sympy
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.tape import enclosure

MOST_BRANCHES = 64
MOST_DEGREE = 8
MOST_UNKNOWNS = 6
MOST_FACTORED = 60
"""Terms of an equation that is factored."""
MOST_OPERATIONS = 2_000
MOST_EXPANDED = 500
"""Operations."""


class NotAffine(ValueError):
    """The equations are not of this kind."""


def branches(statements: Statements, budget: Budget) -> list[Affine]:
    """Affine sets whose union holds every real solution of the equations. Raises `NotAffine`."""
    symbols = statements.symbols
    place = {symbol: number for number, symbol in enumerate(symbols)}
    rows: list[Row] = []
    others: list[Expr] = []
    for equation in statements.equations:
        budget.check()
        for residual in _vanishing_parts(equation.residual):
            row = affine_row(residual, place)
            if row is None:
                others.append(_numerator(residual))
            else:
                rows.append(row)
    whole = solve_rows(rows, len(symbols), budget)
    if whole is None:
        return []
    found: list[Affine] = []
    _split(whole, others, symbols, found, budget)
    return found


def _vanishing_parts(residual: Expr) -> Sequence[Expr]:
    """The bases of a sum of even powers with factors of one sign: each of them has to be zero by itself."""
    small = residual.count_ops() <= MOST_EXPANDED and is_small(residual)
    for expression in (residual, residual.expand() if small else residual):
        parts = [_even_power(term) for term in Add.make_args(expression)]
        signs = {sign for sign, _ in parts}
        if len(parts) > 1 and signs in ({1}, {-1}):
            return [base for _, base in parts]
    return [residual]


def _even_power(term: Expr) -> tuple[int, Expr]:
    """The sign that a term has where it is not zero, and what is zero where it is; the sign 0 where it is not plain."""
    factor, rest = term.as_coeff_Mul(rational=True)
    for part in Mul.make_args(rest):
        even = isinstance(part, Pow) and part.exp.is_Integer and part.exp > 0 and part.exp % 2 == 0
        if part != 1 and not (even and part.base.is_real):
            return 0, term
    bases = [part.base if isinstance(part, Pow) else part for part in Mul.make_args(rest)]
    return (1 if factor > 0 else -1), Mul(*bases)


def affine_row(expression: Expr, place: dict[Symbol, int]) -> Row | None:
    """The row of an affine equation; None of any other."""
    symbols = tuple(sorted(expression.free_symbols & place.keys(), key=place.__getitem__))
    form = affine_form(expression, symbols)
    return None if form is None else Row({place[s]: f for s, f in zip(symbols, form[0], strict=True) if f}, -form[1])


def _split(
    start: Affine, equations: Sequence[Expr], symbols: Sequence[Symbol], found: list[Affine], budget: Budget
) -> None:
    """Put the parametrisation into the equations left, and take them apart one after the other."""
    budget.check()
    if len(found) > MOST_BRANCHES:
        raise NotAffine
    parameters = tuple(Dummy(f"t{j}", real=True) for j in range(start.dimension))
    values = dict(zip(symbols, _parametrised(start, parameters), strict=True))
    left: list[Expr] = []
    chosen: list[Row] | None = None
    for equation in equations:
        placed = equation.xreplace({s: values[s] for s in equation.free_symbols if s in values})
        alternatives = _alternatives(placed, parameters)
        if alternatives is None or chosen is not None:
            if not is_small(placed) or placed.expand() != 0:
                left.append(equation)
        elif alternatives == [None]:
            continue  # it holds all over
        else:
            chosen = [row for row in alternatives if row is not None]
    if chosen is None:
        if left:
            raise NotAffine
        found.append(start)
        return
    for row in chosen:
        inner = solve_rows([row], start.dimension, budget)
        if inner is not None:
            _split(composed(start, inner), left, symbols, found, budget)


def _numerator(expression: Expr) -> Expr:
    """What is zero where a quotient is. Raises `NotAffine` where it would be too large."""
    if expression.count_ops() > MOST_OPERATIONS or not is_small(expression):
        raise NotAffine
    return together(expression).as_numer_denom()[0]


def composed(outer: Affine, inner: Affine) -> Affine:
    straight = Affine((Fraction(0),) * len(outer.offset), outer.directions)
    return Affine(outer.at(inner.offset), tuple(straight.at(direction) for direction in inner.directions))


def _parametrised(point: Affine, parameters: Sequence[Symbol]) -> list[Expr]:
    return [
        Add(
            to_sympy(x),
            *(to_sympy(d[i]) * t for t, d in zip(parameters, point.directions, strict=True) if d[i]),
        )
        for i, x in enumerate(point.offset)
    ]


def _alternatives(expression: Expr, parameters: tuple[Symbol, ...]) -> list[Row | None] | None:
    """Rows one of which holds where the expression is zero; [None] where it is zero everywhere; None: not known."""
    expression = _numerator(expression)
    used = tuple(t for t in parameters if expression.has(t))
    if not used:
        expanded = expression.expand()
        if not isinstance(expanded, Rational):
            return None
        return [None] if expanded == 0 else []
    if len(used) > MOST_UNKNOWNS or not expression.is_polynomial(*used):
        return None
    try:
        polynomial = Poly(expression, *used, domain="QQ")
    except BasePolynomialError:
        return None
    if polynomial.is_zero:
        return [None]
    if polynomial.total_degree() > MOST_DEGREE or len(polynomial.terms()) > MOST_FACTORED:
        return None
    constant, factors = factor_list(polynomial)
    if Mul(constant, *(Pow(f.as_expr(), n) for f, n in factors)).expand() != polynomial.as_expr().expand():
        return None
    rows: list[Row | None] = []
    for factor, _ in factors:
        form = affine_form(factor.as_expr(), used)
        if form is not None:
            rows.append(Row({parameters.index(t): f for t, f in zip(used, form[0], strict=True) if f}, -form[1]))
        elif not _has_no_zero(factor.as_expr(), used):
            return None
    return rows


def _has_no_zero(expression: Expr, symbols: Sequence[Symbol]) -> bool:
    try:
        return not enclosure(expression, 60, dict.fromkeys(symbols, WHOLE)).holds_zero
    except NoValue:
        return False
