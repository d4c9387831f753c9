"""Problems all of whose unknowns are whole numbers, or have a list of values.

In: a `Problem`. Out: an `ExactOutcome`, or None where no method here applies: linear systems by elimination and
lattices, finite domains by exhaustive search, quadratic equations that nothing bounds by their theory.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Symbol

from puzzlesolver.analysis.classify import Analysis, Kind, is_whole
from puzzlesolver.answer.reasons import Why
from puzzlesolver.exact import limits
from puzzlesolver.exact.linear.solver import is_settled, solve_linear
from puzzlesolver.exact.method import SYSTEMS, Context, Solver
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.whole.diophantine import solve_diophantine
from puzzlesolver.exact.whole.finite import is_finite, solve_finite, whole_ranges
from puzzlesolver.exact.whole.finite.ranges import Values
from puzzlesolver.problem import Problem


def _solve(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    """Every whole-number solution. Linear systems that elimination settles need no search."""
    if not problem.unknowns or not is_whole(problem):
        return None
    stated = all(is_finite(unknown.domain) for unknown in problem.unknowns)
    best: ExactOutcome | None = None
    if analysis.kind is Kind.LINEAR and (not stated or is_settled(problem)):
        best = solve_linear(problem)
        if best.complete:
            return best
    values: Mapping[Symbol, Values] | None = whole_ranges(problem)
    if values is not None:
        return solve_finite(problem, values, context.limit, context.deadline, context.work)
    if (
        best is None
        and analysis.kind is Kind.POLYNOMIAL
        and all(unknown.domain.integer for unknown in problem.unknowns)
    ):
        best = solve_diophantine(problem)
    return best if best is not None and (best.complete or best.solutions) else _near_zero(problem, context, best)


def _near_zero(problem: Problem, context: Context, outcome: ExactOutcome | None) -> ExactOutcome | None:
    """The solutions near zero, which are not said to be all; None where there is none."""
    values = whole_ranges(problem, window=limits.WINDOW)
    if values is None:  # a list of values that are not all rational
        return outcome
    found = solve_finite(problem, values, context.limit, context.deadline, min(context.work, limits.LOOKING_NEAR))
    if not found.solutions:
        return outcome
    reason = Why.WINDOW(-limits.WINDOW, limits.WINDOW)
    return ExactOutcome(found.method, found.solutions, reasons=(reason, *found.reasons), is_cut=True)


WHOLE = Solver("whole numbers", SYSTEMS, _solve, stands=True)
