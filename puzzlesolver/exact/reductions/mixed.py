"""Whole-number unknowns beside real ones: every value of the former tried, the rest solved for the latter.

In: a `Problem` some of whose unknowns have finitely many values, and how to solve a simpler one. Out: an
`ExactOutcome`, or None where there are too many cases. Cases that interval contraction refutes are not solved.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
from sympy import Expr, Rational, Symbol

from puzzlesolver.analysis.classify import Analysis, analyse
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.whole.finite.ranges import Values, finite_values
from puzzlesolver.problem import Problem
from puzzlesolver.proof.boxes.contract import Contractor, domain_ends
from puzzlesolver.proof.putback import settled
from puzzlesolver.proof.verdict import Verdict

MOST_COMBINATIONS = 100_000
MOST_CASES = 300
"""Combinations looked at by intervals, and cases that are solved."""

METHOD = "whole numbers one by one"

Solver = Callable[[Problem, Analysis], ExactOutcome]
Case = tuple[Fraction, ...]


def solve_mixed(problem: Problem, solve: Solver) -> ExactOutcome | None:
    """All solutions, the values of the whole-number unknowns tried one by one."""
    values = finite_values(problem)
    if not 0 < len(values) < len(problem.unknowns):
        return None
    if math.prod(map(len, values.values())) > MOST_COMBINATIONS:
        return None
    cases = _possible(problem, values)
    if len(cases) > MOST_CASES:
        return None
    solutions: list[ExactSolution] = []
    methods: list[str] = []
    for case in cases:
        at = {symbol: _rational(value) for symbol, value in zip(values, case, strict=True)}
        part, verdict = settled(problem.at(at))
        if verdict is Verdict.FAILS:
            continue
        outcome = solve(part, analyse(part)) if verdict is Verdict.HOLDS else ExactOutcome("none")
        if not outcome.complete:
            named = ", ".join(f"{symbol} = {value}" for symbol, value in at.items())
            return ExactOutcome(METHOD, tuple(solutions), reasons=(f"not decided for {named}", *outcome.reasons))
        methods.append(outcome.method)
        solutions.extend(_extended(problem, solution, at) for solution in outcome.solutions)
    names = ", ".join(str(symbol) for symbol in values)
    rest = f", the rest solved by: {', '.join(dict.fromkeys(methods))}" if methods else ""
    proof = f"every value of {names} tried{rest}"
    return ExactOutcome(METHOD, tuple(solutions), complete=True, proof=proof)


def _rational(value: Fraction | int) -> Rational:
    return Rational(value.numerator, value.denominator)


def _possible(problem: Problem, values: Mapping[Symbol, Values]) -> list[Case]:
    """The combinations that interval contraction does not refute."""
    columns = [[Fraction(value) for value in column] for column in values.values()]
    cases = list(product(*columns))
    if not cases:
        return []
    ends = [domain_ends(unknown.domain) for unknown in problem.unknowns]
    low, high = (np.repeat([[end[side]] for end in ends], len(cases), axis=1) for side in (0, 1))
    place = {symbol: number for number, symbol in enumerate(problem.symbols)}
    for number, symbol in enumerate(values):
        column = np.array([float(case[number]) for case in cases])
        low[place[symbol]], high[place[symbol]] = np.nextafter(column, -np.inf), np.nextafter(column, np.inf)
    with np.errstate(all="ignore"):
        _, _, alive = Contractor(problem)(low, high)
    return [case for case, lives in zip(cases, alive, strict=True) if lives]


def _extended(problem: Problem, solution: ExactSolution, at: Mapping[Symbol, Rational]) -> ExactSolution:
    """A case's solution with the values of the case, in the problem's order."""

    def ordered(values: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
        whole = {**values, **at}
        return {symbol: whole[symbol] for symbol in problem.symbols if symbol in whole}

    sample = None if solution.sample is None else ordered(solution.sample)
    return replace(solution, values=ordered(solution.values), sample=sample)
