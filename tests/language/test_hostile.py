"""Texts that would run the machine out of time or memory: each is refused quickly, with the limit that it passes."""

from __future__ import annotations

import faulthandler
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from puzzlesolver.errors import PuzzleError
from puzzlesolver.language import load, parse
from puzzlesolver.report.diagnostics import draw

CASES: dict[str, tuple[Callable[[], str], str]] = {
    "a tower of powers": (lambda: "x = 9^9^9^9", "2000 digits"),
    "a tower of a thousand storeys": (lambda: "x = " + "^".join(["y"] * 1000), "20 storeys"),
    "ten thousand brackets": (lambda: "(" * 10**4 + "x" + ")" * 10**4 + " = 1", "deeper than 60"),
    "a hundred thousand brackets": (lambda: "(" * 10**5, "characters"),
    "ten thousand indices": (lambda: "x[" * 10**4 + "1" + "]" * 10**4 + " = 1", "deeper than 60"),
    "a thousand bars": (lambda: "|" * 1001 + "x" + "|" * 1000 + " = 1", "deeper than 60"),
    "a megabyte of plus": (lambda: "+" * 10**6, "characters"),
    "a megabyte of minus": (lambda: "x = " + "-" * (10**6 - 5) + "1", "characters"),
    "nearly fifty thousand minus": (lambda: "x = " + "-" * 49000, "a value is expected"),
    "a megabyte of factorials": (lambda: "x = 5" + "!" * 10**5, "characters"),
    "a hundred megabytes": (lambda: "x = 1\n" * (17 * 10**6), "longer than 1000000 characters"),
    "a hundred megabytes of line ends": (lambda: "\n" * 10**8, "longer than 1000000 characters"),
    "a megabyte of mistakes": (lambda: "x = = 1\n" * 10**5, "a value is expected"),
    "a megabyte of semicolons": (lambda: ";" * 999999 + "x", "this states nothing"),
    "a megabyte of open brackets by the line": (lambda: "(\n" * 400000, "characters"),
    "a megabyte of semicolons in brackets": (lambda: "(" + ";" * 999_990 + ")", "this '(' is never closed"),
    "a megabyte of brackets with semicolons": (lambda: "(;x)" * 240_000, "characters"),
    "a megabyte of quotes": (lambda: '"' * 999999, "characters"),
    "a megabyte of hash signs": (lambda: "#" * 999900 + "\nx + = 1", "a value is expected"),
    "a null byte": (lambda: "x = 1\0", "U+0000"),
    "lone surrogates": (lambda: "x = \ud800", "U+D800"),
    "a loop of a million million": (lambda: "for i in 1..10^12: x[i] = i", "at most 10000000 values"),
    "a loop of a million million for one unknown": (
        lambda: "x[1] = 1\nfor i in 1..10^12 if i < 2: x[i] = i",
        "at most",
    ),
    "loops in loops": (
        lambda: "for i in 1..10^4, j in 1..10^4, k in 1..10^4: x[i, j, k] = 1",
        "at most 10000000 values",
    ),
    "an array of a million million": (lambda: "x[1..10^12] in 1..9\nall different: x", "20000 elements"),
    "sums of sums of sums": (
        lambda: "y = sum(sum(sum(i*j*k for k in 1..10^4) for j in 1..10^4) for i in 1..10^4)",
        "more than",
    ),
    "a product of factorials": (lambda: "y = product(i for i in 1..10^4)", "digits"),
    "sums of unknowns": (lambda: "sum(sum(x[i]*y[j] for i in 1..1000) for j in 1..1000) = 1", "more than"),
    "a power of a sum": (lambda: "(x + y)^(10^9) = 1", "at most 10000"),
    "an exponent of a milliard": (lambda: "x^(10^9) = 1", "at most 10000"),
    "a root of a milliard": (lambda: "x^(1/10^9) = 1", "at most 10000"),
    "a long number": (lambda: "x = 1e4000", "2000 digits"),
    "a number of a megabyte": (lambda: "x = " + "9" * 40000, "2000 digits"),
    "a small number": (lambda: "x = 1e-999999999999", "2000 digits"),
    "factorials of factorials": (lambda: "x = 9!!!!", "two ways"),
    "factorials of factorials in brackets": (lambda: "x = (((9!)!)!)!", "800!"),
    "a large factorial": (lambda: "x = (10^9)!", "800!"),
    "gamma": (lambda: "x = gamma(10^9 + 1/2)", "at most 800"),
    "exp of log": (lambda: "x = exp(10^9*log(10))", "at most 10000"),
    "a name of a million letters": (lambda: "a" * 999990 + " = 1", "characters"),
    "a name of ten thousand letters": (lambda: "a" * 10**4 + " = 1", "at most 200 characters"),
    "functions that double": (
        lambda: (
            "".join(f"let f{i}(x) = f{i - 1}(x) + f{i - 1}(x)^2\n" for i in range(1, 40))
            + "let f0(x) = x + 1\nf39(y) = 3"
        ),
        "more than",
    ),
    "values that double": (
        lambda: "let a0 = x + 1\n" + "".join(f"let a{i} = a{i - 1}*(a{i - 1} + 1)\n" for i in range(1, 60)) + "a59 = 3",
        "more than 50000 parts",
    ),
    "values that are nested": (
        lambda: "let a0 = x\n" + "".join(f"let a{i} = sin(a{i - 1})\n" for i in range(1, 900)) + "a899 = 3",
        "nested deeper than 120",
    ),
    "values below their use": (
        lambda: "a0 = 3\n" + "".join(f"let a{i} = a{i + 1} + 1\n" for i in range(900)),
        "50 definitions",
    ),
    "a function of itself": (lambda: "let f(n) = n*f(n - 1)\nx = f(3)", "defined by itself"),
    "functions of each other": (lambda: "let f(n) = g(n)\nlet g(n) = f(n)\nx = f(3)", "defined by itself"),
    "many derivatives": (lambda: "diff(exp(sin(x)*x^2), x, 1000) = ?", "the order 20"),
    "derivatives of derivatives": (lambda: "diff(" * 30 + "exp(sin(x)*cos(x^2))" + ", x)" * 30 + " = ?", "more than"),
    "a minimum of many": (lambda: "y = min(x[i] for i in 1..1000)", "at most 30"),
    "a set of a million": (lambda: "x in {1..10^6}\nx = 1", "at most 20000 members"),
    "names from 1 to a milliard": (lambda: "all different: x1..x1000000000", "x1..x1000000000"),
    "a table of a million": (lambda: "table x\n" + ("1 " * 1000 + "\n") * 400, "at most 10000 entries"),
    "a grid of a megabyte": (lambda: "grid\n" + "? + " * 10**5, "at most 60000 characters"),
    "a grid of many cells": (lambda: "grid\n" + "? + " * 14000 + "? = 3", "at most 5000 cells"),
    "a cryptarithm of a megabyte": (lambda: "cryptarithm: " + "A + " * 10**5 + "B = C", "at most 50000 characters"),
    "a long word": (lambda: "cryptarithm: " + "A" * 5000 + " = B", "at most 100 characters"),
    "expanding powers": (lambda: "x = (((((y+1)^9)^9)^9)^9)^9", "at most 10000"),
    "data that is a device": (lambda: 'fit y = a*x\ndata from "/dev/zero"', "no regular file"),
    "data with one bad cell": (lambda: 'fit y = a*x\ndata from "rows.csv"', "row 100001, column 'y'"),
    "data of a million rows": (lambda: 'fit y = a*x\ndata from "long.csv"', "more than 250000 values"),
    "data with many empty lines": (lambda: 'fit y = a*x\ndata from "empty.csv"', "more than 250000 lines"),
    "a megabyte of data": (lambda: "fit y = a*x\ndata\nx y\n" + "1 2\n" * 240_000, "more than 250000 values"),
    "data with an endless line": (lambda: 'fit y = a*x\ndata from "line.csv"', "longer than 100000 characters"),
    "data with many columns": (lambda: 'fit y = a*x\ndata from "wide.csv"', "more than 200 columns"),
}
"""Each name with what makes the text, and some words of the error."""

