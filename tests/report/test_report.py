"""What people and programs read, from answers made by hand: exact strings, fixed keys, drawings of mistakes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Rational, pi, sqrt

from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import (
    Answer,
    Conflict,
    Engines,
    Evidence,
    FitStatistics,
    Solution,
    SolutionSet,
    Status,
    Value,
)
from puzzlesolver.errors import Diagnostic, Place, Severity
from puzzlesolver.problem import (
    Condition,
    Data,
    Domain,
    Equation,
    Fit,
    Layout,
    Origin,
    Problem,
    Relation,
    Unknown,
    real_symbol,
)
from puzzlesolver.report.colour import coloured
from puzzlesolver.report.diagnostics import diagnostics_json, draw, draw_coloured
from puzzlesolver.report.json import report_json
from puzzlesolver.report.latex import report_latex
from puzzlesolver.report.summary import summary_text
from puzzlesolver.report.terminal import encodable, shown, width
from puzzlesolver.report.text import report_text

A, B, C, D = map(real_symbol, "ABCD")
K = sympy.Symbol("k", integer=True)
DIGIT = Domain(integer=True, low=Integer(1), high=Integer(9), members=tuple(map(Integer, range(1, 10))))


def unknowns(names: str, domain: Domain | None = None) -> tuple[Unknown, ...]:
    return tuple(Unknown(real_symbol(name), domain or Domain()) for name in names.split())


def exact(values: Mapping[str, sympy.Expr], **facts: object) -> Solution:
    made = {name: Value(sympy.S(value), float(value)) for name, value in values.items()}
    return Solution(made, Evidence.EXACT, **facts)  # type: ignore[arg-type]


def certified(values: Mapping[str, float]) -> Solution:
    error = Fraction(1, 10**14)
    made = {
        name: Value(None, value, (Fraction(value) - error, Fraction(value) + error)) for name, value in values.items()
    }
    return Solution(made, Evidence.CERTIFIED, multiplicity=1)


def lines(text: str) -> str:
    """A literal of several lines without its first line end."""
    return text.removeprefix("\n").rstrip("\n")


CIRCLE = SolutionSet(
    Problem(unknowns("x y"), name="circle.txt"),
    Status.FINITE,
    tuple(exact({"x": a, "y": b}) for a, b in ((-4, -3), (-3, -4), (3, 4), (4, 3))),
    True,
    "elimination",
    engines=Engines("nadam", 64, 1e-31, method="elimination", agree=True),
)

GRID = SolutionSet(
    Problem(
        unknowns("A B C D"),
        layout=Layout(
            (
                (A, " + ", B, " = ", "9"),
                ("+", "", "-"),
                (C, " - ", D, " = ", "1"),
                ("=", "", "="),
                ("18", "", "2"),
            )
        ),
    ),
    Status.INFINITE,
    (
        Solution(
            {
                "A": Value(7 - D, 4.0, sample=Integer(4)),
                "B": Value(D + 2, 5.0, sample=Integer(5)),
                "C": Value(D + 1, 4.0, sample=Integer(4)),
                "D": Value(D, 3.0, sample=Integer(3)),
            },
            Evidence.EXACT,
            free=(D,),
        ),
    ),
    True,
    "linear algebra over the rationals: rank 3 of 4",
)


def test_several_solutions_stand_below_each_other() -> None:
    """One solution a line, whole numbers aligned, then why the list is believed."""
    assert report_text(CIRCLE) == lines("""
exactly 4 real solutions
  x = -4, y = -3
  x = -3, y = -4
  x =  3, y =  4
  x =  4, y =  3
complete: elimination
the numeric search agrees
""")


def test_a_family_names_what_is_free_and_fills_the_grid_with_a_sample() -> None:
    """Formulas, the free unknown, and the puzzle's own shape with the sample in it."""
    assert report_text(GRID) == lines("""
infinitely many real solutions
  A = 7 - D
  B = D + 2
  C = D + 1
  D free
for example
   4 + 5 = 9
   +   -
   4 - 3 = 1
   =   =
  18   2
complete: linear algebra over the rationals: rank 3 of 4
""")


