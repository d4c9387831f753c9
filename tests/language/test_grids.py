"""Grids of cells and operators: what is read off a drawing, and what it means."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT
from sympy import Expr, Integer, Rational

from puzzlesolver.errors import PuzzleError
from puzzlesolver.language.blocks import grid_extent
from puzzlesolver.language.drawn import BlockMeaning
from puzzlesolver.language.grids.grid import Grid, read_grid
from puzzlesolver.language.grids.lowering import lower_grid
from puzzlesolver.language.mistakes import Mistakes
from puzzlesolver.language.pieces import RawPiece
from puzzlesolver.language.source import BlockLine, Source, Span
from puzzlesolver.problem import AllDifferent, real_symbol

EXAMPLES = ROOT / "examples"


def read(text: str, options: str | None = None) -> tuple[Grid, Source]:
    source = Source.of(text)
    lines = tuple(source.line(number) for number in range(1, source.line_count + 1))
    header = None if options is None else BlockLine(options, 1, 0)
    mistakes = Mistakes(source)
    grid = read_grid(RawPiece("grid", Span(0, len(text)), 0, header, lines), mistakes)
    mistakes.raise_all()
    assert grid is not None
    return grid, source


def meaning(text: str, options: str | None = None, values: dict[str, Expr] | None = None) -> BlockMeaning:
    grid, source = read(text, options)
    mistakes = Mistakes(source)
    meant = lower_grid(grid, source, mistakes, values or {})
    mistakes.raise_all()
    assert meant is not None
    return meant


def texts(meant: BlockMeaning) -> list[str]:
    return [equation.origin.text for equation in meant.equations]


def example(name: str, options: str | None = None) -> BlockMeaning:
    """The grid of an example: its lines between the comments, the header and the other statements."""
    lines = (EXAMPLES / name).read_text(encoding="utf-8").splitlines()
    drawn = [line for line in lines if not line.startswith(("#", "grid", "cells", "all"))]
    return meaning("\n".join(drawn), options)


def holds(meant: BlockMeaning, solution: dict[str, int | Rational]) -> bool:
    values = {real_symbol(name): value for name, value in solution.items()}
    return all(equation.residual.subs(values) == 0 for equation in meant.equations)


def mistake(text: str, options: str | None = None) -> tuple[int, int, str]:
    """Line, column and words of the first error."""
    with pytest.raises(PuzzleError) as caught:
        meaning(text, options)
    first = caught.value.diagnostics[0]
    assert first.place is not None
    return first.place.line, first.place.column, first.message


DRAWN = """\
[ A ] + [ B ] = 9
  +       -
