"""The exact engine's door: each method is tried in turn.

In: an unrolled `Problem` and its `Analysis`. Out: an `ExactOutcome`. Runs in the worker process, for whatever it calls
may run long; and nothing that it calls is believed before it has been put back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.answer.combination import with_own_names
from puzzlesolver.answer.reasons import Why
from puzzlesolver.exact.method import Context
from puzzlesolver.exact.methods import AFTERWARDS, METHODS
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.steps import forget
from puzzlesolver.problem import Problem


def solve_exactly(problem: Problem, analysis: Analysis, limit: int, deadline: float) -> ExactOutcome:
    """The last of `outcomes`."""
    *_, outcome = outcomes(problem, analysis, limit, deadline)
    return outcome


def outcomes(problem: Problem, analysis: Analysis, limit: int, deadline: float) -> Iterator[ExactOutcome]:
    """Solve by the first method that settles the problem; then, one after the other, what there is to add.

    Every outcome holds as it is: the deadline takes away no more than what was still to be added. At most `limit`
    solutions in finite domains are listed. `deadline` (`time.monotonic`) is when whoever asked stops waiting; what can
    end in time by itself does.
    """
    if not problem.is_unrolled:
        yield ExactOutcome(reasons=(Why.NOT_UNROLLED(),))
        return
    forget()
    context = Context(limit, deadline, _solve)
    outcome = _solve(problem, analysis, context)
    outcome = replace(outcome, solutions=with_own_names(problem, outcome.solutions))
    yield outcome
    for add in AFTERWARDS:
        outcome = add(problem, analysis, outcome, context)
        yield outcome


def _solve(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome:
    """The first outcome that is complete, or that stands as it is; else the one with the most solutions."""
    best: ExactOutcome | None = None
    for method in METHODS:
        outcome = method.solve(problem, analysis, context)
        if outcome is None:
            continue
        if outcome.complete or method.stands:
            return outcome
        if best is None or len(outcome.solutions) > len(best.solutions):
            best = outcome
    best = best or ExactOutcome()
    if analysis.kind is Kind.TRANSCENDENTAL:
        best = replace(best, reasons=tuple(dict.fromkeys((*best.reasons, Why.NOT_PROVED_ALL()))))
    return best
