"""The grammar: what a text means as a tree, and what is said where it means nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import ROOT
from strategies import Expr, expressions, polynomials, scrap_texts

from puzzlesolver import PuzzleError
from puzzlesolver.errors import SyntaxMistake
from puzzlesolver.language import load, parse, tree
from puzzlesolver.language.mistakes import Mistakes, nearest
from puzzlesolver.language.parsing import parse_expression, parse_puzzle
from puzzlesolver.language.source import Source, Span

EXAMPLES = ROOT / "examples"

quick = settings(deadline=None, derandomize=True, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def tree_of(text: str) -> tree.Puzzle:
    """The tree of a text without mistakes."""
    source = Source.of(text)
    mistakes = Mistakes(source)
    puzzle = parse_puzzle(source, mistakes)
    mistakes.raise_all()
    return puzzle


def shape(node: object) -> object:
    """A tree without its places and its brackets."""
    if isinstance(node, tree.Group):
        return shape(node.operand)
    if isinstance(node, tuple):
        return tuple(shape(part) for part in node)
    if isinstance(node, str | bool | int) or node is None:
        return node
    names = [name for name in type(node).__dataclass_fields__ if name not in ("span", "path_span")]  # type: ignore[attr-defined]
    return type(node).__name__, *(shape(getattr(node, name)) for name in names)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_every_example_is_read_without_a_warning(path: Path) -> None:
    """A file that is right is read, and there is no doubt about it."""
    assert load(path).warnings == ()


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("2x", "2*x"),
        ("3(x+1)", "3*(x+1)"),
        ("(a+b)(c-d)", "(a+b)*(c-d)"),
        ("2x^2", "2*(x^2)"),
        ("-x^2", "-(x^2)"),
        ("2^3^2", "2^(3^2)"),
        ("2^-x^2", "2^(-(x^2))"),
        ("a - b - c", "(a - b) - c"),
        ("a/b/c", "(a/b)/c"),
        ("a/b*c", "(a/b)*c"),
        ("2x mod 7", "(2*x) mod 7"),
        ("-x mod 3", "(-x) mod 3"),
        ("a + b mod 7", "a + (b mod 7)"),
        ("x²", "x^2"),
        ("x⁻¹", "x^(-1)"),
        ("x**3", "x^3"),
        ("3 × x ÷ y − 1", "3*x/y - 1"),
        ("2·x", "2*x"),
        ("√2", "sqrt(2)"),
        ("√(x+1)", "sqrt(x+1)"),
        ("2√x", "2*sqrt(x)"),
        ("∛x", "cbrt(x)"),
        ("2π", "2*pi"),
        ("|x|", "abs(x)"),
        ("2|x - 1|", "2*abs(x - 1)"),
        ("||x| - 1|", "abs(abs(x) - 1)"),
        ("|x||y|", "abs(x)*abs(y)"),
        ("n(n-1)!", "n*((n-1)!)"),
        ("a(b)^2", "a*(b^2)"),
        ("x^n(y+1)", "(x^n)*(y+1)"),
        ("--x", "x"),
        ("1e3x", "1000*x"),
        ("½x", "1/2*x"),
        ("sum(x + k for k in 1..3)", "3x + 6"),
        ("product(k for k in 1..4)", "24"),
        ("sum(a, b, c)", "a + b + c"),
        ("(x) (y)", "x*y"),
        ("５x", "5*x"),
        ("x（y＋1）", "x*(y+1)"),
    ],
)
def test_precedence_and_signs(short: str, long: str) -> None:
    """Both spellings of an expression are one equation."""
    names = "x + y + a + b + c + d + n = 0\n"
    first, second = (parse(f"{names}n in 1..9\n{text} = 0").equations[-1] for text in (short, long))
    assert (first.lhs, first.rhs) == (second.lhs, second.rhs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x <= 5", "x ≤ 5"),
        ("x >= 5", "x ≥ 5"),
        ("x != 5", "x ≠ 5"),
        ("x == 5", "x = 5"),
        ("x in 1..9", "x ∈ 1..9"),
        ("x in integer", "x ∈ ℤ"),
        ("x in real", "x in reals"),
        ("x = 1 + 2", "x = 1 +\n  2"),
        ("x = (1 + 2)", "x = (1\n+ 2)"),
        ("x, y in real", "x,\ny in real"),
        ("x = 1\ny = 2", "x = 1; y = 2"),
        ("x = 1", "  x = 1  # five"),
        ("x = 1", "\ufeffx = 1\r\n"),
        ("x - 1 = 0", "x\u00a0\u2212\u20091 = 0"),
        ("minimize x", "minimise x"),
        ('data from "a.csv"', "data from “a.csv”"),
        ("x = 3 mod 2", "x = 3 mod\n2"),
    ],
)
def test_two_spellings_of_a_statement(one: str, other: str) -> None:
    """What looks the same on paper is the same tree."""
    assert shape(tree_of(one)) == shape(tree_of(other))


@pytest.mark.parametrize(
    "text",
    [
        *("data = 5", "table + grid = 3", "fit = 2", "sigma = 1", "weights = 3", "integer = 3", "real + cells = 4"),
        *("all = 3", "different = 2", "solve = 1", "cryptarithm = 7", "grid in 1..9; grid = 2", "fit in 1..9; fit = 2"),
    ],
)
def test_words_are_names_where_they_can_be(text: str) -> None:
    """Only what can be nothing else begins a statement of its own."""
    assert parse(text).equations


def test_blocks() -> None:
    """Indented blocks, `for` in a line with several statements, and one behind a statement."""
    block = "for i in 1..3:\n  for j in 1..3 if i < j:\n    x[i, j] = i*j\n  x[i, i] = 0\nz = 1"
    outer, last = tree_of(block).statements
    assert isinstance(outer, tree.For) and isinstance(last, tree.Relation)
    assert [type(node) for node in outer.body] == [tree.For, tree.Relation]
    line = tree_of("for i in 1..3: x[i] = 1; y[i] = 2").statements
    assert len(line) == 1 and isinstance(line[0], tree.For) and len(line[0].body) == 2
    behind = tree_of("guess x[i] = 1 for i in 1..3; y = 2").statements
    assert [type(node) for node in behind] == [tree.For, tree.Relation]


@quick
@given(expressions)
def test_places_lead_back_to_the_text(expression: Expr) -> None:
    """The text at a node's place is that node again."""
    source = Source.of(f"  {expression.text} # behind")
    whole = parse_expression(Source.of(expression.text))
    for node in tree.walk(whole):
        if isinstance(node, tree.Apply | tree.Group | tree.Name | tree.Number | tree.Element):
            part = expression.text[node.span.start : node.span.end]
            assert shape(parse_expression(Source.of(part))) == shape(node)
            assert source.slice(Span(node.span.start + 2, node.span.end + 2)) == part


