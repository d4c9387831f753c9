"""Independent parts of a problem, solved one after the other and put together.

In: a problem with several blocks. Out: the outcome of the whole: every choice of one
solution from each part. A part that is proved to have none leaves none for the whole; one that is undecided leaves it
undecided.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

from sympy import Symbol

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.analysis.split import split
from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact import limits
from puzzlesolver.exact.method import Context, Solver
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.words import fresh_integers
from puzzlesolver.problem import Problem


def _solve(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    """Solve each part, and combine."""
    if len(analysis.blocks) < 2:
        return None
    outcomes: list[ExactOutcome] = []
    for part, (_, equations) in zip(split(problem, analysis), analysis.blocks, strict=True):
        conditions = [len(problem.equations) + problem.conditions.index(one) for one in part.conditions]
        outcome = _renumbered(context.solve(part), [*equations, *conditions])
        if outcome.complete and not outcome.solutions:
            return outcome
        outcomes.append(outcome)
    return _combined(outcomes)


def _renumbered(outcome: ExactOutcome, statements: Sequence[int]) -> ExactOutcome:
    """A part's outcome, its equations and conditions numbered as in the whole."""
    return replace(
        outcome,
        conflict=tuple(statements[index] for index in outcome.conflict),
        redundant=tuple(statements[index] for index in outcome.redundant),
    )


def _combined(outcomes: Sequence[ExactOutcome]) -> ExactOutcome:
    complete = all(outcome.complete for outcome in outcomes)
    reasons = tuple(dict.fromkeys(reason for outcome in outcomes for reason in outcome.reasons))
    solutions: tuple[ExactSolution, ...] = ()
    count = math.prod(len(outcome.solutions) for outcome in outcomes)
    if count > limits.MOST_BLOCK_COMBINATIONS:
        complete, reasons = False, (*reasons, Why.UNLISTED_BLOCKS(count))
    elif sum(any(solution.point for solution in outcome.solutions) for outcome in outcomes) > 1:
        complete, reasons = False, (*reasons, Why.NO_COMMON_FORM())
    else:
        solutions = tuple(map(_joined, product(*(outcome.solutions for outcome in outcomes))))
    return ExactOutcome(
        method=", ".join(dict.fromkeys(outcome.method for outcome in outcomes)),
        solutions=solutions,
        complete=complete,
        proof="; ".join(dict.fromkeys(outcome.proof for outcome in outcomes if outcome.proof)) if complete else None,
        redundant=tuple(index for outcome in outcomes for index in outcome.redundant),
        reasons=reasons,
    )


def _joined(choice: Sequence[ExactSolution]) -> ExactSolution:
    """One solution of each part as one solution of the whole."""
    choice = _with_distinct_parameters(choice)
    multiplicities = [solution.multiplicity for solution in choice]
    known = [multiplicity for multiplicity in multiplicities if multiplicity is not None]
    samples = [solution.values if solution.sample is None else solution.sample for solution in choice]
    is_family = any(solution.sample is not None for solution in choice)
    exact = all(solution.evidence is Evidence.EXACT for solution in choice)
    return ExactSolution(
        values={symbol: value for solution in choice for symbol, value in solution.values.items()},
        evidence=Evidence.EXACT if exact else Evidence.CERTIFIED,
        point=next((solution.point for solution in choice if solution.point is not None), None),
        multiplicity=math.prod(known) if known and len(known) == len(multiplicities) else None,
        free=tuple(symbol for solution in choice for symbol in solution.free),
        integer_parameters=tuple(symbol for solution in choice for symbol in solution.integer_parameters),
        conditions=tuple(condition for solution in choice for condition in solution.conditions),
        sample={symbol: value for sample in samples for symbol, value in sample.items()} if is_family else None,
    )


def _with_distinct_parameters(choice: Sequence[ExactSolution]) -> list[ExactSolution]:
    """The same solutions, no whole-number parameter in two of them."""
    taken = {symbol for solution in choice for symbol in solution.values}
    renamed: list[ExactSolution] = []
    for solution in choice:
        fresh = fresh_integers(taken)
        names = {k: next(fresh) for k in solution.integer_parameters if k in taken and k not in solution.values}
        if names:
            solution = replace(
                solution,
                values={symbol: value.xreplace(names) for symbol, value in solution.values.items()},
                integer_parameters=tuple(names.get(k, k) for k in solution.integer_parameters),
                conditions=tuple(_renamed_words(words, names) for words in solution.conditions),
            )
        taken.update(solution.integer_parameters)
        renamed.append(solution)
    return renamed


def _renamed_words(words: str, names: Mapping[Symbol, Symbol]) -> str:
    for old, new in names.items():
        words = re.sub(rf"\b{re.escape(str(old.name))}\b", str(new.name), words)
    return words


BLOCKS = Solver("independent parts", (Kind.POLYNOMIAL, Kind.TRANSCENDENTAL), _solve, stands=True)
