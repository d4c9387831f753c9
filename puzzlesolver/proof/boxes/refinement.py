"""The Krawczyk operator in ball arithmetic, and certified solutions refined with it to any number of digits.

In: an unrolled `Problem` and a `Certificate`. Out: a smaller box around the same solution.

With c inside the box X and any matrix Y, every solution in X lies in K(X) = c - Y f(c) + (I - Y F(X)) (X - c), where
F(X) encloses the Jacobian; if K(X) is inside X's interior, there is exactly one (R. Krawczyk 1969; A. Neumaier,
Interval Methods for Systems of Equations, 1990, section 5.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from puzzlesolver.arithmetic.balls import ball_of, interval_of, working_precision
from puzzlesolver.arithmetic.intervals import LEAST_NORMAL, UNIT
from puzzlesolver.problem import Problem
from puzzlesolver.proof import limits
from puzzlesolver.proof.boxes.box import Box, Certificate
from puzzlesolver.proof.boxes.system import System, system_of

BallRows = Sequence[Mapping[int, arb]]
Matrix = NDArray[np.float64]


def products(jacobian: BallRows, residuals: Sequence[arb], radii: Sequence[arb]) -> tuple[list[arb], list[arb]] | None:
    """Balls that contain Y f, and balls around zero that contain (I - Y J) times any vector within the radii.

    None where the middle of J is singular, or something is not finite. Few unknowns are worked out in balls throughout;
    many with float64 matrices and a rigorous bound of their rounding, |fl(AB) - AB| <= gamma_k |A||B| for every order
    of summation (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.5), vectors being scaled so
    that nothing underflows.
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


FIRST_PRECISION = 64

ZERO_DIGITS = 20  # So many digits more are asked of a coordinate that may be zero, where no significant digit exists.


@dataclass(frozen=True, slots=True)
class SquareSystem:
    """The square subsystem on which the test runs."""

    system: System
    rows: tuple[int, ...]

    def residuals(self, point: Sequence[arb]) -> list[arb]:
        """The residuals of its equations."""
        values = self.system.residual_balls(point)
        return [values[row] for row in self.rows]

    def jacobian(self, point: Sequence[arb]) -> list[dict[int, arb]]:
        """Their gradients, by the variable's number; those missing are zero."""
        rows = self.system.jacobian_balls(point)
        return [rows[row] for row in self.rows]

    def defined(self, box: Sequence[arb]) -> bool:
        """Whether both sides of these equations are real numbers all over the box."""
        sides = self.system.side_balls(box)
        return all(sides[2 * row].is_finite() and sides[2 * row + 1].is_finite() for row in self.rows)


def refine(problem: Problem, certificate: Certificate, digits: int) -> Box:
    """The certified solution in a box of at least `digits` correct significant digits in every coordinate.

    Each step is the Krawczyk operator at about twice the precision of the one before; the solution never leaves the
    boxes. A coordinate that may be zero is enclosed to `ZERO_DIGITS` digits after the point beyond those asked. Where
    rounding stops the progress, what has been reached is given.
    """
    square = SquareSystem(system_of(problem), certificate.equations)
    precision, last = FIRST_PRECISION, 16 * digits + 1024
    with working_precision(2 * last):
        balls = [ball_of(certificate.box[symbol]) for symbol in problem.symbols]
    while precision <= last:
        blurred = [k for k, ball in enumerate(balls) if not _sharp(ball, digits)]
        if not blurred:
            break
        before = [balls[k].rad() for k in blurred]
        with working_precision(precision):
            image = krawczyk(square, balls)
            if image is not None:
                balls = intersection(balls, image)
        if all(balls[k].rad() > 0.7 * radius for k, radius in zip(blurred, before, strict=True)):
            precision = precision * 3 // 2
        else:
            precision = max(precision, min(2 * precision, 4 * digits + 64))
    ends = {symbol: interval_of(ball) for symbol, ball in zip(problem.symbols, balls, strict=True)}
    return {
        symbol: (max(low, certificate.box[symbol][0]), min(high, certificate.box[symbol][1]))
        for symbol, (low, high) in ends.items()
    }


def krawczyk(square: SquareSystem, box: Sequence[arb]) -> list[arb] | None:
    """K(box), None where the Jacobian is singular or not finite on it."""
    centre = [ball.mid() for ball in box]
    found = products(square.jacobian(box), square.residuals(centre), [ball.rad() for ball in box])
    if found is None:
        return None
    return [c - step + spread for c, step, spread in zip(centre, *found, strict=True)]


def intersection(one: Sequence[arb], other: Sequence[arb]) -> list[arb]:
    return [a.intersection(b) for a, b in zip(one, other, strict=True)]


def _sharp(ball: arb, digits: int) -> bool:
    """Whether a ball knows `digits` significant digits, or that its number is zero to so many digits and more."""
    if ball.contains(0):
        return bool(ball.rad() * 10 ** (digits + ZERO_DIGITS) < 1)
    return bool(ball.rad() * 2 * 10 ** (digits + 1) < ball.abs_lower())