def test_closed_forms_have_their_decimals() -> None:
    """``=`` is said of what is exact, ``≈`` of what is rounded."""
    problem = Problem(unknowns("x y z"))
    answer = SolutionSet(
        problem, Status.UNIQUE, (exact({"x": pi / 6, "y": Rational(36, 5), "z": Rational(1, 3)}),), True, "a proof"
    )
    assert report_text(answer) == lines("""
exactly one real solution
  x = pi/6 ≈ 0.5235987756
  y = 36/5 = 7.2
  z = 1/3 ≈ 0.3333333333
complete: a proof
""")


def test_families_over_the_whole_numbers() -> None:
    """Each family with its parameter and an example."""
    families = tuple(
        Solution({"x": Value(at + 2 * pi * K, float(at), sample=at)}, Evidence.EXACT, integer_parameters=(K,))
        for at in (pi / 6, 5 * pi / 6)
    )
    answer = SolutionSet(Problem(unknowns("x")), Status.INFINITE, families, True, "periodicity")
    assert report_text(answer) == lines("""
infinitely many real solutions, in 2 families
  x = 2pi*k + pi/6    for example x = pi/6 ≈ 0.5235987756
  x = 2pi*k + 5pi/6   for example x = 5pi/6 ≈ 2.617993878
for every whole number k
complete: periodicity
""")


def test_an_incomplete_list_says_so() -> None:
    """Certified is said, complete is not, and the reason is given."""
    answer = SolutionSet(
        Problem(unknowns("x")),
        Status.FINITE,
        (certified({"x": -1.5}), certified({"x": 1.5})),
        reasons=(Why.TIME_UP(),),
    )
    assert report_text(answer) == lines("""
2 real solutions, certified; others may exist
  x ≈ -1.500000000
  x ≈ 1.500000000
completeness not proved: the time was up
""")


def test_undecided_regions_are_counted() -> None:
    """What could be neither certified nor emptied is in the headline."""
    box = {"x": (Fraction(0), Fraction(1, 100))}
    answer = SolutionSet(
        Problem(unknowns("x")),
        Status.FINITE,
        (certified({"x": 1.5}),),
        undecided_boxes=(box, box),
        reasons=(Why.BUDGET(),),
    )
    assert report_text(answer).startswith("one real solution, certified; 2 regions undecided\n")


def test_unproved_solutions_are_marked_among_proved_ones() -> None:
    """Where the evidence differs, each solution tells its own."""
    numeric = Solution({"x": Value(None, 2.0)}, Evidence.NUMERIC)
    text = report_text(SolutionSet(Problem(unknowns("x")), Status.FINITE, (exact({"x": 1}), numeric)))
    assert "x = 1  (exact)" in text
    assert "x ≈ 2  (approximate, unproved)" in text


def test_a_contradiction_quotes_the_lines() -> None:
    """The lines with their numbers, and the compromise, called what it is."""
    conflict = Conflict(
        (Origin("x + y = 10", 1, 1), Origin("x  -  y = 4", 12, 1)),
        {"x": Value(Rational(48, 7), 6.857), "y": Value(Rational(23, 7), 3.286)},
    )
    answer = SolutionSet(Problem(unknowns("x y")), Status.NONE, (), True, "linear algebra", conflict=conflict)
    assert report_text(answer) == lines("""
no real solution
these cannot hold together:
  line  1: x + y = 10
  line 12: x - y = 4
nearest by least squares, and no solution:
  x = 48/7 ≈ 6.857142857, y = 23/7 ≈ 3.285714286
proved: linear algebra
""")


def test_answers_come_first() -> None:
    """What was asked for stands above the solutions."""
    answer = SolutionSet(
        Problem(unknowns("🍎 🥥")),
        Status.UNIQUE,
        (exact({"🍎": 10, "🥥": 2}),),
        True,
        "linear algebra",
        answers=(Answer("🥥 + 🍎 = ?", Value(Integer(12), 12.0)),),
    )
    assert report_text(answer) == lines("""
🥥 + 🍎 = 12

exactly one real solution
  🍎 = 10, 🥥 = 2
complete: linear algebra
""")


def test_only_asked() -> None:
    """A file that only asks gets only the answer."""
    answer = SolutionSet(
        Problem(), Status.ANSWERED, answers=(Answer("diff(x*x,  x)=?", Value(Rational(36, 5), 7.2), tape=7.2),)
    )
    assert report_text(answer) == "diff(x*x, x) = 36/5 = 7.2"
    assert "TensorFlow's own figure for diff(x*x, x): 7.2" in report_text(answer, verbose=True)


