"""The contract of the exact engine: what a solver and a reduction are, and what both may use.

Either is given a problem, its analysis and the `Context`, and answers with an `ExactOutcome`, or with None where it
does not apply. A solver finds the solutions itself. A reduction makes simpler problems that together have the same
solutions, and carries these back; so it passes on that the list is complete, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from puzzlesolver.analysis.classify import Analysis, Kind, analyse
from puzzlesolver.answer.reasons import LeftOpen, Reason, Why
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.steps import Exhausted, Steps
from puzzlesolver.problem import Problem

SYSTEMS = (Kind.LINEAR, Kind.POLYNOMIAL, Kind.TRANSCENDENTAL)
"""Equations and conditions on unknowns that are numbers."""


@dataclass(frozen=True, slots=True)
class Context:
    """How many solutions in finite domains are listed at most, when (`time.monotonic`) whoever asked stops waiting, the
    engine, which solves the simpler problems, and how much CP-SAT may work on each (`max_deterministic_time`)."""

    limit: int
    deadline: float
    engine: Callable[[Problem, Analysis, Context], ExactOutcome]
    work: float = math.inf

    def solve(self, problem: Problem) -> ExactOutcome:
        """The outcome of a simpler problem."""
        return self.engine(problem, analyse(problem), self)


@dataclass(frozen=True, slots=True)
class Solver:
    """A method that solves problems of some kinds by itself; `attempt` answers None where it does not apply.

    Where it `stands`, its answer is the last word, complete or not; else further methods are tried until one is.
    """

    name: str
    kinds: Sequence[Kind]
    attempt: Callable[[Problem, Analysis, Context], ExactOutcome | None]
    stands: bool = False

    def solve(self, problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
        """The outcome, or None where it does not apply."""
        return self.attempt(problem, analysis, context) if analysis.kind in self.kinds else None


@dataclass(frozen=True, slots=True)
class Simpler:
    """A simpler problem, and which solutions of the first one each of its solutions stands for.

    `back` raises `LeftOpen` where that is not known. `undecided` is said where not all its solutions are known.
    """

    problem: Problem
    back: Callable[[ExactSolution], Iterable[ExactSolution]]
    undecided: Reason | None = None


@dataclass(frozen=True, slots=True)
class Reduced:
    """Simpler problems that together have the solutions of the first one, and the proof of that in words, made of their
    outcomes. A case that cannot be decided is the reason why."""

    cases: Iterable[Simpler | Reason]
    proof: Callable[[Sequence[ExactOutcome]], str]


@dataclass(frozen=True, slots=True)
class Reduction:
    """A method that makes simpler problems of those of some kinds; `reduce` answers None where it does not apply.

    One that is `strict` ends at the first case that is not decided. A simpler problem is worked on for so many
    `steps`; where it is hard, other methods are better. For `stands` see `Solver`.
    """

    name: str
    kinds: Sequence[Kind]
    reduce: Callable[[Problem, Analysis, Context], Reduced | None]
    stands: bool = False
    strict: bool = False
    steps: int | None = None

    def solve(self, problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
        """The solutions of the simpler problems, carried back; None where it does not apply."""
        reduced = self.reduce(problem, analysis, context) if analysis.kind in self.kinds else None
        if reduced is None:
            return None
        outcomes: list[ExactOutcome] = []
        solutions: list[ExactSolution] = []
        reasons: dict[Reason, None] = {}
        complete = True
        for case in reduced.cases:
            if isinstance(case, Reason):
                lost = [case]
            else:
                outcomes.append(self._within_steps(case.problem, context))
                found, lost = _carried_back(case, outcomes[-1])
                solutions += found
            reasons.update(dict.fromkeys(lost))
            complete = complete and not lost
            if self.strict and not complete:
                break
        return ExactOutcome(
            ", ".join(dict.fromkeys((self.name, *(outcome.method for outcome in outcomes if outcome.method)))),
            solutions=tuple(solutions),
            complete=complete,
            proof=reduced.proof(outcomes) if complete else None,
            reasons=tuple(reasons),
        )

    def _within_steps(self, problem: Problem, context: Context) -> ExactOutcome:
        if self.steps is None:
            return context.solve(problem)
        try:
            with Steps(self.steps):
                return context.solve(problem)
        except Exhausted:
            return ExactOutcome(reasons=(Why.NOT_WITHIN_STEPS(self.name, self.steps),))


def _carried_back(case: Simpler, outcome: ExactOutcome) -> tuple[list[ExactSolution], list[Reason]]:
    """What one simpler problem contributes, and why that is not all, where it is not."""
    solutions: list[ExactSolution] = []
    lost: list[Reason] = []
    for solution in outcome.solutions:
        try:
            solutions += case.back(solution)
        except LeftOpen as gap:
            lost.append(gap.reason)
    if not outcome.complete:
        lost = [*outcome.reasons, *lost] or [Why.SIMPLER_UNDECIDED()]
    if lost and case.undecided is not None:
        lost.insert(0, case.undecided)
    return solutions, lost
