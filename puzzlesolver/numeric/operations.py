"""The functions that the numeric engine knows: SymPy's name on one side, TensorFlow's computation on the other.

Every computation takes and returns float64 tensors of one shape, is differentiable by TensorFlow wherever the function
is, and gives nan outside the function's real domain. TensorFlow itself is handed in, never imported here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Operation:
    """`compute(tf, *arguments)` for `arity` tensors."""

    arity: int
    compute: Callable[..., Any]


def _exp(tf: Any, x: Any) -> Any:
    # never zero: a residual must not vanish by underflow where the function has no zero
    return tf.exp(tf.maximum(x, tf.constant(-700.0, tf.float64)))


def _gamma(tf: Any, x: Any) -> Any:
    """Γ(x) = exp(lgamma(x)); left of zero by reflection, Γ(x) = π / (sin(πx) Γ(1 - x))."""
    pi = tf.constant(math.pi, tf.float64)
    half = tf.constant(0.5, tf.float64)
    right = tf.exp(tf.math.lgamma(tf.maximum(x, half)))
    mirrored = tf.minimum(x, half)
    # sin(πx) from the distance to the nearest whole number: exact reduction, and no digits lost near the poles
    nearest = tf.stop_gradient(tf.round(mirrored))
    sign = 1.0 - 2.0 * tf.math.floormod(nearest, tf.constant(2.0, tf.float64))
    left = pi / (sign * tf.sin(pi * (mirrored - nearest)) * tf.exp(tf.math.lgamma(1.0 - mirrored)))
    return tf.where(x >= half, right, left)


def _gcd(tf: Any, x: Any, y: Any) -> Any:
    """Euclid's algorithm on the nearest whole numbers; constant between them."""
    a, b = tf.abs(tf.round(x)), tf.abs(tf.round(y))
    sane = tf.math.is_finite(a) & tf.math.is_finite(b)
    a, b = tf.where(sane, a, tf.zeros_like(a)), tf.where(sane, b, tf.zeros_like(b))

    def step(a: Any, b: Any) -> tuple[Any, Any]:
        some = b > 0
        return tf.where(some, b, a), tf.where(some, tf.math.floormod(a, tf.where(some, b, tf.ones_like(b))), b)

    a, _ = tf.while_loop(lambda a, b: tf.reduce_any(b > 0), step, [a, b], maximum_iterations=1500)
    return tf.stop_gradient(tf.where(sane, a, x + y))


def _unary(name: str) -> Operation:
    def compute(tf: Any, x: Any) -> Any:
        return getattr(tf.math, name)(x)

    return Operation(1, compute)


_LIKE_TENSORFLOW = (
    *("log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    *("abs", "sign", "floor", "ceil", "erf", "erfc"),
)

OPERATIONS: dict[str, Operation] = {
    "exp": Operation(1, _exp),
    "sqrt": Operation(1, lambda tf, x: tf.sqrt(x)),
    "reciprocal": Operation(1, lambda tf, x: 1.0 / x),
    "cot": Operation(1, lambda tf, x: tf.cos(x) / tf.sin(x)),
    "sec": Operation(1, lambda tf, x: 1.0 / tf.cos(x)),
    "csc": Operation(1, lambda tf, x: 1.0 / tf.sin(x)),
    "gamma": Operation(1, _gamma),
    "factorial": Operation(1, lambda tf, x: _gamma(tf, x + 1.0)),
    "pow": Operation(2, lambda tf, x, y: tf.pow(x, y)),
    "atan2": Operation(2, lambda tf, y, x: tf.atan2(y, x)),
    "min": Operation(2, lambda tf, x, y: tf.minimum(x, y)),
    "max": Operation(2, lambda tf, x, y: tf.maximum(x, y)),
    "mod": Operation(2, lambda tf, x, y: tf.math.floormod(x, y)),
    "gcd": Operation(2, _gcd),
    **{name: _unary(name) for name in _LIKE_TENSORFLOW},
}
"""Everything a program may apply, by the name it has there."""

BY_CLASS: dict[str, str] = {
    **{name: name for name in OPERATIONS if name not in {"reciprocal", "pow", "min", "max", "mod", "abs", "ceil"}},
    "Abs": "abs",
    "Min": "min",
    "Max": "max",
    "Mod": "mod",
    "ceiling": "ceil",
    "Gcd": "gcd",
}
"""The operation for a SymPy function, by the name of its class."""
