"""The way through for one polynomial problem: equations in, all admitted real solutions and the proof out."""

from __future__ import annotations

from puzzlesolver.analysis.classify import Analysis, numerator
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.polynomial.admission import admitted_points
from puzzlesolver.exact.polynomial.f4 import TooLarge, UnluckyPrime
from puzzlesolver.exact.polynomial.finite import Empty, Finite, Infinite, solve_finite
from puzzlesolver.exact.polynomial.infinite import METHOD, counted, infinite_outcome
from puzzlesolver.exact.polynomial.points import as_solution
from puzzlesolver.exact.polynomial.ring import from_sympy, ring
from puzzlesolver.problem import Problem


def solve_polynomial(problem: Problem, analysis: Analysis) -> ExactOutcome:
    """All real solutions of a problem whose equations' numerators are polynomials with rational coefficients.

    The outcome is complete only with a proof. Raises AssertionError where two ways of counting disagree.
    """
    context = ring(len(problem.symbols))
    polynomials = []
    for equation in problem.equations:
        polynomial = numerator(equation.residual, problem.symbols)
        if polynomial is None:
            return ExactOutcome(METHOD, reasons=(f"not a polynomial equation: {equation.origin.text}",))
        polynomials.append(from_sympy(polynomial, context))
    try:
        found = solve_finite(polynomials, context)
    except (TooLarge, UnluckyPrime) as error:
        return ExactOutcome(METHOD, reasons=(f"Gröbner basis: {error}",))
    match found:
        case Empty():
            return ExactOutcome(METHOD, complete=True, proof="elimination: Gröbner basis {1}")
        case Finite():
            return _finite_outcome(problem, found)
        case Infinite():
            return infinite_outcome(problem, polynomials, context)


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
