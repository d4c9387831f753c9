"""What was given is told from what was found: by colours in tables and grids, and as tables of their own."""

from __future__ import annotations

import pytest
from places import ROOT

from puzzlesolver import load, parse, solve
from puzzlesolver.answer.solution import SolutionSet
from puzzlesolver.report.colour import coloured
from puzzlesolver.report.givens import given_names, marks
from puzzlesolver.report.text import report_text

EXAMPLES = ROOT / "examples"

SQUARE = """x[1..2, 1..3] in 1..6
all different: x
table x
  1 . .
  . 5 .
for j in 1..3: x[1, j] + x[2, j] = 7
"""


def answer_to(text: str) -> SolutionSet:
    return solve(text, method="exact")


def split_up(answer: SolutionSet) -> tuple[str, str]:
    """The numbers given and the numbers found that the report marks, in their order."""
    text = report_text(answer)
    found = list(marks(text, answer))
    assert coloured(text, answer).plain == text
    given, rest = ([text[one.start : one.end] for one in found if one.is_given is kind] for kind in (True, False))
    return " ".join(given), " ".join(rest)


def test_names_that_are_given() -> None:
    """Those that a line equates with a number."""
    assert given_names(parse("x[1..3] in 1..9\ny = 4\nx[2] = 3\nx[1] + y = 5")) == {"y", "x[2]"}


def test_tables() -> None:
    """Every solution is marked, those beside each other too."""
    answer = answer_to(SQUARE)
    assert len(answer) == 2
    assert split_up(answer) == ("1 1 5 5", "2 3 2 4 6 4 6 3")


def test_tables_below_each_other() -> None:
    """Where the solutions take several rows of squares."""
    answer = answer_to("x[1..2, 1..4] in 1..4\nfor i in 1..2: all different: x[i, 1..4]\nx[1, 1] = 3")
    assert len(answer) > 60
    given, found = split_up(answer)
    assert set(given.split()) == {"3"} and len(given.split()) == 60
    assert len(found.split()) == 60 * 7


def test_a_sudoku() -> None:
    """As many as the table of the file has."""
    given, found = split_up(solve(load(EXAMPLES / "sudoku.txt"), method="exact"))
    assert len(given.split()) == 30 and len(found.split()) == 51


@pytest.mark.parametrize(
    ("name", "given", "found"),
    [
        ("crossmath", "36 11 52 10 27 7", "8 1 4 6 2 3 5 9 7"),
        ("sendmore", "", "9 5 6 7 1 0 8 5 1 0 6 5 2"),
        ("lattice", "4 10 8 18", "6 0 8 12 6"),
    ],
)
def test_grids(name: str, given: str, found: str) -> None:
    """The numbers of the file, and those that were looked for."""
    assert split_up(solve(load(EXAMPLES / f"{name}.txt"), method="exact")) == (given, found)


def test_nothing_is_marked_where_nothing_is_told_apart() -> None:
    """Tables of which nothing is given or all is; answers without a solution."""
    for text in ("x[1..2, 1..2] in 1..2; x[1,1] < x[2,2]", "x[1..2] in 1..2; x[1] = 1; x[2] = 2", "x in 1..3; x > 5"):
        assert split_up(answer_to(text)) == ("", "")


def test_verbose_shows_the_tables_as_given() -> None:
    """Below the report, which stays as it is."""
    answer = answer_to(SQUARE)
    plain, verbose = report_text(answer), report_text(answer, verbose=True)
    assert verbose.startswith(plain + "\n\ngiven of x[1..2, 1..3]:\n  1 . .\n  . 5 .\n")
