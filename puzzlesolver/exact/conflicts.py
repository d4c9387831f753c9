"""Which of the writer's own lines cannot hold together, and which say nothing new: found by leaving lines out.

In: a problem and its outcome. Out: the outcome with `conflict` or `redundant`. A line is left out of a conflict when
the others are still proved to have no solution; it is redundant when the others are proved to have the same finite list
of solutions. What is found in the time is true; that nothing smaller exists is not claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from puzzlesolver.analysis.classify import Analysis, is_whole
from puzzlesolver.exact.alarm import TimeIsUp, alarm
from puzzlesolver.exact.method import Context
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.problem import Problem

SECONDS = 1.5
"""For all the attempts together."""

MOST_LINES = 30


def with_lines(problem: Problem, analysis: Analysis, outcome: ExactOutcome, context: Context) -> ExactOutcome:
    """The outcome with the lines named that contradict each other, or that follow from the others."""
    statements = problem.statements
    if not analysis.is_system or not outcome.complete or outcome.redundant or len(statements) > MOST_LINES:
        return outcome
    if is_whole(problem) and (outcome.solutions or outcome.conflict):
        return outcome  # the method itself has named the smallest conflict
    if not outcome.solutions:
        kept = _left(problem, outcome.conflict or range(len(statements)), context, 0)
        return replace(outcome, conflict=kept)
    isolated = not any(solution.free or solution.integer_parameters for solution in outcome.solutions)
    if isolated and len(problem.equations) > len(problem.unknowns):
        equations = range(len(problem.equations))
        kept = _left(problem, range(len(statements)), context, len(outcome.solutions), equations[::-1])
        return replace(outcome, redundant=tuple(number for number in equations if number not in kept))
    return outcome


def _left(
    problem: Problem, numbers: Sequence[int], context: Context, count: int, tried: Sequence[int] | None = None
) -> tuple[int, ...]:
    """Those of some statements that are left when all are taken out, one by one, without which there are still `count`
    solutions. `tried` are those to be taken out, in this order, where it is not all of them."""
    kept = list(numbers)
    unknowns = problem.unknowns if count else None  # one that stands in no line any more is free, not gone
    try:
        with alarm(SECONDS):
            for number in numbers if tried is None else tried:
                fewer = [other for other in kept if other != number]
                part = problem.part((problem.statements[other] for other in fewer), unknowns)
                if fewer and _has_just(part, context, count):
                    kept = fewer
    except TimeIsUp:
        pass
    return tuple(kept)


def _has_just(problem: Problem, context: Context, count: int) -> bool:
    """Whether a problem is proved to have so many solutions, all isolated. Fewer lines never have fewer solutions."""
    found = context.solve(problem)
    isolated = not any(solution.free or solution.integer_parameters for solution in found.solutions)
    return found.complete and isolated and len(found.solutions) == count
