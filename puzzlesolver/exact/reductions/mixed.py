"""Whole-number unknowns beside real ones: every value of the former tried, the rest solved for the latter.

In: a `Problem` some of whose unknowns have finitely many values. Out: the problem at each of these, and the way back.
Cases that interval contraction refutes are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
from sympy import Rational, Symbol

from puzzlesolver.analysis.classify import Analysis
from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.exact import limits
from puzzlesolver.exact.method import SYSTEMS, Context, Reduced, Reduction, Simpler
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.reductions.values import put_in
from puzzlesolver.exact.whole.finite.ranges import Values, finite_values
from puzzlesolver.problem import Problem
from puzzlesolver.proof.boxes.contract import Contractor, domain_ends

Choice = tuple[Fraction, ...]


def _reduce(problem: Problem, analysis: Analysis, context: Context) -> Reduced | None:
    """The problem at each value of its whole-number unknowns; None where there are none, or no others, or too many."""
    values = finite_values(problem)
    if (
        not 0 < len(values) < len(problem.unknowns)
        or math.prod(map(len, values.values())) > limits.MOST_MIXED_COMBINATIONS
    ):
        return None
    cases = _possible(problem, values)
    if len(cases) > limits.MOST_CASES:
        return None
    names = ", ".join(str(symbol) for symbol in values)

    def proof(outcomes: Sequence[ExactOutcome]) -> str:
        methods = ", ".join(dict.fromkeys(outcome.method for outcome in outcomes))
        return f"every value of {names} tried" + (f", the rest solved by: {methods}" if methods else "")

    return Reduced(_stated(problem, tuple(values), cases), proof)


def _stated(problem: Problem, symbols: Sequence[Symbol], cases: Sequence[Choice]) -> Iterator[Simpler | Reason]:
    for case in cases:
        at = {symbol: Rational(n.numerator, n.denominator) for symbol, n in zip(symbols, case, strict=True)}
        undecided = Why.NOT_DECIDED_FOR(", ".join(f"{symbol} = {value}" for symbol, value in at.items()))
        for part in put_in(problem, at, undecided):
            yield replace(part, undecided=undecided) if isinstance(part, Simpler) else part


def _possible(problem: Problem, values: Mapping[Symbol, Values]) -> list[Choice]:
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


ONE_BY_ONE = Reduction("whole numbers one by one", SYSTEMS, _reduce, stands=True, strict=True)
