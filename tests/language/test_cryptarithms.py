"""Cryptarithms: equations between words, in lines and in columns, and what their letters may be."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from places import ROOT
from sympy import Integer, Rational

import puzzlesolver
from puzzlesolver.errors import PuzzleError
from puzzlesolver.language.blocks import cryptarithm_extent
from puzzlesolver.language.cryptarithms.cryptarithm import read_cryptarithm
from puzzlesolver.language.cryptarithms.lowering import lower_cryptarithm
from puzzlesolver.language.drawn import BlockMeaning
from puzzlesolver.language.mistakes import Mistakes
from puzzlesolver.language.pieces import RawPiece
from puzzlesolver.language.source import BlockLine, Source, Span
from puzzlesolver.problem import AllDifferent, real_symbol

EXAMPLES = ROOT / "examples"


def meaning(text: str, options: str = "") -> BlockMeaning:
    source = Source.of(text)
    lines = tuple(source.line(number) for number in range(1, source.line_count + 1))
    mistakes = Mistakes(source)
    piece = RawPiece("cryptarithm", Span(0, len(text)), 0, BlockLine(options, 1, 0), lines)
    cryptarithm = read_cryptarithm(piece, mistakes)
    mistakes.raise_all()
    assert cryptarithm is not None
    meant = lower_cryptarithm(cryptarithm, source, mistakes)
    mistakes.raise_all()
    assert meant is not None
    return meant


def texts(meant: BlockMeaning) -> list[str]:
    return [equation.origin.text for equation in meant.equations]


def admits(meant: BlockMeaning, digits: dict[str, int]) -> bool:
    """Whether digits for the letters satisfy everything: domains, conditions and equations."""
    values = {real_symbol(letter): Integer(digit) for letter, digit in digits.items()}
    assert set(values) == {unknown.symbol for unknown in meant.unknowns}
    within = all(u.domain.low <= values[u.symbol] <= u.domain.high for u in meant.unknowns)
    different = all(
        len({values[member] for member in condition.members}) == len(condition.members)
        for condition in meant.conditions
        if isinstance(condition, AllDifferent)
    )
    return bool(within and different and all(e.residual.subs(values) == 0 for e in meant.equations))


SEND_MORE_MONEY = {"S": 9, "E": 5, "N": 6, "D": 7, "M": 1, "O": 0, "R": 8, "Y": 2}


def test_words_are_numbers_in_letters() -> None:
    """Place values, an unknown digit for each letter in order of appearance, leading letters from 1."""
    meant = meaning("SEND + MORE = MONEY")
    assert "".join(unknown.name for unknown in meant.unknowns) == "SENDMORY"
    assert [int(unknown.domain.low) for unknown in meant.unknowns] == [1, 0, 0, 0, 1, 0, 0, 0]
    assert {(u.domain.integer, int(u.domain.high), u.domain.low_open) for u in meant.unknowns} == {(True, 9, False)}
    assert texts(meant) == ["SEND + MORE = MONEY"]
    assert admits(meant, SEND_MORE_MONEY)
    assert not admits(meant, {**SEND_MORE_MONEY, "D": 2, "Y": 7})


def test_columns_say_the_same_as_a_line() -> None:
    """Right-aligned operands with their signs, a rule, and the result."""
    drawn = (EXAMPLES / "sendmore.txt").read_text(encoding="utf-8").split("\n", 1)[1].rstrip()
    line = meaning("SEND + MORE = MONEY")
    for text in (
        drawn,
        "SEND\n+MORE\n-----\nMONEY",
        "SEND +\nMORE\n─────\nMONEY",
        "SEND\n+ MORE\n= MONEY",
        "SEND + MORE\n= MONEY",
        "SEND +\n MORE = MONEY # as a line",
        "  SEND\n+ MORE\n======\n= MONEY",
    ):
        meant = meaning(text)
        assert texts(meant) == texts(line)
        assert [(e.lhs, e.rhs) for e in meant.equations] == [(e.lhs, e.rhs) for e in line.equations]


def test_several_columns_and_lines_may_stand_in_one_block() -> None:
    """A sign above all the operands' lines may be written once where it is plus; equations may follow."""
    meant = meaning("  AB\n  CA\n+ BC\n----\n DDD\n AD\n-AB\n---\n  C\nA + B = C and A * B = D")
    assert texts(meant) == ["AB + CA + BC = DDD", "AD - AB = C", "A + B = C", "A * B = D"]


