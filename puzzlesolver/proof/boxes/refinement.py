"""The Krawczyk operator in ball arithmetic, and certified solutions refined with it to any number of digits.

In: an unrolled `Problem` and a `Certificate`. Out: a smaller box around the same solution.

With c inside the box X and any matrix Y, every solution in X lies in K(X) = c - Y f(c) + (I - Y F(X)) (X - c), where
F(X) encloses the Jacobian; if K(X) is inside X's interior, there is exactly one (R. Krawczyk 1969; A. Neumaier,
Interval Methods for Systems of Equations, 1990, section 5.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb

from puzzlesolver.arithmetic.balls import ball_of, interval_of, working_precision
from puzzlesolver.problem import Problem
from puzzlesolver.proof.boxes.box import Box, Certificate
from puzzlesolver.proof.boxes.preconditioned import products
from puzzlesolver.proof.boxes.system import System, system_of

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
