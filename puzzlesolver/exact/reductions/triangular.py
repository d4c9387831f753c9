"""Systems that come apart: an equation in one unknown is solved first, or an unknown is expressed by the others.

In: a problem in several unknowns. Out: simpler ones, and the way back, or None where no equation allows the step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sympy import Expr, Symbol, expand

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.answer.reasons import LeftOpen, Reason, Why
from puzzlesolver.exact.method import Context, Reduced, Reduction, Simpler
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.simple import shortest
from puzzlesolver.problem import Problem, Unknown
from puzzlesolver.proof import zero
from puzzlesolver.proof.putback import put_back, settled
from puzzlesolver.proof.verdict import Verdict

MOST_UNKNOWNS = 8
"""Larger systems are not taken apart one unknown at a time."""

MOST_OPERATIONS = 300
"""Larger expressions are not put into others."""


def _by_substitution(problem: Problem, analysis: Analysis, context: Context) -> Reduced | None:
    """Solve the equations in one unknown alone, and put each solution into the others."""
    if not 1 < len(problem.unknowns) <= MOST_UNKNOWNS:
        return None
    for unknown in problem.unknowns:
        alone = _alone(problem, unknown)
        if not alone.equations:
            continue
        first = context.solve(alone)
        if first.complete and all(unknown.symbol in found.values and _is_point(found) for found in first.solutions):
            return _for_each_value(problem, unknown, first)
    return None


def _is_point(solution: ExactSolution) -> bool:
    return not solution.free and not solution.integer_parameters


def _alone(problem: Problem, unknown: Unknown) -> Problem:
    """The problem's statements about one unknown alone."""
    return problem.part((one for one in problem.statements if one.symbols == {unknown.symbol}), (unknown,))


def _for_each_value(problem: Problem, unknown: Unknown, first: ExactOutcome) -> Reduced:
    """The rest of the problem, for every value of one unknown."""
    cases: list[Simpler | Reason] = []
    steps: list[str] = []
    for found in first.solutions:
        fixed = {unknown.symbol: found.values[unknown.symbol]}
        rest, truth = settled(problem.at(fixed))
        where = f"{unknown.name} = {fixed[unknown.symbol]}"
        if truth is Verdict.HOLDS:
            cases.append(Simpler(rest, partial(_joined, problem, fixed)))
            steps.append(f"with {where}")
        elif truth is Verdict.UNDECIDED:
            cases.append(Why.NOT_DECIDED_EQUATION(where))

    def proof(outcomes: Sequence[ExactOutcome]) -> str:
        if not first.solutions:
            return str(first.proof)
        rest = (f"{step}: {outcome.proof}" for step, outcome in zip(steps, outcomes, strict=True))
        return "; ".join(dict.fromkeys((f"{unknown.name} first: {first.proof}", *rest)))

    return Reduced(cases, proof)


def _joined(problem: Problem, expressed: Mapping[Symbol, Expr], solution: ExactSolution) -> list[ExactSolution]:
    """A solution of the simpler problem, completed by the unknowns that were taken out of it."""
    if any(symbol not in solution.values for value in expressed.values() for symbol in value.free_symbols):
        raise LeftOpen(Why.NOT_PUT_BACK_STEPS())  # known by intervals only
    values = {**solution.values, **_at(expressed, solution.values)}
    verdict = put_back(problem, values) if _is_point(solution) else Verdict.HOLDS
    if verdict is Verdict.UNDECIDED:
        raise LeftOpen(Why.NOT_PUT_BACK_STEPS())
    sample = None if solution.sample is None else {**solution.sample, **_at(expressed, solution.sample)}
    ordered = {symbol: values[symbol] for symbol in problem.symbols if symbol in values}
    return [replace(solution, values=ordered, sample=sample)] if verdict is Verdict.HOLDS else []


def _at(expressed: Mapping[Symbol, Expr], values: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    found = {symbol: value.xreplace(values) for symbol, value in expressed.items()}
    return {symbol: value if value.free_symbols else shortest(value) for symbol, value in found.items()}


# --- one unknown expressed by the others ------------------------------------------------------------------------------


def _by_elimination(problem: Problem, analysis: Analysis, context: Context) -> Reduced | None:
    """Express one unknown by the others where an equation holds it with a constant factor, and put it in."""
    if not 1 < len(problem.unknowns) <= MOST_UNKNOWNS:
        return None
    choices = sorted(_expressed(problem), key=lambda choice: (choice[2].count_ops(), choice[0], str(choice[1])))
    if not choices:
        return None
    number, unknown, value = choices[0]
    values = {unknown.symbol: value}
    used = problem.equations[number]
    others = (one for one in problem.statements if one is not used)
    left = problem.part(
        (*others, *used.defined, *unknown.domain.bounds(unknown.symbol, unknown.origin)), problem.unknowns
    )
    rest, truth = settled(left.at(values))
    put_in = f"{unknown.name} = {value} put in"
    if truth is Verdict.UNDECIDED:
        return None
    if truth is Verdict.FAILS:
        return Reduced([], lambda outcomes: f"{put_in}; a statement without unknowns is false")
    case = Simpler(rest, partial(_joined, problem, values))
    return Reduced([case], lambda outcomes: f"{put_in}; {outcomes[0].proof}")


def _expressed(problem: Problem) -> Iterator[tuple[int, Unknown, Expr]]:
    """Equations that say what a real unknown is in terms of the others."""
    for number, equation in enumerate(problem.equations):
        residual = expand(equation.residual) if equation.residual.count_ops() <= MOST_OPERATIONS else equation.residual
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
