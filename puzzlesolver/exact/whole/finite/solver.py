"""Every solution of a puzzle over finitely many values, and the proof that there is no other.

In: an unrolled `Problem` and the values each unknown can have. Out: an `ExactOutcome`. CP-SAT enumerates the solutions
of the compiled model; each is put back into the statements as written by exact arithmetic. A list that is proved to be
all is so by the exhausted search; that one solution is the only one is proved once more, by a second search with the
first one excluded. Where there is none, lines are left out one by one until no more can be.

Source: CP-SAT is L. Perron and F. Didier's solver in Google OR-Tools.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Rational, Symbol

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact import limits
from puzzlesolver.exact.conflicts import smallest
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.steps import Exhausted
from puzzlesolver.exact.whole.finite.compilation import Compiled, compile_objective, compile_problem
from puzzlesolver.exact.whole.finite.model import Unmodelled, cp_sat
from puzzlesolver.exact.whole.finite.points import Points, points_by_boxes
from puzzlesolver.exact.whole.finite.ranges import Values, whole_ranges
from puzzlesolver.problem import Equation, Objective, Problem
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

METHOD = "finite domains (CP-SAT)"

RationalPoint = tuple[Rational, ...]


@dataclass(frozen=True, slots=True)
class FoundPoints:
    """Distinct points, and whether the search that found them has come to its end."""

    points: tuple[RationalPoint, ...]
    exhausted: bool


def solve_finite(
    problem: Problem, values: Mapping[Symbol, Values], limit: int, deadline: float, work: float = math.inf
) -> ExactOutcome:
    """All solutions, or the first `limit` of them, by `deadline` (`time.monotonic`) and in so much work of CP-SAT's."""
    method = METHOD
    try:
        compiled = compile_problem(problem, values)
        found = _enumerated(compiled, limit + 1, deadline, work)
    except Unmodelled as gap:
        method = "finite domains (interval contraction)"
        candidates = points_by_boxes(problem, values, limits.MOST_CANDIDATES, deadline, work)
        if candidates is None:
            return ExactOutcome(method, reasons=(Why.UNMODELLED_AND_MANY(gap.reason),))
        compiled, found = None, _not_refuted(problem, candidates, limit + 1, deadline)
    solutions, reasons = _put_back(problem, found.points[:limit])
    if len(found.points) > limit:
        reasons.append(Why.STOPPED_AT_LIMIT(limit))
    elif not found.exhausted:
        reasons.append(Why.UNFINISHED() if time.monotonic() > deadline else Why.UNFINISHED_WORK(work))
    is_cut = len(found.points) > limit
    complete = found.exhausted and not is_cut and not reasons
    outcome = ExactOutcome(method, solutions=solutions, reasons=tuple(reasons), is_cut=is_cut)
    if not complete:
        return outcome
    if not found.points:
        conflict, is_least = _conflict(problem, deadline)
        reasons = [] if is_least else [Why.UNFINISHED_LINES()]
        return replace(outcome, complete=True, proof=f"exhaustive search of the finite domains ({_by(method)})",
                       conflict=conflict, reasons=tuple(reasons))  # fmt: skip
    proof = f"exhaustive search of the finite domains ({_by(method)})"
    if compiled is not None and len(found.points) == 1:
        second = _second(compiled, problem, values, found.points[0], deadline, work)
        if second is None:
            return replace(outcome, reasons=(Why.UNFINISHED_SECOND(),))
        if not second:
            return replace(outcome, reasons=(Why.SEARCHES_CONTRADICT(),))
        proof += ", and a second search with the solution excluded finds none"
    return replace(outcome, complete=True, proof=proof)


def _not_refuted(problem: Problem, candidates: Points, most: int, deadline: float) -> FoundPoints:
    """The first candidates that do not fail when put back; intervals see less than exact arithmetic."""
    kept: list[RationalPoint] = []
    for point in candidates.points:
        if len(kept) >= most or time.monotonic() > deadline:
            return FoundPoints(tuple(kept), False)
        if put_back(problem, dict(zip(problem.symbols, point, strict=True))) is not Verdict.FAILS:
            kept.append(point)
    return FoundPoints(tuple(kept), candidates.exhausted)


def _by(method: str) -> str:
    return method.partition("(")[2].rstrip(")")


def _put_back(problem: Problem, points: Sequence[RationalPoint]) -> tuple[tuple[ExactSolution, ...], list[Reason]]:
    """The points that solve the problem as written; a reason where that is not decided, or not so."""
    solutions, reasons = [], []
    for point in points:
        values = dict(zip(problem.symbols, point, strict=True))
        match put_back(problem, values):
            case Verdict.HOLDS:
                solutions.append(ExactSolution(values, Evidence.EXACT))
            case Verdict.FAILS:
                reasons.append(Why.POINT_FAILS())
            case Verdict.UNDECIDED:
                reasons.append(Why.NOT_DECIDED_POINT())
    return tuple(solutions), list(dict.fromkeys(reasons))


