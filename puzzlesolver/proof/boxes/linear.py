"""Equations that follow from a problem's equations by linear algebra alone, and are easier to contract with.

In: an unrolled `Problem`. Out: expressions that are zero at every solution, of two kinds. In the reduced row echelon
form over the rationals, with every distinct nonlinear term as an unknown of its own and first in order, the rows
without such terms are linear relations between few unknowns. And where two equations share a long sum, their
difference is short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from flint import fmpq_mat
from sympy import Add, Expr, Rational, Symbol, expand

from puzzlesolver.arithmetic.elimination import rational, sympy_rational
from puzzlesolver.problem import Problem
from puzzlesolver.proof import limits

LinearTerms = dict[Expr, Rational]


def implied_equations(problem: Problem) -> tuple[Expr, ...]:
    """Residuals of equations that every solution fulfils besides the problem's own; none where it is too large."""
    if not 1 < len(problem.equations) <= limits.MOST_EQUATIONS:
        return ()
    rows = [_terms(e.residual) for e in problem.equations if e.residual.count_ops() <= limits.LARGEST_LINEAR]
    if not rows or len({term for row in rows for term in row}) > limits.MOST_LINEAR_TERMS:
        return ()
    known = {frozenset(row) for row in rows}
    found: dict[frozenset[Expr], LinearTerms] = {}
    for row in (*_linear_relations(rows, set(problem.symbols)), *_short_differences(rows)):
        if frozenset(row) not in known:
            found.setdefault(frozenset(row), row)
    return tuple(Add(*(value * term for term, value in row.items())) for row in found.values())


def _terms(residual: Expr) -> LinearTerms:
    """The coefficients of a residual's terms, multiplied out; that of 1 is the constant.

    Powers and logarithms stay as they are: taken apart, they may be undefined where the whole was not.
    """
    terms: LinearTerms = {}
    for term in Add.make_args(expand(residual, power_base=False, power_exp=False, log=False, basic=False)):
        coefficient, rest = term.as_coeff_Mul(rational=True)
        terms[rest] = terms.get(rest, Rational(0)) + coefficient
    return {term: value for term, value in terms.items() if value != 0}


def _linear_relations(rows: Sequence[LinearTerms], unknowns: set[Symbol]) -> Iterator[LinearTerms]:
    columns = list(dict.fromkeys(term for row in rows for term in row))
    columns.sort(key=lambda term: 2 if term == 1 else 1 if term in unknowns else 0)
    place = {term: number for number, term in enumerate(columns)}
    matrix = fmpq_mat(len(rows), len(columns))
    for i, row in enumerate(rows):
        for term, coefficient in row.items():
            matrix[i, place[term]] = rational(coefficient)
    reduced, rank = matrix.rref()
    shortest = min(len(row) for row in rows)
    for i in range(rank):
        entries = {columns[j]: sympy_rational(reduced[i, j]) for j in range(len(columns)) if reduced[i, j] != 0}
        if len(entries) < shortest or all(term in unknowns or term == 1 for term in entries):
            yield entries


def _short_differences(rows: Sequence[LinearTerms]) -> Iterator[LinearTerms]:
    """For every equation its shortest combination with another one, where that is shorter than both."""
    if len(rows) > limits.MOST_COMPARED:
        return
    for i, row in enumerate(rows):
        best: LinearTerms | None = None
        for other in (*rows[i + 1 :], *rows[:i]):
            shared = Counter(row[term] / other[term] for term in row if term in other)
            if not shared:
                continue
            ((ratio, _),) = shared.most_common(1)
            combined = {
                term: value
                for term in (*row, *(t for t in other if t not in row))
                if (value := row.get(term, Rational(0)) - ratio * other.get(term, Rational(0))) != 0
            }
            if len(combined) < min(len(row), len(other)) and (best is None or len(combined) < len(best)):
                best = combined
        if best is not None:
            yield best