def test_multiplicity_and_conditions_are_said() -> None:
    """A double root says so, and a solution under a condition tells it."""
    not_zero = Condition(real_symbol("a"), Relation.NOT_EQUAL, Integer(0))
    text = report_text(
        SolutionSet(
            Problem(unknowns("x")),
            Status.FINITE,
            (exact({"x": -2}, multiplicity=1), exact({"x": 1}, multiplicity=2, conditions=(not_zero,))),
            True,
            "factors",
        )
    )
    assert "  x = -2\n  x =  1  (multiplicity 2, if a != 0)\n" in text


def test_squares_stand_abreast() -> None:
    """Solutions that are matrices are printed as matrices."""
    names = " ".join(f"x[{i},{j}]" for i in (1, 2, 3) for j in (1, 2, 3)).split()
    cells = [name.replace(",", ", ") for name in names]
    square = [2, 7, 6, 9, 5, 1, 4, 3, 8]
    problem = Problem(tuple(Unknown(real_symbol(name), DIGIT) for name in cells))
    solutions = tuple(exact(dict(zip(cells, order, strict=True))) for order in (square, square[::-1]))
    assert report_text(SolutionSet(problem, Status.FINITE, solutions, True, "exhaustive search")) == lines("""
exactly 2 solutions
  x[1..3, 1..3] =
    2 7 6    8 3 4
    9 5 1    1 5 9
    4 3 8    6 7 2
complete: exhaustive search
""")


def test_a_long_list_is_shortened() -> None:
    """A thousand unknowns do not fill a thousand lines."""
    names = [f"x[{number}]" for number in range(1, 1001)]
    problem = Problem(tuple(Unknown(real_symbol(name)) for name in names))
    answer = SolutionSet(problem, Status.FINITE, (certified(dict.fromkeys(names, 0.25)),))
    text = report_text(answer)
    assert "x[1..1000] ≈ 0.2500000000, 0.2500000000, 0.2500000000, …, " in text
    assert len(text.splitlines()) < 10


def fitted() -> SolutionSet:
    x, y, a, b = map(real_symbol, "xyab")
    data = Data({"x": (Rational(1),) * 5, "y": (Rational(2),) * 5})
    problem = Problem(unknowns("a b"), fit=Fit(y, a * x + b, (a, b), data, Origin("fit y = a*x + b")))
    statistics = FitStatistics({"a": 0.0125, "b": None}, {"a": (0.9, 1.1), "b": None}, 0.0123, 3, 0.064, 0.9998)
    solution = Solution({"a": Value(None, 1.25), "b": Value(Integer(2), 2.0)}, Evidence.NUMERIC)
    return SolutionSet(problem, Status.BEST_FIT, (solution,), fit=statistics)


def test_a_fit_has_its_errors() -> None:
    """Parameters with standard errors, and how well the whole fits."""
    assert report_text(fitted()) == lines("""
best fit of y = a*x + b to 5 rows
  a ≈ 1.25 ± 0.0125
  b = 2
± is the standard error
residual sum of squares 0.0123, 3 degrees of freedom, residual standard deviation 0.064, R² = 0.9998
""")


def test_verbose_adds_what_differs_from_run_to_run() -> None:
    """The plain report has neither times nor the search's floats; the verbose one has both."""
    engines = Engines("nadam", 64, 1e-31, nadam={"x": 4.01}, method="linear", agree=True, ledger=("a line",))
    answer = SolutionSet(
        Problem(unknowns("x")), Status.UNIQUE, (exact({"x": 4}),), True, "p", engines=engines, seconds={"parse": 0.25}
    )
    plain, verbose = report_text(answer), report_text(answer, verbose=True)
    assert verbose.startswith(plain)
    for words in ("Nadam found x ≈ 4.01", "64 starts", "a line", "parse 0.250"):
        assert words in verbose
        assert words not in plain


