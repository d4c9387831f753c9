"""The linear algebra of the Krawczyk operator: Y f(c) and (I - Y J)(X - c) for an approximate inverse Y of J's middle.

In: the rows of a Jacobian's enclosure, residuals at the centre, and the box's radii, all in balls. Out: enclosures of
both products. Few unknowns are worked out in balls throughout; many with float64 matrices and a rigorous bound of
their rounding, |fl(AB) - AB| <= gamma_k |A||B| for every order of summation (Higham, Accuracy and Stability of
Numerical Algorithms, 2002, section 3.5), vectors being scaled so that nothing underflows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from puzzlesolver.arithmetic.intervals import LEAST_NORMAL, UNIT
from puzzlesolver.proof import limits

BallRows = Sequence[Mapping[int, arb]]
Matrix = NDArray[np.float64]


def products(jacobian: BallRows, residuals: Sequence[arb], radii: Sequence[arb]) -> tuple[list[arb], list[arb]] | None:
    """Balls that contain Y f, and balls around zero that contain (I - Y J) times any vector within the radii.

    None where the middle of J is singular, or something is not finite.
    """
    if not all(entry.is_finite() for row in jacobian for entry in row.values()):
        return None
    if not all(value.is_finite() for value in residuals):
        return None
    return (_in_balls if len(jacobian) <= limits.IN_BALLS else _in_floats)(jacobian, residuals, radii)


def _in_balls(jacobian: BallRows, residuals: Sequence[arb], radii: Sequence[arb]) -> tuple[list[arb], list[arb]] | None:
    n = len(jacobian)
    matrix, identity = arb_mat(n, n), arb_mat(n, n)
    for i, row in enumerate(jacobian):
        identity[i, i] = 1
        for j, entry in row.items():
            matrix[i, j] = entry
    try:
        # Any matrix would do: nothing is claimed of the inverse.
        inverse = matrix.mid().inv().mid()
    except ZeroDivisionError:
        return None
    step = inverse * arb_mat(n, 1, list(residuals))
    spread = (identity - inverse * matrix) * arb_mat(n, 1, [arb(0, radius) for radius in radii])
    return step.entries(), spread.entries()


def _in_floats(
    jacobian: BallRows, residuals: Sequence[arb], radii: Sequence[arb]
) -> tuple[list[arb], list[arb]] | None:
    n = len(jacobian)
    middle: Matrix = np.zeros((n, n))
    radius: Matrix = np.zeros((n, n))
    for i, row in enumerate(jacobian):
        for j, entry in row.items():
            middle[i, j], radius[i, j] = _middle_and_radius(entry)
    if not (np.isfinite(middle).all() and np.isfinite(radius).all()):
        return None
    try:
        inverse = np.linalg.inv(middle)
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(inverse).all():
        return None
    size = np.abs(inverse)
    gamma = (n + 8) * UNIT
    with np.errstate(all="ignore"):
        rest = np.abs(np.eye(n) - inverse @ middle) * (1 + gamma) + gamma
        rest += (size @ (radius + gamma * np.abs(middle))) * (1 + gamma) + n * LEAST_NORMAL
        scale, values = _scaled(radii)
        spread = (rest @ values) * (1 + gamma) + n * LEAST_NORMAL
        factor, f_values = _scaled([abs(value).upper() for value in residuals])
        f_middle = np.array([float((value / factor).mid()) for value in residuals])
        f_radius = np.array([_middle_and_radius(value / factor)[1] for value in residuals])
        step = inverse @ f_middle
        error = (size @ (f_radius + gamma * f_values)) * (1 + gamma) + n * LEAST_NORMAL
    if not (np.isfinite(spread).all() and np.isfinite(step).all() and np.isfinite(error).all()):
        return None
    return (
        [factor * arb(float(s), float(e)) for s, e in zip(step, error, strict=True)],
        [scale * arb(0, float(s)) for s in spread],
    )


def _middle_and_radius(ball: arb) -> tuple[float, float]:
    """A float near the middle, and one that is sure to reach all of the ball from there."""
    middle = float(ball.mid())
    return middle, float(abs(ball - arb(middle)).upper()) * (1 + 4 * UNIT) + LEAST_NORMAL


def _scaled(values: Sequence[arb]) -> tuple[arb, Matrix]:
    """A power of two, and the values (none negative) divided by it and rounded up: at most about one."""
    mantissa, exponent = max(values).mid().man_exp()
    scale = arb(2) ** (int(exponent) + int(mantissa).bit_length())
    return scale, np.array([float((value / scale).upper()) * (1 + 4 * UNIT) + LEAST_NORMAL for value in values])