[ C ] - [ D ] = 1
  =       =
  8       2"""
EXERCISE = """\
4 + ? = 10
+   +    +
8 + ? =  ?
=   =    =
? + ? = 18"""


# --- what is read ----------------------------------------------------------------------------------------------------


def test_a_grid_gives_an_equation_for_every_line_across_and_down() -> None:
    """Rows come first, then columns; results to the right and below belong to their lines."""
    meant = meaning(DRAWN)
    assert texts(meant) == ["A + B = 9", "C - D = 1", "A + C = 8", "B - D = 2"]
    assert [unknown.name for unknown in meant.unknowns] == ["A", "B", "C", "D"]
    a, b = real_symbol("A"), real_symbol("B")
    assert (meant.equations[0].lhs, meant.equations[0].rhs) == (a + b, Integer(9))
    places = [(equation.origin.line, equation.origin.column) for equation in meant.equations]
    assert places == [(1, 1), (3, 1), (1, 1), (1, 9)]


def test_lost_spacing_is_made_up_for_by_the_order() -> None:
    """Operators that no longer stand under their cells are taken in turn."""
    assert texts(example("grid-collapsed.txt")) == texts(example("grid.txt")) == texts(meaning(DRAWN))
    assert texts(meaning("A+B=9\n+-\nC-D=1\n==\n8 2", "")) == texts(meaning(DRAWN))


def test_brackets_may_be_left_out_under_a_header() -> None:
    """Results beside and below the cells are no line of their own, with brackets or without."""
    assert texts(meaning("A + B = 9\n+   -\nC - D = 1\n=   =\n8   2", "")) == texts(meaning(DRAWN))


def test_blanks_are_named_after_their_places() -> None:
    """`?`, `.`, an empty box and empty brackets are unknowns r1c2; given numbers count as places."""
    expected = ["r1c2", "r2c2", "r2c3", "r3c1", "r3c2"]
    assert [unknown.name for unknown in meaning(EXERCISE, "").unknowns] == expected
    assert [unknown.name for unknown in meaning(EXERCISE.replace("?", "."), "").unknowns] == expected
    assert [unknown.name for unknown in meaning(EXERCISE.replace("?", "□"), "").unknowns] == expected
    assert [unknown.name for unknown in meaning("[ ] + [?] = [.]").unknowns] == ["r1c1", "r1c2", "r1c3"]


def test_a_point_in_a_row_of_operators_says_that_there_is_none() -> None:
    """Printed grids mark the places between the columns."""
    marked = "4 + ? = 10\n+ . + . +\n8 + ? = ?\n= . = . =\n? + ? = 18"
    assert texts(meaning(marked, "")) == texts(meaning(EXERCISE, ""))
    apart = meaning("[ ] + [ ] = 5\n +     .\n[ ] + [ ] = 7\n =     .\n 5     .", "")
    assert texts(apart) == ["r1c1 + r1c2 = 5", "r2c1 + r2c2 = 7", "r1c1 + r2c1 = 5"]


def test_the_equals_sign_may_stand_anywhere() -> None:
    """With one `=`, both sides are calculations."""
    assert texts(meaning("[A] + [B] = [C] * [D]")) == ["A + B = C * D"]
    assert texts(meaning("12 = ? + 5", "")) == ["12 = r1c2 + 5"]
    assert texts(meaning("?\n=\n?\n-\n3", "")) == ["r1c1 = r2c1 - 3"]


def test_several_equals_signs_state_each_the_result_of_what_is_before() -> None:
    """The result begins the next calculation."""
    meant = meaning("? - 9 = ? + 1 = ?", "")
    assert texts(meant) == ["r1c1 - 9 = r1c3", "r1c3 + 1 = r1c5"]
    assert holds(meant, {"r1c1": 20, "r1c3": 11, "r1c5": 12})


def test_holes_end_lines() -> None:
    """`#` is no cell, in brackets or alone, between operators or in their places."""
    expected = ["A + B = C", "F + G = H", "A + D = F", "C + E = H"]
    for middle in ("D # # # E", "D   #   E", "D       E"):
        assert texts(meaning(f"A + B = C\n+       +\n{middle}\n=       =\nF + G = H", "")) == expected
    assert texts(meaning("A + B = C\n+ +\nD # E\n= =\nF + G = H", "")) == expected
    assert texts(meaning("[A]+[B]=[C]\n +       +\n[D] [#] [E]\n =       =\n[F]+[G]=[H]")) == expected


def test_an_empty_place_on_the_screen_is_a_hole() -> None:
    """Crossing lines may be drawn as in a crossword."""
    meant = meaning("4 + ? = 9\n        +\n        2 + 1 = 3\n        =\n       11", "")
    assert texts(meant) == ["4 + r1c2 = 9", "2 + 1 = 3", "9 + 2 = 11"]


def test_a_rule_of_dashes_is_an_equals_sign_or_an_ornament() -> None:
    """It equates where no operators stand, and says nothing beside a row of them."""
    ruled = "4 + ? = 10\n+   +    +\n8 + ? =  ?\n----------\n? + ? = 18"
    assert texts(meaning(ruled, "")) == texts(meaning(EXERCISE, ""))
    framed = "==========\n" + EXERCISE.replace("=   =    =", "----------\n=   =    =") + "\n──────────"
    assert texts(meaning(framed, "")) == texts(meaning(EXERCISE, ""))


def test_printed_signs_are_operators() -> None:
    """× · ÷ − : and a cross between cells or below them mean what they look like."""
    meant = meaning("8 × ? ÷ 2 − 1 = 3", "")
    assert texts(meant) == ["8 * r1c2 / 2 - 1 = 3"]
    assert texts(meaning("8 : 2 = ?", "")) == ["8 / 2 = r1c3"]
    crossed = meaning("[A] x [B] = x\n X     X\n[C] x [D] = 4\n =     =\n 9     2")
    assert texts(crossed) == ["A * B = x", "C * D = 4", "A * C = 9", "B * D = 2"]


def test_a_cross_is_a_name_where_a_cell_is_expected() -> None:
    """`x x y` multiplies the unknown x by y."""
    assert texts(meaning("x x y = 12", "")) == ["x * y = 12"]
    assert texts(meaning("x + y = 12\nx   +\n2 + 3 = 5\n=   =\n8   x", ""))[-2:] == ["x * 2 = 8", "y + 3 = x"]


def test_numbers_may_have_signs_decimals_and_in_brackets_bars() -> None:
    """Every number is exact."""
    meant = meaning("5 - -3 = ?\n+    +   +\n-2 + .5 = ?\n=    =   =\n ?  -2.5  ?", "")
    assert texts(meant)[:2] == ["5 - (-3) = r1c3", "-2 + .5 = r2c3"]
    assert meant.equations[1].lhs == Rational(-3, 2)
    assert meaning("[1/3] + [ ] = [1e-3]").equations[0].rhs == Rational(1, 1000)


def test_tabs_and_wide_characters_count_as_they_show() -> None:
    """Columns are those of the screen."""
    assert texts(meaning("A\t+\tB = 9\n+\t\t-\nC\t-\tD = 1\n=\t\t=\n8\t\t2", "")) == texts(meaning(DRAWN))
    meant = meaning("🍎 + 🍌 = 9\n+    -\n🥥 - 🍐 = 1\n=    =\n8    2", "")
    assert texts(meant) == ["🍎 + 🍌 = 9", "🥥 - 🍐 = 1", "🍎 + 🥥 = 8", "🍌 - 🍐 = 2"]


def test_comments_are_left_out() -> None:
    """On lines of their own, beside brackets, and before words that no grid has side by side."""
    remarked = DRAWN.replace("= 9", "= 9 # first").replace("  +  ", "# and now\n\n  +  ")
    assert texts(meaning(remarked)) == texts(meaning(DRAWN))
    for remark in ("# the first row", "# total", "#", "# 1st", "#x", "# sum: (4, 6)"):
        assert texts(meaning(f"# sums\n4 + ? = 10 {remark}\n", "")) == ["4 + r1c2 = 10"]


# --- what it means ---------------------------------------------------------------------------------------------------


def test_a_pocket_calculator_works_from_left_to_right() -> None:
    """Across and down, without precedence; the text of the equation shows it."""
    meant = example("crossmath.txt", "left to right")
    assert texts(meant)[0] == "(r1c1 + r1c2) * r1c3 = 36"
    digits = dict(zip((unknown.name for unknown in meant.unknowns), (8, 1, 4, 6, 2, 3, 5, 9, 7), strict=True))
    assert holds(meant, digits)
    assert not holds(example("crossmath.txt"), digits)


def test_printed_exercises_hold_their_answers() -> None:
    """The example's known answer satisfies the equations read."""
    answer = {"r1c2": 6, "r2c2": 0, "r2c3": 8, "r3c1": 12, "r3c2": 6}
    assert holds(example("lattice.txt", ""), answer)
    assert holds(meaning(EXERCISE, ""), answer)


