"""Infinitely many solutions that are no family: proved where there are, never claimed where there are not."""

from __future__ import annotations

import time

import pytest

import puzzlesolver
from puzzlesolver.answer.solution import Evidence, Status
from puzzlesolver.proof.boxes.bounds import bounds
from puzzlesolver.proof.boxes.line import endless, search_line
from puzzlesolver.proof.boxes.tails import T, positive
from puzzlesolver.report.conditions import condition_texts

ENDLESS = (
    "tan(x) = x",
    "x = tan(x)",
    "x*sin(x) = 1",
    "cos(x)*cosh(x) = 1",
    "sin(x) = exp(-x)",
    "exp(x)*cos(x) = 1",
    "1/cos(x) = x",
    "sqrt(x)*sin(3x) = 2",
    "sin(1/x) = x",
    "x in [-1, 1]\nsin(1/x) = x",
    "x*sin(x^2) = 1",
    "sin(log(x)) = 1/x",
    "x < 50\nx*sin(x) = 1",
    "x*sin(x) = 1\nx != 7",
)

FINITE = (
    "sin(x) = x/10",
    "sin(x) = 1 + 1/(x^2 + 1)",  # none
    "cos(x) = 1 + x^2",
    "x in [0, 100]\ntan(x) = x",
    "x*sin(x) = 1\nx*cos(x) = 1",
    "cos(x)^2/cos(x) = 0",  # every zero is a pole
    "x^2*sin(x) = x^2 + 1",  # none from some x on
    "x*sin(x) = 1\nabs(x) < 50",
    "sqrt(100 - x^2)*sin(x) = 1",
    "x in integer\nx*sin(x) = 1",
    "tan(x)*cos(x)/sin(x) = 2",
)


@pytest.mark.parametrize("text", ENDLESS)
def test_sign_changes_without_end_are_proved(text: str) -> None:
    problem = puzzlesolver.parse(text)
    assert endless(problem) is not None
    found = search_line(problem, deadline=time.monotonic() + 10)
    assert found.endless and not found.exhausted and found.certificates


@pytest.mark.parametrize("text", FINITE)
def test_no_such_claim_where_there_are_finitely_many(text: str) -> None:
    assert endless(puzzlesolver.parse(text)) is None


def test_the_answer_lists_the_first_few_and_says_why_there_are_more() -> None:
    answer = puzzlesolver.solve("tan(x) = x", time_limit=20)
    assert answer.status is Status.INFINITE and not answer.complete
    assert answer.proof is not None and "changes sign" in answer.proof
    assert 3 <= len(answer) <= 30
    roots = [solution["x"].approximation for solution in answer if solution.evidence is Evidence.CERTIFIED]
    assert any(abs(root - 4.493409457909064) < 1e-9 for root in roots)
    assert "infinitely many real solutions, among them" in str(answer)


def test_beside_a_part_without_solutions_there_are_none() -> None:
    answer = puzzlesolver.solve("tan(x) = x\ny^2 = -1", time_limit=20)
    assert answer.status is Status.NONE and answer.complete
    assert "infinitely" not in str(answer.proof)


def test_a_period_is_no_whole_number() -> None:
    found = search_line(puzzlesolver.parse("x in integer\nsin(x) = sin(355)"), deadline=time.monotonic() + 5)
    assert not (found.exhausted and not found.certificates)


def test_a_pole_is_no_proof_of_a_sign() -> None:
    assert not positive(-T / (T - 1000), 1)
    found = bounds(puzzlesolver.parse("x > 0\ny^2 - x/(x - 1000) = 0\ny^2 + sin(x) + exp(-x^2) = 4"))
    assert not found.is_empty and found.high[0] > 1300


@pytest.mark.parametrize(
    ("text", "value", "conditions"),
    [
        ("sin(1/x) = 0", "1/(pi*k)", ("k != 0",)),
        ("sin(1/x) = 0\nx > 0", "1/(pi*k)", ("1 <= k",)),
        ("cos(pi/x) = 1", "1/(2*k)", ("k != 0",)),
    ],
)
def test_the_members_of_a_family_may_be_quotients(text: str, value: str, conditions: tuple[str, ...]) -> None:
    answer = puzzlesolver.solve(text, method="exact", time_limit=20)
    assert answer.status is Status.INFINITE and answer.complete
    assert [str(solution["x"].exact) for solution in answer] == [value]
    assert tuple(condition_texts(answer[0].conditions)) == conditions


def test_finitely_many_members_of_such_a_family_are_listed() -> None:
    answer = puzzlesolver.solve("sin(1/x) = 0\nx > 0.01", method="exact", time_limit=20)
    assert answer.complete and len(answer) == 31
