"""Systems that come apart: an equation in one unknown is solved first, or an unknown is expressed by the others.

In: a problem in several unknowns, and how to solve a simpler one. Out: an outcome, or None where no equation allows the
step. Either step is an equivalence, so completeness passes through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sympy import Expr, Symbol, expand

from puzzlesolver.analysis.classify import Analysis, analyse
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

Solver = Callable[[Problem, Analysis], ExactOutcome]


def by_substitution(problem: Problem, solve: Solver) -> ExactOutcome | None:
    """Solve the equations in one unknown alone, and put each solution into the others."""
    if not 1 < len(problem.unknowns) <= MOST_UNKNOWNS:
        return None
    for unknown in problem.unknowns:
        alone = _alone(problem, unknown)
        if not alone.equations:
            continue
        first = solve(alone, analyse(alone))
        if first.complete and not first.solutions:
            return first
        constant = all(unknown.symbol in found.values and _is_point(found) for found in first.solutions)
        if first.complete and constant:
            return _continued(problem, unknown, first, solve)
    return None


def _is_point(solution: ExactSolution) -> bool:
    return not solution.free and not solution.integer_parameters


def _alone(problem: Problem, unknown: Unknown) -> Problem:
    """The problem's statements about one unknown alone."""
    return problem.part((one for one in problem.statements if one.symbols == {unknown.symbol}), (unknown,))


def _continued(problem: Problem, unknown: Unknown, first: ExactOutcome, solve: Solver) -> ExactOutcome:
    """The rest of the problem, for every value of one unknown."""
    solutions: list[ExactSolution] = []
    proofs = [f"{unknown.name} first: {first.proof}"]
    reasons: list[str] = []
    for found in first.solutions:
        fixed = {unknown.symbol: found.values[unknown.symbol]}
        rest, truth = settled(problem.at(fixed))
        if truth is Verdict.UNDECIDED:
            reasons.append(f"whether an equation holds at {unknown.name} = {fixed[unknown.symbol]} is not decided")
        if truth is not Verdict.HOLDS:
            continue
        outcome = solve(rest, analyse(rest))
        found_here, complete_here = _joined_all(problem, fixed, outcome)
        solutions += found_here
        if complete_here:
            proofs.append(f"with {unknown.name} = {fixed[unknown.symbol]}: {outcome.proof}")
        else:
            reasons += outcome.reasons or ("a solution found step by step could not be put back into the problem",)
    return _outcome("step by step", solutions, proofs, reasons)


def _outcome(
    method: str, solutions: Sequence[ExactSolution], proofs: Sequence[str], reasons: Sequence[str]
) -> ExactOutcome:
    return ExactOutcome(
        method,
        solutions=tuple(solutions),
        complete=not reasons,
        proof="; ".join(dict.fromkeys(proofs)) if not reasons else None,
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _joined_all(
    problem: Problem, expressed: Mapping[Symbol, Expr], outcome: ExactOutcome
) -> tuple[list[ExactSolution], bool]:
    """The outcome's solutions with the values of the other unknowns, and whether they are all."""
    solutions: list[ExactSolution] = []
    complete = outcome.complete
    for solution in outcome.solutions:
        if any(symbol not in solution.values for value in expressed.values() for symbol in value.free_symbols):
            complete = False  # known by intervals only
            continue
        joined = _joined(problem, expressed, solution)
        match Verdict.HOLDS if not _is_point(solution) else put_back(problem, joined.values):
            case Verdict.HOLDS:
                solutions.append(joined)
            case Verdict.UNDECIDED:
                complete = False
    return solutions, complete


def _joined(problem: Problem, expressed: Mapping[Symbol, Expr], solution: ExactSolution) -> ExactSolution:
    """A solution of the simpler problem, completed by the unknowns that were taken out of it."""
    values = {**solution.values, **_at(expressed, solution.values)}
    sample = None if solution.sample is None else {**solution.sample, **_at(expressed, solution.sample)}
    ordered = {symbol: values[symbol] for symbol in problem.symbols if symbol in values}
    return replace(solution, values=ordered, sample=sample)


def _at(expressed: Mapping[Symbol, Expr], values: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    found = {symbol: value.xreplace(values) for symbol, value in expressed.items()}
    return {symbol: value if value.free_symbols else shortest(value) for symbol, value in found.items()}


# --- one unknown expressed by the others ------------------------------------------------------------------------------


def by_elimination(problem: Problem, solve: Solver) -> ExactOutcome | None:
    """Express one unknown by the others where an equation holds it with a constant factor, and put it in."""
    if not 1 < len(problem.unknowns) <= MOST_UNKNOWNS:
        return None
    choices = sorted(_expressed(problem), key=lambda choice: (choice[2].count_ops(), choice[0], str(choice[1])))
    if not choices:
        return None
    number, unknown, value = choices[0]
    values = {unknown.symbol: value}
    used = problem.equations[number]
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
        return _outcome("elimination", (), [f"{put_in}; a statement without unknowns is false"], ())
    outcome = solve(rest, analyse(rest))
    solutions, complete = _joined_all(problem, values, outcome)
    reasons = [] if complete else [*outcome.reasons, f"not decided after {unknown.name} = {value}"]
    if not solutions and not complete:
        return None
    return _outcome("elimination", solutions, [put_in, outcome.proof or ""], reasons)


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