@quick
@given(st.text(max_size=60))
def test_normal_form_keeps_every_place(text: str) -> None:
    """Look-alike signs are replaced one by one, so that offsets serve both texts; doing it again changes nothing."""
    source = Source.of(text)
    assert len(source.text) == len(source.normal)
    assert Source.of(source.normal).normal == source.normal
    assert source.text.count("\n") + 1 == source.line_count


@quick
@given(st.lists(polynomials, min_size=1, max_size=5))
def test_statements_do_not_touch_each_other(parts: list[Expr]) -> None:
    """A mistake in one line leaves the other lines as they are."""
    lines = [f"{part.text} = 1" for part in parts]
    broken = "\n".join([*lines, "x = = 3", *lines])
    with pytest.raises(SyntaxMistake) as raised:
        parse(broken)
    assert [one.place.line for one in raised.value.diagnostics if one.place] == [len(lines) + 1]


WRONG = [
    # text, column of the first error, part of its message, part of its hint
    ("x =< 3", 3, "'=<' is no sign", "write '<='"),
    ("x => 3", 3, "'=>' is no sign", "write '>='"),
    ("x <> 3", 3, "'<>' is no sign", "write '!='"),
    ("x := 3", 3, "':=' is no sign", "write '='"),
    ("x + = 3", 5, "a value is expected, and '=' stands here", None),
    ("x = = 3", 5, "a value is expected between '=' and '='", None),
    ("= 3", 1, "a value is expected, and '=' stands here", None),
    ("x = ", 4, "a value is expected, and the statement ends here", None),
    ("x = (3 + y", 5, "this '(' is never closed", "')'"),
    ("x = 3 + y)", 10, "this ')' closes nothing", None),
    ("|x = 3", 1, "this '|' is never closed", "'|'"),
    ("x in [1, 5", 6, "this '[' is never closed", "']'"),
    ("2 pi r = 3", 3, "two names stand side by side, 'pi' and 'r'", "write pi*r"),
    ("🍎🍎 = 3", 1, "two names stand side by side", "🍎*🍎"),
    ("sin x = 1", 1, "'sin' is a function; its argument is expected in brackets", "write sin(x)"),
    ("sin = 1", 1, "'sin' is a function", "write sin(x)"),
    ("sqr(x) = 4", 1, "unknown function 'sqr'", "did you mean 'sqrt'?"),
    ("ln(x) = 1", 1, "unknown function 'ln'", "did you mean 'log'?"),
    ("arcsin(x) = 1", 1, "unknown function 'arcsin'", "did you mean 'asin'?"),
    ("Max(x, y) = 1", 1, "unknown function 'Max'", "did you mean 'max'?"),
    ("foo(x, y) = 3", 1, "unknown function 'foo'", None),
    ("gues x = 1", 1, "two names stand side by side", "did you mean 'guess'?"),
    ("x = 1,5", 5, "decimals have a point", "write 1.5"),
    ("x = 3, y = 4", 6, "a comma stands behind an expression", "';'"),
    ("x + ? = 10", 5, "'?' asks for a value and stands alone", "grid"),
    ("x + 3", 1, "this states nothing", "'= ?'"),
    ("let x 3", 7, "'=' is expected, and '3' stands here", None),
    ("let 3 = x", 5, "a name is expected, and '3' stands here", None),
    ("for i = 1..3: x[i] = 1", 7, "`in` is expected, and '=' stands here", "for i in 1..9"),
    ("for i in 1..3:", 1, "after the colon a statement is expected", None),
    ("x in 1-9", 6, "this is no domain", "1..9"),
    ("x in naturals", 6, "this is no domain", "integer"),
    ("x in [1, 5], y in [2, 3]", 12, "a comma stands behind a domain", "';'"),
    ("x = 5%", 6, "'%' has no meaning here", "5/100"),
    ("x = 10 : 2", 8, "':' has no meaning here", "'/'"),
    ("x = \\frac{1}{2}", 5, "'\\' has no meaning here", "sqrt(x)"),
    ("x = 2 3", 5, "two numbers stand side by side", "operator"),
    ("y = (x+1)2", 5, "a number stands directly behind a factor", "'^'"),
    ("x = 1/2y; y = 1", 7, "can be read in two ways", "(1/2)x"),
    ("√x² = 3", 1, "not clear what the root covers", "√(x²)"),
    ("n!! = 3", 3, "'!!' can be read in two ways", "(n!)!"),
    ("all different A, B", 1, "two names stand side by side", None),
    ("_x = 3", 1, "'_' has no meaning here", "begins with a letter"),
    ("x = \0", 5, "the character U+0000", None),
    ("x = 3 §", 7, "'§' (U+00A7) has no meaning here", None),
    ("let for = 3", 5, "'for' is a word of the language", None),
    ("x^", 3, "a value is expected, and the statement ends here", None),
    ("max() = 3", 5, "a value is expected, and ')' stands here", None),
]


