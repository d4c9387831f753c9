"""What the solver answers, to the examples and to random puzzles of every kind, is never refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

from puzzlesolver import Problem, load, parse, solve
from puzzlesolver.verification import Overall, verify

EXAMPLES = sorted((ROOT / "examples").glob("*.txt"))


def _is_refused(problem: Problem, seconds: float) -> bool:
    method = "exact" if problem.fit is None else "auto"
    found = verify(problem, solve(problem, method=method, time_limit=seconds).to_json(), seconds=seconds)
    assert "could not be worked out" not in str(found), str(found)
    return found.overall is Overall.REFUSED


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_answer_to_an_example_is_refused(path: Path) -> None:
    assert not _is_refused(load(path), 10)


few = st.integers(-5, 5)
some = st.integers(1, 6)
function = st.sampled_from(
    ["exp(x)", "x*exp(x)", "log(x)", "sin(x)", "cos(x) + x", "sqrt(x)", "atan(x)", "2^x", "abs(x)"]
)
wave = st.sampled_from(["sin(x)", "cos(x)", "tan(x)", "sin(2x)", "sin(x)^2", "sin(x) + cos(x)", "cos(3x)"])
aim = st.sampled_from(["minimize", "maximize"])
relation = st.sampled_from(["<", "<=", ">", ">=", "!="])

KINDS = {
    "linear": st.builds("{}x + {}y = {}\n{}x - {}y = {}".format, some, some, few, some, some, few),
    "a plane": st.builds("x + {}y + {}z = {}\nx - y = {}".format, few, few, few, few),
    "polynomial": st.builds("x^3 + ({})*x^2 + ({})*x = {}".format, few, few, few),
    "conics": st.builds("x^2 + {}y^2 = {}\nx*y = {}".format, some, some, few),
    "transcendental": st.builds("{} = {}\nx > 0".format, function, few),
    "periodic": st.builds("{} = {}/2".format, wave, st.integers(-2, 2)),
    "whole numbers": st.builds("x, y in -9..9\n{}x^2 + {}y = {}".format, some, few, few),
    "a lattice": st.builds("x, y in integer\n{}x + {}y = {}".format, some, some, few),
    "parametric": st.builds("solve for x\na*x^{} + ({})*x = b".format, st.integers(1, 2), few),
    "inequalities": st.builds("{}x + y {} {}\nx {} {}".format, few, relation, few, relation, few),
    "optimum": st.builds("x, y in 0..6\n{} {}x + {}y\nx + y <= {}".format, aim, some, few, some),
    "parabola": st.builds("minimize {}x^2 + ({})*x".format, some, few),
    "fit": st.builds("fit y = a*x + b\ndata\n  x  y\n  0  {}\n  1  {}\n  2  {}".format, few, few, few),
}


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_to_a_random_puzzle_is_refused(kind: str) -> None:
    @given(KINDS[kind])
    @settings(max_examples=6, deadline=None, derandomize=True)
    def never_refused(text: str) -> None:
        assert not _is_refused(parse(text), 5), text

    never_refused()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("sin(x) > 1/2", "5"),
        ("cos(x) >= 0", "3"),
        ("x^2 < 4", "5"),
        ("x^2*(x - 1) >= 0", "-3"),
        ("x^2 + y^2 = 25\nx > 3", "4"),
    ],
)
def test_a_set_is_not_refused_and_a_wrong_sample_is(text: str, wrong: str) -> None:
    problem = parse(text)
    answer = json.loads(solve(problem, method="exact", time_limit=20).to_json())
    assert verify(problem, json.dumps(answer), seconds=10).overall is not Overall.REFUSED
    family = next(one for one in answer["solutions"] if one["free"])
    family["values"][family["free"][0]]["decimal"] = wrong
    assert verify(problem, json.dumps(answer), seconds=10).overall is Overall.REFUSED
