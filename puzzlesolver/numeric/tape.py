"""Values of ``expression = ?`` by TensorFlow: plain expressions are computed, derivatives taken on a gradient tape."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from sympy import Derivative, Dummy, Expr, Subs, Symbol

from puzzlesolver.numeric.loading import tensorflow
from puzzlesolver.numeric.residual import constants_and_stages, residual_of
from puzzlesolver.numeric.templates import NotComputable, compile_expressions, number


def tape_value(expression: Expr) -> float | None:
    """The expression's value in float64, or None where it has none (free symbols, unknown functions, no finite number).

    Each ``Subs(Derivative(f, …), …)`` in it is differentiated by `tf.GradientTape` at the point it names, once for
    every order: nothing is differentiated by symbols.
    """
    try:
        value = _value(expression)
    except NotComputable:
        return None
    return value if math.isfinite(value) else None


def _value(expression: Expr) -> float:
    slopes = sorted((part for part in expression.atoms(Subs) if isinstance(part.expr, Derivative)), key=str)
    symbols = [Dummy(real=True) for _ in slopes]
    plain = expression.xreplace(dict(zip(slopes, symbols, strict=True)))
    values = [_slope(slope) for slope in slopes]
    return _differentiated(plain, symbols, values, [])


def _slope(slope: Subs) -> float:
    """The value of a derivative at a point."""
    point = [number(value) for value in slope.point]
    return _differentiated(slope.expr.expr, list(slope.variables), point, list(slope.expr.variables))


def _differentiated(expression: Expr, symbols: Sequence[Symbol], point: Sequence[float], by: Sequence[Symbol]) -> float:
    """The value at `point` of the expression's derivative by each of the symbols `by` in turn."""
    tf = tensorflow()
    program = compile_expressions(symbols, [(expression,)])
    unpacked = constants_and_stages(program)
    x = tf.constant(np.array(point).reshape(-1, 1)) if symbols else tf.zeros([0, 1], tf.float64)
    x = tf.concat([x, tf.zeros([program.width - len(symbols), 1], tf.float64)], axis=0)
    rows = [list(symbols).index(symbol) for symbol in by]

    def along(order: int) -> object:
        if order == 0:
            return residual_of(tf, unpacked, x)[0, 0]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            value = along(order - 1)
        gradient = tape.gradient(value, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return gradient[rows[order - 1], 0]

    return float(along(len(rows)))  # type: ignore[arg-type]