@pytest.mark.parametrize(("text", "column", "message", "hint"), WRONG, ids=[text for text, *_ in WRONG])
def test_what_is_said_of_a_wrong_text(text: str, column: int, message: str, hint: str | None) -> None:
    """An error stands at its place, says what was expected, and how to write it where that can be known."""
    with pytest.raises(PuzzleError) as raised:
        parse(text)
    first = raised.value.diagnostics[0]
    assert first.place is not None
    assert message in first.message
    assert (first.place.line, first.place.column) == (1, column)
    assert first.place.end_column > column
    assert hint is None or (first.hint is not None and hint in first.hint)


def test_all_the_errors_at_once() -> None:
    """Every wrong line is reported, in the order of the text, as one exception."""
    with pytest.raises(SyntaxMistake) as raised:
        parse("x = = 3\ny = 2\nsin z = 1\n[ A ] + = 3\nw = (1", name="many.txt")
    lines = [one.place.line for one in raised.value.diagnostics if one.place]
    assert lines == sorted(lines) and {1, 3, 5} <= set(lines)
    assert str(raised.value).startswith("many.txt:1:5: error: ")


def test_so_many_errors_end_somewhere() -> None:
    """A file of nonsense gives a page of errors and not a book."""
    with pytest.raises(PuzzleError) as raised:
        parse("x = = 3\n" * 5000)
    assert len(raised.value.diagnostics) == 20