def test_divisors_are_not_zero() -> None:
    """The condition stands beside the equation even where SymPy cancels the divisor."""
    (equation,) = meaning("[A] / [A] * [B] = [B]").equations
    assert [condition.lhs for condition in equation.defined] == [real_symbol("A")]
    assert meaning("6 / 2 = ?", "").equations[0].defined == ()
    assert mistake("6 / 0 = ?", "") == (1, 5, "expected a divisor that is not zero, and '0' is")


def test_cells_are_the_ones_in_brackets() -> None:
    """Results outside of them are none; a name counts once, given numbers always."""
    assert meaning("[A] + [4] = 9\n +     +\n[4] + [A] = 9\n =     =\n 9     9").cells == (real_symbol("A"), 4, 4)


def test_without_brackets_lone_results_are_no_cells() -> None:
    """A given number counts that is in two lines, or that is calculated with."""
    unbracketed = "? + 4 = 9\n+   +\n3 + ? = 9\n=   =\n5   6"
    assert meaning(unbracketed, "").cells == (real_symbol("r1c1"), 4, 3, real_symbol("r2c2"))
    assert len(meaning(EXERCISE, "").cells) == 9


def test_names_with_values_are_no_unknowns() -> None:
    """Parameters and constants stand for themselves."""
    meant = meaning("[a] + [x] = [pi]", values={"a": Rational(1, 2)})
    assert [unknown.name for unknown in meant.unknowns] == ["x"]
    assert meant.equations[0].lhs == real_symbol("x") + Rational(1, 2)
    assert not meant.equations[0].rhs.free_symbols