HANGS = 30
"""Seconds after which a text counts as one that never ends; each takes two at most on an idle machine."""

MEGABYTES = 500
"""What all of them together may take beyond what the program takes anyway, the texts themselves included."""


def measure(folder: Path) -> None:
    """Read every text, and print its name, megabytes up to here, and the message, as JSON on a line each.

    A text that hangs ends the process, with a traceback that says where.
    """

    def peak() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def said(text: str) -> str:
        try:
            parse(text, folder=folder)
        except PuzzleError as error:
            return draw(error.diagnostics)
        return "nothing"

    said("x + = sqrt(2)"), said("x = sin(y)")
    before = peak()
    for name, (make, _) in CASES.items():
        text = make()
        faulthandler.dump_traceback_later(HANGS, exit=True)
        words = said(text)
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps([name, peak() - before, words]), flush=True)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[float, str]]:
    """Megabytes up to here, and the message, of every text, all read in one process of their own."""
    folder = tmp_path_factory.mktemp("hostile")
    row = "1.5,2.25\n"
    (folder / "rows.csv").write_text("x,y\n" + row * 99_999 + "1,2 apples\n" + row * 900_000, encoding="utf-8")
    (folder / "long.csv").write_text("x,y\n" + row * 1_000_000, encoding="utf-8")
    (folder / "empty.csv").write_text("x,y\n1,2\n" + "\n" * 10_000_000, encoding="utf-8")
    (folder / "line.csv").write_text("x,y\n" + "1" * 10_000_000, encoding="utf-8")
    (folder / "wide.csv").write_text(",".join(f"c{number}" for number in range(5_000)) + "\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, __file__, str(folder)],
        capture_output=True,
        encoding="utf-8",
    )
    found = {name: (megabytes, words) for name, megabytes, words in map(json.loads, run.stdout.splitlines())}
    assert run.returncode == 0, (list(CASES)[len(found)], run.stderr)
    return found


@pytest.mark.parametrize("name", CASES)
def test_refused_with_the_limit_named(name: str, outcomes: dict[str, tuple[float, str]]) -> None:
    """An error, not a search, that says which limit was passed."""
    megabytes, words = outcomes[name]
    assert CASES[name][1] in words
    assert "error: " in words
    assert len(words) < 10_000
    assert megabytes < MEGABYTES


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x = \xff\xfe1\n", "is not in UTF-8: its byte 5"),
        (b"x = 1\n" * 20_000_000, "is longer than 1000000 characters"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "U+007F"),
        (b"x = 1\x00\n", "U+0000"),
    ],
    ids=["no UTF-8", "too long", "a program", "a null byte"],
)
def test_files_that_are_no_puzzles(tmp_path: Path, content: bytes, words: str) -> None:
    """A file whose bytes are no text is an error that says so."""
    path = tmp_path / "puzzle.txt"
    path.write_bytes(content)
    with pytest.raises(PuzzleError) as caught:
        load(path)
    assert words in str(caught.value)


if __name__ == "__main__":
    measure(Path(sys.argv[1]))
