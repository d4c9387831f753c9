"""The answer where something is to be best: a fit to data, a least or greatest value.

In: what both engines found. Out: one `SolutionSet`, with the status `best fit`; complete only where it is proved that
nothing is better.
"""

from __future__ import annotations

from sympy import Float

from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Answer, SolutionSet, Status, Value
from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.fit.stationarity import stationarity
from puzzlesolver.fit.statistics import fit_statistics
from puzzlesolver.problem import Problem, Relation
from puzzlesolver.problem.notation import notation
from puzzlesolver.solving.comparison import Findings, engines_of, fulfils, shown, vector
from puzzlesolver.solving.evidence import from_certificate, from_exact, from_point
from puzzlesolver.solving.membership import SAME_POINT, close


def reconcile_fit(problem: Problem, found: Findings) -> SolutionSet:
    """One answer to a fit: the exact least-squares solution, or the certified root of the gradient, or the estimate.

    Only a model that is linear in its parameters has one best fit for certain; a certified root of the gradient has all
    its digits right and may still be one of several minima.
    """
    assert problem.fit is not None
    estimate = None
    if found.candidates is not None and len(found.candidates.points):
        estimate = found.candidates.points[0]
    solutions = [from_exact(problem, solution) for solution in found.outcome.solutions] if found.outcome else []
    system = stationarity(problem) if found.certified and not solutions else None
    if system is not None:
        solutions = [from_certificate(system, certificate) for certificate, _ in found.certified]
    if not solutions and estimate is not None:
        solutions = [from_point(problem, estimate)]
    agree, ledger = None, []
    if solutions and estimate is not None and found.is_complete:
        agree = close(vector(problem, solutions[0]), estimate, SAME_POINT)
        words = "the exact solution" if agree else "not the exact solution"
        ledger.append(f"search ended at {shown(problem, estimate)}: {words}")
    reasons = [*found.reasons, *(found.outcome.reasons if found.outcome else ())]
    if agree is False:
        reasons.append(Why.OTHER_ESTIMATE())
    if solutions and not found.is_complete:
        reasons.append(Why.BETTER_FIT())
    statistics = None
    if len(solutions) == 1 and not solutions[0].free:
        values = (solutions[0].values[unknown.name] for unknown in problem.unknowns)
        at = [Float(value.approximation, 17) if value.exact is None else value.exact for value in values]
        statistics = fit_statistics(problem.fit, dict(zip(problem.symbols, at, strict=True)))
    return SolutionSet(
        problem=problem,
        status=Status.BEST_FIT if solutions else Status.UNDECIDED,
        solutions=tuple(solutions),
        complete=found.is_complete,
        proof=found.outcome.proof if found.outcome else None,
        reasons=tuple(dict.fromkeys(reasons)),
        fit=statistics,
        engines=engines_of(problem, found, agree, ledger),
        seconds=found.seconds,
    )


def reconcile_optimum(problem: Problem, found: Findings) -> SolutionSet:
    """One answer to ``minimize`` or ``maximize``: what is proved to be best, or else the best that was found."""
    assert problem.objective is not None
    outcome, objective = found.outcome, problem.objective.expression
    solutions = [from_exact(problem, solution) for solution in found.exact_solutions]
    reasons = [*found.reasons, *(outcome.reasons if outcome is not None else ())]
    best = None
    if not found.is_complete and found.candidates is not None and len(found.candidates.points):
        best = found.candidates.points[0]
    admitted = best is not None and fulfils(problem, best)  # the search knows nothing of whole numbers
    value: Value | None = None
    if solutions and outcome is not None:
        exact = objective.xreplace(dict(outcome.solutions[0].values))
        value = Value(exact, float(exact.evalf(20)))
    elif best is not None and admitted and not _at_an_open_end(problem, best):
        solutions = [from_point(problem, best)]
        at = dict(zip(problem.symbols, map(Float, best), strict=True))
        value = Value(None, float(objective.xreplace(at).evalf(20)))
        reasons.append(Why.BETTER_VALUE())
    elif best is not None:
        reasons.append(Why.OPEN_END() if _at_an_open_end(problem, best) else Why.BEST_NOT_ADMITTED())
    elif found.candidates is not None:
        reasons.append(found.candidates.reason)
    empty = Status.NONE if found.is_complete else Status.UNDECIDED
    return SolutionSet(
        problem=problem,
        status=Status.BEST_FIT if solutions else empty,
        solutions=tuple(solutions),
        complete=found.is_complete,
        proof=outcome.proof if outcome is not None else None,
        reasons=tuple(dict.fromkeys(reasons)),
        best=None if value is None else Answer(notation(objective), value),
        engines=engines_of(problem, found, None, ()),
        seconds=found.seconds,
    )


def _at_an_open_end(problem: Problem, point: FloatArray) -> bool:
    """Whether a point lies, as far as float64 tells, where a strict inequality or an open domain ends."""
    at = {symbol: Float(float(number), 17) for symbol, number in zip(problem.symbols, point, strict=True)}
    gaps = [one.rhs - one.lhs for one in problem.demands() if one.relation is Relation.LESS]
    return any(gap.xreplace(at).evalf() < SAME_POINT for gap in gaps)
