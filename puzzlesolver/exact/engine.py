"""The exact engine's door: the kind of problem chooses the method.

In: an unrolled `Problem` and its `Analysis`. Out: an `ExactOutcome`. Runs in the worker process, for whatever it calls
may run long; and nothing that it calls is believed before it has been put back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from puzzlesolver.analysis.classify import Analysis, Kind, analyse, is_whole
from puzzlesolver.exact.asks import answer_exactly
from puzzlesolver.exact.conflicts import with_lines
from puzzlesolver.exact.linear.least_squares import solve_fit
from puzzlesolver.exact.linear.solver import solve_linear
from puzzlesolver.exact.optimum.solver import solve_optimum
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.polynomial import solve_polynomial
from puzzlesolver.exact.reductions.blocks import solve_blocks
from puzzlesolver.exact.reductions.mixed import solve_mixed
from puzzlesolver.exact.rest import solve_rest
from puzzlesolver.exact.suggestions import with_suggestions
from puzzlesolver.exact.whole.solver import Budget, solve_whole
from puzzlesolver.problem import Problem


def solve_exactly(problem: Problem, analysis: Analysis, limit: int, deadline: float) -> ExactOutcome:
    """Solve by the method that fits the kind, each independent block by its own, and answer what is asked for.

    At most `limit` solutions in finite domains are listed. `deadline` (`time.monotonic`) is when whoever asked stops
    waiting; what can end in time by itself does.
    """
    if not problem.is_unrolled:
        return ExactOutcome("none", reasons=("indexed statements are not written out",))
    budget = Budget(limit, deadline)
    outcome = _solve(problem, analysis, budget)
    unnamed = not outcome.solutions and not outcome.conflict
    if analysis.is_system and (unnamed or not is_whole(problem)):
        outcome = with_lines(problem, outcome, lambda fewer: _solve(fewer, analyse(fewer), budget))
    if analysis.kind is Kind.TRANSCENDENTAL and not outcome.complete:
        outcome = with_suggestions(problem, outcome)
    if not problem.asks:
        return outcome
    if not outcome.complete and analysis.kind is not Kind.ASK:
        return replace(outcome, answers=(None,) * len(problem.asks))
    if any(len(solution.values) < len(problem.unknowns) for solution in outcome.solutions):
        return replace(outcome, answers=(None,) * len(problem.asks))
    return replace(outcome, answers=answer_exactly(problem, [solution.values for solution in outcome.solutions]))


def _solve(problem: Problem, analysis: Analysis, budget: Budget) -> ExactOutcome:
    if problem.unknowns and analysis.is_system and is_whole(problem):
        whole = solve_whole(problem, analysis, budget)
        if whole is not None:
            return whole
    solve = partial(_solve, budget=budget)
    outcome = _by_kind(problem, analysis, solve, budget)
    if outcome.complete or not analysis.is_system:
        return outcome
    return solve_mixed(problem, solve) or outcome


def _by_kind(
    problem: Problem, analysis: Analysis, solve: Callable[[Problem, Analysis], ExactOutcome], budget: Budget
) -> ExactOutcome:
    if len(analysis.blocks) > 1 and analysis.kind in (Kind.POLYNOMIAL, Kind.TRANSCENDENTAL):
        return solve_blocks(problem, analysis, solve)
    match analysis.kind:
        case Kind.ASK:
            return ExactOutcome("values asked for")
        case Kind.FIT:
            return solve_fit(problem)
        case Kind.OPTIMIZATION:
            return solve_optimum(problem, solve, budget.limit, budget.deadline)
        case Kind.LINEAR:
            return solve_linear(problem)
        case Kind.POLYNOMIAL:
            return solve_polynomial(problem, analysis)
        case Kind.TRANSCENDENTAL:
            return solve_rest(problem, solve)
        case _:
            return ExactOutcome("none", reasons=(f"no exact method for: {analysis.kind.value}",))
