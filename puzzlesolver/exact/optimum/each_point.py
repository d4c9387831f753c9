"""The least or greatest value over few points, each of them tried, where CP-SAT has no form: ``minimize x + 12/x``."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

from sympy import Rational

from puzzlesolver.analysis.classify import Analysis, Kind, is_whole
from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact import limits
from puzzlesolver.exact.method import Context, Solver
from puzzlesolver.exact.optimum.solver import best_of
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.whole.finite import whole_ranges
from puzzlesolver.problem import Condition, Problem
from puzzlesolver.problem.functions import expression_conditions
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

METHOD = "each point tried"


def _each_point(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    """All points with the best value, where the unknowns have finitely many values, and few combinations of them."""
    plain = replace(problem, objective=None, asks=())
    values = whole_ranges(plain) if is_whole(plain) else None
    if problem.objective is None or not values or math.prod(map(len, values.values())) > limits.MOST_POINTS_TRIED:
        return None
    expression = problem.objective.expression
    origin = problem.objective.origin
    defined = tuple(Condition(*requirement, origin) for requirement in expression_conditions(expression))
    asked = replace(plain, conditions=(*plain.conditions, *defined))
    points = []
    for choice in product(*values.values()):
        at = dict(zip(values, map(Rational, choice), strict=True))
        verdict = put_back(asked, at)
        if verdict is Verdict.UNDECIDED:
            return ExactOutcome(METHOD, reasons=(Why.NOT_DECIDED_POINT_CONDITIONS(),))
        if verdict is Verdict.HOLDS:
            points.append(ExactSolution({symbol: at[symbol] for symbol in problem.symbols}, Evidence.EXACT))
    best = best_of(-expression if problem.objective.maximize else expression, points)
    if points and best is None:
        return ExactOutcome(METHOD, reasons=(Why.BEST_MAY_NOT_EXIST(),))
    count = f"{len(points)} {'point' if len(points) == 1 else 'points'}"
    return ExactOutcome(METHOD, best or (), complete=True, proof=f"{count} of the finite domains compared")


EACH_POINT = Solver(METHOD, (Kind.OPTIMIZATION,), _each_point)
