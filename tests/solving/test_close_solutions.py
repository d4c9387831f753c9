"""Solutions that are close to each other are in order, and shown with as many digits as tell them apart."""

from __future__ import annotations

import itertools
from decimal import Decimal, getcontext

import pytest

import puzzlesolver


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("(x-1)*(x-1-1e-30)*(x+2) = 0", "1e-30"),
        ("x^20 = 2*(100x-1)^2", "1e-22"),
        ("(x^2 - 2)*(x^2 - 2 - 1e-15) = 0", "1e-16"),
    ],
)
def test_close_roots_are_told_apart(text: str, gap: str) -> None:
    """The decimals that are printed differ, increase, and are right to the last digit."""
    getcontext().prec = 80
    answer = puzzlesolver.solve(text, method="exact")
    assert answer.complete
    shown = [Decimal(solution["x"].decimal(answer.digits)) for solution in answer]
    better = [Decimal(solution["x"].decimal(answer.digits + 20)) for solution in answer]
    assert shown == sorted(set(shown))
    assert min(b - a for a, b in itertools.pairwise(better)) < Decimal(gap) * 100
    assert all(abs(a - b) <= abs(b) * Decimal(10) ** (1 - answer.digits) for a, b in zip(shown, better, strict=True))
    assert len({*str(answer).splitlines()[1 : 1 + len(answer)]}) == len(answer)


def test_solutions_far_apart_are_shown_as_asked() -> None:
    """Nobody gets more digits who has no need of them."""
    assert puzzlesolver.solve("x^2 = 2", method="exact", digits=7).digits == 7