def test_the_layout_is_the_grid_again() -> None:
    """Expressions stand where unknowns stood, everything else is text, and the columns are aligned."""
    rows = meaning(EXERCISE, "").layout.rows
    assert {len(row) for row in rows} == {5}
    assert rows[0] == ("4", " + ", real_symbol("r1c2"), " = ", "10")
    assert rows[1] == ("+", "", "+", "", "+")


def test_a_cryptarithm_grid_is_made_of_words() -> None:
    """Cells are numbers in letters, and letters are different digits, the first of a word not zero."""
    meant = example("word-grid.txt", "cryptarithm")
    assert texts(meant)[:2] == ["AB * BC = DAD", "EC / F = F"]
    assert holds(meant, {"A": 2, "B": 3, "C": 6, "D": 8, "E": 1, "F": 4, "G": 9})
    assert {unknown.name: int(unknown.domain.low) for unknown in meant.unknowns}["G"] == 0
    assert meant.unknowns[0].domain.low == 1
    (different,) = meant.conditions
    assert isinstance(different, AllDifferent)
    assert len(different.members) == 7
    assert meaning("AB + 1 = AC", "cryptarithm, base 16, leading zeros").unknowns[0].domain.low == 0


# Published word grids with their answers, from the collections of cryptator (Arnaud Malapert, BSD 3-clause) and, in
# it, of Torsten Sillke.
WORD_GRIDS = [
    (
        " ABC *   DA = BEFA\n   +      *      -\nGHHA +  GJE = GFDC\n   =      =      =\nGJEJ + HJJJ = FFDC",
        {"A": 2, "B": 9, "C": 6, "E": 4, "F": 7, "D": 3, "G": 1, "H": 5, "J": 8},
    ),
    (
        "ABAC /  DEF =   GB\n   -      +      *\nHEGF - HBID =  HED\n   =      =      =\nEKBI - HKGI = ICDC",
        {"A": 9, "B": 5, "C": 0, "D": 2, "E": 7, "F": 4, "K": 8, "I": 6, "G": 3, "H": 1},
    ),
    (
        "ABCDE -  FGEE = AHBDE\n    /       -       -\n"
        "   DI *   HDB =  BKDB\n    =       =       =\n  CDE +  FKCD =  KDGD",
        {"A": 1, "B": 8, "C": 7, "D": 2, "E": 0, "H": 3, "K": 5, "I": 6, "F": 4, "G": 9},
    ),
    (
        "HEB + EUS = LFS\n  -     +     /\nWUB /  EH =  US\n  =     =     =\nEHB - ESU =  RA",
        {"E": 1, "H": 8, "B": 0, "S": 5, "U": 3, "L": 9, "F": 4, "R": 2, "A": 7, "W": 6},
    ),
    (
        "GO +  A = VU\n +    +    +\nNU +  D = NI\n =    =    =\nCL +  C = CC",
        {"A": 2, "C": 8, "L": 0, "D": 6, "G": 4, "O": 9, "N": 3, "I": 7, "U": 1, "V": 5},
    ),
]


@pytest.mark.parametrize(("drawn", "solution"), WORD_GRIDS)
def test_published_word_grids_hold_their_answers(drawn: str, solution: dict[str, int]) -> None:
    """Six equations each, which the published digits satisfy, spacing kept or lost."""
    meant = meaning(drawn, "cryptarithm")
    assert len(meant.equations) == 6
    assert {unknown.name for unknown in meant.unknowns} == set(solution)
    assert holds(meant, solution)
    collapsed = "\n".join(" ".join(line.split()) for line in drawn.splitlines())
    assert texts(meaning(collapsed, "cryptarithm")) == texts(meant)


