"""How well a fit fits: standard errors, confidence intervals, residual sum of squares, R².

The formulas are those of nonlinear regression by linearisation at the estimate (Bates and Watts, *Nonlinear Regression
Analysis and Its Applications*, 1988, chapter 2); for a model linear in its parameters they are exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from sympy import Expr, Rational, Symbol, lambdify

from puzzlesolver.answer.solution import FitStatistics
from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.arithmetic.interval import middle
from puzzlesolver.problem import Condition, Equation, Fit, Origin, Problem, Unknown, real_symbol
from puzzlesolver.proof.boxes.box import Certificate
from puzzlesolver.proof.boxes.krawczyk import certify

CONFIDENCE = 0.95
NEAR = 1e-3
"""As far, relative to its size, the point that float64 finds may be from the root that it stands for."""

GRADIENT = 1e-12
"""Where the gradient is smaller, float64 knows no better point."""

MOST_EXACT_TERMS = 2_000
"""Rows times parameters up to which the normal equations are written out to be certified."""


def weights_of(fit: Fit) -> tuple[Rational, ...]:
    """The weight of each row: 1, or the column of `weights`, or 1/sigma²."""
    if fit.weights is not None:
        return fit.data.columns[fit.weights]
    if fit.sigma is not None:
        return tuple(1 / sigma**2 for sigma in fit.data.columns[fit.sigma])
    return (Rational(1),) * fit.data.rows


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
    rows = _rows(fit)
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


def fit_statistics(fit: Fit, estimate: Mapping[Symbol, Expr]) -> FitStatistics:
    """Statistics of `fit` at `estimate`, float64; the residuals of a rational estimate are exact until rounded.

    With `sigma` the covariance is still scaled by the residual variance, as most programs do unless told otherwise.
    """
    values = [float(estimate[parameter]) for parameter in fit.parameters]
    residuals = _exact_residuals(fit, estimate)
    if residuals is None:
        residuals = _evaluated(fit, fit.output - fit.model, values)
    jacobian = np.stack([_evaluated(fit, fit.model.diff(symbol), values) for symbol in fit.parameters], axis=1)
    output = _evaluated(fit, fit.output, values)
    weights = np.array([float(weight) for weight in weights_of(fit)])

    sum_of_squares = float(np.sum(weights * residuals**2))
    mean = float(np.sum(weights * output) / np.sum(weights))
    total = float(np.sum(weights * (output - mean) ** 2))
    freedom = fit.data.rows - len(fit.parameters)
    deviation = float(np.sqrt(sum_of_squares / freedom)) if freedom > 0 else None
    errors = _standard_errors(jacobian * np.sqrt(weights)[:, None], deviation)
    from scipy import stats  # half a second to load: only where it is needed

    quantile = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) if freedom > 0 else float("nan")
    names = [str(parameter.name) for parameter in fit.parameters]
    intervals = [
        None if error is None else (value - quantile * error, value + quantile * error)
        for value, error in zip(values, errors, strict=True)
    ]
    return FitStatistics(
        standard_errors=MappingProxyType(dict(zip(names, errors, strict=True))),
        intervals=MappingProxyType(dict(zip(names, intervals, strict=True))),
        residual_sum_of_squares=sum_of_squares,
        degrees_of_freedom=freedom,
        residual_standard_deviation=deviation,
        r_squared=1 - sum_of_squares / total if total > 0 else None,
    )


def _standard_errors(jacobian: FloatArray, deviation: float | None) -> Sequence[float | None]:
    """Square roots of the diagonal of s²(JᵀJ)⁻¹, by QR so that nothing is squared; None where J has no full rank."""
    columns = jacobian.shape[1]
    if deviation is None or np.linalg.matrix_rank(jacobian) < columns:
        return [None] * columns
    inverse = np.linalg.inv(np.linalg.qr(jacobian, mode="r"))
    return [float(error) for error in deviation * np.sqrt(np.sum(inverse**2, axis=1))]


def _exact_residuals(fit: Fit, estimate: Mapping[Symbol, Expr]) -> FloatArray | None:
    """The residuals without rounding errors, None where they are no rational numbers or there are too many."""
    if fit.data.rows > MOST_EXACT_TERMS or not all(value.is_Rational for value in estimate.values()):
        return None
    residual = (fit.output - fit.model).xreplace(dict(estimate))
    values = [residual.xreplace(row) for row in _rows(fit)]
    return np.array([float(value) for value in values]) if all(value.is_Rational for value in values) else None


def _rows(fit: Fit) -> list[dict[Symbol, Rational]]:
    columns = [(real_symbol(name), values) for name, values in fit.data.columns.items()]
    return [{symbol: values[row] for symbol, values in columns} for row in range(fit.data.rows)]


def _evaluated(fit: Fit, expression: Expr, values: Sequence[float]) -> FloatArray:
    """`expression` at every row of the data, the parameters having `values`; float64 ``[rows]``."""
    names = list(fit.data.columns)
    symbols = [*(real_symbol(name) for name in names), *fit.parameters]
    generated = {symbol: Symbol(f"v{number}", real=True) for number, symbol in enumerate(symbols)}
    function = lambdify(list(generated.values()), expression.xreplace(generated), modules=["scipy", "numpy"])
    columns = [np.array([float(value) for value in fit.data.columns[name]]) for name in names]
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(function(*columns, *values), dtype=np.float64), (fit.data.rows,))
