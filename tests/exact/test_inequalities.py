"""Conditions solved: the set of numbers that keep them, against the sets of others and against dense sampling.

Cases named SymPy's are from its test_inequalities.py and test_solveset.py (BSD licence), those named AngouriMath's from
its tests (MIT licence); the sets were checked there and here by sampling.
"""

from __future__ import annotations

import math
import operator
import time
from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, expand, oo, sympify

from puzzlesolver.analysis.classify import analyse
from puzzlesolver.exact.engine import solve_exactly
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.segment import Segment, segment
from puzzlesolver.language import parse
from puzzlesolver.problem import Condition, Relation
from puzzlesolver.problem.unroll import unroll

Interval = tuple[str, str, bool, bool]
"""The ends and whether each is open."""

SYMPY: dict[str, list[Interval]] = {
    "x^2 - 2 < 0\nx^2 - 1 > 0": [("-sqrt(2)", "-1", True, True), ("1", "sqrt(2)", True, True)],
    "abs(1/(x - 1)) - 1 > 0": [("0", "1", True, True), ("1", "2", True, True)],
    "-3 + 1/abs(1 - 1/x) < 0": [("-oo", "0", True, True), ("0", "3/4", True, True), ("3/2", "oo", True, True)],
    "log(x) + 1/log(x) > -2 + 1/log(x)": [("exp(-2)", "1", True, True), ("1", "oo", True, True)],
    "abs(x - 4) + abs(3*abs(x) - 5) < 7": [("-2", "-1", True, True), ("1/2", "4", True, True)],
    "x in [1, 10]\n-1/x^2 < 0": [("1", "10", False, False)],
    "(x - 1)*(x - 2)*(x - 3) >= 0": [("1", "2", False, False), ("3", "oo", False, True)],
    "-3*x^2/2 - x*45/4 + 33/2 > 0": [("-15/4 - sqrt(401)/4", "-15/4 + sqrt(401)/4", True, True)],
    "x + sqrt(x^2 - 5) > sqrt(5)": [("sqrt(5)", "oo", True, True)],
    "(x^2 + 3*x + 2)/(x^2 - 16) >= 0": [("-oo", "-4", True, True), ("-2", "-1", False, False), ("4", "oo", True, True)],
    "(x^2 + 4*x - 3)/x < 2": [("-oo", "-3", True, True), ("0", "1", True, True)],
    "sqrt(x - 2) + 2 > 0": [("2", "oo", False, True)],
    "x^2 >= 1": [("-oo", "-1", True, False), ("1", "oo", False, True)],
    "log(x) < 1000": [("0", "exp(1000)", True, True)],
    "x < x*(1/x - 1)": [("-oo", "0", True, True), ("0", "1/2", True, True)],
    "x^3 - x^2 + x - 1 > 0": [("1", "oo", True, True)],
    "x^7 - x - 2 > 0": [("CRootOf(x**7 - x - 2, 0)", "oo", True, True)],
}

ANGOURIMATH: dict[str, list[Interval]] = {
    "abs(x) - x = 0": [("0", "oo", False, True)],
    "max(x, 0) = x": [("0", "oo", False, True)],
    "abs((x - 1)/(x - 5)) <= 1/3": [("-1", "2", False, False)],
}

OWN: dict[str, list[Interval]] = {
    "x^2 <= 0": [("0", "0", False, False)],
    "x^2*(x - 1) >= 0": [("0", "0", False, False), ("1", "oo", False, True)],
    "x^2 > 0": [("-oo", "0", True, True), ("0", "oo", True, True)],
    "x^2 < 0": [],
    "x^2 >= 0": [("-oo", "oo", True, True)],
    "sqrt(x) < -1": [],
    "sqrt(x) >= 0": [("0", "oo", False, True)],
    "x/x > 0\nx != 2": [("-oo", "0", True, True), ("0", "2", True, True), ("2", "oo", True, True)],
    "(x - 1)*(x - 1) <= 0\nx != 1": [],
    "exp(2x) - 3exp(x) + 2 <= 0": [("0", "log(2)", False, False)],
    "abs(x) + abs(x - 2) = 2": [("0", "2", False, False)],
    "sin(x) >= 0\n0 <= x\nx <= 10": [("0", "pi", False, False), ("2*pi", "3*pi", False, False)],
    "x in (0, 2)\nx^2 <= 9": [("0", "2", True, True)],
    "sign(x) > 0": [("0", "oo", True, True)],
    "sqrt((x + 4)*(3x + 4)) - abs((1 - x)*(3x + 1)) <= 2\nx > 0\nx < 3": [
        ("CRootOf(9*x**4 - 12*x**3 + 7*x**2 - 20*x - 15, 1)", "3", False, True)
    ],
    "sqrt(abs(1 - 2x)) - sqrt(abs(4 - x)) >= 3\nx > 5": [("24 + 6*sqrt(11)", "oo", False, True)],
    "2^x < 8": [("-oo", "3", True, True)],
}


def solved(text: str) -> ExactOutcome:
    problem = unroll(parse(text))
    return solve_exactly(problem, analyse(problem), 100, time.monotonic() + 60)