# --- where a grid ends -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bracketed", "count"),
    [
        (DRAWN + "\ncells in 1..9", True, 5),
        (DRAWN + "\nA = 2*B", True, 5),
        (DRAWN + "\n\n[E] + [F] = 2", True, 5),
        (DRAWN.replace("\n", "\n\n"), True, 9),
        ("[A] + [B] = 9\nA = 2*B", True, 1),
        ("[A] & [B] = 9\nx = 3", True, 1),
        (EXERCISE + "\n\nx = 3", False, 5),
        (EXERCISE + "\n# done\nall different: cells", False, 5),
        (EXERCISE + "\nlet x = 3", False, 5),
        (EXERCISE + "\nguess x = 3", False, 5),
        (EXERCISE + "\nr1c2 < 3", False, 5),
        (EXERCISE.replace("+   +    +", "+   +    +\n"), False, 6),
        (EXERCISE.replace("8 + ?", "8 & ?"), False, 5),
        ("🍎 + 🍎 = 10\n\n🍎 = 5", False, 1),
        ("\n# first a remark\n4 : 2 = ?\n", False, 3),
        ("all different: cells", False, 0),
    ],
)
def test_a_grid_ends_where_another_statement_begins(text: str, bracketed: bool, count: int) -> None:
    """An empty line ends it unless operators stand beside; a wrong line stays in it, to be explained there."""
    source = Source.of(text)
    lines = [source.line(number) for number in range(1, source.line_count + 1)]
    assert grid_extent(lines, bracketed=bracketed) == count


# --- grids at random -------------------------------------------------------------------------------------------------

Drawing = tuple[list[list[str]], list[list[str]], list[list[str]]]


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    """Cells, the operators in each row, and those between each two rows; every line ends in its result."""
    height, width = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    cell = st.sampled_from(["?", "[ ]", "[ A ]", "B", "cd_1", "7", "[12]", "105", "0.25", "[-3]"])
    sign = st.sampled_from("+-*")
    cells = [[draw(cell) for _ in range(width)] for _ in range(height)]
    across = [[*(draw(sign) for _ in range(width - 2)), "="] for _ in range(height)]
    down = [[draw(sign) for _ in range(width)] for _ in range(height - 2)] + [["="] * width]
    return cells, across, down


