"""Quadratic equations in whole numbers: brute force finds nothing that is not in the answer."""

from __future__ import annotations

from math import isqrt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Integer

from puzzlesolver import parse
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.whole.binary_quadratic import Orbit, TooMuchWork, solve_binary_quadratic
from puzzlesolver.exact.whole.diophantine import solve_diophantine

REACH = 40

small = st.integers(-4, 4)
coefficients = st.tuples(small, small, small, st.integers(-6, 6), st.integers(-6, 6), st.integers(-30, 30)).filter(
    lambda q: any(q[:3])
)
signs = st.sampled_from([">", "<"])
quick = settings(max_examples=200, deadline=None, derandomize=True)


def value(q: tuple[int, ...], x: int, y: int) -> int:
    a, b, c, d, e, f = q
    return a * x * x + b * x * y + c * y * y + d * x + e * y + f


def by_brute_force(q: tuple[int, ...]) -> set[tuple[int, int]]:
    near = range(-REACH, REACH + 1)
    return {(x, y) for x in near for y in near if value(q, x, y) == 0}


@quick
@given(coefficients)
def test_no_solution_is_lost(q: tuple[int, ...]) -> None:
    """Everything near the origin is a point or in a family, and every member of a family is a solution."""
    try:
        found = solve_binary_quadratic(q)
    except TooMuchWork:
        assume(False)
        return
    members = set(found.points)
    for family in found.families:
        steps = range(-12, 13) if isinstance(family, Orbit) else range(-200, 201)
        members |= {family.at(k) for k in steps}
    assert all(value(q, x, y) == 0 for x, y in members)
    assert by_brute_force(q) <= members


@quick
@given(
    coefficients, st.integers(-20, 20), st.integers(-20, 20), st.sampled_from([">", "<"]), st.sampled_from([">", "<"])
)
def test_bounds_keep_the_right_part(q: tuple[int, ...], s: int, t: int, first: str, second: str) -> None:
    """With bounds on both unknowns: every point and every member of a family that is kept is one; none is missing."""
    a, b, c, d, e, f = q
    text = f"x, y in integer; {a}x^2 + {b}x*y + {c}y^2 + {d}x + {e}y = {-f}; x {first} {s}; y {second} {t}"
    problem = parse(text)
    assume(len(problem.symbols) == 2 and [u.name for u in problem.unknowns] == ["x", "y"])
    outcome = solve_diophantine(problem)
    assume(outcome is not None and outcome.complete)
    assert outcome is not None
    members = set()
    for solution in outcome.solutions:
        x, y = solution.values.values()
        if not solution.integer_parameters:
            members.add((int(x), int(y)))
            continue
        (k,) = solution.integer_parameters
        everywhere = not solution.conditions
        reach = 12 if x.has(k) and not x.is_polynomial(k) else 80
        for step in range(-reach if everywhere else 0, reach + 1):
            at = {k: Integer(step)}
            members.add((int(x.subs(at).expand()), int(y.subs(at).expand())))

    def kept(x: int, y: int) -> bool:
        return (x > s if first == ">" else x < s) and (y > t if second == ">" else y < t)

    assert all(value(q, x, y) == 0 and kept(x, y) for x, y in members)
    near = {(x, y) for x, y in by_brute_force(q) if kept(x, y) and abs(x) < 30 and abs(y) < 30}
    assert near <= members


def outcome_of(text: str) -> ExactOutcome:
    outcome = solve_diophantine(parse(text))
    assert outcome is not None
    return outcome


@pytest.mark.parametrize(
    ("text", "points", "families"),
    [
        ("x, y in integer; x*y = 12; x > 0", 6, 0),
        ("x, y in integer; x^2 - 2y^2 = 1; x > 0; y > 0", 0, 1),
        ("x, y in integer; x^2 - 3y^2 = 2", 0, 0),
        ("x, y in integer; x^2 - 61y^2 = 1; x > 1; y > 0", 0, 1),
        ("x, y in integer; 1/x + 1/y = 1/6", 17, 0),
        ("x, y in integer; x^2 = y", 0, 1),
        ("x, y in integer; x*y = 0", 0, 2),
        ("x, y, z in integer; x^2 + y^2 = z^2", 0, 2),
        ("x, y in integer; x^2 - 2y^2 = 7; x > 0; y > 0", 0, 2),
    ],
)
def test_known_equations(text: str, points: int, families: int) -> None:
    """Textbook equations, complete."""
    outcome = outcome_of(text)
    assert outcome.complete
    assert sum(not one.integer_parameters for one in outcome.solutions) == points
    assert sum(bool(one.integer_parameters) for one in outcome.solutions) == families


def test_what_is_not_decided_says_so() -> None:
    """A statement that is no bound leaves an infinite family open; the list of its first members is not complete."""
    outcome = outcome_of("x, y in integer; x^2 - 2y^2 = 1; x != y + 1")
    assert not outcome.complete and outcome.solutions and outcome.reasons


def test_large_numbers_end_in_time() -> None:
    """What would take too long is left open."""
    for text in ("x^2 - 9999991y^2 = 12345678", "x^2 + y^2 = 10^40", "x*y = 10^40 + 1"):
        outcome = outcome_of(f"x, y in integer; {text}")
        assert outcome.complete or outcome.reasons


def test_a_point_of_which_nothing_is_decided_is_not_left_out_silently() -> None:
    """atan(1/2) + atan(1/3) is pi/4, but that is not seen here; (2, 3) and (3, 2) are solutions all the same."""
    outcome = outcome_of("x, y in integer; x*y = 6; atan(1/x) + atan(1/y) <= pi/4")
    found = {tuple(map(int, solution.values.values())) for solution in outcome.solutions}
    assert {(-6, -1), (-3, -2), (-2, -3), (-1, -6)} <= found
    assert not outcome.complete or {(2, 3), (3, 2)} <= found


def test_bounds_that_are_no_whole_numbers() -> None:
    """Bounds by pi, and on a multiple of an unknown, keep the same members as the whole numbers beyond them."""
    outcome = solve_diophantine(parse("x, y in integer; x^2 - 2y^2 = 1; x > pi; 2y > 5"))
    assert outcome is not None and outcome.complete, outcome
    (family,) = outcome.solutions
    (k,) = family.integer_parameters
    members = [tuple(int(form.xreplace({k: Integer(n)}).expand()) for form in family.values.values()) for n in range(4)]
    expected = [(x, y) for y in range(3, 20_000) for x in [isqrt(2 * y * y + 1)] if x * x == 2 * y * y + 1 and x > 3]
    assert members[: len(expected)] == expected[: len(members)]