def test_equations_are_joined_by_and_or_stand_one_a_line() -> None:
    """`and` joins where an equation has ended; elsewhere it is a word like any other."""
    together = ["A * A = B", "B = A + A"]
    for text in ("A*A=B and B=A+A", "A*A = B\nB = A + A", "A*A=B; B=A+A", "A * A = B = A + A"):
        assert texts(meaning(text)) == together
    assert texts(meaning("and + a = bo and bo + a = c")) == ["and + a = bo", "bo + a = c"]


LONG_MULTIPLICATION = "   IN\n* GAG\n-----\n   IN\n  KM\n IN\n-----\n VAIN"


def test_long_multiplication_ties_each_partial_product_to_its_digit() -> None:
    """The shift tells the digit; with the spacing lost, the order does."""
    expected = ["IN * GAG = VAIN", "IN * G = IN", "IN * A = KM", "IN * G = IN", "IN + KM * 10 + IN * 100 = VAIN"]
    digits = {"A": 2, "G": 1, "I": 3, "N": 5, "K": 7, "M": 0, "V": 4}
    for text in (LONG_MULTIPLICATION, "\n".join(line.replace(" ", "") for line in LONG_MULTIPLICATION.splitlines())):
        meant = meaning(text)
        assert texts(meant) == expected
        assert admits(meant, digits)
    left_out = meaning("   AB\n* CDC\n-----\n   EF\n EF\n-----\n GHIJ")
    assert texts(left_out)[1:] == ["AB * C = EF", "AB * C = EF", "EF + EF * 100 = GHIJ"]


def test_numbers_are_themselves() -> None:
    """In every base a plain number is the decimal number that it shows."""
    assert meaning("A * 10 + 7 = BC", "base 16").equations[0].lhs == 10 * real_symbol("A") + 7
    assert meaning("A = 2.5").equations[0].rhs == Rational(5, 2)


def test_the_usual_arithmetic_is_understood() -> None:
    """Products before sums, brackets, powers, signs; divisors are not zero."""
    a, b, c = (real_symbol(letter) for letter in "ABC")
    (equation,) = meaning("(A + B)^2 * -C - B²/A == AB").equations
    assert equation.lhs == -c * (a + b) ** 2 - b**2 / a
    assert equation.rhs == 10 * a + b
    assert [condition.lhs for condition in equation.defined] == [a]
    assert equation.origin.text == "(A + B)^2 * -C - B^2 / A = AB"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("SEND + MORE = MONEY, base 16, leading zeros", ""),
        ("SEND + MORE = MONEY", ", base 16 leading zeros"),
        ("base 16\nleading zeros\nSEND + MORE = MONEY", ""),
        ("SEND + MORE = MONEY\nleading zeros, base 16", ""),
    ],
)
def test_options_stand_anywhere_in_the_block(text: str, options: str) -> None:
    """In the header, in a line of their own, or after a comma."""
    meant = meaning(text, options)
    assert {(int(u.domain.low), int(u.domain.high)) for u in meant.unknowns} == {(0, 15)}


def test_letters_may_repeat_where_it_is_said() -> None:
    """Then there is no condition, and there may be more letters than digits."""
    assert meaning("A + B = C, letters may repeat").conditions == ()
    assert len(meaning("ABCDEF + GHIJK = LM", "letters may repeat").unknowns) == 13