def printed(drawing: Drawing, draw: st.DataObject) -> str:
    """The drawing with columns of random widths and cells in their middles; operators stand under the columns."""
    cells, across, down = drawing
    gaps = st.integers(0, 2)
    columns = list(zip(*cells, strict=True))
    middles = [draw.draw(gaps) + max(map(len, column)) for column in columns]
    left = [draw.draw(st.integers(0, 3))]
    for size in middles:
        left.append(left[-1] + size + 3 + draw.draw(gaps))
    lines = []
    for i, row in enumerate(cells):
        line = ""
        for k, text in enumerate(row):
            size = max(map(len, columns[k]))
            line = line.ljust(left[k] + (size - len(text)) // 2) + text
            if k < len(across[i]):
                line += " " + across[i][k]
        lines.append(line)
        if i < len(down):
            signs = ""
            for k, sign in enumerate(down[i]):
                signs = signs.ljust(left[k] + (max(map(len, columns[k])) - 1) // 2) + sign
            lines.append(signs)
    return "\n".join(lines)


def expected_equations(drawing: Drawing) -> list[str]:
    """The lines of a drawing as the equations' texts, written down without the reader's help."""
    cells, across, down = drawing

    def shown(i: int, k: int, first: bool) -> str:
        text = cells[i][k].strip("[] ")
        name = f"r{i + 1}c{k + 1}" if text in ("?", "") else text
        return f"({name})" if name.startswith("-") and not first else name

    rows = []
    for i, signs in enumerate(across):
        line = [shown(i, 0, True)]
        for k, sign in enumerate(signs):
            line += [sign, shown(i, k + 1, sign == "=")]
        rows.append(" ".join(line))
    for k in range(len(cells[0])):
        line = [shown(0, k, True)]
        for i, signs in enumerate(down):
            line += [signs[k], shown(i + 1, k, signs[k] == "=")]
        rows.append(" ".join(line))
    return rows


@settings(deadline=None, derandomize=True, max_examples=150)
@given(drawings(), st.data())
def test_any_spacing_is_read_as_the_same_equations(drawing: Drawing, draw: st.DataObject) -> None:
    """A drawn grid is read back whatever the widths of its columns."""
    assert texts(meaning(printed(drawing, draw), "")) == expected_equations(drawing)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(drawings())
def test_lost_spacing_never_changes_the_meaning(drawing: Drawing) -> None:
    """A collapsed grid is read as the same equations, or refused because it can be read in two ways."""
    cells, across, down = drawing
    lines = []
    for i, row in enumerate(cells):
        pieces = [piece for k, text in enumerate(row) for piece in (text, *across[i][k : k + 1])]
        lines += [" ".join(pieces), *(" ".join(signs) for signs in down[i : i + 1])]
    try:
        assert texts(meaning("\n".join(lines), "")) == expected_equations(drawing)
    except PuzzleError as error:
        assert "two ways" in str(error)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(drawings())
def test_lost_spacing_of_wide_cells_is_always_made_up_for(drawing: Drawing) -> None:
    """Where the operators of a row all stand under the first wide cells, only the order can be meant."""
    cells, across, down = drawing
    lines = []
    for i, row in enumerate(cells):
        wide = [f"[{text.strip('[] '):^11}]" for text in row]
        pieces = [piece for k, text in enumerate(wide) for piece in (text, *across[i][k : k + 1])]
        lines += [" ".join(pieces), *(" ".join(signs) for signs in down[i : i + 1])]
    assert texts(meaning("\n".join(lines))) == expected_equations(drawing)


def worked_out(words: list[str], left_to_right: bool) -> Fraction:
    """An oracle for numbers with signs between them: products first, or simply in turn."""
    if left_to_right:
        total = Fraction(words[0])
        for sign, number in zip(words[1::2], words[2::2], strict=True):
            value = Fraction(number)
            total = {"+": total + value, "-": total - value, "*": total * value}[sign] if sign != "/" else total / value
        return total
    total, factor, sign_of_term = Fraction(0), Fraction(words[0]), 1
    for sign, number in zip(words[1::2], words[2::2], strict=True):
        if sign in "+-":
            total, factor, sign_of_term = total + sign_of_term * factor, Fraction(number), 1 if sign == "+" else -1
        else:
            factor = factor * Fraction(number) if sign == "*" else factor / Fraction(number)
    return total + sign_of_term * factor


@settings(deadline=None, derandomize=True, max_examples=120)
@given(
    st.lists(st.tuples(st.sampled_from("+-*/"), st.integers(1, 12)), min_size=1, max_size=6),
    st.integers(-12, 12),
    st.booleans(),
)
def test_lines_are_worked_out_as_their_order_says(
    steps: list[tuple[str, int]], first: int, left_to_right: bool
) -> None:
    """The left side's value at given numbers is the oracle's, for names and for numbers."""
    words = [str(first), *(word for sign, number in steps for word in (sign, str(number)))]
    names = [f"n{k}" if k % 2 == 0 else word for k, word in enumerate(words)]
    options = "left to right" if left_to_right else ""
    by_name = {real_symbol(f"n{k}"): Rational(word) for k, word in enumerate(words) if k % 2 == 0}
    value = meaning(" ".join(names) + " = z", options).equations[0].lhs.subs(by_name)
    expected = worked_out(words, left_to_right)
    assert value == Rational(expected.numerator, expected.denominator)
    assert meaning(" ".join(words) + " = z", options).equations[0].lhs == value


# --- wrong grids -----------------------------------------------------------------------------------------------------

WRONG = [
    (DRAWN.replace("  +       -", "  +             -"), None, 2, 17, "can be read in two ways"),
    (DRAWN.replace("  +       -", "  +"), None, 2, 4, "expected an operator between 'B' and 'D'"),
    (DRAWN.replace("\n  =       =\n  8       2", "\n  =\n  8"), None, 3, 9, "the column 'B - D' ends here without one"),
    (DRAWN.replace("- [ D ] = 1", "- [ D ]"), None, 3, 9, "the row 'C - D' ends here without one"),
    (DRAWN.replace("- [ D ] = 1", "= 1"), None, 3, 1, "expected 3 cells in this row, and 2"),
    (DRAWN.replace("[ D ] = 1", "[ D ] 1"), None, 3, 9, "expected an operator between 'D' and '1'"),
    (DRAWN.replace("  +       -\n", ""), None, 2, 1, "expected a row of operators"),
    (DRAWN.replace("  =       =\n", "  =       =\n  =       =\n"), None, 5, 3, "a second row of operators"),
    (DRAWN.replace("\n  8       2", ""), None, 4, 3, "expected a row of cells below this row of operators"),
    (EXERCISE.replace("8 + ? =  ?", "8 + ?"), "", 3, 1, "expected 3 cells in this row"),
    (EXERCISE.replace("+   +    +", "+   +"), "", 2, 6, "expected an operator between '10' and '?'"),
    (EXERCISE.replace("4 + ?", "4   ?"), "", 1, 1, "expected an operator between '4' and '?'"),
    (EXERCISE.replace("4 + ?", "4 ? ?"), "", 1, 1, "expected 3 cells in this row, and 4 stand there"),
    (EXERCISE.replace("= 18", "="), "", 5, 7, "expected a cell after this '=', and nothing stands there"),
    (EXERCISE.replace("8 + ?", "8 + +"), "", 3, 3, "expected a cell after this '+', and '+' stands there"),
    ("+ +\n1 2", "", 1, 1, "expected a row of cells first"),
    ("4 + ? = 10 # x", "", 1, 14, "'x' is in none"),
    ("4 & ? = 10", "", 1, 3, "'&' stands there"),
    ("[ A + [ B ] = 9", None, 1, 1, "'[' stands there"),
    ("[ A ] + [ x+1 ] = 9", None, 1, 9, "expected a name, a number, '?' or nothing in the cell"),
    ("5 = 2 + 3 = ? + 1", "", 1, 15, "expected the end of the row after its last result"),
    ("[ ] + [r1c1] = 9", None, 1, 7, "'r1c1' is what a blank of this grid is called"),
    ("[1/0] + [ ] = 9", None, 1, 1, "divides by zero"),
    ("", "", 1, 1, "expected the rows of a grid"),
    ("# #", "", 1, 1, "expected the rows of a grid"),
    ("AB + A1 = BA", "cryptarithm", 1, 6, "expected a word or a number"),
    ("AB + ? = BA", "cryptarithm", 1, 6, "expected a word or a number"),
    ("ABCDEF + GHIJK = L", "cryptarithm", 1, 14, "there are 12"),
    ("9" * 1001 + " + ? = 3", "", 1, 1, "too long"),
    (" + ? * ".join(["?"] * 200) + " = 3", "left to right", 1, 409, "too long to be worked out"),
]


@pytest.mark.parametrize(("text", "options", "line", "column", "words"), WRONG)
def test_what_is_wrong_is_said_at_its_place(text: str, options: str | None, line: int, column: int, words: str) -> None:
    """The first error points to the mistake and says what was expected."""
    found = mistake(text, options)
    assert found[:2] == (line, column)
    assert words in found[2]


def test_a_contradiction_shows_both_readings() -> None:
    """What the position says and what the order says both stand in the message."""
    _, _, said = mistake(DRAWN.replace("  +       -", "  +             -"))
    assert "by position it stands between '9' and '1', by order between 'B' and 'D'" in said


def test_unknown_options_are_refused() -> None:
    """A header says nothing that is not understood."""
    grid_error = mistake("? + 3 = 4", "lft to right")
    assert "expected an option" in grid_error[2]


def test_all_the_mistakes_are_found_at_once() -> None:
    """One wrong row does not hide another."""
    with pytest.raises(PuzzleError) as caught:
        meaning("4 + = 10\n+   +    +\n8 + ? =\n=   =    =\n? + ? = 18", "")
    assert [d.place.line for d in caught.value.diagnostics if d.place] == [1, 3]


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    st.text(alphabet="[]?.# +-*/=:x1A-\n\t", max_size=60), st.sampled_from([None, "", "cryptarithm", "left to right"])
)
def test_no_drawing_breaks_the_reader(text: str, options: str | None) -> None:
    """Whatever stands there is read or is a `PuzzleError` with a place in the text."""
    try:
        meant = meaning(text, options)
    except PuzzleError as error:
        lines = text.split("\n")
        for diagnostic in error.diagnostics:
            assert diagnostic.place is not None
            assert 1 <= diagnostic.place.line <= len(lines)
            assert 1 <= diagnostic.place.column <= len(lines[diagnostic.place.line - 1]) + 1
    else:
        assert meant.equations
        assert len({len(row) for row in meant.layout.rows}) == 1


def test_pairs_of_lines_share_their_crossing_cell() -> None:
    """A cell in a row and a column is one unknown."""
    meant = meaning(EXERCISE, "")
    used = [equation.residual.free_symbols for equation in meant.equations]
    assert all(sum(unknown.symbol in symbols for symbols in used) == 2 for unknown in meant.unknowns)
    assert all(first != second for first, second in pairwise(texts(meant)))