# --- searching --------------------------------------------------------------------------------------------------------


def _solver(deadline: float, work: float) -> Any:
    cp_model = cp_sat()
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1  # the same order of the same solutions, everywhere
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = work
    solver.parameters.max_time_in_seconds = max(deadline - time.monotonic(), 0.001)
    return solver


def _enumerated(compiled: Compiled, most: int, deadline: float, work: float) -> FoundPoints:
    """The model's solutions, at most `most` of them."""
    cp_model = cp_sat()
    variables = [(compiled.model.variables[place], bottom) for place, bottom in compiled.places]
    points: dict[RationalPoint, None] = {}

    class Collector(cp_model.CpSolverSolutionCallback):  # type: ignore[misc, name-defined]
        def on_solution_callback(self) -> None:
            points[tuple(Rational(self.value(variable), bottom) for variable, bottom in variables)] = None
            if len(points) >= most:
                self.stop_search()

    solver = _solver(deadline, work)
    solver.parameters.enumerate_all_solutions = True
    status = solver.solve(compiled.model.cp, Collector())
    if status == cp_model.MODEL_INVALID:
        raise Unmodelled(Why.REFUSED_MODEL())
    ended = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    return FoundPoints(tuple(points), ended and len(points) < most)


def _second(
    compiled: Compiled,
    problem: Problem,
    values: Mapping[Symbol, Values],
    point: RationalPoint,
    deadline: float,
    work: float,
) -> bool | None:
    """Whether a search with `point` excluded proves that there is nothing else; None where it does not end."""
    cp_model = cp_sat()
    other = compile_problem(problem, values)
    other.model.forbid(
        [(place, int(value * bottom)) for (place, bottom), value in zip(other.places, point, strict=True)]
    )
    solver = _solver(deadline, work)
    solver.parameters.random_seed = 2
    status = solver.solve(other.model.cp)
    return {cp_model.INFEASIBLE: True, cp_model.OPTIMAL: False, cp_model.FEASIBLE: False}.get(status)


def best_finite(
    problem: Problem, objective: Objective, values: Mapping[Symbol, Values], limit: int, deadline: float
) -> ExactOutcome:
    """The points of finite domains at which an objective is best: one by CP-SAT, then all with its value."""
    cp_model = cp_sat()
    expression = -objective.expression if objective.maximize else objective.expression
    try:
        compiled, form = compile_objective(problem, values, expression)
        compiled.model.minimize(form)
    except Unmodelled as gap:
        return ExactOutcome(METHOD, reasons=(Why.UNMODELLED(gap.reason),))
    solver = _solver(deadline, math.inf)
    status = solver.solve(compiled.model.cp)
    if status == cp_model.INFEASIBLE:
        return solve_finite(problem, values, limit, deadline)
    if status != cp_model.OPTIMAL:
        return ExactOutcome(METHOD, reasons=(Why.UNFINISHED_BEST(),))
    variables = [(compiled.model.variables[place], common) for place, common in compiled.places]
    at = dict(zip(problem.symbols, (Rational(solver.value(v), common) for v, common in variables), strict=True))
    best = Equation(expression, expression.xreplace(at), objective.origin)
    found = solve_finite(replace(problem, equations=(*problem.equations, best)), values, limit, deadline)
    if not found.complete or not found.solutions:
        return found
    return replace(found, proof=f"no combination in the finite domains gives a better value (CP-SAT); {found.proof}")


# --- none, and why ----------------------------------------------------------------------------------------------------


def _conflict(problem: Problem, deadline: float) -> tuple[tuple[int, ...], bool]:
    """Statements, equations numbered first, that cannot hold together over the domains, and whether none of them can be
    spared."""
    lines = range(len(problem.statements))
    work, statements = limits.CONFLICT_WORK, limits.CONFLICT_STATEMENTS

    def is_impossible(some: Sequence[int]) -> bool:
        """Whether a part of them has no solution, with no more known of its unknowns than these lines say."""
        nonlocal work, statements
        if not some:
            return False
        statements -= len(some)
        if work <= 0 or statements < 0 or time.monotonic() > deadline:
            raise Exhausted
        part = problem.part(problem.statements[line] for line in some)
        values = whole_ranges(part)
        if values is None:
            return False
        try:
            compiled = compile_problem(part, values)
        except Unmodelled:
            return False
        solver = _solver(deadline, work)
        status = solver.solve(compiled.model.cp)
        work -= solver.response_proto.deterministic_time
        return bool(status == cp_sat().INFEASIBLE)

    return smallest(lines, is_impossible, len(lines) // 2 if len(lines) > limits.MOST_IN_CONFLICT else 1)
