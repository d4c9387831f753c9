"""What SymPy's `solve` says, taken as suggestions.

In: a problem, and what is known of it. Out: also those of SymPy's answers that are solutions when put back. They are
never taken to be all, and no answer is never taken to mean that there is none: SymPy 1.14 loses solutions, and gives
false ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sympy import Expr, Symbol, default_sort_key
from sympy import solve as sympy_solve

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact import limits
from puzzlesolver.exact.method import Context
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.simple import shortest
from puzzlesolver.exact.steps import Exhausted, Steps
from puzzlesolver.problem import Problem
from puzzlesolver.proof import zero
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

METHOD = "suggestions of SymPy's"


def with_suggestions(problem: Problem, analysis: Analysis, outcome: ExactOutcome, context: Context) -> ExactOutcome:
    """The outcome, and the suggestions that are solutions as well, where it is not complete."""
    if outcome.complete or analysis.kind is not Kind.TRANSCENDENTAL:
        return outcome
    size = sum(equation.residual.count_ops() for equation in problem.equations)
    if len(problem.unknowns) > limits.MOST_SUGGESTED_UNKNOWNS or size > limits.MOST_SUGGESTED_OPERATIONS:
        return outcome
    known = [solution.values for solution in outcome.solutions]
    further = [
        ExactSolution(values, Evidence.EXACT)
        for values in _suggestions(problem)
        if not any(_are_equal(values, other) for other in known) and put_back(problem, values) is Verdict.HOLDS
    ]
    if not further:
        return outcome
    method = f"{outcome.method}, {METHOD}" if outcome.method else METHOD
    return replace(outcome, method=method, solutions=(*outcome.solutions, *further))


def _are_equal(one: Mapping[Symbol, Expr], other: Mapping[Symbol, Expr]) -> bool:
    """Whether two assignments may be the same point: not only where that is proved, lest one be listed twice."""
    if one.keys() != other.keys() or any(value.free_symbols for value in other.values()):
        return False
    return all(zero.is_zero(one[symbol] - other[symbol]) is not Verdict.FAILS for symbol in one)


def _suggestions(problem: Problem) -> list[Mapping[Symbol, Expr]]:
    """Distinct assignments of constants to all the unknowns."""
    residuals = [equation.residual for equation in problem.equations]
    try:
        with Steps(limits.SUGGESTION_STEPS):
            found = sympy_solve(residuals, list(problem.symbols), dict=True)
    except (Exhausted, Exception):  # whatever SymPy raises, it has nothing to suggest
        return []
    complete = [one for one in found if set(one) == set(problem.symbols)]
    constant = [one for one in complete if not any(value.free_symbols for value in one.values())]
    tidy = [{symbol: shortest(one[symbol]) for symbol in problem.symbols} for one in constant]
    distinct = {tuple(one.values()): one for one in tidy}
    return [distinct[key] for key in sorted(distinct, key=lambda key: [default_sort_key(value) for value in key])]
