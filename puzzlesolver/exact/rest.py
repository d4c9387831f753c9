"""What is neither linear nor polynomial: taken apart until each piece is of a kind that is solved.

In: a problem in one block. Out: an outcome that is complete only where every step was an equivalence: roots and
absolute values replaced by unknowns, angles by points of the circle, one unknown freed by inverse functions, equations
in one unknown solved first and put into the others, unknowns expressed by the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from flint import fmpq

from puzzlesolver.analysis.classify import Analysis, analyse
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.arithmetic.elimination import Form
from puzzlesolver.exact.linear.affine_family import Part, restrict
from puzzlesolver.exact.linear.constant_linear import solve_constant_linear
from puzzlesolver.exact.linear.parametrisation import Parametrisation
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.reductions.angles import by_angles
from puzzlesolver.exact.reductions.radicals import Unrooted, without_radicals
from puzzlesolver.exact.reductions.triangular import by_elimination, by_substitution
from puzzlesolver.exact.univariate.branches import solutions_among
from puzzlesolver.exact.univariate.inversion import Everywhere, zeros
from puzzlesolver.exact.univariate.kernels import NotCovered
from puzzlesolver.exact.words import fresh_integers
from puzzlesolver.problem import Problem
from puzzlesolver.problem.notation import notation
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

INCOMPLETE = "no method here proves that closed forms are all"

Solver = Callable[[Problem, Analysis], ExactOutcome]


def solve_rest(problem: Problem, solve: Solver) -> ExactOutcome:
    """Solve by the first step that applies; `solve` solves the simpler problems that come out of it."""
    best = ExactOutcome("none")
    for step in (solve_constant_linear, _one_unknown, _by_algebra, by_substitution, by_angles, by_elimination):
        outcome = step(problem, solve)
        if outcome is not None and outcome.complete:
            return outcome
        if outcome is not None and (best.method == "none" or len(outcome.solutions) > len(best.solutions)):
            best = outcome
    return replace(best, reasons=tuple(dict.fromkeys((*best.reasons, INCOMPLETE))))


def _one_unknown(problem: Problem, solve: Solver) -> ExactOutcome | None:
    """An equation in the only unknown, turned inside out; the others are put back."""
    if len(problem.unknowns) != 1:
        return None
    (x,) = problem.symbols
    trivial = 0
    for equation in problem.equations:
        try:
            branches = zeros(equation.residual, x, fresh_integers(problem.symbols))
        except NotCovered:
            continue
        except Everywhere:
            trivial += 1
            continue
        part = solutions_among(problem, branches)
        return _outcome("inverse functions", part, f"solved for {x} by inverse functions")
    if trivial < len(problem.equations):
        return None
    everything = Parametrisation((x,), (Form(fmpq(0), {0: fmpq(1)}),), (x,))
    return _outcome("identities", restrict(problem, everything), "the equations are identities")


def _outcome(method: str, part: Part, proof: str) -> ExactOutcome:
    return ExactOutcome(
        method,
        solutions=part.solutions,
        complete=part.complete,
        proof="; ".join((proof, *part.proof)) if part.complete else None,
        reasons=part.reasons,
    )


def _by_algebra(problem: Problem, solve: Solver) -> ExactOutcome | None:
    """Roots and absolute values as further unknowns of a polynomial problem."""
    unrooted = without_radicals(problem)
    if unrooted is None:
        return None
    outcome = solve(unrooted.problem, analyse(unrooted.problem))
    solutions = [_original(problem, unrooted, solution) for solution in outcome.solutions]
    kept = tuple(solution for solution in solutions if solution is not None)
    complete = outcome.complete and len(kept) == len(solutions)
    reasons = outcome.reasons
    if len(kept) < len(solutions):
        reasons = (*reasons, "a solution of the polynomial form could not be put back into the problem")
    return ExactOutcome(
        f"roots as unknowns, {outcome.method}",
        solutions=kept,
        complete=complete,
        proof=f"roots and absolute values as further unknowns; {outcome.proof}" if complete else None,
        reasons=reasons,
    )


def _original(problem: Problem, unrooted: Unrooted, solution: ExactSolution) -> ExactSolution | None:
    """A solution of the polynomial form without the new unknowns.

    A family must not depend on them. One whose coordinates are roots without closed forms keeps the polynomial form's
    evidence, as the solutions correspond one to one.
    """
    parameters = {*solution.free, *solution.integer_parameters}
    if parameters & unrooted.meaning.keys():
        return None
    values = {symbol: value for symbol, value in solution.values.items() if symbol not in unrooted.meaning}
    point, sample = solution.point, solution.sample
    if point is not None and len(values) < len(problem.unknowns):
        coordinates = {symbol: form for symbol, form in point.coordinates.items() if symbol not in unrooted.meaning}
        point = replace(point, coordinates=coordinates)
        return replace(solution, values=values, point=point, multiplicity=None)
    if not parameters and put_back(problem, values) is not Verdict.HOLDS:
        return None
    if sample is not None:
        sample = {symbol: value for symbol, value in sample.items() if symbol not in unrooted.meaning}
    return replace(
        solution,
        values=values,
        evidence=Evidence.EXACT,
        point=None,
        multiplicity=None,
        conditions=tuple(_spelt_out(condition, unrooted) for condition in solution.conditions),
        sample=sample,
    )


def _spelt_out(condition: str, unrooted: Unrooted) -> str:
    """A condition's words without the new unknowns."""
    for symbol, meaning in unrooted.meaning.items():
        condition = re.sub(rf"\b{symbol.name}\b", f"({notation(meaning)})", condition)
    return condition