def test_letters_are_those_of_any_script_and_case() -> None:
    """`a` and `A` are two letters; Greek words are words."""
    assert [unknown.name for unknown in meaning("aA + ΒΓ = Δ").unknowns] == ["a", "A", "Β", "Γ", "Δ"]


def test_the_layout_puts_digits_below_each_other() -> None:
    """In columns a place for every digit, in lines a place for every number."""
    rows = meaning("SEND\n+MORE\n----\nMONEY").layout.rows
    assert {len(row) for row in rows} == {6}
    assert rows[1] == ("+ ", "", *(real_symbol(letter) for letter in "MORE"))
    assert rows[2] == ("--", "-", "-", "-", "-", "-")
    assert meaning("AB + 1 = C").layout.rows == (
        (10 * real_symbol("A") + real_symbol("B"), " + ", "1", " = ", real_symbol("C")),
    )


# The test cases of Exercism's "Alphametics" (problem-specifications, MIT licence).
PUBLISHED = [
    ("I + BB == ILL", {"B": 9, "I": 1, "L": 0}),
    ("A + A + A + A + A + A + A + A + A + A + A + B == BCC", {"A": 9, "B": 1, "C": 0}),
    ("AS + A == MOM", {"A": 9, "S": 2, "M": 1, "O": 0}),
    ("NO + NO + TOO == LATE", {"L": 1, "A": 0, "T": 9, "E": 2, "N": 7, "O": 4}),
    ("HE + SEES + THE == LIGHT", {"H": 5, "E": 4, "L": 1, "I": 0, "G": 2, "T": 7, "S": 9}),
    ("SEND + MORE == MONEY", SEND_MORE_MONEY),
    (
        "AND + A + STRONG + OFFENSE + AS + A + GOOD == DEFENSE",
        {"A": 5, "N": 0, "D": 3, "S": 6, "E": 4, "F": 7, "G": 8, "O": 2, "T": 9, "R": 1},
    ),
]


@pytest.mark.parametrize(("puzzle", "digits"), PUBLISHED)
def test_published_solutions_hold(puzzle: str, digits: dict[str, int]) -> None:
    """The stated digits satisfy what was read."""
    assert admits(meaning(puzzle), digits)


def test_published_impossible_ones_stay_impossible() -> None:
    """Two letters are no one digit, and no word begins with zero."""
    assert not any(admits(meaning("A == B"), {"A": a, "B": b}) for a in range(10) for b in range(10))
    assert not admits(meaning("ACA + DD == BD"), {"A": 0, "C": 0, "D": 1, "B": 1})
    assert meaning("ACA + DD == BD").unknowns[0].domain.low == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("  SEND\n+ MORE\n------\n MONEY\n\nx = 3", 4),
        ("  SEND\n+ MORE\n------\nMONEY", 4),
        ("  A + B = C\n  B + C = D\nx = 3", 2),
        ("A + B = C\nlet x = 3", 1),
        ("  base 16\n  A + B = C\ngrid left to right\n", 2),
        ("\nA + B = C", 0),
    ],
)
def test_a_cryptarithm_ends_where_another_statement_begins(text: str, count: int) -> None:
    """Indented lines end at the first that is not, unless it goes on with columns."""
    source = Source.of(text)
    lines = [source.line(number) for number in range(1, source.line_count + 1)]
    assert cryptarithm_extent(lines, 0) == count


# --- at random -------------------------------------------------------------------------------------------------------

WORDS = st.text(alphabet="ABCDEFGH", min_size=1, max_size=6)
DIGITS = st.permutations(range(10)).map(lambda order: dict(zip("ABCDEFGH", order, strict=False)))


def number(word: str, digits: dict[str, int], base: int = 10) -> int:
    """An oracle: Horner's rule in whole numbers."""
    total = 0
    for letter in word:
        total = total * base + digits[letter]
    return total


