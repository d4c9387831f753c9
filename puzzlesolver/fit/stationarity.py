"""Where a sum of squares has its stationary points: the systems that their coordinates solve, and roots of them."""

from __future__ import annotations

import numpy as np
from sympy import Rational, lambdify

from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.arithmetic.interval import middle
from puzzlesolver.fit.rows import rows_of, weights_of
from puzzlesolver.problem import Condition, Equation, Origin, Problem, Unknown
from puzzlesolver.proof.boxes.box import Certificate
from puzzlesolver.proof.boxes.krawczyk import certify

NEAR = 1e-3  # As far, relative to its size, the point that float64 finds may be from the root that it stands for.
GRADIENT = 1e-12  # Where the gradient is smaller, float64 knows no better point.
MOST_EXACT_TERMS = 2_000  # Rows times parameters up to which the normal equations are written out to be certified.


def stationarity(problem: Problem) -> Problem | None:
    """The system that a least-squares estimate solves: the gradient of the sum of squares is zero.

    None where the data are too many to write it out. A root of it certified by interval arithmetic makes the digits of
    the estimate certain; that it is the least of all minima is another question.
    """
    fit = problem.fit
    assert fit is not None
    if fit.data.rows * len(fit.parameters) > MOST_EXACT_TERMS:
        return None
    residual = fit.output - fit.model
    rows = rows_of(fit)
    equations = []
    for parameter in fit.parameters:
        term = residual * residual.diff(parameter)
        total = sum(
            (weight * term.xreplace(row) for weight, row in zip(weights_of(fit), rows, strict=True)), Rational(0)
        )
        equations.append(Equation(total, Rational(0), Origin(f"slope of the sum of squares in {parameter.name}")))
    conditions = tuple(item for item in problem.conditions if isinstance(item, Condition))
    return Problem(tuple(Unknown(symbol) for symbol in fit.parameters), tuple(equations), conditions)


def nearest(problem: Problem, best: FloatArray) -> tuple[Problem, Certificate] | None:
    """The point that misses contradicting equations by least squares, next to the `best` one seen.

    Out: the system that says that the gradient of their sum of squares is zero, and its certified root. None where
    there is more than equations to be kept, or the test fails.
    """
    if problem.conditions or not all(unknown.domain.is_real_line for unknown in problem.unknowns):
        return None
    missed = [equation.residual for equation in problem.equations]
    missing = lambdify(problem.symbols, missed, "numpy")
    slopes = (sum((one * one.diff(symbol) for one in missed), Rational(0)) for symbol in problem.symbols)
    system = Problem(
        tuple(Unknown(symbol) for symbol in problem.symbols),
        tuple(Equation(slope, Rational(0), Origin("slope of the sum of squares")) for slope in slopes),
    )

    from scipy.optimize import least_squares  # half a second to load: only where it is needed

    def residuals(point: FloatArray) -> FloatArray:
        return np.array(missing(*point), dtype=np.float64)

    try:
        with np.errstate(all="ignore"):
            ends = [least_squares(residuals, start, xtol=None, gtol=GRADIENT) for start in (np.abs(best), best)]
    except (ArithmeticError, TypeError, ValueError):  # it has left what float64 holds, or the residuals' domains
        return None
    least = ends[0] if ends[0].cost <= ends[1].cost * (1 + NEAR) else ends[1]  # of two alike the one without signs
    certificate = certify(system, least.x.tolist())
    if certificate is None:
        return None
    point = np.array([middle(certificate.box[symbol]) for symbol in problem.symbols])
    close = bool(np.all(np.abs(point - least.x) <= NEAR * np.maximum(1.0, np.abs(point))))
    return (system, certificate) if close else None
