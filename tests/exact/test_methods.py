"""The contract of the methods: each stands in the table and keeps to its problems, and no way back loses or adds any.

What is carried back is put into the problem by floating point here, and by nothing that the engine uses.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, N, Symbol, cos, pi, sin

import puzzlesolver.exact
from puzzlesolver.analysis.classify import Analysis, Kind, analyse
from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.exact.engine import solve_exactly
from puzzlesolver.exact.method import Context, Reduced, Reduction, Simpler, Solver
from puzzlesolver.exact.methods import METHODS
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.language import parse
from puzzlesolver.problem import Problem, Relation
from puzzlesolver.problem.unroll import unroll

quick = settings(deadline=None, derandomize=True, max_examples=15)
small = st.integers(-3, 3)
positive = st.integers(1, 4)

TINY = 1e-9


def whole_engine(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome:
    return solve_exactly(problem, analysis, context.limit, context.deadline)


CONTEXT = Context(100, math.inf, whole_engine)

# --- the table --------------------------------------------------------------------------------------------------------


def test_no_two_methods_have_the_same_name() -> None:
    names = [method.name for method in METHODS]
    assert len(names) == len(set(names))


def test_every_method_stands_in_the_table() -> None:
    """Each module's own, each once; and every kind of problem with unknowns has a method."""
    modules = pkgutil.walk_packages(puzzlesolver.exact.__path__, "puzzlesolver.exact.")
    found = {
        id(thing)
        for module in modules
        for thing in vars(importlib.import_module(module.name)).values()
        if isinstance(thing, (Solver, Reduction))
    }
    assert found == {id(method) for method in METHODS}
    assert {kind for method in METHODS for kind in method.kinds} == set(Kind) - {Kind.ASK}


PUZZLES = {
    Kind.ASK: "1 + 1 = ?",
    Kind.FIT: "fit y = a*x + b\ndata\nx y\n1 2\n2 3\n3 5",
    Kind.PARAMETRIC: "solve for x\na*x = b",
    Kind.OPTIMIZATION: "minimize x^2 + y; y > 0",
    Kind.LINEAR: "x + y = 1",
    Kind.POLYNOMIAL: "x^2 + x*y = 1; x - y = 3",
    Kind.TRANSCENDENTAL: "x*exp(x*y) = 1; y*cos(x + y^2) = 1/3",
}
FITTING = {"least squares", "case split", "stationary points", "linear", "polynomial elimination"}
"""Methods for every problem of their kinds."""


@pytest.mark.parametrize("kind", PUZZLES)
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_method_says_none_where_it_does_not_apply(method: Solver | Reduction, kind: Kind) -> None:
    """Neither to problems of other kinds, nor to those of its kinds that are not of its form."""
    problem = unroll(parse(PUZZLES[kind]))
    analysis = analyse(problem)
    assert analysis.kind is kind
    applies = kind in method.kinds and method.name in FITTING
    assert (method.solve(problem, analysis, CONTEXT) is not None) == applies


# --- there and back ---------------------------------------------------------------------------------------------------


def reduced(name: str, text: str, planted: Mapping[str, Expr | int]) -> ExactOutcome:
    """What one method makes of a puzzle, the engine solving the simpler ones: no false point, and the planted one."""
    problem = unroll(parse(text))
    (method,) = (method for method in METHODS if method.name == name)
    outcome = method.solve(problem, analyse(problem), CONTEXT)
    assert outcome is not None, f"'{name}' does not apply to {text}"
    assert outcome.complete, outcome.reasons
    points = [{symbol: float(N(value, 30)) for symbol, value in one.values.items()} for one in outcome.solutions]
    for point in points:
        assert breach(problem, point) is None, f"{text}: {point} breaks {breach(problem, point)}"
    assert any(
        all(abs(point[Symbol(key, real=True)] - float(N(value, 30))) < TINY for key, value in planted.items())
        for point in points
    ), f"{text}: {planted} is not among {points}"
    return outcome


def breach(problem: Problem, point: Mapping[Symbol, float]) -> object:
    """Something that a point breaks by more than rounding, or None."""

    def at(expression: Expr) -> float:
        return float(N(expression.subs(point), 30))

    for equation in problem.equations:
        if not abs(at(equation.lhs) - at(equation.rhs)) < 1e-6:
            return equation
    for condition in problem.relations():
        difference = at(condition.lhs) - at(condition.rhs)
        if not (abs(difference) > TINY if condition.relation is Relation.NOT_EQUAL else difference < TINY):
            return condition
    for unknown in problem.unknowns:
        value = point[unknown.symbol]
        if not unknown.domain.low - TINY <= value <= unknown.domain.high + TINY:
            return unknown
        if unknown.domain.integer and abs(value - round(value)) > TINY:
            return unknown
    return None


