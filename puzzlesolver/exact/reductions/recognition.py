"""Closed forms guessed from digits, and believed only once they are put back.

In: enclosures of a solution's coordinates. Out: a simple closed form for every coordinate, which `put_back` has shown
to be a solution of the problem as written; None where no such guess succeeds. That it is the solution in a given box
is for the caller to see, from its digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

from flint import fmpz_mat
from sympy import Expr, Integer, Rational, Symbol, exp, log, pi, sqrt

from puzzlesolver.arithmetic.balls import approximate
from puzzlesolver.arithmetic.interval import Interval
from puzzlesolver.exact import limits
from puzzlesolver.problem import Problem
from puzzlesolver.proof.boxes.box import Box
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

DIGITS = 30  # An enclosure this narrow leaves no room for a guess that fits by chance.


def recognise(problem: Problem, boxes: Sequence[Box]) -> tuple[Mapping[Symbol, Expr] | None, ...]:
    """For each box, a point with simple closed forms that solves `problem` and lies in the box, or None."""
    return tuple(_recognised(problem, box) for box in boxes)


def _recognised(problem: Problem, box: Box) -> Mapping[Symbol, Expr] | None:
    guesses = [list(_guesses(box[symbol])) for symbol in problem.symbols]
    for number, choice in enumerate(product(*guesses)):
        if number == limits.MOST_GUESSES:
            break
        values = dict(zip(problem.symbols, choice, strict=True))
        if put_back(problem, values) is Verdict.HOLDS:
            return values
    return None


def _guesses(interval: Interval) -> Iterator[Expr]:
    """Simple numbers in an interval, the simplest kind first."""
    low, high = interval
    if (simple := _rational(low, high)) is not None:
        yield simple
        return
    if (high - low) * 10**DIGITS > max(abs(low), abs(high)):
        return
    for form in _forms(low, high):
        below, above = approximate(form, DIGITS)
        if below <= high and low <= above:
            yield form


def _forms(low: Fraction, high: Fraction) -> Iterator[Expr]:
    middle = (low + high) / 2
    width = high - low
    if turns := _near(middle / _fraction(pi), width):
        yield turns * pi
    if square := _near(middle * middle, 4 * abs(middle) * width):
        yield sqrt(square) if middle > 0 else -sqrt(square)
    yield from _quadratic(middle)
    if abs(middle) < 40:
        point = Rational(middle.numerator, middle.denominator)
        if argument := _near(_fraction(exp(point)), width * 10**18):
            yield log(argument)
        if middle > 0 and (exponent := _near(_fraction(log(point)), width * 10**18)):
            yield exp(exponent)


def _rational(low: Fraction, high: Fraction) -> Rational | None:
    """The simplest fraction near the middle, where it lies in the interval."""
    simple = ((low + high) / 2).limit_denominator(limits.LARGEST_GUESSED_DENOMINATOR)
    return Rational(simple.numerator, simple.denominator) if low <= simple <= high else None


def _near(value: Fraction, slack: Fraction) -> Rational | None:
    simple = value.limit_denominator(limits.LARGEST_GUESSED_DENOMINATOR)
    if simple and abs(simple - value) <= max(slack, Fraction(1, 10 ** (DIGITS - 6))):
        return Rational(simple.numerator, simple.denominator)
    return None


def _fraction(expression: Expr) -> Fraction:
    low, high = approximate(expression, DIGITS + 10)
    return (low + high) / 2


def _quadratic(middle: Fraction) -> Iterator[Expr]:
    """The roots of a quadratic with small integer coefficients that nearly vanishes at `middle` (by LLL)."""
    scale = 10 ** (DIGITS - 6)
    powers = [Fraction(1), middle, middle * middle]
    lattice = fmpz_mat([[int(i == j) for j in range(3)] + [round(power * scale)] for i, power in enumerate(powers)])
    c, b, a = (int(lattice.lll()[0, j]) for j in range(3))
    discriminant = b * b - 4 * a * c
    if a and discriminant > 0 and max(abs(a), abs(b), abs(c)) <= limits.LARGEST_COEFFICIENT:
        for sign in (1, -1):
            yield (Integer(-b) + sign * sqrt(Integer(discriminant))) / (2 * a)
