"""How well a fit fits: standard errors, confidence intervals, residual sum of squares, R².

The formulas are those of nonlinear regression by linearisation at the estimate (Bates and Watts, *Nonlinear Regression
Analysis and Its Applications*, 1988, chapter 2); for a model linear in its parameters they are exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from sympy import Expr, Symbol, lambdify

from puzzlesolver.answer.solution import FitStatistics
from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.fit.rows import rows_of, weights_of
from puzzlesolver.problem import Fit, real_symbol

CONFIDENCE = 0.95
MOST_EXACT_ROWS = 2_000  # Rows up to which the residuals of a rational estimate are exact until rounded.


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
    if fit.data.rows > MOST_EXACT_ROWS or not all(value.is_Rational for value in estimate.values()):
        return None
    residual = (fit.output - fit.model).xreplace(dict(estimate))
    values = [residual.xreplace(row) for row in rows_of(fit)]
    return np.array([float(value) for value in values]) if all(value.is_Rational for value in values) else None


def _evaluated(fit: Fit, expression: Expr, values: Sequence[float]) -> FloatArray:
    """`expression` at every row of the data, the parameters having `values`; float64 ``[rows]``."""
    names = list(fit.data.columns)
    symbols = [*(real_symbol(name) for name in names), *fit.parameters]
    generated = {symbol: Symbol(f"v{number}", real=True) for number, symbol in enumerate(symbols)}
    function = lambdify(list(generated.values()), expression.xreplace(generated), modules=["scipy", "numpy"])
    columns = [np.array([float(value) for value in fit.data.columns[name]]) for name in names]
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(function(*columns, *values), dtype=np.float64), (fit.data.rows,))