def pieces(outcome: ExactOutcome) -> list[Segment]:
    """Every solution as a segment of the one unknown."""
    found = []
    for solution in outcome.solutions:
        ((x, value),) = solution.values.items()
        if value == x:
            assert solution.free == (x,)
            conditions = [one for one in solution.conditions if isinstance(one, Condition)]
            piece = segment(conditions, x)
            assert piece is not None
            assert len(conditions) == len(solution.conditions)
            found.append(piece)
        else:
            found.append(Segment(x, value, value, False, False))
    return found


@pytest.mark.parametrize(("text", "expected"), [*SYMPY.items(), *ANGOURIMATH.items(), *OWN.items()])
def test_the_set_is_the_known_one(text: str, expected: Sequence[Interval]) -> None:
    outcome = solved(text)
    assert outcome.complete
    found = pieces(outcome)
    assert len(found) == len(expected)
    for piece, (low, high, low_open, high_open) in zip(found, expected, strict=True):
        assert (piece.low_open, piece.high_open) == (low_open, high_open)
        for end, known in (piece.low, sympify(low)), (piece.high, sympify(high)):
            assert end == known or abs((end - known).evalf(30)) < 1e-20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x in integer\nx^2 + 3*x - 2 < 0", [-3, -2, -1, 0]),
        ("x in integer\nlog(x)/x <= 0", [1]),
        ("x in integer\nlog(x)/x < 0", []),
    ],
)
def test_whole_numbers_of_a_bounded_set_are_listed(text: str, expected: Sequence[int]) -> None:
    outcome = solved(text)
    assert outcome.complete
    assert [int(value) for solution in outcome.solutions for value in solution.values.values()] == expected


def test_whole_numbers_without_end_are_a_family() -> None:
    (family,) = solved("x in integer\nx + sqrt(x^2 - 5) > 0").solutions
    (x,) = family.integer_parameters
    piece = segment([one for one in family.conditions if isinstance(one, Condition)], x)
    assert piece is not None
    assert (piece.low, piece.low_open, piece.high) == (3, False, oo)


def test_conditions_whose_borders_are_not_proved_are_left_open() -> None:
    """The condition itself stands, and is not called solved."""
    outcome = solved("x + sin(x) > 1")
    assert not outcome.complete and outcome.reasons
    assert len(outcome.solutions) == 1


def test_what_contradicts_is_named() -> None:
    outcome = solved("x^2 < 4\nx > 3\nx < 10")
    assert outcome.complete
    assert not outcome.solutions
    assert outcome.conflict == (0, 1)


def test_independent_conditions_are_solved_apart() -> None:
    outcome = solved("x^2 >= 1\ny^2 >= 1")
    assert outcome.complete
    assert len(outcome.solutions) == 4
    assert all(len(condition.symbols) == 1 for one in outcome.solutions for condition in one.conditions)


PERIODIC: dict[str, list[tuple[str, str, bool, bool]]] = {
    "sin(x) > 1/2": [("pi/6 + 2*pi*k", "5*pi/6 + 2*pi*k", True, True)],
    "cos(x) >= 0": [("-pi/2 + 2*pi*k", "pi/2 + 2*pi*k", False, False)],
    "tan(x) > 1": [("pi/4 + pi*k", "pi/2 + pi*k", True, True)],
    "abs(sin(x)) <= 1/2": [("-pi/6 + pi*k", "pi/6 + pi*k", False, False)],
    "sin(2x) < cos(x)": [
        ("-pi/2 + 2*pi*k", "pi/6 + 2*pi*k", True, True),
        ("pi/2 + 2*pi*k", "5*pi/6 + 2*pi*k", True, True),
    ],
    "sin(x)/sin(x) = 1\nsin(x) > 0": [("2*pi*k", "pi + 2*pi*k", True, True)],
}


@pytest.mark.parametrize(("text", "expected"), PERIODIC.items())
def test_conditions_in_waves_repeat_themselves(text: str, expected: Sequence[Interval]) -> None:
    outcome = solved(text)
    assert outcome.complete
    assert len(outcome.solutions) == len(expected)
    for solution, (low, high, low_open, high_open) in zip(outcome.solutions, expected, strict=True):
        (k,) = solution.integer_parameters
        below, above = solution.conditions
        assert isinstance(below, Condition) and isinstance(above, Condition)
        assert expand(below.lhs - sympify(low, {"k": k})) == 0
        assert expand(above.rhs - sympify(high, {"k": k})) == 0
        assert [one.relation is Relation.LESS for one in (below, above)] == [low_open, high_open]


@pytest.mark.parametrize("text", ["sin(x) >= -1", "cos(x)^2 <= 1", "sin(x) < 2"])
def test_conditions_in_waves_that_always_hold(text: str) -> None:
    (everything,) = solved(text).solutions
    assert everything.free and not everything.conditions and not everything.integer_parameters


