"""False claims that random puzzles have brought to light; each one stays refuted."""

from __future__ import annotations

import pytest

import puzzlesolver


def roots(text: str) -> tuple[list[float], bool]:
    """The values of the first unknown, and whether they are said to be all."""
    answer = puzzlesolver.solve(text, method="exact", time_limit=20)
    name = answer.problem.unknowns[0].name
    return [solution[name].approximation for solution in answer], answer.complete


@pytest.mark.parametrize("text", ["sqrt((x - 3)*x^2) = 0", "((x - 3)*x^2)^(1/2) = 0", "(x^2*(x - 3))^(3/2) = 0"])
def test_a_square_taken_out_of_a_root_leaves_its_zero(text: str) -> None:
    """The root of x²(x - 3) is 0 at x = 0, where sqrt(x - 3) is not real."""
    assert roots(text) == (pytest.approx([0, 3], abs=1e-12), True)
