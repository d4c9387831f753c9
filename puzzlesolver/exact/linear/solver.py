"""Linear systems, solved completely.

In: a `Problem` whose equations are linear with rational coefficients. Out: the one solution, or the family with the
last unknowns free, or the proof that there is none: then with the fewest of the writer's equations that contradict
each other, and the point that misses them all by least squares. Bounds, conditions and whole-number domains narrow the
family (`family`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flint import fmpq, fmpq_mat
from sympy import Expr, Symbol

from puzzlesolver.analysis.classify import Kind
from puzzlesolver.answer.reasons import Why
from puzzlesolver.arithmetic.elimination import (
    Elimination,
    Row,
    eliminate,
    linear_row,
    matrix,
    pivot_columns,
    sympy_rational,
)
from puzzlesolver.exact import limits
from puzzlesolver.exact.linear.affine_family import restrict
from puzzlesolver.exact.linear.parametrisation import Parametrisation, renumbered
from puzzlesolver.exact.method import Solver
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.problem import Problem

METHOD = "linear"


def solve_linear(problem: Problem) -> ExactOutcome:
    """Every solution of a linear problem. Equations that are not linear make it undecided."""
    position = {symbol: number for number, symbol in enumerate(problem.symbols)}
    rows: list[Row] = []
    for equation in problem.equations:
        row = linear_row(equation.residual, position)
        if row is None:
            return ExactOutcome(METHOD, reasons=(Why.NOT_LINEAR(equation.origin.text),))
        rows.append(row)
    found = eliminate(rows, len(position))
    proof = f"linear algebra over the rationals: rank {found.rank} of {len(position)}"
    if found.conflict:
        return _contradiction(problem, rows, found)
    part = restrict(problem, _parametrised(problem.symbols, found))
    return replace(part.outcome(METHOD, proof), redundant=found.redundant)


def is_settled(problem: Problem) -> bool:
    """Whether elimination alone leaves one point or none."""
    position = {symbol: number for number, symbol in enumerate(problem.symbols)}
    rows = [linear_row(equation.residual, position) for equation in problem.equations]
    if any(row is None for row in rows):
        return False
    found = eliminate([row for row in rows if row is not None], len(position))
    return bool(found.conflict) or not found.free


def _parametrised(symbols: Sequence[Symbol], found: Elimination) -> Parametrisation:
    return Parametrisation(tuple(symbols), tuple(renumbered(found)), tuple(symbols[j] for j in found.free))


def _contradiction(problem: Problem, rows: Sequence[Row], found: Elimination) -> ExactOutcome:
    count = len(found.conflict)
    return ExactOutcome(
        METHOD,
        complete=True,
        proof="linear algebra over the rationals: "
        + (f"{count} equations contradict each other" if count > 1 else "an equation contradicts itself"),
        conflict=found.conflict,
        redundant=found.redundant,
        compromise=_compromise(problem.symbols, rows),
    )


def _compromise(symbols: Sequence[Symbol], rows: Sequence[Row]) -> Mapping[Symbol, Expr] | None:
    """The shortest of the points with the least sum of squared residuals, of the equations as written.

    With R the independent rows, it is the one of the form ``Rᵀ z``, where z solves the normal equations of ``A Rᵀ``.
    """
    if not symbols or len(symbols) > limits.MOST_COMPROMISE or not all(row.as_written for row in rows):
        return None
    coefficients = matrix(rows, len(symbols))
    echelon, rank = coefficients.transpose().rref()
    if not rank:
        return {symbol: sympy_rational(fmpq(0)) for symbol in symbols}
    basis = matrix([rows[i] for i in pivot_columns(echelon, rank)], len(symbols)).transpose()
    product = coefficients * basis
    sides = fmpq_mat([[row.constant] for row in rows])
    factors = (product.transpose() * product).solve(product.transpose() * sides)
    return dict(zip(symbols, map(sympy_rational, (basis * factors).entries()), strict=True))


LINEAR = Solver(METHOD, (Kind.LINEAR,), lambda problem, analysis, context: solve_linear(problem))