HOSTILE = {
    "tower": "9^9^9^9 = x",
    "brackets": "(" * 10_000 + "x" + ")" * 10_000 + " = 1",
    "open brackets": "(\n" * 10_000,
    "plus signs": "+" * 1_000_000,
    "powers": "x = " + "^".join(["2"] * 10_000),
    "bars": "|" * 9_999 + "x = 1",
    "exponent": "x^(10^9) = 2",
    "literal": "x = 1e99999999",
    "digits": "x = " + "9" * 40_000,
    "factorial": "x = 9999999!",
    "gamma": "x = gamma(10^9 + 1/2)",
    "exp log": "x = exp(10^9*log(10))",
    "floor": "x = floor(exp(exp(100)))",
    "root": "x = (123456789/987654321)^(1/7919)",
    "for": "for i in 1..10^12: x[i] = 1",
    "nested for": "for i in 1..999: for j in 1..999: for k in 1..999: x[i*j] = k",
    "sum": "x = sum(i for i in 1..10^9)",
    "nested sum": "x = sum(sum(sum(i*j*k for k in 1..99) for j in 1..99) for i in 1..99)",
    "product": "x = product(9^500 for i in 1..9999)",
    "doubling": "\n".join(["let a0 = x", *(f"let a{i + 1} = a{i} + sin(a{i})" for i in range(60)), "a60 = 1"]),
    "doubling functions": "\n".join(
        ["let f0(x) = x + sin(x)", *(f"let f{i + 1}(x) = f{i}(f{i}(x))" for i in range(40)), "f40(y) = 1"]
    ),
    "squaring": "\n".join(["let a0 = 9", *(f"let a{i + 1} = a{i}*a{i}" for i in range(60)), "a60 = x"]),
    "indices": "x[" + "1, " * 5000 + "1] = 1",
    "far index": "x[10^12] = x[0]",
    "slice": "all different: x[1..10^9]",
    "set": "x in {1..10^9}",
    "max": "x = max(y[i] for i in 1..2000)",
    "name": "x" * 40_000 + " = 1",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_errors(text: str) -> None:
    """No text runs the machine out of time or memory: it is refused, with its place and the limit."""
    with pytest.raises(PuzzleError) as raised:
        parse(text)
    assert all(one.place is not None and len(one.message) < 300 for one in raised.value.diagnostics)


@settings(deadline=None, derandomize=True, max_examples=600, suppress_health_check=[HealthCheck.too_slow])
@given(scrap_texts)
def test_any_text_is_a_problem_or_an_error_with_places(text: str) -> None:
    """Whatever the text, there is a problem or a `PuzzleError`, and every place in it exists."""
    try:
        parse(text)
    except PuzzleError as error:
        lines = Source.of(text).text.split("\n")
        for one in error.diagnostics:
            assert one.place is not None and one.message
            assert one.place.source_line == lines[one.place.line - 1]
            assert 1 <= one.place.column <= len(one.place.source_line) + 1


def test_nearest_names() -> None:
    """Hints come from one slip of the finger, or two in a long word, and not from a guess."""
    names = ["sqrt", "sin", "floor", "atan2"]
    assert nearest("sqr", names) == "sqrt"
    assert nearest("SIN", names) == "sin"
    assert nearest("flor", names) == "floor"
    assert nearest("folor", names) == "floor"
    assert nearest("x", names) is None
    assert nearest("speed", names) is None


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a folder, and bytes that are no text are errors of the input."""
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    for path, words in [
        (tmp_path / "none.txt", "cannot be read"),
        (tmp_path, "is a folder"),
        (tmp_path / "bytes.txt", "not in UTF-8: its byte 1"),
    ]:
        with pytest.raises(PuzzleError, match=words):
            load(path)