def test_json_keys_and_their_order() -> None:
    """The keys of the format, on one line."""
    text = report_json(CIRCLE)
    assert "\n" not in text
    found = json.loads(text)
    assert list(found)[:8] == ["format", "file", "status", "complete", "dimension", "free", "unknowns", "solutions"]
    assert {"answers", "conditions", "proof", "reasons", "warnings", "fit", "engines", "seconds"} <= set(found)
    assert found["solutions"][0]["values"]["x"] == {"exact": "-4", "decimal": "-4", "low": None, "high": None}
    assert found["engines"] == {
        "numeric": {"optimizer": "nadam", "starts": 64, "loss": 1e-31, "found": 0},
        "exact": {"method": "elimination"},
        "agree": True,
    }


def test_json_of_a_family() -> None:
    """The parametrised value, a sample's decimal, and what is free."""
    found = json.loads(report_json(GRID))
    assert (found["dimension"], found["free"]) == (1, ["D"])
    (family,) = found["solutions"]
    assert family["values"]["A"] == {"exact": "7 - D", "decimal": "4", "low": None, "high": None}
    assert (family["free"], family["integer_parameters"], family["dimension"]) == (["D"], [], 1)


def test_json_of_a_certified_box_is_rounded_outward() -> None:
    """The printed ends enclose the certified interval."""
    solution = certified({"x": 1 / 3})
    answer = SolutionSet(Problem(unknowns("x")), Status.FINITE, (solution,))
    value = json.loads(report_json(answer))["solutions"][0]["values"]["x"]
    assert solution["x"].interval is not None
    low, high = solution["x"].interval
    assert Fraction(value["low"]) <= low
    assert high <= Fraction(value["high"])
    assert value["decimal"] == "0.3333333333"


def test_json_of_a_fit() -> None:
    """Statistics are numbers by parameter, null where they are not defined."""
    fit = json.loads(report_json(fitted()))["fit"]
    assert fit["parameters"]["a"] == {"estimate": 1.25, "standard_error": 0.0125, "confidence_interval": [0.9, 1.1]}
    assert fit["parameters"]["b"]["standard_error"] is None
    assert fit["degrees_of_freedom"] == 3


def test_json_of_what_depends_on_a_name() -> None:
    """A value in terms of other names has a closed form and no decimal, and nothing is NaN or infinite."""
    a = real_symbol("a")
    solution = Solution({"x": Value(sqrt(a), float("nan"))}, Evidence.EXACT)
    problem = Problem(unknowns("x"), equations=(Equation(real_symbol("x") ** 2, a, Origin("x^2 = a")),), targets=())
    engines = Engines("nadam", 64, float("inf"))
    found = json.loads(report_json(SolutionSet(problem, Status.FINITE, (solution,), engines=engines)))
    assert found["solutions"][0]["values"]["x"] == {"exact": "sqrt(a)", "decimal": None, "low": None, "high": None}
    assert found["engines"]["numeric"]["loss"] is None


def test_latex() -> None:
    """Solutions below each other, aligned."""
    assert report_latex(CIRCLE).splitlines()[1] == r"&x = -4,\quad y = -3 \\"
    assert report_latex(SolutionSet(Problem(), Status.NONE, (), True)) == r"\varnothing"
    names = {"θ": pi / 2, "x[1, 2]": Integer(3), "🍎": Integer(4)}
    answer = SolutionSet(Problem(unknowns("θ")), Status.UNIQUE, (exact(names),), True)
    assert report_latex(answer).splitlines()[1] == r"&\theta = \frac{\pi}{2},\quad {x}_{1, 2} = 3,\quad \text{🍎} = 4"


def test_colours_change_no_character() -> None:
    """The coloured report is the plain one."""
    text = report_text(CIRCLE)
    assert coloured(text).plain == text


def mistake(line: str, column: int, end: int, **more: object) -> Diagnostic:
    place = Place("a.txt", 12, column, end, line)
    return Diagnostic(Severity.ERROR, "expected a number", place, **more)  # type: ignore[arg-type]


