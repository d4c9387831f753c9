"""The way through for one polynomial problem: equations in, all admitted real solutions and the proof out."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpz_mpoly, fmpz_mpoly_ctx

from puzzlesolver.analysis.classify import Kind
from puzzlesolver.answer.reasons import Why
from puzzlesolver.arithmetic.elimination import numerator
from puzzlesolver.exact import limits
from puzzlesolver.exact.conflicts import smallest
from puzzlesolver.exact.method import Solver
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.polynomial.f4 import Limits, TooLarge, UnluckyPrime
from puzzlesolver.exact.polynomial.finite import Disagreement, Empty, Finite, Infinite, is_contradiction, solve_finite
from puzzlesolver.exact.polynomial.infinite import METHOD, counted, infinite_outcome
from puzzlesolver.exact.polynomial.points import admitted_points, as_solution
from puzzlesolver.exact.polynomial.ring import from_sympy, ring
from puzzlesolver.problem import Problem

CONFLICT_LIMITS = Limits(columns=1_000, bits=2_000)
"""How far each attempt to do without one of the conflicting equations goes."""


def solve_polynomial(problem: Problem) -> ExactOutcome:
    """All real solutions of a problem whose equations' numerators are polynomials with rational coefficients.

    The outcome is complete only with a proof.
    """
    symbols = problem.symbols
    context = ring(len(symbols))
    polynomials = []
    for equation in problem.equations:
        present = equation.residual.free_symbols  # in a ring of every unknown SymPy would take long for each equation
        places = [place for place, symbol in enumerate(symbols) if symbol in present]
        polynomial = numerator(equation.residual, tuple(symbols[place] for place in places))
        if polynomial is None:
            return ExactOutcome(METHOD, reasons=(Why.NOT_POLYNOMIAL(equation.origin.text),))
        polynomials.append(from_sympy(polynomial, places, context))
    try:
        return _solved(problem, polynomials, context)
    except (TooLarge, UnluckyPrime) as error:
        return ExactOutcome(METHOD, reasons=(Why.GROEBNER_BASIS(error.reason),))
    except Disagreement as error:
        return ExactOutcome(METHOD, reasons=(Why.CHECK_FAILED(error.reason),))


def _solved(problem: Problem, polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> ExactOutcome:
    match found := solve_finite(polynomials, context):
        case Empty():
            return ExactOutcome(
                METHOD,
                complete=True,
                proof="elimination: Gröbner basis {1}",
                conflict=_smallest_conflict(polynomials, context),
            )
        case Finite():
            return _finite_outcome(problem, found)
        case Infinite():
            return infinite_outcome(problem, polynomials, context)


def _smallest_conflict(polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> tuple[int, ...]:
    """Equations without a common complex solution, none of which can be spared as far as a small effort tells."""
    lines = range(len(polynomials))
    if len(lines) > limits.MOST_CONFLICTING:
        return tuple(lines)
    kept, _ = smallest(lines, lambda some: is_contradiction([polynomials[i] for i in some], context, CONFLICT_LIMITS))
    return kept


def _finite_outcome(problem: Problem, found: Finite) -> ExactOutcome:
    """The real solutions among finitely many complex ones."""
    points, reasons = admitted_points(problem, found)
    confirmed = " (Hermite's form)" if found.counted else ""
    proof = (
        f"elimination: Gröbner basis of {counted(found.basis_size, 'polynomial')}, "
        f"{counted(found.distinct, 'complex solution')} of which {found.real} real{confirmed}"
    )
    if len(points) < found.real:
        proof += f", {len(points)} admitted"
    return ExactOutcome(
        METHOD,
        tuple(as_solution(point) for point in points),
        complete=not reasons,
        proof=None if reasons else proof,
        reasons=reasons,
    )


POLYNOMIAL = Solver(METHOD, (Kind.POLYNOMIAL,), lambda problem, analysis, context: solve_polynomial(problem))
