"""Linear systems whose coefficients are exact constants, rational or not: ``pi*x + y = sqrt(2)``.

Elimination with pivots that are proved not to be zero; where a sign cannot be decided nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Expr, Integer, Matrix, Symbol, cancel

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.arithmetic.elimination import linear_in
from puzzlesolver.exact import limits
from puzzlesolver.exact.linear.affine_family import single_point
from puzzlesolver.exact.method import Context, Solver
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.segment import segment
from puzzlesolver.exact.simple import shortest
from puzzlesolver.problem import Condition, Problem
from puzzlesolver.proof import zero
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

METHOD = "linear, with exact constants"


class _Undecided(Exception):
    """Some constant could not be told from zero."""


def _solve(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    """Every solution of a linear system with constant coefficients; None where it is no such system."""
    symbols = problem.symbols
    rows = [linear_in(equation.residual, symbols) for equation in problem.equations]
    if not rows or len(symbols) > limits.MOST_CONSTANT_UNKNOWNS or any(row is None for row in rows):
        return None
    try:
        values, rank = _eliminated([row for row in rows if row is not None], symbols)
    except _Undecided:
        return ExactOutcome(METHOD, reasons=(Why.NOT_ZERO_OR_NOT(),))
    proof = f"linear algebra over the exact constants: rank {rank} of {len(symbols)}"
    if values is None:
        return ExactOutcome(METHOD, complete=True, proof=f"{proof}; the equations contradict each other")
    free = tuple(symbol for symbol in symbols if values[symbol] == symbol)
    if free:
        return _family(problem, values, free, proof)
    return single_point(problem, {symbol: shortest(value) for symbol, value in values.items()}).outcome(METHOD, proof)


def _is_zero(number: Expr) -> bool:
    match zero.is_zero(number):
        case Verdict.HOLDS:
            return True
        case Verdict.FAILS:
            return False
    raise _Undecided


def _tidy(number: Expr) -> Expr:
    return cancel(number).expand()


def _eliminated(rows: Sequence[Sequence[Expr]], symbols: Sequence[Symbol]) -> tuple[dict[Symbol, Expr] | None, int]:
    """The values in the free unknowns, which are the last possible ones, and the rank; None for a contradiction."""
    reduced, pivots = Matrix(rows).rref(iszerofunc=_is_zero, simplify=_tidy)
    if len(symbols) in pivots:
        return None, len(pivots) - 1
    values: dict[Symbol, Expr] = {symbol: symbol for symbol in symbols}
    for number, column in enumerate(pivots):
        rest = [-_tidy(entry) * symbol for entry, symbol in zip(reduced.row(number), symbols, strict=False)]
        values[symbols[column]] = Add(symbols[column], *rest, -_tidy(reduced[number, -1]))
    return values, len(pivots)


def _family(problem: Problem, values: dict[Symbol, Expr], free: tuple[Symbol, ...], proof: str) -> ExactOutcome:
    """A family without conditions, or with linear ones on its only parameter."""
    unrestricted = all(unknown.domain.is_real_line for unknown in problem.unknowns) and not problem.conditions
    given: tuple[Condition, ...] = ()
    starts: list[Expr] = [Integer(0), Integer(1)]
    if any(unknown.domain.integer or unknown.domain.members for unknown in problem.unknowns):
        return ExactOutcome(METHOD, reasons=(Why.IRRATIONAL_FAMILY(),))
    if not unrestricted or any(equation.defined for equation in problem.equations):
        found = segment(list(problem.demands(values)), free[0]) if len(free) == 1 else None
        if found is None or found.is_point:
            return ExactOutcome(METHOD, reasons=(Why.NOT_DECIDED_PART(),))
        if found.is_empty:
            return ExactOutcome(METHOD, complete=True, proof=f"{proof}; no {free[0]} keeps all the bounds")
        given = found.conditions()
        starts = [Integer(int(point.p)) / int(point.q) for (point,) in found.inner_points()]
    if put_back(problem, values, given) is Verdict.HOLDS:
        for start in starts:
            sample = {symbol: shortest(value.xreplace(dict.fromkeys(free, start))) for symbol, value in values.items()}
            if put_back(problem, sample) is Verdict.HOLDS:
                solution = ExactSolution(values, Evidence.EXACT, free=free, conditions=given, sample=sample)
                return ExactOutcome(METHOD, (solution,), complete=True, proof=proof)
    return ExactOutcome(METHOD, reasons=(Why.FAMILY_NOT_PUT_BACK(),))


CONSTANT_LINEAR = Solver(METHOD, (Kind.TRANSCENDENTAL,), _solve)