def test_conditions_in_waves_may_hold_at_points_or_nowhere() -> None:
    (points,) = solved("cos(x) >= 1").solutions
    assert points.integer_parameters and not points.free
    assert not solved("cos(x) > 1").solutions
    assert solved("cos(x) > 1").complete


# --- families whose parameter has a range -----------------------------------------------------------------------------

RANGES: dict[str, list[tuple[str, list[Interval]]]] = {
    "x^2 + y^2 = 25\nx > 3": [("y", [("-4", "4", True, True)])],
    "x^2 + y^2 = 25\nx >= 0": [("y", [("-5", "5", False, False)])],
    "x^2 + y^2 = 1\nx*y > 0": [("y", [("0", "1", True, True), ("-1", "0", True, True)])],
    "y = x^2\ny > 4": [("x", [("-oo", "-2", True, True), ("2", "oo", True, True)])],
    "x + y = 3\nx^2 > 4": [("y", [("-oo", "1", True, True), ("5", "oo", True, True)])],
    "y = x\n2x <= x^2 + 1": [("x", [("-oo", "oo", True, True)])],
    "x*y = 1\nx > 0": [("y", [("0", "oo", True, True)])],
}


@pytest.mark.parametrize(("text", "expected"), [(text, *ranges) for text, ranges in RANGES.items()])
def test_a_family_s_parameter_has_its_range(text: str, expected: tuple[str, list[Interval]]) -> None:
    outcome = solved(text)
    assert outcome.complete
    name, known = expected
    assert len(outcome.solutions) == len(known)
    for solution, (low, high, low_open, high_open) in zip(outcome.solutions, known, strict=True):
        (parameter,) = solution.free
        assert str(parameter) == name
        found = segment([one for one in solution.conditions if isinstance(one, Condition)], parameter)
        assert found == Segment(parameter, sympify(low), sympify(high), low_open, high_open)


def test_a_family_that_shrinks_to_a_point_is_listed_once() -> None:
    (point,) = solved("x^2 + y^2 = 25\ny >= 5").solutions
    assert sorted(point.values.values()) == [0, 5]
    assert not point.parameters


# --- against dense sampling -------------------------------------------------------------------------------------------

NUMBERS = st.integers(-4, 4)
Term = tuple[str, Callable[[Fraction], float | Fraction]]
"""A text and its meaning, which raises where there is none."""


def linear(a: int, b: int) -> Term:
    return f"({a}*x + ({b}))", lambda x: a * x + b


def product(one: Term, other: Term) -> Term:
    return f"{one[0]}*{other[0]}", lambda x: one[1](x) * other[1](x)


def quotient(one: Term, other: Term) -> Term:
    return f"{one[0]}/{other[0]}", lambda x: one[1](x) / other[1](x)


def absolute(one: Term) -> Term:
    return f"abs({one[0]})", lambda x: abs(one[1](x))


def root(one: Term) -> Term:
    return f"sqrt({one[0]})", lambda x: math.sqrt(one[1](x))


def difference(one: Term, other: Term) -> Term:
    return f"{one[0]} - {other[0]}", lambda x: one[1](x) - other[1](x)


LINEAR = st.builds(linear, st.integers(-3, 3).filter(bool), NUMBERS)
POLYNOMIAL = st.one_of(LINEAR, st.builds(product, LINEAR, LINEAR))
TERM = st.one_of(
    POLYNOMIAL, st.builds(absolute, POLYNOMIAL), st.builds(root, LINEAR), st.builds(quotient, LINEAR, LINEAR)
)
SIDE = st.one_of(TERM, st.builds(difference, TERM, TERM))
RELATIONS: dict[str, Callable[[float | Fraction, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "!=": operator.ne,
}
CONDITION = st.tuples(SIDE, st.sampled_from(list(RELATIONS)), NUMBERS)
PLACES = [Fraction(k, 12) for k in range(-120, 121)] + [Fraction(k) for k in (-1000, 1000)]


def holds(term: Term, relation: str, bound: int, x: Fraction) -> bool | None:
    """Whether a condition holds at a number; None where floating point cannot tell."""
    try:
        value = term[1](x)
    except (ValueError, ZeroDivisionError):
        return False
    if isinstance(value, float) and abs(value - bound) < 1e-9:
        return None
    return RELATIONS[relation](value, bound)


def contains(piece: Segment, x: Fraction) -> bool:
    place = Rational(x.numerator, x.denominator)
    above = piece.low == -oo or place > piece.low or (not piece.low_open and place == piece.low)
    below = piece.high == oo or place < piece.high or (not piece.high_open and place == piece.high)
    return bool(above and below)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(CONDITION, min_size=1, max_size=2))
def test_no_set_is_false_at_a_sample(conditions: list[tuple[Term, str, int]]) -> None:
    outcome = solved("\n".join(f"{term[0]} {relation} {bound}" for term, relation, bound in conditions))
    if not outcome.complete:
        return
    found = pieces(outcome)
    for x in PLACES:
        verdicts = [holds(*condition, x) for condition in conditions]
        if False in verdicts or None not in verdicts:
            assert any(contains(piece, x) for piece in found) is (False not in verdicts)
