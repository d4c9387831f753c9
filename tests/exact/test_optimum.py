"""Least and greatest values: proved where they are called so, by brute force and by calculus on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import product

import pytest
import sympy

from puzzlesolver import solve
from puzzlesolver.answer.solution import Status


@pytest.mark.parametrize(
    ("text", "value", "count"),
    [
        ("minimize (x - 1)^2 + y^2; x + y = 3", "2", 1),
        ("maximize x*y; x + y = 10; x >= 0; y >= 0", "25", 1),
        ("minimize x^4 - 2x^2 + y^2", "-1", 2),
        ("minimize x + 1/x; x in [1/10, 5]", "2", 1),
        ("minimize x^2 + exp(x)", "LambertW(1/2)^2 + exp(-LambertW(1/2))", 1),
        ("maximize 3x + 2y; x >= 0; y >= 0; 2x + y <= 15; x + 3y <= 20", "25", 1),
        ("maximize x; x in {1, 5/2, 7/3}", "5/2", 1),
        ("maximize 3x + 2y; x, y in 0..10; 2x + y <= 15; x + 3y <= 20", "25", 1),
        ("minimize x^2; x in [-1, 2]", "0", 1),
        ("maximize x^2; x in [-1, 2]", "4", 1),
        ("maximize x^2; x in [-2, 2]", "4", 2),
    ],
)
def test_proved(text: str, value: str, count: int) -> None:
    """The best value, every point that has it, and the proof."""
    answer = solve(text, method="exact")
    assert (answer.status, answer.complete, len(answer)) == (Status.BEST_FIT, True, count), answer.reasons
    assert answer.best is not None
    expected = sympy.N(sympy.sympify(value.replace("^", "**")), 30)
    assert abs(sympy.N(answer.best.value.exact, 30) - expected) < 1e-25


@pytest.mark.parametrize(
    "text",
    [
        "minimize x; x > 0",
        "minimize x^3",
        "maximize x^2",
        "maximize x; x in [0, 1)",
        "minimize 1/x; x > 0",
        "minimize x*y",
        "minimize exp(x)",
        "maximize x + y; x^2 + y^2 = 1",
        "minimize |x - 1|",
    ],
)
def test_not_proved(text: str) -> None:
    """Values that are not reached, have no bound, or are out of reach of the proofs here: nothing is claimed."""
    answer = solve(text, method="exact")
    assert not answer.complete and answer.status is Status.UNDECIDED
    assert answer.reasons


@pytest.mark.parametrize(
    ("objective", "condition"),
    [("x*y - z", "x + y + z = 9"), ("(x - 3)^2*y + z mod 4", "x <= y"), ("x/2 - y*z", "x != z")],
)
def test_whole_numbers_by_brute_force(objective: str, condition: str) -> None:
    """Every point of a small cube tried."""

    def value(x: int, y: int, z: int) -> float:
        return {"x*y - z": x * y - z, "(x - 3)^2*y + z mod 4": (x - 3) ** 2 * y + z % 4, "x/2 - y*z": x / 2 - y * z}[
            objective
        ]

    def kept(x: int, y: int, z: int) -> bool:
        return {"x + y + z = 9": x + y + z == 9, "x <= y": x <= y, "x != z": x != z}[condition]

    points = [point for point in product(range(7), repeat=3) if kept(*point)]
    for word, best in (("minimize", min), ("maximize", max)):
        answer = solve(f"x, y, z in 0..6; {condition}; {word} {objective}", method="exact")
        target = best(value(*point) for point in points)
        found = sorted(tuple(int(one[name].exact) for name in "xyz") for one in answer)
        assert answer.best is not None
        assert answer.complete and float(answer.best.value.exact) == target
        assert found == [point for point in points if value(*point) == target]


def test_found_by_nadam_and_not_proved() -> None:
    """A circle's highest point, with the reason why it is not called the best."""
    answer = solve("maximize x + y; x^2 + y^2 = 1", time_limit=60)
    assert answer.status is Status.BEST_FIT and not answer.complete
    assert answer[0]["x"].approximation == pytest.approx(0.5**0.5, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "function", "choose"),
    [
        ("x in 1..9; minimize x + 12/x", lambda x: x + Fraction(12, x), min),
        ("x in -5..4; maximize 1/x - x", lambda x: Fraction(1, x) - x if x else None, max),
        (
            "x in 1..30; minimize x/7 + 11/(x - 3)",
            lambda x: Fraction(x, 7) + Fraction(11, x - 3) if x != 3 else None,
            min,
        ),
    ],
)
def test_few_points_are_each_tried(
    text: str, function: Callable[[int], Fraction | None], choose: Callable[[Iterable[Fraction]], Fraction]
) -> None:
    """What has no form for CP-SAT is worked out wherever it is defined, and all the best points are listed."""
    answer = solve(text, method="exact")
    low, high = (int(end) for end in text.partition("in ")[2].partition(";")[0].split(".."))
    values = {x: value for x in range(low, high + 1) if (value := function(x)) is not None}
    best = choose(values.values())
    assert answer.complete and answer.best is not None and answer.best.value.exact == sympy.Rational(str(best))
    assert [int(solution["x"].exact) for solution in answer] == [x for x, value in values.items() if value == best]


def test_what_is_no_solution_is_never_called_best() -> None:
    """The numeric search knows nothing of whole numbers; where it ends between two of them, nothing is told."""
    answer = solve("x in integer; minimize x^2 - 3x", time_limit=10)
    assert answer.complete or not answer.solutions


def test_the_headline_says_what_is_proved() -> None:
    """A value that is not proved to be the least is only the best one found."""
    report = str(solve("minimize x^2 + 1/x", time_limit=10))
    assert "least value" not in report and "best value found of x^2 + 1/x" in report
