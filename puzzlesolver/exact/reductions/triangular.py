"""Systems that come apart: an equation in one unknown is solved first, or an unknown is expressed by the others.

In: a problem in several unknowns. Out: simpler ones, and the way back, or None where no equation allows the step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from sympy import Expr, expand

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.answer.reasons import Why
from puzzlesolver.exact import limits
from puzzlesolver.exact.method import Context, Reduced, Reduction
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.reductions.values import put_in
from puzzlesolver.problem import Problem, Unknown
from puzzlesolver.proof import zero


def _by_substitution(problem: Problem, analysis: Analysis, context: Context) -> Reduced | None:
    """Solve the equations in one unknown alone, and put each solution into the others."""
    if not 1 < len(problem.unknowns) <= limits.MOST_TRIANGULAR_UNKNOWNS:
        return None
    for unknown in problem.unknowns:
        alone = problem.part((one for one in problem.statements if one.symbols == {unknown.symbol}), (unknown,))
        if not alone.equations:
            continue
        first = context.solve(alone)
        if first.complete and first.is_isolated and all(unknown.symbol in found.values for found in first.solutions):
            return _for_each_value(problem, unknown, first)
    return None


def _for_each_value(problem: Problem, unknown: Unknown, first: ExactOutcome) -> Reduced:
    """The rest of the problem, for every value of one unknown."""
    values = [found.values[unknown.symbol] for found in first.solutions]
    places = [f"{unknown.name} = {value}" for value in values]
    cases = [
        put_in(problem, {unknown.symbol: value}, Why.NOT_DECIDED_EQUATION(place))
        for value, place in zip(values, places, strict=True)
    ]

    def proof(outcomes: Sequence[ExactOutcome]) -> str:
        if not first.solutions:
            return str(first.proof)
        possible = (place for place, case in zip(places, cases, strict=True) if case)
        rest = (f"with {place}: {outcome.proof}" for place, outcome in zip(possible, outcomes, strict=True))
        return "; ".join(dict.fromkeys((f"{unknown.name} first: {first.proof}", *rest)))

    return Reduced(list(chain.from_iterable(cases)), proof)


# --- one unknown expressed by the others ------------------------------------------------------------------------------


def _by_elimination(problem: Problem, analysis: Analysis, context: Context) -> Reduced | None:
    """Express one unknown by the others where an equation holds it with a constant factor, and put it in."""
    if not 1 < len(problem.unknowns) <= limits.MOST_TRIANGULAR_UNKNOWNS:
        return None
    choices = sorted(_expressed(problem), key=lambda choice: (choice[2].count_ops(), choice[0], str(choice[1])))
    if not choices:
        return None
    number, unknown, value = choices[0]
    used = problem.equations[number]
    others = (one for one in problem.statements if one is not used)
    bounds = unknown.domain.bounds(unknown.symbol, unknown.origin)
    left = problem.part((*others, *used.defined, *bounds), problem.unknowns)
    cases = put_in(problem, {unknown.symbol: value}, Why.SIMPLER_UNDECIDED(), left)

    def proof(outcomes: Sequence[ExactOutcome]) -> str:
        rest = [outcome.proof for outcome in outcomes] or ["a statement without unknowns is false"]
        return f"{unknown.name} = {value} put in; {rest[0]}"

    return Reduced(cases, proof) if Why.SIMPLER_UNDECIDED() not in cases else None


def _expressed(problem: Problem) -> Iterator[tuple[int, Unknown, Expr]]:
    """Equations that say what a real unknown is in terms of the others."""
    for number, equation in enumerate(problem.equations):
        residual = (
            expand(equation.residual)
            if equation.residual.count_ops() <= limits.MOST_TRIANGULAR_OPERATIONS
            else equation.residual
        )
        for unknown in problem.unknowns:
            symbol = unknown.symbol
            if unknown.domain.integer or unknown.domain.members is not None or not residual.has(symbol):
                continue
            rest, terms = residual.as_independent(symbol, as_Add=True)
            factor = terms / symbol
            if not factor.free_symbols and zero.sign(factor) in (1, -1):
                yield number, unknown, expand(-rest / factor)


STEP_BY_STEP = Reduction("step by step", (Kind.TRANSCENDENTAL,), _by_substitution)
ELIMINATION = Reduction("elimination", (Kind.TRANSCENDENTAL,), _by_elimination)