@st.composite
def calculations(draw: st.DrawFn, digits: dict[str, int], depth: int = 2) -> tuple[str, int, int]:
    """A calculation with words as text, its value, and how tightly its last operator binds (3: an operand)."""
    if depth == 0 or draw(st.booleans()):
        word = draw(WORDS)
        return word, number(word, digits), 3
    sign = draw(st.sampled_from("+-*"))
    tight = 2 if sign == "*" else 1
    left, x, left_tight = draw(calculations(digits, depth - 1))
    right, y, right_tight = draw(calculations(digits, depth - 1))
    left = f"({left})" if left_tight < tight else left
    right = f"({right})" if right_tight <= tight else right
    gap = draw(st.sampled_from(["", " "]))
    value = {"+": x + y, "-": x - y, "*": x * y}[sign]
    return f"{left}{gap}{sign}{gap}{right}", value, tight


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.data(), DIGITS)
def test_calculations_have_the_values_of_whole_number_arithmetic(data: st.DataObject, digits: dict[str, int]) -> None:
    """Left and right side at given digits are what the oracle says."""
    left, x, _ = data.draw(calculations(digits))
    right, y, _ = data.draw(calculations(digits))
    (equation,) = meaning(f"{left} = {right}").equations
    values = {real_symbol(letter): digit for letter, digit in digits.items()}
    assert (equation.lhs.subs(values), equation.rhs.subs(values)) == (x, y)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.tuples(st.sampled_from("+-"), WORDS), min_size=1, max_size=4), WORDS, WORDS, st.integers(0, 6))
def test_columns_drawn_anywhere_are_the_line(
    operands: list[tuple[str, str]], first: str, result: str, margin: int
) -> None:
    """Right-aligned columns are read as the equation written in a line."""
    words = [first, *(word for _, word in operands), result]
    width = max(map(len, words)) + 2 + margin
    signed = [sign + (f" {word}" if margin % 2 else word) for sign, word in operands]
    drawn = [first.rjust(width), *(text.rjust(width) for text in signed), "-" * width, result.rjust(width)]
    line = " ".join([first, *(piece for operand in operands for piece in operand), "=", result])
    assert texts(meaning("\n".join(drawn))) == texts(meaning(line)) == [line]


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.integers(10, 999), st.integers(10, 999), st.integers(0, 4), st.integers(2, 16))
def test_long_multiplications_written_out_hold(first: int, second: int, margin: int, base: int) -> None:
    """A worked multiplication, its digits made letters, is satisfied by those digits in its base."""

    def spelt(value: int) -> str:
        letters = ""
        while value:
            value, digit = divmod(value, base)
            letters = "ABCDEFGHIJKLMNOP"[digit] + letters
        return letters or "A"

    digits_of_second = spelt(second)
    assume("A" not in digits_of_second and len(digits_of_second) > 1)
    width = len(spelt(first * second)) + 2 + margin
    values = ["ABCDEFGHIJKLMNOP".index(letter) for letter in reversed(digits_of_second)]
    partial = [spelt(first * value).rjust(width - k) for k, value in enumerate(values)]
    rule = "-" * width
    rows = [spelt(first), "* " + digits_of_second, rule, *partial, rule, spelt(first * second)]
    text = "\n".join(row if row in partial else row.rjust(width) for row in rows)
    meant = meaning(text, f"base {base}")
    assert len(meant.equations) == len(values) + 2
    assert admits(meant, {u.name: "ABCDEFGHIJKLMNOP".index(u.name) for u in meant.unknowns})


# --- wrong ones ------------------------------------------------------------------------------------------------------

