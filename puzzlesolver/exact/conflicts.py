"""Which of the writer's own lines cannot hold together, and which say nothing new: found by leaving lines out.

In: a problem and its outcome. Out: the outcome with `conflict` or `redundant`. A line is left out of a conflict when
the others are still proved to have no solution; it is redundant when the others are proved to have the same finite list
of solutions. What is found within the steps is true; that nothing smaller exists is not claimed.

Source: J. Marques-Silva, Minimal unsatisfiability, ISMVL 2010 (conflicts by deletion).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from puzzlesolver.analysis.classify import Analysis, is_whole
from puzzlesolver.answer.reasons import Why
from puzzlesolver.exact import limits
from puzzlesolver.exact.method import Context
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.steps import Exhausted, Steps
from puzzlesolver.problem import Problem


def with_lines(problem: Problem, analysis: Analysis, outcome: ExactOutcome, context: Context) -> ExactOutcome:
    """The outcome with the lines named that contradict each other, or that follow from the others."""
    statements = problem.statements
    if not analysis.is_system or not outcome.complete or outcome.redundant or len(statements) > limits.MOST_LINES:
        return outcome
    if is_whole(problem) and (outcome.solutions or outcome.conflict):
        return outcome  # the method itself has named the smallest conflict
    count, lighter = len(outcome.solutions), replace(context, work=limits.CONFLICT_WORK)
    unknowns = problem.unknowns if count else None  # one that stands in no line any more is free, not gone

    def is_enough(lines: Sequence[int]) -> bool:
        part = problem.part((statements[line] for line in sorted(lines)), unknowns)
        return bool(lines) and _has_just(part, lighter, count)

    if not outcome.solutions:
        with Steps(limits.CONFLICT_STEPS):
            kept, is_least = smallest(outcome.conflict or range(len(statements)), is_enough)
        return replace(
            outcome,
            conflict=kept,
            reasons=outcome.reasons if is_least else (*outcome.reasons, Why.LINES_NOT_SPARED(limits.CONFLICT_STEPS)),
        )
    if outcome.is_isolated and len(problem.equations) > len(problem.unknowns):
        equations, conditions = range(len(problem.equations)), range(len(problem.equations), len(statements))
        with Steps(limits.CONFLICT_STEPS):
            kept, is_least = smallest(equations[::-1], lambda lines: is_enough((*lines, *conditions)))
        reasons = outcome.reasons if is_least else (*outcome.reasons, Why.LINES_NOT_SPARED(limits.CONFLICT_STEPS))
        return replace(outcome, redundant=tuple(line for line in equations if line not in kept), reasons=reasons)
    return outcome


def smallest(
    lines: Sequence[int], is_enough: Callable[[Sequence[int]], bool], size: int = 1
) -> tuple[tuple[int, ...], bool]:
    """What stays of some lines when all are left out, in their order, without which `is_enough` of the others holds.

    `size` of them are tried at a time, then half as many, and so on. Where `is_enough` raises `Exhausted`, what is left
    by then is enough, too; the second value says whether it has come to the end.
    """
    kept = list(lines)
    try:
        while size:
            start = 0
            while start < len(kept):
                fewer = kept[:start] + kept[start + size :]
                if is_enough(fewer):
                    kept = fewer
                else:
                    start += size
            size //= 2
    except Exhausted:
        return tuple(kept), False
    return tuple(kept), True


def _has_just(problem: Problem, context: Context, count: int) -> bool:
    """Whether a problem is proved to have so many solutions, all isolated. Fewer lines never have fewer solutions."""
    found = context.solve(problem)
    return found.complete and found.is_isolated and len(found.solutions) == count
