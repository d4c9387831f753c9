"""Texts that are nearly puzzles: pieces of the language put together at random, and good puzzles with slips in them.

Whatever the text, there is a problem or a `PuzzleError` whose places exist and which can be drawn.
"""

from __future__ import annotations

import faulthandler
import re

from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

from puzzlesolver.errors import PuzzleError
from puzzlesolver.language import parse
from puzzlesolver.report.diagnostics import draw
from puzzlesolver.report.summary import summary_text

SEEDS = [
    path.read_text(encoding="utf-8")
    for folder in ("examples", "tests/golden/trees", "tests/golden/problems", "tests/golden/rejected")
    for path in sorted((ROOT / folder).glob("*.txt"))
]
HANGS = 60
"""Seconds after which a text counts as one that never ends: the process ends, with a traceback that says where."""

VALUES = [
    "x",
    "y",
    "A",
    "B",
    "n",
    "i",
    "x[i]",
    "x[1]",
    "x[i+1, j]",
    "2",
    "0",
    "1/2",
    "3.5",
    "1e3",
    "pi",
    "oo",
    "🍎",
    "?",
]
VALUES += [
    "sin(x)",
    "sqrt(x)",
    "f(x)",
    "|x|",
    "x!",
    "x²",
    "(x + 1)",
    "sum(x[i] for i in 1..3)",
    "diff(x^2, x)",
    "cells",
]
SIGNS = [
    "+",
    "-",
    "*",
    "/",
    "^",
    " mod ",
    "=",
    "==",
    "<",
    "<=",
    "!=",
    " in ",
    "..",
    ",",
    ";",
    ":",
    "\n",
    "\n  ",
    " ",
    "",
]
WORDS = [
    "let ",
    "guess ",
    "for ",
    "if ",
    "and ",
    "solve for ",
    "all different: ",
    "minimize ",
    "fit ",
    "data\n",
    "table x\n",
]
WORDS += [
    "grid\n",
    "cryptarithm: ",
    "grid cryptarithm\n",
    "data from ",
    '"points.csv"',
    "sigma ",
    "weights ",
    "integer",
]
BRACKETS = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    "#",
    "[ ]",
    "[ A ]",
    "[#]",
    "----",
    "\n  +\n",
    "SEND",
    "1..9",
    "!",
    "'",
    "\t",
]
PIECES = [*VALUES, *SIGNS, *WORDS, *BRACKETS]
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")

value = st.sampled_from(VALUES)
expression = st.recursive(
    value,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(SIGNS[:6]), inner).map("".join),
        inner.map("({})".format),
        st.tuples(st.sampled_from(["sin", "log", "f", "min", "abs", "gamma"]), inner).map(
            lambda pair: "{}({})".format(*pair)
        ),
    ),
    max_leaves=6,
)
domain = st.sampled_from(["1..9", "[0, 1]", "integer", "real", "{1, 2, 3}", "(-oo, oo)", "n..5", "0..n"])
clause = st.sampled_from(["for i in 1..3", "for i in 1..n, j in i..3 if i != j", "for i in 1..2 if i > x"])
statement = st.one_of(
    st.tuples(expression, st.sampled_from([" = ", " < ", " <= ", " != "]), expression).map("".join),
    expression.map("{} = ?".format),
    st.tuples(st.sampled_from(["x", "A..D", "x[1..3]", "n, y"]), domain).map(lambda pair: "{} in {}".format(*pair)),
    st.tuples(st.sampled_from(["let n", "let f(x)", "let g(x, y)", "guess x", "guess x[i]", "fit y"]), expression).map(
        " = ".join
    ),
    expression.map("minimize {}".format),
    expression.map("all different: x, {}".format),
    expression.map("solve for x, {}".format),
    st.sampled_from(
        [
            "data\n  x y\n  1 2\n  2 3",
            "table x\n  1 . 3\n  4 5 6",
            "[ A ] + [ B ] = 5",
            "grid\n? + 1 = 3\n+   .   =\n2 + ? = 5",
            "cryptarithm: AB + C = DE",
            "cells in 1..9",
        ]
    ),
)
line = st.one_of(
    statement,
    st.tuples(clause, statement).map(": ".join),
    st.tuples(statement, clause).map(" ".join),
    st.tuples(clause, statement, statement).map(lambda parts: "{}:\n  {}\n  {}".format(*parts)),
)
puzzle = st.lists(line, min_size=1, max_size=5).map("\n".join)


@st.composite
def slips(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text with a few of its tokens left out, doubled, exchanged, or replaced by others."""
    tokens = TOKEN.findall(draw(texts))
    for _ in range(draw(st.integers(1, 4))):
        at, other = draw(st.integers(0, len(tokens))), draw(st.integers(0, len(tokens)))
        match draw(st.integers(0, 4)):
            case 0:
                del tokens[at : at + 1]
            case 1:
                tokens.insert(at, draw(st.sampled_from(PIECES)))
            case 2:
                tokens[at : at + 1] = [draw(st.sampled_from(PIECES))]
            case 3:
                tokens[at:at] = tokens[min(at, other) : max(at, other)][:20]
            case 4 if at < len(tokens) and other < len(tokens):
                tokens[at], tokens[other] = tokens[other], tokens[at]
    return "".join(tokens)


def check(text: str) -> None:
    faulthandler.dump_traceback_later(HANGS, exit=True)
    try:
        summary_text(parse(text))
    except PuzzleError as error:
        assert error.diagnostics
        lines = len(re.split("\r\n|[\r\n\v\u0085\u2028\u2029]", text))
        for diagnostic in error.diagnostics:
            if diagnostic.place is not None:
                assert 1 <= diagnostic.place.line <= lines
                assert 1 <= diagnostic.place.column <= len(diagnostic.place.source_line) + 1
                assert diagnostic.place.column < diagnostic.place.end_column
        assert "error: " in draw(error.diagnostics)
    finally:
        faulthandler.cancel_dump_traceback_later()


@given(puzzle)
@settings(deadline=None, derandomize=True, max_examples=400)
def test_puzzles_from_the_grammar(text: str) -> None:
    """What the grammar can make is a problem or a mistake in it."""
    check(text)


@given(slips(puzzle | st.sampled_from(SEEDS)))
@settings(deadline=None, derandomize=True, max_examples=700)
def test_puzzles_with_slips(text: str) -> None:
    """What a slip of the finger makes of a puzzle is a problem or a mistake in it."""
    check(text)


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@settings(deadline=None, derandomize=True, max_examples=500)
def test_pieces_at_random(text: str) -> None:
    """Pieces in any order are a problem or a mistake in it."""
    check(text)