WRONG = [
    ("ABCDEFGHIJK = A", 1, 11, "expected at most 10 different letters, for the digits of base 10, and there are 11"),
    ("SEND + MORE MONEY", 1, 13, "expected an operator or '=' before 'MONEY'"),
    ("SEND + MORE", 1, 1, "expected '=' in this equation"),
    ("SEND + = MORE", 1, 8, "expected a word or a number, and '=' stands there"),
    ("SEND + MORE =", 1, 13, "expected a word or a number after this"),
    ("(A + B = C", 1, 8, "expected ')' before this '='"),
    ("A + B) = C", 1, 6, "expected no ')' here"),
    ("A + (B", 1, 6, "expected ')' after this"),
    ("A + $ = B", 1, 5, "'$' stands there"),
    ("S3ND + A = B", 1, 1, "a word is made of letters alone"),
    ("A^B = C", 1, 3, "expected a whole number up to 20 as the exponent"),
    ("A^21 = C", 1, 3, "expected a whole number up to 20 as the exponent"),
    ("A / (B - B) = C", 1, 5, "expected a divisor that is not zero"),
    ("SEND\n+MORE\n-----", 3, 1, "expected the result below this rule"),
    ("SEND\nMORE\n----\nMONEY", 2, 1, "expected a sign (+, -, *, /) before 'MORE', and none stands there"),
    ("AB\n+ CD EF\n----\nGH", 2, 1, "expected one word or number with its sign"),
    ("AB\n+ CD\n* EF\n----\nGH", 3, 1, "not mixed"),
    ("---\nAB", 1, 1, "expected words above this rule"),
    ("   IN\n* GAG\n-----\n   IN\n   KM\n IN\n-----\n VAIN", 5, 4, "expected each partial product under its own digit"),
    ("A = B, bas 16", 1, 8, "expected an option"),
    ("A = B, base 1", 1, 7, "expected a base from 2 to 100"),
    ("", 1, 1, "expected equations between words"),
    ("A" * 101 + " = B", 1, 1, "at most 100"),
    ("(" * 70 + "A", 1, 61, "nested"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), WRONG)
def test_what_is_wrong_is_said_at_its_place(text: str, line: int, column: int, words: str) -> None:
    """The first error points to the mistake and says what was expected."""
    with pytest.raises(PuzzleError) as caught:
        meaning(text)
    first = caught.value.diagnostics[0]
    assert first.place is not None
    assert (first.place.line, first.place.column) == (line, column)
    assert words in first.message


def test_all_the_mistakes_are_found_at_once() -> None:
    """One wrong equation does not hide another."""
    with pytest.raises(PuzzleError) as caught:
        meaning("A + = B\nA + B = C\nB C = A")
    assert [d.place.line for d in caught.value.diagnostics if d.place] == [1, 3]


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(alphabet="AB1 +-*/=()^,;#\nand", max_size=50))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever stands there is read or is a `PuzzleError` with a place in the text."""
    try:
        meant = meaning(text)
    except PuzzleError as error:
        lines = text.split("\n")
        for diagnostic in error.diagnostics:
            assert diagnostic.place is not None
            assert 1 <= diagnostic.place.line <= len(lines)
            assert 1 <= diagnostic.place.column <= len(lines[diagnostic.place.line - 1]) + 1
    else:
        assert meant.equations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cryptarithm: SEND + MORE = MONEY\nMONEY = ?", 10652),
        ("cryptarithm: SEND + MORE = MONEY\nSEND*2 + M = ?", 2 * 9567 + 1),
        ("grid cryptarithm\nTWO + TWO = FOUR\n\nO = 4\nFOUR = ?", 734 * 2),
        ("cryptarithm base 16: AB + AB = CD\nA = 1; B = 3\nCD = ?", 0x26),
    ],
)
def test_a_word_in_another_statement_is_its_number(text: str, expected: int) -> None:
    """In a question, in the base of the puzzle; it is no unknown of its own."""
    answer = puzzlesolver.solve(text, method="exact")
    assert answer.complete and [item.value.exact for item in answer.answers] == [expected]


def test_a_word_in_a_condition_is_its_number() -> None:
    answer = puzzlesolver.solve("cryptarithm: AB + BA = CDC\nAB > 70", method="exact")
    assert sorted(10 * one["A"].exact + one["B"].exact for one in answer) == [74, 83]
    with pytest.raises(PuzzleError, match="is a word of the puzzle"):
        puzzlesolver.parse("cryptarithm: SEND + MORE = MONEY\nMONEY in 1..3")
