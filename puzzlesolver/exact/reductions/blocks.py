"""Independent parts of a problem, solved one after the other and put together.

In: a problem with several blocks. Out: the outcome of the whole, see `combined`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from puzzlesolver.analysis.classify import Analysis, Kind, split
from puzzlesolver.answer.combination import combined
from puzzlesolver.answer.reasons import Why
from puzzlesolver.exact.method import Context, Solver
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.problem import Problem


def solve_parts(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    """Solve each part, and combine."""
    parts = split(problem, analysis)
    if len(parts) < 2:
        return None
    outcomes: list[ExactOutcome] = []
    for part, (_, equations) in zip(parts, analysis.blocks, strict=True):
        conditions = [len(problem.equations) + problem.conditions.index(one) for one in part.conditions]
        outcome = _renumbered(context.solve(part), [*equations, *conditions])
        if outcome.complete and not outcome.solutions:
            return outcome
        outcomes.append(outcome)
    if sum(any(solution.point for solution in outcome.solutions) for outcome in outcomes) > 1:
        outcomes = [
            replace(outcome, solutions=(), complete=False, reasons=(*outcome.reasons, Why.NO_COMMON_FORM()))
            for outcome in outcomes
        ]
    whole = combined(problem, outcomes)
    return ExactOutcome(
        method=", ".join(dict.fromkeys(outcome.method for outcome in outcomes)),
        solutions=whole.solutions,
        complete=whole.complete,
        proof=whole.proof,
        redundant=tuple(index for outcome in outcomes for index in outcome.redundant),
        reasons=whole.reasons,
    )


def _renumbered(outcome: ExactOutcome, statements: Sequence[int]) -> ExactOutcome:
    """A part's outcome, its equations and conditions numbered as in the whole."""
    return replace(
        outcome,
        conflict=tuple(statements[index] for index in outcome.conflict),
        redundant=tuple(statements[index] for index in outcome.redundant),
    )


BLOCKS = Solver("independent parts", (Kind.POLYNOMIAL, Kind.TRANSCENDENTAL), solve_parts, stands=True)
