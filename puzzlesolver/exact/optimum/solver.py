"""The least or greatest value of an expression under the other statements, proved.

In: a `Problem` with an `Objective`. Out: an `ExactOutcome` whose solutions are all the
points at which the value is best. Over finite domains that is CP-SAT's optimum. Else, where the constraints are linear:
on every choice of the inequalities that hold as equations, the points where the gradient is a combination of theirs
(Karush, Kuhn and Tucker: for linear constraints such a combination exists at every local optimum). The best of them is
best of all where the points at least as good are bounded, because then there is a best one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cmp_to_key
from itertools import combinations

from sympy import Abs, Expr, Integer, Matrix, Max, Min, Mod, Symbol, atan2, ceiling, floor, oo, sign

from puzzlesolver.analysis.classify import Analysis, Kind, is_whole
from puzzlesolver.answer.reasons import Why
from puzzlesolver.exact import limits
from puzzlesolver.exact.method import Context, Solver
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.whole.finite import best_finite, whole_ranges
from puzzlesolver.problem import (
    REALS,
    AllDifferent,
    Condition,
    Domain,
    Equation,
    Problem,
    Relation,
    Unknown,
    real_symbol,
)
from puzzlesolver.problem.functions import Requirement, expression_conditions
from puzzlesolver.proof import zero
from puzzlesolver.proof.boxes.bounds import bounding_box, finite_box
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

METHOD = "stationary points"

KINKED = (Abs, Max, Min, Mod, atan2, ceiling, floor, sign)


def _of_finitely_many(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    plain = replace(problem, objective=None, asks=())
    values = whole_ranges(plain) if is_whole(plain) else None
    if problem.objective is None or values is None:
        return None
    return best_finite(plain, problem.objective, values, context.limit, context.deadline)


def _solve(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    """Every point with the best value; incomplete where that is not proved."""
    if problem.objective is None:
        return None
    objective = -problem.objective.expression if problem.objective.maximize else problem.objective.expression
    plain = _without_idle_conditions(replace(problem, objective=None, asks=()))
    constraints = _linear_constraints(plain)
    if constraints is None or any(unknown.domain.integer for unknown in plain.unknowns):
        return ExactOutcome(METHOD, reasons=(Why.CONSTRAINTS_NOT_LINEAR(),))
    if objective.has(*KINKED) or not all(_holds_throughout(plain, one) for one in expression_conditions(objective)):
        return ExactOutcome(METHOD, reasons=(Why.OBJECTIVE_GAPS(),))
    return _by_stationary_points(plain, objective, *constraints, context)


def _without_idle_conditions(problem: Problem) -> Problem:
    """The problem without conditions that follow from the rest of it, as ``x != 0`` does where x is at least 1."""
    for condition in problem.conditions:
        if isinstance(condition, Condition) and not condition.defined:
            rest = replace(problem, conditions=tuple(one for one in problem.conditions if one is not condition))
            if _holds_throughout(rest, (condition.lhs, condition.relation, condition.rhs)):
                problem = rest
    return problem


def _linear_constraints(problem: Problem) -> tuple[list[Expr], list[Expr]] | None:
    """The equations ``g = 0`` and the inequalities ``h <= 0``, strict ones among them; None where one is not linear."""
    equations = [equation.residual for equation in problem.equations]
    inequalities: list[Expr] = []
    for condition in problem.conditions:
        if isinstance(condition, AllDifferent) or condition.relation is Relation.NOT_EQUAL or condition.defined:
            return None
        inequalities.append(condition.lhs - condition.rhs)
    for unknown in problem.unknowns:
        if unknown.domain.members is not None:
            return None
        inequalities += [bound.lhs - bound.rhs for bound in unknown.domain.bounds(unknown.symbol)]
    if any(equation.defined for equation in problem.equations) or len(inequalities) > limits.MOST_INEQUALITIES:
        return None
    linear = all(_is_linear(one, problem.symbols) for one in (*equations, *inequalities))
    return (equations, inequalities) if linear else None


def _is_linear(expression: Expr, symbols: Sequence[Symbol]) -> bool:
    slopes = [expression.diff(symbol) for symbol in symbols]
    return not any(slope.free_symbols for slope in slopes)


def _by_stationary_points(
    problem: Problem, objective: Expr, equations: Sequence[Expr], inequalities: Sequence[Expr], context: Context
) -> ExactOutcome:
    points: dict[tuple[Expr, ...], ExactSolution] = {}
    for system in _systems(problem, objective, equations, inequalities):
        outcome = context.solve(system)
        if not outcome.complete or not outcome.is_isolated:
            return ExactOutcome(METHOD, reasons=(Why.STATIONARY_UNKNOWN(),))
        for solution in outcome.solutions:
            if not all(symbol in solution.values for symbol in problem.symbols):
                return ExactOutcome(METHOD, reasons=(Why.STATIONARY_NO_FORM(),))
            values = {symbol: solution.values[symbol] for symbol in problem.symbols}
            match put_back(problem, values):
                case Verdict.HOLDS:
                    points[tuple(values.values())] = ExactSolution(values, solution.evidence)
                case Verdict.UNDECIDED:
                    return ExactOutcome(METHOD, reasons=(Why.STATIONARY_BOUNDS(),))
    best = best_of(objective, list(points.values()))
    if best is None:
        return ExactOutcome(METHOD, reasons=(Why.BEST_MAY_NOT_EXIST(),))
    if _is_open(problem) or finite_box(_at_least_as_good(problem, objective, best[0])) is None:
        return ExactOutcome(METHOD, reasons=(Why.BEST_NOT_REACHED(),))
    count = f"{len(points)} stationary {'point' if len(points) == 1 else 'points'}"
    proof = f"{count} compared, and the points at least as good are bounded"
    return ExactOutcome(METHOD, solutions=best, complete=True, proof=proof)


def _at_least_as_good(problem: Problem, objective: Expr, point: ExactSolution) -> Problem:
    """The points with no worse a value: the value and something that is not negative make that of the point."""
    slack = real_symbol(" slack")
    value = objective.xreplace(dict(point.values))
    return replace(
        problem,
        unknowns=(*problem.unknowns, Unknown(slack, Domain(low=Integer(0), low_open=False))),
        equations=(*problem.equations, Equation(objective + slack, value)),
    )


def _holds_throughout(problem: Problem, requirement: Requirement) -> bool:
    """Whether a condition is proved to hold wherever the problem's other statements do."""
    lhs, relation, rhs = requirement
    if relation is Relation.NOT_EQUAL:
        broken = replace(problem, equations=(*problem.equations, Equation(lhs, rhs)))
    else:
        opposite = Relation.AT_MOST if relation is Relation.LESS else Relation.LESS
        broken = replace(problem, conditions=(*problem.conditions, Condition(rhs, opposite, lhs)))
    return bounding_box(broken) is None


