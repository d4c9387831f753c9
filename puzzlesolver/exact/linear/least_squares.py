"""Least squares for models that are linear in their parameters, over the rationals.

In: a problem with a `Fit`. Out: the parameters that make the weighted sum of squares least, exactly; they are the only
ones, because the normal equations have full rank. Other models have no closed form and are left to the numeric engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flint import fmpq, fmpq_mat
from sympy import Abs, Add, Expr, Integer, Mul, Pow, Rational, Symbol, expand

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.arithmetic.elimination import rational, sympy_rational
from puzzlesolver.exact import limits
from puzzlesolver.exact.method import Context, Solver
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.fit.rows import weights_of
from puzzlesolver.problem import Fit, Problem
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

METHOD = "least squares"

RowFunction = Callable[[Mapping[str, fmpq]], fmpq]
"""From the values of the columns in one row to a value."""


class _NotRational(Exception):
    """A function of the columns that does not keep to rational numbers."""


def _solve(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    """The exact least-squares estimate, or the reason why there is none."""
    fit = problem.fit
    if fit is None:
        return None
    if problem.equations:
        return _none(Why.NO_FIT_UNDER_EQUATIONS())
    if fit.data.rows * len(fit.parameters) > limits.MOST_ENTRIES:
        return _none(Why.MUCH_DATA())
    parts = _linear_parts(expand(fit.output - fit.model), fit.parameters)
    if parts is None:
        return _none(Why.MODEL_NOT_LINEAR())
    try:
        functions = [_compiled(part) for part in parts]
        table = [[function(row) for function in functions] for row in _rows(fit)]
    except (_NotRational, ZeroDivisionError):
        return _none(Why.MODEL_NOT_RATIONAL())
    return _normal_equations(problem, fit, table)


def _none(reason: Reason) -> ExactOutcome:
    return ExactOutcome(METHOD, reasons=(reason,))


def _linear_parts(residual: Expr, parameters: Sequence[Symbol]) -> list[Expr] | None:
    """The residual's slope in each parameter, and what is left without them; None where it is not linear."""
    slopes = [residual.diff(parameter) for parameter in parameters]
    offset = residual.xreplace(dict.fromkeys(parameters, Integer(0)))
    if any(slope.has(parameter) for slope in slopes for parameter in parameters):
        return None
    return [*slopes, offset]


def _rows(fit: Fit) -> list[Mapping[str, fmpq]]:
    columns = {name: [rational(value) for value in values] for name, values in fit.data.columns.items()}
    return [{name: values[row] for name, values in columns.items()} for row in range(fit.data.rows)]


def _compiled(expression: Expr) -> RowFunction:
    """An expression in the columns as a function of a row, in rational arithmetic."""
    if isinstance(expression, Rational):
        constant = rational(expression)
        return lambda row: constant
    if isinstance(expression, Symbol):
        name = str(expression.name)
        return lambda row: row[name]
    if isinstance(expression, (Add, Mul)):
        parts = [_compiled(part) for part in expression.args]
        if isinstance(expression, Add):
            return lambda row: sum((part(row) for part in parts), fmpq(0))
        return lambda row: _product(part(row) for part in parts)
    if isinstance(expression, Pow) and isinstance(expression.exp, Integer):
        base, exponent = _compiled(expression.base), int(expression.exp)
        return lambda row: base(row) ** exponent
    if isinstance(expression, Abs):
        inner = _compiled(expression.args[0])
        return lambda row: abs(inner(row))
    raise _NotRational


def _product(factors: object) -> fmpq:
    result = fmpq(1)
    for factor in factors:  # type: ignore[attr-defined]
        result *= factor
    return result


def _normal_equations(problem: Problem, fit: Fit, table: Sequence[Sequence[fmpq]]) -> ExactOutcome:
    """Solve ``XᵀW X β = -XᵀW r``, where the residual of a row is ``X β + r``."""
    size = len(fit.parameters)
    weights = [rational(weight) for weight in weights_of(fit)]
    if any(weight < 0 for weight in weights):
        return _none(Why.NEGATIVE_WEIGHT())
    slopes = fmpq_mat([list(row[:size]) for row in table])
    weighted = fmpq_mat([[weight * entry for entry in row[:size]] for weight, row in zip(weights, table, strict=True)])
    normal = weighted.transpose() * slopes
    side = weighted.transpose() * fmpq_mat([[-row[size]] for row in table])
    rank = normal.rank()
    if rank < size:
        return _none(Why.DATA_RANK(rank, size))
    estimate = map(sympy_rational, normal.solve(side).entries())
    values = dict(zip(fit.parameters, estimate, strict=True))
    others = {unknown.symbol for unknown in problem.unknowns} - values.keys()
    if others or put_back(replace(problem, fit=None), values) is not Verdict.HOLDS:
        return _none(Why.FIT_BREAKS_CONDITION())
    return ExactOutcome(
        METHOD,
        solutions=(ExactSolution(values, Evidence.EXACT),),
        complete=True,
        proof=f"normal equations over the rationals: rank {rank} of {size}",
    )


LEAST_SQUARES = Solver(METHOD, (Kind.FIT,), _solve)
