"""Systems that come apart: an equation in one unknown is solved first, or an unknown is expressed by the others.

In: a problem in several unknowns, and how to solve a simpler one. Out: an outcome, or None where no equation allows the
step. Either step is an equivalence, so completeness passes through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sympy import Expr, Symbol, expand, oo

from puzzlesolver.analysis.classify import Analysis, analyse
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.simple import shortest
from puzzlesolver.problem import AllDifferent, Condition, Equation, Problem, Relation, Unknown
from puzzlesolver.proof import zero
from puzzlesolver.proof.putback import conjunction, put_back
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
    only = {unknown.symbol}
    return replace(
        problem,
        unknowns=(unknown,),
        equations=tuple(equation for equation in problem.equations if _symbols_of(equation) == only),
        conditions=tuple(one for one in problem.conditions if isinstance(one, Condition) and _symbols_of(one) == only),
        asks=(),
        layout=None,
    )


def _symbols_of(statement: Equation | Condition) -> set[Symbol]:
    found = statement.lhs.free_symbols | statement.rhs.free_symbols
    return set(found.union(*(_symbols_of(condition) for condition in statement.defined)))


def _continued(problem: Problem, unknown: Unknown, first: ExactOutcome, solve: Solver) -> ExactOutcome:
    """The rest of the problem, for every value of one unknown."""
    solutions: list[ExactSolution] = []
    proofs = [f"{unknown.name} first: {first.proof}"]
    reasons: list[str] = []
    for found in first.solutions:
        fixed = {unknown.symbol: found.values[unknown.symbol]}
        rest = _put_in(problem, fixed)
        truth = _constants_hold(rest)
        if truth is Verdict.UNDECIDED:
            reasons.append(f"whether an equation holds at {unknown.name} = {fixed[unknown.symbol]} is not decided")
        if truth is not Verdict.HOLDS:
            continue
        rest = replace(rest, equations=tuple(equation for equation in rest.equations if _symbols_of(equation)))
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


def _put_in(problem: Problem, values: Mapping[Symbol, Expr]) -> Problem:
    """The problem with some unknowns' values put in; they are unknowns no more.

    What the values take out of an equation altogether leaves its conditions of definedness behind.
    """
    equations = [_equation_at(equation, values) for equation in problem.equations]
    conditions = [_condition_at(condition, values) for condition in problem.conditions]
    for equation in equations:
        if not (equation.lhs - equation.rhs).free_symbols:
            conditions += [condition for condition in equation.defined if _symbols_of(condition)]
    return replace(
        problem,
        unknowns=tuple(unknown for unknown in problem.unknowns if unknown.symbol not in values),
        equations=tuple(equations),
        conditions=tuple(conditions),
        asks=(),
        layout=None,
    )


def _equation_at(equation: Equation, values: Mapping[Symbol, Expr]) -> Equation:
    defined = tuple(_relation_at(condition, values) for condition in equation.defined)
    return replace(equation, lhs=equation.lhs.xreplace(values), rhs=equation.rhs.xreplace(values), defined=defined)


def _relation_at(condition: Condition, values: Mapping[Symbol, Expr]) -> Condition:
    defined = tuple(_relation_at(one, values) for one in condition.defined)
    return replace(condition, lhs=condition.lhs.xreplace(values), rhs=condition.rhs.xreplace(values), defined=defined)


def _condition_at(condition: Condition | AllDifferent, values: Mapping[Symbol, Expr]) -> Condition | AllDifferent:
    if isinstance(condition, Condition):
        return _relation_at(condition, values)
    return replace(condition, members=tuple(member.xreplace(values) for member in condition.members))


def _constants_hold(problem: Problem) -> Verdict:
    """Whether the equations that have lost all their unknowns are true."""
    constant = [equation.residual for equation in problem.equations if not equation.residual.free_symbols]
    return conjunction(zero.is_zero(residual) for residual in constant)


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
    bounds = _bounds(unknown, value)
    others = replace(problem, equations=(*problem.equations[:number], *problem.equations[number + 1 :]))
    rest = _put_in(others, values)
    rest = replace(rest, conditions=(*rest.conditions, *bounds, *_equation_at(used, values).defined))
    if _constants_hold(rest) is not Verdict.HOLDS:
        return None
    rest = replace(rest, equations=tuple(equation for equation in rest.equations if equation.residual.free_symbols))
    outcome = solve(rest, analyse(rest))
    solutions, complete = _joined_all(problem, values, outcome)
    reasons = [] if complete else [*outcome.reasons, f"not decided after {unknown.name} = {value}"]
    if not solutions and not complete:
        return None
    return _outcome("elimination", solutions, [f"{unknown.name} = {value} put in", outcome.proof or ""], reasons)


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


def _bounds(unknown: Unknown, value: Expr) -> Iterator[Condition]:
    domain = unknown.domain
    if domain.low != -oo:
        relation = Relation.LESS if domain.low_open else Relation.AT_MOST
        yield Condition(domain.low, relation, value, unknown.origin)
    if domain.high != oo:
        relation = Relation.LESS if domain.high_open else Relation.AT_MOST
        yield Condition(value, relation, domain.high, unknown.origin)