def _is_open(problem: Problem) -> bool:
    """Whether the region lacks some of its border, where a best value might be missed."""
    strict = any(isinstance(c, Condition) and c.relation is Relation.LESS for c in problem.conditions)
    domains = [unknown.domain for unknown in problem.unknowns]
    return strict or any((d.low != -oo and d.low_open) or (d.high != oo and d.high_open) for d in domains)


def _systems(
    problem: Problem, objective: Expr, equations: Sequence[Expr], inequalities: Sequence[Expr]
) -> Iterator[Problem]:
    """The stationarity system for every choice of the inequalities that hold as equations."""
    for size in range(len(inequalities) + 1):
        for chosen in combinations(inequalities, size):
            yield _stationary(problem, objective, [*equations, *chosen])


def _stationary(problem: Problem, objective: Expr, held: Sequence[Expr]) -> Problem:
    """Points on the held constraints where the gradient is orthogonal to every direction that these leave."""
    size = len(problem.symbols)
    normals = Matrix([[one.diff(symbol) for symbol in problem.symbols] for one in held])
    directions = normals.nullspace() if held else [Matrix.eye(size).col(i) for i in range(size)]
    gradient = [objective.diff(symbol) for symbol in problem.symbols]
    along = [sum((d * g for d, g in zip(direction, gradient, strict=True)), Integer(0)) for direction in directions]
    return Problem(
        unknowns=tuple(Unknown(symbol, REALS) for symbol in problem.symbols),
        equations=tuple(Equation(row, Integer(0)) for row in (*held, *along) if row != 0),
    )


def best_of(objective: Expr, points: Sequence[ExactSolution]) -> tuple[ExactSolution, ...] | None:
    """The points of least value, None where two values cannot be compared or there is no point."""
    values = [objective.xreplace(dict(point.values)) for point in points]

    def compared(one: int, other: int) -> int:
        found = zero.sign(values[one] - values[other])
        if found is None:
            raise ArithmeticError
        return found

    try:
        order = sorted(range(len(points)), key=cmp_to_key(compared))
        return tuple(points[i] for i in order if compared(i, order[0]) == 0) or None
    except ArithmeticError:
        return None


BEST_OF_FINITELY_MANY = Solver("best of finitely many", (Kind.OPTIMIZATION,), _of_finitely_many)
STATIONARY_POINTS = Solver(METHOD, (Kind.OPTIMIZATION,), _solve)
