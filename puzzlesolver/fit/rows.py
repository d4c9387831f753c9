"""The rows of measured data: what the columns are in each of them, and how much it weighs."""

from __future__ import annotations

from sympy import Rational, Symbol

from puzzlesolver.problem import Fit, real_symbol


def rows_of(fit: Fit) -> list[dict[Symbol, Rational]]:
    """What the columns are in each row."""
    columns = [(real_symbol(name), values) for name, values in fit.data.columns.items()]
    return [{symbol: values[row] for symbol, values in columns} for row in range(fit.data.rows)]


def weights_of(fit: Fit) -> tuple[Rational, ...]:
    """The weight of each row: 1, or the column of `weights`, or 1/sigma²."""
    if fit.weights is not None:
        return fit.data.columns[fit.weights]
    if fit.sigma is not None:
        return tuple(1 / sigma**2 for sigma in fit.data.columns[fit.sigma])
    return (Rational(1),) * fit.data.rows
