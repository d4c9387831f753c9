"""Sets and regions in words and in JSON."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import product

import pytest

from puzzlesolver.analysis.classify import analyse
from puzzlesolver.answer.solution import SolutionSet
from puzzlesolver.exact.engine import solve_exactly
from puzzlesolver.language import parse
from puzzlesolver.problem.unroll import unroll
from puzzlesolver.report.json import report_object
from puzzlesolver.report.text import report_text
from puzzlesolver.solving.comparison import Findings, reconcile


def answered(text: str) -> SolutionSet:
    problem = unroll(parse(text))
    return reconcile(problem, Findings(outcome=solve_exactly(problem, analyse(problem), 100, time.monotonic() + 60)))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x^2 < 4", ["-2 < x < 2"]),
        ("x < -1\nx <= 3", ["x < -1"]),
        ("(x + 1)*(x - 3) >= 0\nx != -1", ["x < -1 or x >= 3"]),
        ("x^2*(x - 1) >= 0", ["x = 0 or x >= 1"]),
        ("x^2 != 4", ["x != -2 and x != 2"]),
        ("x^2 >= 0", ["every real x"]),
        ("x^7 - x - 2 > 0", ["x > 1.179693891  (ends rounded)"]),
        ("x in integer\n2x > 3", ["every whole number x with x >= 2"]),
        ("sin(x) > 1/2", ["2pi*k + pi/6 < x < 2pi*k + 5pi/6", "for every whole number k"]),
        ("x^2 >= 1\ny > 2", ["x <= -1 or x >= 1", "y > 2"]),
        ("x^2 < 4\ny = 3", ["-2 < x < 2", "y = 3"]),
    ],
)
def test_a_set_is_written_as_on_paper(text: str, lines: list[str]) -> None:
    report = report_text(answered(text)).splitlines()
    assert report[0] in ("infinitely many real solutions", "infinitely many solutions")
    assert report[1:-1] == ["  " + line for line in lines]


def test_none_names_its_lines() -> None:
    assert report_text(answered("x^2 < 4\nx > 3")).splitlines()[:4] == [
        "no real solution",
        "these cannot hold together:",
        "  line 1: x^2 < 4",
        "  line 2: x > 3",
    ]


def test_an_interval_in_json() -> None:
    low, high = report_object(answered("x^2 >= 2"))["solutions"]
    assert (low["free"], low["conditions"]) == (["x"], ["x <= -sqrt(2)"])
    (interval,) = high["set"]
    assert (interval["unknown"], interval["high"]) == ("x", None)
    assert (interval["low_open"], interval["high_open"]) == (False, True)
    assert interval["low"] == {"exact": "sqrt(2)", "decimal": "1.414213562", "low": None, "high": None}
    (both,) = report_object(answered("x^2 < 4"))["solutions"]
    assert both["conditions"] == ["-2 < x", "x < 2"]


def test_a_bounded_region_has_ranges_and_corners() -> None:
    text = "x > 0\ny > 0\nx + 2y <= 4"
    report = report_text(answered(text)).splitlines()
    assert "  within 0 < x < 4, 0 < y < 2" in report
    assert "  with the corners (x, y) = (0, 0), (0, 2), (4, 0)" in report
    region = report_object(answered(text))["solutions"][0]["region"]
    assert region["corners"] == [["0", "0"], ["0", "2"], ["4", "0"]]
    assert [one["high"]["exact"] for one in region["ranges"]] == ["4", "2"]


@pytest.mark.parametrize("bounds", list(product((1, 2, 3), repeat=2)))
def test_no_sample_of_a_region_lies_outside_its_ranges(bounds: tuple[int, int]) -> None:
    a, b = bounds
    text = f"{a}x + y <= 6\nx - {b}y >= -4\nx > -2\ny > -3"
    region = report_object(answered(text))["solutions"][0]["region"]
    ends = {one["unknown"]: (float(one["low"]["decimal"]), float(one["high"]["decimal"])) for one in region["ranges"]}
    corners = [tuple(map(float, map(Fraction, corner))) for corner in region["corners"]]
    for x, y in product([k / 8 for k in range(-24, 80)], repeat=2):
        if a * x + y <= 6 and x - b * y >= -4 and x > -2 and y > -3:
            assert ends["x"][0] <= x <= ends["x"][1]
            assert ends["y"][0] <= y <= ends["y"][1]
    for axis, name in enumerate("xy"):
        assert min(corner[axis] for corner in corners) == pytest.approx(ends[name][0])
        assert max(corner[axis] for corner in corners) == pytest.approx(ends[name][1])
