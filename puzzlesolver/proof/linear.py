"""Equations that follow from a problem's equations by linear algebra alone, and are easier to contract with.

In: an unrolled `Problem`. Out: expressions that are zero at every solution. Every distinct term that is not linear in
one unknown counts as an unknown of its own; the system is then brought to reduced row echelon form over the rationals,
those terms first. What is left without them are linear relations, each between few unknowns; rows that became shorter
than any equation they could replace are given too.
"""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq, fmpq_mat
from sympy import Add, Expr, Rational, expand

from puzzlesolver.problem import Problem

MOST_EQUATIONS = 300
MOST_TERMS = 1500
LARGEST = 3000
"""Expressions of more operations than this are not multiplied out."""


def implied_equations(problem: Problem) -> tuple[Expr, ...]:
    """Residuals of equations that every solution fulfils besides the problem's own; none where it is too large."""
    if not 1 < len(problem.equations) <= MOST_EQUATIONS:
        return ()
    rows: list[dict[Expr, Rational]] = []
    for equation in problem.equations:
        residual = equation.residual
        if residual.count_ops() > LARGEST:
            continue
        terms: dict[Expr, Rational] = {}
        for term in Add.make_args(expand(residual)):
            coefficient, rest = term.as_coeff_Mul(rational=True)
            terms[rest] = terms.get(rest, Rational(0)) + coefficient
        rows.append(terms)
    unknowns = set(problem.symbols)
    columns = list(dict.fromkeys(term for row in rows for term in row))
    columns.sort(key=lambda term: 2 if term == 1 else 1 if term in unknowns else 0)
    if not rows or len(columns) > MOST_TERMS:
        return ()
    place = {term: number for number, term in enumerate(columns)}
    matrix = fmpq_mat(len(rows), len(columns))
    for i, row in enumerate(rows):
        for term, coefficient in row.items():
            matrix[i, place[term]] = fmpq(int(coefficient.p), int(coefficient.q))
    reduced, rank = matrix.rref()
    shortest = min(len(row) for row in rows)
    known = {frozenset(row) for row in rows}
    found = []
    for i in range(rank):
        entries = {columns[j]: reduced[i, j] for j in range(len(columns)) if reduced[i, j] != 0}
        linear = all(term in unknowns or term == 1 for term in entries)
        if (linear or len(entries) < shortest) and frozenset(entries) not in known:
            found.append(Add(*(_rational(value) * term for term, value in entries.items())))
    return tuple(found)


def _rational(value: fmpq) -> Rational:
    exact = Fraction(int(value.p), int(value.q))
    return Rational(exact.numerator, exact.denominator)
