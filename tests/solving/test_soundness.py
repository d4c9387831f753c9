"""False claims that random puzzles have brought to light; each one stays refuted."""

from __future__ import annotations

import pytest

import puzzlesolver
from puzzlesolver.answer.solution import Status
from puzzlesolver.verification.verdicts import Verdict


def roots(text: str) -> tuple[list[float], bool]:
    """The values of the first unknown, and whether they are said to be all."""
    answer = puzzlesolver.solve(text, method="exact", time_limit=20)
    name = answer.problem.unknowns[0].name
    return [solution[name].approximation for solution in answer], answer.complete


@pytest.mark.parametrize("text", ["sqrt((x - 3)*x^2) = 0", "((x - 3)*x^2)^(1/2) = 0", "(x^2*(x - 3))^(3/2) = 0"])
def test_a_square_taken_out_of_a_root_leaves_its_zero(text: str) -> None:
    """The root of x²(x - 3) is 0 at x = 0, where sqrt(x - 3) is not real."""
    assert roots(text) == (pytest.approx([0, 3], abs=1e-12), True)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x^2 + y^2 = 1\nz = x\nx + y = 3", [1, 3]),
        ("exp(x) = 1\ny = x\nsin(x) = 1", [1, 3]),
        ("x*y = 1\nx + y = 7\nx > 0\ny < 0", [1, 3, 4]),
        ("x^2 = 2\ny^2 = 3\nx + y > 0\nx^2 + y^2 = 6", [1, 2, 4]),
        ("y = 2x\nsqrt(x) = -1", [2]),
        ("x + y = 1\ny > x\nx > 2", [1, 2, 3]),
        ("x = y\nx > 0\nz = 1\ny < -1", [1, 2, 4]),
    ],
)
def test_the_lines_that_conflict_are_named_and_no_others(text: str, lines: list[int]) -> None:
    answer = puzzlesolver.solve(text, method="exact", time_limit=30)
    assert answer.status is Status.NONE and answer.complete and answer.conflict is not None
    assert [origin.line for origin in answer.conflict.lines] == lines
    checks = puzzlesolver.verify(puzzlesolver.parse(text), answer.to_json()).checks
    assert not any(check.verdict is Verdict.FAILS for check in checks)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x*y = 1\nx^2 + y^2 = 2\nx^2 - y^2 = 0", [3]),
        ("x^2 + y^2 = 25\nx*y = 12\nx > y\nx^4 - 25x^2 + 144 = 0", [4]),
        ("x^2 = 4\nx^3 = 8", [1]),
        ("x^2 + y^2 = 25\nx*y = 12", []),
    ],
)
def test_lines_that_say_nothing_new_are_named(text: str, lines: list[int]) -> None:
    answer = puzzlesolver.solve(text, method="exact", time_limit=30)
    assert answer.complete and [origin.line for origin in answer.redundant] == lines


@pytest.mark.parametrize("text", ["y^2 = x/x\nx^2 = 0", "sin(y)*x/x = 0\nx^2 = 0"])
def test_a_divisor_that_cancels_still_binds_the_parts_together(text: str) -> None:
    answer = puzzlesolver.solve(text, method="exact", time_limit=20)
    assert answer.status is Status.NONE and answer.complete


def test_a_compromise_is_offered_to_certain_digits() -> None:
    """Nearest to a circle and a line that miss each other is x = y = t with 4t³ = 3, where the slope is zero."""
    answer = puzzlesolver.solve("x^2 + y^2 = 1\nx + y = 3", time_limit=30)
    assert answer.status is Status.NONE and answer.conflict is not None and answer.conflict.compromise is not None
    x, y = (answer.conflict.compromise[name].approximation for name in "xy")
    assert x == pytest.approx(y) and 4 * x**3 == pytest.approx(3)