@quick
@given(small, small, positive)
def test_roots_come_back(y: int, shift: int, root: int) -> None:
    """A square root and an absolute value, with the signs that only the conditions tell apart."""
    x = root**2 - shift
    text = f"sqrt(x + {shift}) + abs(y) = {root + abs(y)}; abs(y - x) = {abs(y - x)}"
    reduced("roots as unknowns", text, {"x": x, "y": y})


@quick
@given(st.integers(0, 4), small)
def test_each_value_of_one_unknown_is_followed(x: int, y: int) -> None:
    outcome = reduced("step by step", f"sin(pi*x) = 0; 0 <= x <= 4; x^2 + y = {x * x + y}", {"x": x, "y": y})
    assert len(outcome.solutions) == 5


@quick
@given(positive, small)
def test_an_eliminated_unknown_comes_back(x: int, y: int) -> None:
    reduced("elimination", f"2^x + y = {2**x + y}; 4^x + y = {4**x + y}", {"x": x, "y": y})


@quick
@given(st.sampled_from((0, 2, 3, 4, 6, 8, 9)), st.sampled_from((0, 1, 3, 5, 6, 7, 11)), small)
def test_angles_come_back(x: int, y: int, z: int) -> None:
    """All of them in one turn, from the points of the circle."""
    sums = [cos(pi * x / 6) + sin(pi * y / 6) * sign + z for sign in (1, -1)]
    text = f"cos(x) + sin(y) + z = {sums[0]}; cos(x) - sin(y) + z = {sums[1]}; z = {z}; x in [0, 2pi); y in [0, 2pi)"
    reduced("angles as points of the circle", text, {"x": pi * x / 6, "y": pi * y / 6, "z": z})


@quick
@given(positive, positive)
def test_each_whole_number_is_tried(n: int, x: int) -> None:
    outcome = reduced("whole numbers one by one", f"n in 1..4; x > 0; x^n = {x**n}", {"n": n, "x": x})
    assert len(outcome.solutions) == 4


@quick
@given(small, small, positive)
def test_independent_parts_come_together(x: int, y: int, z: int) -> None:
    text = f"x^2 = {x * x}; exp(y) = exp({y}); z^3 + z = {z**3 + z}"
    reduced("independent parts", text, {"x": x, "y": y, "z": z})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("roots as unknowns", "sqrt(x) = -1 + 0*y; x + abs(y) = 2"),
        ("step by step", "sin(x) = 2; x + exp(y) = 1"),
        ("elimination", "exp(x) + y = 0; y = exp(-x)"),
        ("angles as points of the circle", "sin(x) + cos(y) = 3; sin(x) = cos(y)"),
        ("whole numbers one by one", "n in 1..4; exp(x) = -n"),
    ],
)
def test_a_reduction_carries_back_that_there_is_none(name: str, text: str) -> None:
    problem = unroll(parse(text))
    (method,) = (method for method in METHODS if method.name == name)
    outcome = method.solve(problem, analyse(problem), CONTEXT)
    assert outcome is not None
    assert (outcome.solutions, outcome.complete) == ((), True)
    assert outcome.proof


# --- the way back itself ----------------------------------------------------------------------------------------------


def test_what_is_lost_on_the_way_back_leaves_the_list_incomplete() -> None:
    """A solution that cannot be carried back, and a case that cannot be stated, are reasons and no proof."""
    problem = unroll(parse("x^2 = 4"))
    x = problem.symbols[0]

    def back(solution: ExactSolution) -> list[ExactSolution]:
        if solution.values[x] < 0:
            raise LeftOpen(Why.QUADRANT())
        return [solution]

    for cases, reasons, count in (
        ([Simpler(problem, back)], (Why.QUADRANT(),), 1),
        ([Simpler(problem, back, Why.TURNS())], (Why.TURNS(), Why.QUADRANT()), 1),
        ([Why.CASES_OF_SYMBOLS(), Simpler(problem, lambda solution: [solution])], (Why.CASES_OF_SYMBOLS(),), 2),
        ([Simpler(problem, lambda solution: [solution])], (), 2),
    ):
        reduction = Reduction("test", tuple(Kind), lambda *_, cases=cases: Reduced(cases, lambda outcomes: "proof"))
        outcome = reduction.solve(problem, analyse(problem), CONTEXT)
        assert outcome is not None
        assert (outcome.reasons, len(outcome.solutions)) == (reasons, count)
        assert (outcome.complete, outcome.proof) == ((True, "proof") if not reasons else (False, None))
