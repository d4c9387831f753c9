"""Text that was copied from a web page, a PDF or a chat is read as its author meant it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puzzlesolver.language import parse
from puzzlesolver.language.text_form import problem_text

MINUS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2796\ufe58\ufe63\uff0d\u02d7\u2043"
PLUS = "\uff0b\u2795\ufe62"
TIMES = "\u00d7\u00b7\u22c5\u2219\u2217\u2022\u2715\u2716\u2a2f\uff0a\u2027"
OVER = "\u00f7\u2215\u2044\u2797\u29f8\uff0f"
BLANK = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\f"
NOTHING = "\u200b\u200c\u2060\ufeff\u00ad\u200e\u200f\u202a\u202c\u2066\u2069"
"""Characters of no width, and of no meaning in a puzzle."""


def means(text: str, plain: str) -> None:
    problem, expected = parse(text), parse(plain)
    assert problem_text(problem) == problem_text(expected)
    assert problem.warnings == expected.warnings == ()


@pytest.mark.parametrize(
    ("signs", "plain"), [(MINUS, "-"), (PLUS, "+"), (TIMES, "*"), (OVER, "/")], ids=["minus", "plus", "times", "over"]
)
def test_signs(signs: str, plain: str) -> None:
    """Every sign that looks like an operator is that operator, also where the cells of a grid are joined."""
    for sign in signs:
        means(f"x {sign} 3 = 2{sign}y", f"x {plain} 3 = 2{plain}y")
        means(f"[ A ] {sign} [ B ] = 5", f"[ A ] {plain} [ B ] = 5")


@pytest.mark.parametrize("blank", BLANK, ids=lambda blank: f"U+{ord(blank):04X}")
def test_blanks(blank: str) -> None:
    """Every kind of blank is a blank: between words, in front of a line, and inside a block."""
    means(f"let{blank}a = 3\n{blank}x{blank}+{blank}a = 1{blank}", "let a = 3\nx + a = 1")
    means(f"for i in 1..2:\n{blank}{blank}x[i] = i\n{blank}{blank}y[i] = i", "for i in 1..2:\n  x[i] = i\n  y[i] = i")
    means(f"fit y = a*x\ndata\n x{blank}y\n 1{blank}2\n 2{blank}3", "fit y = a*x\ndata\n x y\n 1 2\n 2 3")


@pytest.mark.parametrize("nothing", NOTHING, ids=lambda nothing: f"U+{ord(nothing):04X}")
def test_characters_of_no_width(nothing: str) -> None:
    """What cannot be seen changes nothing, wherever it stands."""
    means(f"{nothing}length{nothing} = {nothing}3 +{nothing} 2{nothing}x", "length = 3 + 2x")
    means(f"wi{nothing}dth + width = 3", "width + width = 3")
    means(f"x = 1\n{nothing}\n{nothing}y = 2", "x = 1\ny = 2")
    means(f"{nothing}[ A ] + [ B ] = 5", "[ A ] + [ B ] = 5")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("x = １２．５＊（ｙ＋１）", "x = 12.5*(y+1)"),
        ("x = ٣ + ५", "x = 3 + 5"),
        ("𝑥² + 𝒚 = 𝟏𝟎; 𝜋𝑥 = 𝐴", "x² + y = 10; π*x = A"),
        ("ℎ = 3", "h = 3"),
        ("fit y = a*x\ndata sigma s\n x y s\n 1 −2 1\n 2 ３ 1", "fit y = a*x\ndata sigma s\n x y s\n 1 -2 1\n 2 3 1"),
        ("x ≤ 3；y ≥ 2， ； z ≠ 1".replace("， ", ""), "x <= 3; y >= 2; z != 1"),
        ("x ⩽ 3; y ⩾ 2", "x <= 3; y >= 2"),
        ("k in {1， 2、3}", "k in {1, 2, 3}"),
        ("n in 1…9; n = 3", "n in 1..9; n = 3"),
        ("n in 1...9; n = 3", "n in 1..9; n = 3"),
        ("x ∈ ［0, 1］; x = 1/2", "x in [0, 1]; x = 1/2"),
        ("∣x∣ = 3", "|x| = 3"),
        ("🍎 ✖️ 2 = 4 ➕ 🍎", "🍎 * 2 = 4 + 🍎"),
        ("\ufeffx = 1\r\ny = 2\rz = 3\u2028w = 4\u0085v = 5", "x = 1\ny = 2\nz = 3\nw = 4\nv = 5"),
        ("µ = 3; µ + μ = 6", "μ = 3; μ + μ = 6"),
        ("Å + Å = 6", "Å + Å = 6"),
        ("café + café = 2", "café + café = 2"),
    ],
)
def test_other_forms(text: str, plain: str) -> None:
    """Full-width, Arabic and mathematical letters and digits, line ends, accents: all mean what they look like."""
    if "in {" in text:
        text, plain = f"{text}; k = 2", f"{plain}; k = 2"
    means(text, plain)


def test_curly_quotes(tmp_path: object) -> None:
    """The name of a file may stand in any quotes."""
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "a b.csv").write_text("x,y\n1,2\n2,3\n", encoding="utf-8")
    expected = str(parse('fit y = a*x\ndata from "a b.csv"', folder=folder))
    for left, right in ["“”", "„“", "«»", "‘’", "''"]:
        assert str(parse(f"fit y = a*x\ndata from {left}a b.csv{right}", folder=folder)) == expected


@given(st.lists(st.sampled_from(BLANK + NOTHING), max_size=5).map("".join), st.integers(0, 30))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_blanks_between_pieces(blanks: str, where: int) -> None:
    """Any number of blanks and characters of no width may stand between the pieces of a statement."""
    pieces = ["2", "*", "(", "x", "+", "3", ")", "^", "2", "-", "sqrt", "(", "y", ")", "=", "z", "/", "5"]
    where %= len(pieces)
    means("".join([*pieces[:where], blanks, *pieces[where:]]), "".join(pieces))
