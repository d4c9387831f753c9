"""The methods of the exact engine, in the order in which they are tried.

A further one is a `Solver` or a `Reduction` in a module of its own, and its line here.
"""

from __future__ import annotations

from collections.abc import Callable

from puzzlesolver.analysis.classify import Analysis
from puzzlesolver.exact import conflicts, suggestions
from puzzlesolver.exact.inequalities import ranges
from puzzlesolver.exact.inequalities import solver as inequalities
from puzzlesolver.exact.linear import constant_linear, least_squares
from puzzlesolver.exact.linear import solver as linear
from puzzlesolver.exact.method import Context, Reduction, Solver
from puzzlesolver.exact.optimum import each_point
from puzzlesolver.exact.optimum import solver as optimum
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.parametric import cases as parametric
from puzzlesolver.exact.polynomial import solver as polynomial
from puzzlesolver.exact.reductions import angles, blocks, mixed, radicals, triangular
from puzzlesolver.exact.univariate import solver as univariate
from puzzlesolver.exact.whole import solver as whole
from puzzlesolver.problem import Problem

METHODS: tuple[Solver | Reduction, ...] = (
    least_squares.LEAST_SQUARES,
    parametric.CASES,
    optimum.BEST_OF_FINITELY_MANY,
    each_point.EACH_POINT,
    optimum.STATIONARY_POINTS,
    inequalities.CONDITIONS,
    whole.WHOLE,
    linear.LINEAR,
    blocks.BLOCKS,
    polynomial.POLYNOMIAL,
    constant_linear.CONSTANT_LINEAR,
    univariate.INVERSE_FUNCTIONS,
    radicals.ROOTS,
    triangular.STEP_BY_STEP,
    angles.ANGLES,
    triangular.ELIMINATION,
    mixed.ONE_BY_ONE,
    inequalities.PIECES,
)
"""The first that settles a problem of its kind is the last that is tried."""

Afterwards = Callable[[Problem, Analysis, ExactOutcome, Context], ExactOutcome]

AFTERWARDS: tuple[Afterwards, ...] = (ranges.with_ranges, conflicts.with_lines, suggestions.with_suggestions)
"""What is added to the outcome of the whole problem."""
