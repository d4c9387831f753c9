"""What SymPy's `solve` says, taken as suggestions.

In: any problem. Out: those of its answers that are solutions when put back. They are never taken to be all, and no
answer is never taken to mean that there is none: SymPy 1.14 loses solutions, and gives false ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, Symbol, default_sort_key
from sympy import solve as sympy_solve

from puzzlesolver.exact.alarm import TimeIsUp, alarm
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.simple import shortest
from puzzlesolver.problem import Problem
from puzzlesolver.proof.boxes import Verdict
from puzzlesolver.proof.putback import put_back
from puzzlesolver.solution import Evidence

METHOD = "suggestions of SymPy's"

SECONDS = 2.0
"""So long SymPy may think, where it can be interrupted."""

MOST_UNKNOWNS = 4
MOST_OPERATIONS = 200
"""Larger problems are not asked about."""

INCOMPLETE = "no method here proves that closed forms are all"


def suggested(problem: Problem) -> ExactOutcome:
    """The suggestions that are solutions."""
    size = sum(equation.residual.count_ops() for equation in problem.equations)
    if len(problem.unknowns) > MOST_UNKNOWNS or size > MOST_OPERATIONS:
        return ExactOutcome(METHOD, reasons=(INCOMPLETE,))
    solutions = []
    for values in _suggestions(problem):
        if put_back(problem, values) is Verdict.HOLDS:
            solutions.append(ExactSolution(values, Evidence.EXACT))
    return ExactOutcome(METHOD, solutions=tuple(solutions), reasons=(INCOMPLETE,))


def _suggestions(problem: Problem) -> list[Mapping[Symbol, Expr]]:
    """Distinct assignments of constants to all the unknowns."""
    residuals = [equation.residual for equation in problem.equations]
    try:
        with alarm(SECONDS):
            found = sympy_solve(residuals, list(problem.symbols), dict=True)
    except (TimeIsUp, Exception):  # whatever SymPy raises, it has nothing to suggest
        return []
    complete = [one for one in found if set(one) == set(problem.symbols)]
    constant = [one for one in complete if not any(value.free_symbols for value in one.values())]
    tidy = [{symbol: shortest(one[symbol]) for symbol in problem.symbols} for one in constant]
    distinct = {tuple(one.values()): one for one in tidy}
    return [distinct[key] for key in sorted(distinct, key=lambda key: [default_sort_key(value) for value in key])]
