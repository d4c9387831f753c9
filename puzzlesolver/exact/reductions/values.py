"""Some unknowns' values put into a problem, and back into the solutions of what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from sympy import Expr, Symbol

from puzzlesolver.answer.reasons import LeftOpen, Reason, Why
from puzzlesolver.exact.method import Simpler
from puzzlesolver.exact.outcome import ExactSolution
from puzzlesolver.exact.simple import shortest
from puzzlesolver.problem import Problem
from puzzlesolver.proof.putback import put_back, settled
from puzzlesolver.proof.verdict import Verdict


def put_in(
    problem: Problem, values: Mapping[Symbol, Expr], undecided: Reason, left: Problem | None = None
) -> list[Simpler | Reason]:
    """The problem, or what is `left` to see to, for the other unknowns; the values may be expressions in these.

    Nothing where a statement that has no unknown any more is false, and `undecided` where that is not decided.
    """
    rest, verdict = settled((left or problem).at(values))
    if verdict is Verdict.FAILS:
        return []
    return [Simpler(rest, partial(_completed, problem, values)) if verdict is Verdict.HOLDS else undecided]


def _completed(problem: Problem, put: Mapping[Symbol, Expr], solution: ExactSolution) -> list[ExactSolution]:
    """A solution of the rest with the values that were put in."""
    if any(symbol not in solution.values for value in put.values() for symbol in value.free_symbols):
        raise LeftOpen(Why.NOT_PUT_BACK_STEPS())  # known by intervals only
    values = {**solution.values, **_at(put, solution.values)}
    is_known = len(values) == len(problem.unknowns) and not solution.parameters
    verdict = put_back(problem, values) if is_known else Verdict.HOLDS
    if verdict is Verdict.UNDECIDED:
        raise LeftOpen(Why.NOT_PUT_BACK_STEPS())
    sample = None if solution.sample is None else {**solution.sample, **_at(put, solution.sample)}
    ordered = {symbol: values[symbol] for symbol in problem.symbols if symbol in values}
    return [replace(solution, values=ordered, sample=sample)] if verdict is Verdict.HOLDS else []


def _at(put: Mapping[Symbol, Expr], values: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    found = {symbol: value.xreplace(values) for symbol, value in put.items()}
    return {symbol: value if value.free_symbols else shortest(value) for symbol, value in found.items()}
