"""The exact engine's door: the kind of problem chooses the method.

In: an unrolled `Problem` and its `Analysis`. Out: an `ExactOutcome`. Runs in the worker process, for whatever it calls
may run long; and nothing that it calls is believed before it has been put back.
"""

from __future__ import annotations

from dataclasses import replace

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.exact.asks import answer_exactly
from puzzlesolver.exact.blocks import solve_blocks
from puzzlesolver.exact.fit import solve_fit
from puzzlesolver.exact.linear import solve_linear
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.polynomial import solve_polynomial
from puzzlesolver.exact.rest import solve_rest
from puzzlesolver.exact.suggestions import with_suggestions
from puzzlesolver.problem import Problem


def solve_exactly(problem: Problem, analysis: Analysis) -> ExactOutcome:
    """Solve by the method that fits the kind, each independent block by its own, and answer what is asked for."""
    if not problem.is_unrolled:
        return ExactOutcome("none", reasons=("indexed statements are not written out",))
    outcome = _solve(problem, analysis)
    if analysis.kind is Kind.TRANSCENDENTAL and not outcome.complete:
        outcome = with_suggestions(problem, outcome)
    if not problem.asks:
        return outcome
    if not outcome.complete and analysis.kind is not Kind.ASK:
        return replace(outcome, answers=(None,) * len(problem.asks))
    if any(len(solution.values) < len(problem.unknowns) for solution in outcome.solutions):
        return replace(outcome, answers=(None,) * len(problem.asks))
    return replace(outcome, answers=answer_exactly(problem, [solution.values for solution in outcome.solutions]))


def _solve(problem: Problem, analysis: Analysis) -> ExactOutcome:
    if len(analysis.blocks) > 1 and analysis.kind in (Kind.POLYNOMIAL, Kind.TRANSCENDENTAL):
        return solve_blocks(problem, analysis, _solve)
    match analysis.kind:
        case Kind.ASK:
            return ExactOutcome("values asked for")
        case Kind.FIT:
            return solve_fit(problem)
        case Kind.LINEAR:
            return solve_linear(problem)
        case Kind.POLYNOMIAL:
            return solve_polynomial(problem, analysis)
        case Kind.TRANSCENDENTAL:
            return solve_rest(problem, _solve)
        case _:
            return ExactOutcome("none", reasons=(f"no exact method for: {analysis.kind.value}",))