def test_a_mistake_is_drawn() -> None:
    """The place, the line, the carets, the hint, the other place."""
    note = ("the first one", Place("a.txt", 3, 1, 3, "xy = 2"))
    drawn = draw([mistake("x + ssqrt(3) = 1", 5, 10, hint="did you mean 'sqrt'?", notes=(note,))])
    assert (
        drawn
        == lines("""
a.txt:12:5: error: expected a number
  12 | x + ssqrt(3) = 1
     |     ^^^^^
  hint: did you mean 'sqrt'?
  note: a.txt:3:1: the first one
  3 | xy = 2
    | ^^
""")
        + "\n"
    )


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("🍎 + * 🍌", 5, "🍎 + * 🍌\n     |      ^"),
        ("\tx + * 2", 6, "    x + * 2\n     |         ^"),
        ("漢字 = * 1", 6, "漢字 = * 1\n     |        ^"),
        ("é + * 2", 5, "é + * 2\n     |     ^"),
        ("❤️ + * 3", 6, "❤️ + * 3\n     |      ^"),
        ("(x + 1", 7, "(x + 1\n     |       ^"),
        ("a\x1b[31m* 2", 7, "a�[31m* 2\n     |       ^"),
    ],
)
def test_the_caret_stands_under_its_place(line: str, column: int, expected: str) -> None:
    """Wide characters, combining ones and tabs are measured as a terminal shows them."""
    assert f"12 | {expected}\n" in draw([mistake(line, column, column + 1)])


@given(st.text(alphabet="x+ \t🍎漢é(", max_size=400), st.data())
@settings(deadline=None, derandomize=True)
def test_a_drawing_is_never_too_wide(line: str, data: st.DataObject) -> None:
    """However long the line, the picture fits, and its caret lies under a character of it."""
    column = data.draw(st.integers(1, len(line) + 1))
    _, source, carets = draw([mistake(line, column, data.draw(st.integers(column + 1, column + 50)))]).splitlines()
    assert width(source) <= 110
    assert width(carets) <= max(width(source), len("  12 | ")) + 1
    if column <= len(line) and line[column - 1] in "x+(":
        start = carets.index("^")
        before = ""
        for character in source:
            if width(before) == start:
                break
            before += character
        assert source[len(before) :].startswith(line[column - 1])


def test_a_megabyte_is_cut_around_the_place() -> None:
    """A line of a megabyte is drawn at once, and its place is to be seen."""
    _, source, carets = draw([mistake("+" * 500_000 + "*" + "+" * 500_000, 500_001, 500_002)]).splitlines()
    assert source[carets.index("^")] == "*"
    assert width(source) < 120


def test_coloured_drawings_are_the_same_text() -> None:
    """Colours add no character."""
    diagnostics = [mistake("x + * 2", 5, 6, hint="a hint"), Diagnostic(Severity.WARNING, "a doubt", None)]
    assert draw_coloured(diagnostics).plain == draw(diagnostics)


def test_json_of_mistakes() -> None:
    """All mistakes of a file in one object; without a place there are nulls."""
    found = json.loads(
        diagnostics_json("a.txt", [mistake("x + * 2", 5, 6), Diagnostic(Severity.ERROR, "no file", None)])
    )
    assert (found["format"], found["file"]) == ("puzzlesolver/1", "a.txt")
    assert found["errors"] == [
        {"line": 12, "column": 5, "end_column": 6, "message": "expected a number", "hint": None},
        {"line": None, "column": None, "end_column": None, "message": "no file", "hint": None},
    ]


@given(st.text(max_size=50))
@settings(deadline=None, derandomize=True)
def test_what_is_shown_cannot_move_the_cursor(text: str) -> None:
    """No control character gets to a terminal."""
    assert not any(control in shown(text) for control in map(chr, (*range(32), *range(127, 160), 0x202E)))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_every_encoding_gets_something(encoding: str) -> None:
    """Text fits the encoding, in plain spelling where it has one."""
    text = encodable("x ≈ 1.5, R² = 1, 🍎 = 3", encoding)
    text.encode(encoding)
    assert encoding != "ascii" or text.startswith("x ~ 1.5, R^2 = 1, ")


def test_summary() -> None:
    """Counts, kind and domains, before anything is solved."""
    x, y = map(real_symbol, "xy")
    problem = Problem(
        (*unknowns("x y"), *unknowns("n", DIGIT)),
        (Equation(x**2 + y**2, Integer(25), Origin("")), Equation(x * y, Integer(12), Origin(""))),
        name="circle.txt",
    )
    assert summary_text(problem) == lines("""
circle.txt: polynomial; 3 unknowns, 2 equations
  x, y in real
  n in 1..9
""")
