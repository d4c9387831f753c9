"""``solve for``: each answer holds where its conditions do, and the cases leave nothing out."""

from __future__ import annotations

import math
from itertools import product

import pytest
from sympy import Expr, Rational, S, Symbol, solveset

from puzzlesolver.analysis.classify import analyse
from puzzlesolver.answer.solution import Claim
from puzzlesolver.exact.engine import solve_exactly
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.language import parse
from puzzlesolver.report.conditions import case_text, condition_texts


def outcome_of(text: str) -> ExactOutcome:
    problem = parse(text)
    return solve_exactly(problem, analyse(problem), limit=100, deadline=math.inf)


@pytest.mark.parametrize(("a", "b", "c"), list(product((-2, 0, 1), (-3, 0, 2), (-1, 0, 2))))
def test_the_quadratic_formula_covers_every_case(a: int, b: int, c: int) -> None:
    """At each choice of the coefficients the cases whose conditions hold give just the roots that there are."""
    outcome = outcome_of("solve for x\na*x^2 + b*x + c = 0")
    numbers = {Symbol(n, real=True): Rational(v) for n, v in (("a", a), ("b", b), ("c", c))}
    x = Symbol("x", real=True)
    conditions = {
        "a = 0": a == 0,
        "a != 0": a != 0,
        "b = 0": b == 0,
        "b != 0": b != 0,
        "-4a*c + b^2 >= 0": b * b - 4 * a * c >= 0,
    }
    found: set[Expr] = set()
    for solution in outcome.solutions:
        if all(conditions[words] for words in condition_texts(solution.conditions)):
            found.add(solution.values[x].subs(numbers))
    expected = solveset((a * x**2 + b * x + c), x, S.Reals)
    if (a, b, c) == (0, 0, 0):
        assert not found and any(case.claim is Claim.EVERYTHING for case in outcome.cases)
    else:
        assert found == set(expected)
    assert outcome.complete


def test_conditions_of_the_text_are_kept() -> None:
    """A denominator's symbol stays different from zero, and a value that breaks a condition says so."""
    outcome = outcome_of("solve for x\n(x - a)/(x - b) = 0")
    assert [[*condition_texts(solution.conditions)] for solution in outcome.solutions] == [["a - b != 0"]]


def test_a_linear_system_has_its_determinant_as_condition() -> None:
    """Cramer's rule, and the other case is said to be open."""
    outcome = outcome_of("solve for x, y\na*x + b*y = 1\nc*x + d*y = 2")
    (solution,) = outcome.solutions
    assert [*condition_texts(solution.conditions)] == ["a*d - b*c != 0"]
    assert not outcome.complete and outcome.cases


def test_a_cubic_is_not_decided() -> None:
    """What is not written out is said, and nothing is called complete."""
    outcome = outcome_of("solve for x\nx^3 + a*x + 1 = 0")
    assert not outcome.complete and outcome.reasons


@pytest.mark.parametrize(
    ("text", "multiplicities"),
    [
        ("solve for x\na*x^2 + b*x + c = 0", [1, None, None]),  # the discriminant may be zero
        ("solve for x\n(x - a)*(x - b) = 0", [None, None]),  # a may be b
        ("solve for x\n(x - a)^2 = 0", [2]),
        ("solve for x\n(x - a)^2 = 1", [1, 1]),
    ],
)
def test_a_multiplicity_holds_for_all_values_of_the_symbols(text: str, multiplicities: list[int | None]) -> None:
    outcome = outcome_of(text)
    assert sorted((s.multiplicity for s in outcome.solutions), key=str) == sorted(multiplicities, key=str)


def test_none_is_not_claimed_where_some_values_of_the_symbols_allow_all() -> None:
    outcome = outcome_of("solve for x\na*x/x = 0")
    assert not outcome.solutions and not outcome.complete and len(outcome.cases) == 2


def test_one_factor_without_roots_says_nothing_of_the_others() -> None:
    outcome = outcome_of("solve for x\n(x - a)*(x^2 + b) = 0")
    assert outcome.complete and len(outcome.solutions) == 3
    assert all(case.claim is Claim.NOTHING and case.equation is not None for case in outcome.cases)


def test_every_value_only_where_the_equation_is_defined() -> None:
    """Where the symbols make an equation an identity, its denominators still ask something."""
    outcome = outcome_of("solve for x\nx/(x - a) = b")
    assert "b - 1 = 0 and a = 0: every x is a solution where -x != 0" in map(case_text, outcome.cases)
