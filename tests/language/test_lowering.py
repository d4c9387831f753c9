"""Text to `Problem`: exact, defined where the text is, natural for every example, and printable again."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from places import ROOT
from strategies import Expr, expressions, points, polynomials, puzzle_texts
from sympy import Eq, Float, Integer, Rational, Subs, Symbol, exp, log, oo, pi, sqrt, symbols
from sympy import Expr as SymPyExpr

from puzzlesolver import PuzzleError
from puzzlesolver.errors import MeaningMistake, NotSupported
from puzzlesolver.language import load, parse
from puzzlesolver.language.from_sympy import problem_from_sympy
from puzzlesolver.language.text_form import problem_text
from puzzlesolver.problem import (
    INTEGERS,
    REALS,
    AllDifferent,
    Condition,
    Domain,
    Equation,
    Problem,
    Relation,
    real_symbol,
)
from puzzlesolver.problem.functions import expression_conditions, merged
from puzzlesolver.problem.notation import notation
from puzzlesolver.problem.unroll import unroll

EXAMPLES = ROOT / "examples"
x, y, z = (real_symbol(name) for name in "xyz")

quick = settings(deadline=None, derandomize=True, max_examples=120, suppress_health_check=[HealthCheck.too_slow])


def conditions_of(equation: Equation | Condition) -> list[str]:
    """The conditions of definedness in short."""
    return [f"{notation(one.lhs)} {one.relation.value} {notation(one.rhs)}" for one in equation.defined]


def domain_of(problem: Problem, name: str) -> Domain:
    return next(unknown.domain for unknown in problem.unknowns if unknown.name == name)


def message_of(text: str, **given_: object) -> str:
    """The first error's message and hint."""
    with pytest.raises(PuzzleError) as raised:
        parse(text, **given_)  # type: ignore[arg-type]
    first = raised.value.diagnostics[0]
    return f"{first.message} | {first.hint}"


# Exactness


@quick
@given(polynomials, points)
def test_polynomials_are_exact(expression: Expr, point: dict[str, Fraction]) -> None:
    """Every literal is exact: a polynomial's value at a rational point is the rational number that it is by hand."""
    problem = parse(f"{expression.text} = w")
    values = {real_symbol(name): Rational(value.numerator, value.denominator) for name, value in point.items()}
    found = problem.equations[0].lhs.xreplace(values)
    assert found.is_Rational and not found.atoms(Float)
    value = expression.value(point)
    assert isinstance(value, Fraction) and found == Rational(value.numerator, value.denominator)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.5", Rational(5, 2)),
        ("1e-3", Rational(1, 1000)),
        ("1.5e2", Integer(150)),
        (".5", Rational(1, 2)),
        ("⅔", Rational(2, 3)),
        ("0.1 + 0.2", Rational(3, 10)),
        ("5!", Integer(120)),
        ("7 mod 3", Integer(1)),
        ("-7 mod 3", Integer(2)),
        ("-2*3", Integer(-6)),
        ("cbrt(-8)", Integer(-2)),
        ("gcd(12, 18)", Integer(6)),
        ("max(1, 3, 2)", Integer(3)),
        ("sum(k^2 for k in 1..10)", Integer(385)),
        ("product(k for k in 1..5 if k != 3)", Integer(40)),
        ("floor(-2.5)", Integer(-3)),
        ("ceil(2.1)", Integer(3)),
        ("log10(1000)", Integer(3)),
        ("|-3|", Integer(3)),
        ("tau", 2 * pi),
    ],
)
def test_constants_are_exact(text: str, value: SymPyExpr) -> None:
    """What is known is worked out exactly."""
    found = parse(f"x = {text}").equations[0].rhs
    assert found == value or (found - value).equals(0)


# Definedness: the text's own meaning decides, worked out independently


@settings(deadline=None, derandomize=True, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(expressions, points)
def test_defined_is_where_the_text_has_a_value(expression: Expr, point: dict[str, Fraction]) -> None:
    """`defined` holds exactly where every operation as written has a real value, and there the values agree."""
    try:
        expected = expression.value(point)
    except OverflowError:
        assume(False)
        return
    try:
        equation = parse(f"{expression.text} = w").equations[0]
    except MeaningMistake as error:
        assert expected is None or "at most" in str(error), "only what has no value, or passes a limit, is refused"
        return
    values = {real_symbol(name): Rational(value.numerator, value.denominator) for name, value in point.items()}
    verdict: bool | None = True
    for condition in equation.defined:  # each has a value where those before it hold
        verdict = verdict and truth(condition, values)
    assume(verdict is not None)  # too close to call in floating point
    if expected is None:
        assert verdict is False
    else:
        assume(abs(expected) < 1e9)
        assert verdict is True
        found = equation.lhs.xreplace(values).evalf(30)
        assume(isinstance(expected, Fraction) or smooth_at(expression, point, expected))
        assert float(found) == pytest.approx(float(expected), rel=1e-6, abs=1e-6)


def truth(condition: Condition, values: dict[Symbol, Rational]) -> bool | None:
    """Whether a condition holds at a point; None where rounding decides."""
    difference = (condition.rhs - condition.lhs).xreplace(values)
    exact = difference.is_Rational
    number = complex(difference.evalf(30))
    if number.imag or not math.isfinite(number.real) or (not exact and abs(number.real) < 1e-9):
        return None
    match condition.relation:
        case Relation.LESS:
            return number.real > 0
        case Relation.AT_MOST:
            return number.real >= 0
        case Relation.NOT_EQUAL:
            return number.real != 0


def smooth_at(expression: Expr, point: dict[str, Fraction], value: float) -> bool:
    """Whether rounding does not turn the value into another: no edge of a floor, a sign or a remainder is near."""
    for shift in (1e-9, -1e-9):
        try:
            near = expression.value({name: float(coordinate) + shift for name, coordinate in point.items()})
        except OverflowError:
            return False
        if near is None or abs(near - value) > 1e-4 * max(1.0, abs(value)):
            return False
    return True


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("x/x = 1", ["x != 0"]),
        ("x^2/x = 3", ["x != 0"]),
        ("x^-2 = 4", ["x != 0"]),
        ("1/(x - 1) - 1/(x - 1) = 0", ["x - 1 != 0"]),
        ("sqrt(x)^2 = x", ["0 <= x"]),
        ("x^(1/3) = 2", ["0 <= x"]),
        ("x^-0.5 = 2", ["0 < x"]),
        ("cbrt(x) = -2", []),
        ("log(x) - log(x) = 0", ["0 < x"]),
        ("log(x^2 + 1) = 1", []),
        ("sqrt(x^2) = 1", []),
        ("1/(x^2 + 1) = 1", []),
        ("asin(x) = 1", ["-1 <= x", "x <= 1"]),
        ("tan(x) = 1", ["cos(x) != 0"]),
        ("x mod y = 1", ["y != 0"]),
        ("2^x = 8", []),
        ("x^y = 8", ["0 <= max(x, -sin(pi*y)^2)", "0 < max(x^2, floor(y) + 1)"]),
        ("x^n = 8; n in integer", ["0 < max(x^2, n + 1)"]),
        ("x^n = 8; n in 0..5", ["0 < max(x^2, n + 1)"]),
        ("n! = 6", ["0 <= n"]),
        ("atan2(y, x) = 1", ["x^2 + y^2 != 0"]),
        ("let f(t) = 1/t; f(x) = x", ["x != 0"]),
        ("let a = 1/x; a = 3", ["x != 0"]),
        ("a/b = c/d", ["b != 0", "d != 0"]),
    ],
)
def test_conditions_of_definedness(text: str, conditions: list[str]) -> None:
    """The conditions come from the text, whatever SymPy makes of it."""
    problem = parse(text)
    assert conditions_of(problem.equations[0]) == conditions


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1/0", "division by zero"),
        ("x = 1/(sqrt(2)^2 - 2)", "division by zero"),
        ("x = 0^-1", "division by zero"),
        ("x = sqrt(-1)", "square root of a negative number"),
        ("x = log(0)", "logarithm is of positive numbers"),
        ("x = asin(2)", "from -1 to 1"),
        ("x = tan(pi/2)", "tangent has no value"),
        ("x = (-8)^(1/3)", "negative number with an exponent that is not whole"),
        ("x = oo", "infinity is no value"),
        ("x = 5 mod 0", "`mod` by zero"),
        ("x = (-1)!", "factorial"),
        ("x = gamma(-2)", "gamma function has no value"),
        ("x = atan2(0, 0)", "atan2(0, 0) has no value"),
    ],
)
def test_what_has_no_value_is_an_error(text: str, words: str) -> None:
    """A constant without a value is wrong at once."""
    assert words in message_of(text)


# The examples


def test_grid_example() -> None:
    """The grid of the first example, across and down, printed as the same grid."""
    problem = load(EXAMPLES / "grid.txt")
    assert [unknown.name for unknown in problem.unknowns] == ["A", "B", "C", "D"]
    assert [str(equation) for equation in problem_text(problem).splitlines()] == [
        *("A + B = 9", "C - D = 1", "A + C = 8", "B - D = 2")
    ]
    assert problem.layout is not None
    assert load(EXAMPLES / "grid-collapsed.txt").equations[0].residual == problem.equations[0].residual


def test_autograd_example() -> None:
    """An asked derivative at a value of `let` stays a derivative, for another engine to work out."""
    (ask,) = load(EXAMPLES / "autograd.txt").asks
    assert isinstance(ask.expression, Subs)
    assert ask.expression.doit() == Rational(36, 5)
    assert ask.origin.text == "diff(x*x, x)"


def test_broyden_example() -> None:
    """The family stays a template, however large it is."""
    problem = load(EXAMPLES / "broyden.txt", settings={"n": "1000000"})
    (array,), (family,) = problem.arrays, problem.families
    assert array.ranges == ((0, 1_000_001),) and array.guess == -1
    assert [(index.low, index.high) for index in family.indices] == [(1, 1_000_000)]
    small = unroll(load(EXAMPLES / "broyden.txt", settings={"n": "3"}))
    assert problem_text(small).splitlines()[:3] == ["let n = 3", "x[0] = 0", "x[4] = 0"]
    assert len(small.equations) == len(small.unknowns) == 5
    with pytest.raises(NotSupported):
        unroll(problem)


def test_katsura_example() -> None:
    """What cannot be a template is written out: Katsura's sums as they stand in the literature."""
    problem = load(EXAMPLES / "katsura6.txt")
    assert problem.arrays[0].ranges == ((0, 6),)
    assert not problem.families and len(problem.equations) == 7
    u = {k: real_symbol(f"u[{k}]") for k in range(7)}
    second = unroll(problem).equations[2]
    assert second.lhs == 2 * sum(u[k] * u[k + 1] for k in range(6)) and second.rhs == u[1]


def test_sudoku_example() -> None:
    """81 cells, 27 times nine different ones, 30 known."""
    problem = unroll(load(EXAMPLES / "sudoku.txt"))
    assert len(problem.unknowns) == 81
    assert [len(one.members) for one in problem.conditions if isinstance(one, AllDifferent)] == [9] * 27
    assert len(problem.equations) == 30
    assert str(problem.equations[0].lhs) == "x[1, 1]" and problem.equations[0].rhs == 5


def test_fit_examples() -> None:
    """The names that are no columns are the parameters, `tau` among them."""
    decay = load(EXAMPLES / "decay.txt").fit
    assert decay is not None
    assert [str(one) for one in decay.parameters] == ["N0", "tau", "background"]
    assert decay.data.rows == 8 and decay.data.columns["counts"][0] == 1012
    polynomial = load(EXAMPLES / "polynomial.txt")
    assert polynomial.fit is not None and polynomial.fit.data.rows == 20
    assert polynomial.symbols == polynomial.fit.parameters


def test_quadratic_formula_example() -> None:
    """Under `solve for` the other names stay symbols."""
    problem = load(EXAMPLES / "quadratic-formula.txt")
    assert problem.targets == problem.symbols == (x,)


# Names, definitions, domains


def test_unknowns_come_in_the_order_of_the_text() -> None:
    """The first appearance of a name decides, wherever its domain is stated."""
    problem = parse("b + a = 3\nc in 1..9\na*c = 2\nlet k = d_never\nA..C in 1..3\nB = 2")
    assert [unknown.name for unknown in problem.unknowns] == ["b", "a", "c", "A", "B", "C"]


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("", REALS),
        ("x in real", REALS),
        ("x in integer", INTEGERS),
        ("x in 1..9", Domain(True, Integer(1), Integer(9), False, False)),
        ("x in 0..oo", Domain(True, Integer(0), oo, False, True)),
        ("x in [0, 2pi)", Domain(False, Integer(0), 2 * pi, False, True)),
        ("x in (-oo, 3]", Domain(False, -oo, Integer(3), True, False)),
        ("let n = 4; x in 1..n+1", Domain(True, Integer(1), Integer(5), False, False)),
        ("x in {5, 2, 3}", Domain(True, Integer(2), Integer(5), False, False, (Integer(2), Integer(3), Integer(5)))),
        ("x in integer; x in [1.5, 7.2]", Domain(True, Integer(2), Integer(7), False, False)),
        ("x in integer; x in (2, 7)", Domain(True, Integer(3), Integer(6), False, False)),
        ("x in {1, 7/2}; x in integer", Domain(True, Integer(1), Integer(1), False, False, (Integer(1),))),
        ("x in [0, 5]; x in (5/2, 9)", Domain(False, Rational(5, 2), Integer(5), True, False)),
    ],
)
def test_domains(text: str, domain: Domain) -> None:
    """Every form of a domain, and that several intersect."""
    assert domain_of(parse(f"{text}\nx^2 = y"), "x") == domain


def test_settings_replace_values() -> None:
    """A setting is an exact constant in place of what `let` says; only a `let` can be set."""
    text = "let g = 9.81\nlet h = 2g\nx = h"
    assert parse(text).equations[0].rhs == Rational(981, 50)
    assert parse(text, settings={"g": "1.62"}).equations[0].rhs == Rational(81, 25)
    assert parse(text, settings={"g": "1/3"}).parameters == {"g": Rational(1, 3), "h": Rational(2, 3)}
    assert "no `let` of the file defines 'gg'" in message_of(text, settings={"gg": "1"})
    assert "did you mean 'g'" in message_of("let gravity = 1; x = gravity", settings={"gravty": "1"}).replace(
        "'gravity'", "'g'"
    )
    assert "must be known" in message_of(text, settings={"g": "y"})


def test_diff_comes_before_the_values() -> None:
    """A derivative is taken first, and the values of `let` are put in then."""
    assert parse("let x = 3; y = diff(x^2, x)").equations[0].rhs == 6
    assert parse("let a = 2; diff(sin(a*x), x) = 1").equations[0].lhs == parse("2cos(2x) = 1").equations[0].lhs
    assert parse("let x = 3; let y = x^2; diff(y, x) = ?").asks[0].expression.doit() == 6
    assert parse("let x = 3; let c = 5; diff(c*x^2, x) + c = ?").asks[0].expression.doit() == 35
    assert parse("let f(t) = diff(t^3, t); f(2) = y").equations[0].lhs == 12
    assert parse("diff(x^3, x, 2) = 12").equations[0].lhs == 6 * x
    assert parse("let f = x^2 + 3x; diff(f, x) = 7").equations[0].lhs == 2 * x + 3
    assert parse("let h(t) = t*x; let f = h(2)*x; diff(f, x) = 8").equations[0].lhs == 4 * x
    assert parse("let f = x[1]^2; diff(f, x[1]) = 8").equations[0].lhs == parse("2x[1] = 8").equations[0].lhs
    assert parse("let a = x; let c = 3; diff(c*a^2, x) = ?").asks[0].expression == 6 * x
    assert conditions_of(parse("diff(|x|, x) = 1").equations[0]) == ["x != 0"]
    assert parse("let x = -1; diff(x^2, x) = ?; let y = 2").asks[0].defined == ()
    assert "logarithm" in message_of("let x = -1; diff(log(x), x) = ?") or "no derivative" in message_of(
        "let x = -1; diff(log(x), x) = ?"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("let x = x + 1", "'x' is defined by itself"),
        ("let f(t) = f(t - 1); f(3) = x", "'f' is defined by itself"),
        ("let g = 1; let g = 2", "'g' is defined twice"),
        ("let pi = 3", "'pi' is a constant already"),
        ("let sin(t) = t", "'sin' is a function already"),
        ("let g = 9.81; g in [0, 1]; g = x", "is defined by `let` and is no unknown"),
        ("let f(t) = t; f(1, 2) = x", "'f' takes one argument, and here are 2"),
        ("let f(t) = t; f = x", "'f' is a function; its arguments are expected"),
        ("sin(x, y) = 2", "'sin' takes one argument, and here are 2"),
        ("x in [3, 1]", "this interval is empty"),
        ("x in 5..2", "there is nothing from 5 to 2"),
        ("x in 1..y", "the end of a domain must be known, and 'y' is not"),
        ("x in [0, 1]; x in [2, 3]", "no number is in all the domains"),
        ("x + y in 1..9", "a domain is stated for unknowns"),
        ("x[k] = 3", "an index must be known, and 'k' is not"),
        ("x[1/2] = 3", "an index is a whole number"),
        ("x[1] + x = 3", "'x' has an index everywhere else"),
        ("x[1] + x[1, 2] = 3", "one index elsewhere, and 2 indices here"),
        ("x[1..3] in 1..9; x[4] = 2", "the index 4 of 'x' is not in 1..3"),
        ("x[1..3] in 1..9; for i in 1..3: x[i + 1] = i", "comes to 4, which is not in 1..3"),
        ("for i in 1..3, i in 1..2: x[i] = 1", "'i' is an index already"),
        ("sum(x[1..3], x) = 1", "how far the indices of 'x' go is not stated"),
        ("guess x = y; x = 1; y = 2", "a guess must be known"),
        ("all different: x", "at least two values"),
        ("minimize x; maximize x", "already"),
        ("fit y = a*x", "a fit needs data"),
        ("diff(x^2) = 3", "diff takes an expression and what to differentiate by"),
        ("y = diff(floor(x), x)", "no derivative that could be written down"),
        ("gcd(a, 12) = 4", "gcd is of whole numbers"),
        ("x + y = ? = 3", "with one '=' and one '?'"),
        ("x < ?", "with one '=' and one '?'"),
        ('data from "none.csv"; fit y = a*x', "cannot read 'none.csv'"),
    ],
)
def test_texts_without_meaning(text: str, words: str) -> None:
    """Well formed and wrong: the error says what contradicts what."""
    assert words in message_of(text)


# Arrays and families


@pytest.mark.parametrize(
    ("written", "unrolled"),
    [
        ("for i in 1..3: x[i]^2 = i", "x[1]^2 = 1; x[2]^2 = 2; x[3]^2 = 3"),
        ("for i in 1..2, j in 1..2: x[i, j] = i*j", "x[1, 1] = 1; x[1, 2] = 2; x[2, 1] = 2; x[2, 2] = 4"),
        ("for i in 1..2, j in i..3: x[i, j] = 1", "x[1,1]=1; x[1,2]=1; x[1,3]=1; x[2,2]=1; x[2,3]=1"),
        ("for i in 1..3 if i != 2: x[i] = 1", "x[1] = 1; x[3] = 1"),
        ("for i in 1..4 if i mod 2 = 0: x[i] = 1", "x[2] = 1; x[4] = 1"),
        ("for i in 1..3: x[i] < x[i+1]", "x[1] < x[2]; x[2] < x[3]; x[3] < x[4]"),
        ("for i in 1..3: x[4 - i] = i", "x[3] = 1; x[2] = 2; x[1] = 3"),
        ("for i in 1..2: sum(x[i, j] for j in 1..2) = i", "x[1,1] + x[1,2] = 1; x[2,1] + x[2,2] = 2"),
        ("for i in 1..2: sum(x[j] for j in 1..i) = i", "x[1] = 1; x[1] + x[2] = 2"),
        ("for i in 1..2: 1/x[i] = i", "1/x[1] = 1; 1/x[2] = 2"),
        ("for i in 1..3:\n  for j in 1..3 if i < j:\n    x[i] != x[j]", "x[1] != x[2]; x[1] != x[3]; x[2] != x[3]"),
        ("x[1..3] in 0..5; sum(x) = 7", "x[1..3] in 0..5; x[1] + x[2] + x[3] = 7"),
        ("x[i] = i for i in 1..2", "x[1] = 1; x[2] = 2"),
        ("let n = 3; for i in 1..n: x[i] = x[n]", "let n = 3; x[1] = x[3]; x[2] = x[3]; x[3] = x[3]"),
        ("table x\n  1 .\n  . 4\n\nx[1,2] + x[2,1] = 3", "x[1,1] = 1; x[2,2] = 4; x[1,2] + x[2,1] = 3"),
    ],
)
def test_a_family_is_its_statements(written: str, unrolled: str) -> None:
    """A `for`, a sum or a table means what writing it out means."""
    assert alike(unroll(parse(written)), unroll(parse(unrolled)))


def test_elements_nobody_speaks_of_are_no_unknowns() -> None:
    """Without a stated range, the elements in use are all there are; each has its own domain."""
    problem = parse("x[1] + x[5] = 3; x[1] - x[5] = 1; x[5] in 1..4")
    assert [unknown.name for unknown in problem.unknowns] == ["x[1]", "x[5]"]
    assert domain_of(problem, "x[1]") == REALS and domain_of(problem, "x[5]").integer
    declared = unroll(parse("x[1..3] in real; x[1] = 2"))
    assert [unknown.name for unknown in declared.unknowns] == ["x[1]", "x[2]", "x[3]"]


def test_guesses_of_elements() -> None:
    """A guess for a range is a template in its index; one for a single element is that element's alone."""
    (array,) = parse("for i in 1..3: x[i]^2 = 2\nguess x[i] = i/2 for i in 1..3").arrays
    assert array.guess is not None and array.guess.free_symbols == set(array.guess_indices)
    problem = parse("x[1] + x[2] + x[3] = 3; guess x[2] = 4")
    assert [unknown.guess for unknown in problem.unknowns] == [None, 4, None]


# Data


def test_data_forms(tmp_path: Path) -> None:
    """An inline table, a CSV file with quotes and comments, and columns from the caller are the same data."""
    (tmp_path / "points.csv").write_text('"t", y\n# measured\n1, 2.5\n\n2,3\n', encoding="utf-8")
    inline = parse("fit y = a*t\ndata\n  t  y\n  1  2.5   # first\n  2  3").fit
    file = parse('fit y = a*t\ndata from "points.csv"', folder=tmp_path).fit
    given_ = parse("fit y = a*t", data={"t": [1, 2], "y": [2.5, 3]}).fit
    assert inline is not None and file is not None and given_ is not None
    assert inline.data.columns == file.data.columns == given_.data.columns
    assert inline.data.columns["y"] == (Rational(5, 2), Integer(3))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x,y\n1,2\n3\n", "row 3: 2 values expected"),
        ("x,y\n1,2\n3,oops\n", "row 3, column 'y': a number is expected, and 'oops' stands there"),
        ("x;y\n1,5;2\n", "decimals are written with a point"),
        ("1,2\n3,4\n", "row 1, column 1: the name of a column is expected"),
        ("x,x\n1,2\n", "two columns are called 'x'"),
        ("x,y\n", "has no rows"),
        ("", "is empty"),
        ("x,y\n1,nan\n", "'nan' stands there"),
    ],
)
def test_bad_data_files(tmp_path: Path, content: str, words: str) -> None:
    """What is wrong in a data file is named by its row and its column."""
    (tmp_path / "points.csv").write_text(content, encoding="utf-8")
    assert words in message_of('fit y = a*x\ndata from "points.csv"', folder=tmp_path)


def test_data_is_read_from_regular_files_only(tmp_path: Path) -> None:
    """Devices and folders are refused before they are opened."""
    for path in ("/dev/zero", str(tmp_path)):
        assert "is no regular file" in message_of(f'fit y = a*x\ndata from "{path}"')


def test_weights_and_sigma() -> None:
    """A column of spreads stands behind the fit, behind `data`, or by itself."""
    table = "\n  x y s\n  1 2 0.1\n  2 3 0.2"
    for text in ("fit y = a*x sigma s\ndata", "fit y = a*x\ndata sigma s", "sigma s\nfit y = a*x\ndata"):
        fit = parse(text + table).fit
        assert fit is not None and (fit.sigma, fit.weights) == ("s", None)
    assert "the data has no column 't'" in message_of(f"fit y = a*x weights t\ndata{table}")


# Warnings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lenght + 3 = 5; length = 3; length*2 = 6", "'lenght' appears once; 'length' appears 2 times"),
        ("e^x = 5", "exp(1)"),
        ("x = 3; k in 1..9", "a domain is stated for 'k'"),
        ("x = 3; guess t = 1", "a guess is given for 't'"),
        ("let g = 9; g = 3", "9 = 3, which is never true"),
    ],
)
def test_warnings(text: str, words: str) -> None:
    """Probable slips are doubted, in one line each, with their place."""
    warnings = parse(text, name="file").warnings
    assert any(words in one and one.startswith("file:") and "\n" not in one for one in warnings)


@pytest.mark.parametrize(
    "text",
    [
        "x1 + x2 = 3; x2 = 1; 2x2 = 2",
        "cost + costs = 3; costs = 2; 2costs = 4",
        "xmin + xmax + ymin = 3; xmin = 1; xmax = 2; 2xmin = 2",
        "a + b + c + d + e = 5; e^2 = 4; a = b; b = c; c = d; d = 1",
        "let e = exp(1); e^x = 5",
        "A..D in 1..9; A + B = C + D",
        "r + R = 3; R = 2; 2R = 4",
    ],
)
def test_no_warning_on_what_is_right(text: str) -> None:
    """Names of a kind are no slips of each other."""
    assert parse(text).warnings == ()


# Printing and SymPy


class Form:
    """An expression that equals another one also where SymPy left constants such as ``sqrt(12)`` in two forms."""

    def __init__(self, expression: SymPyExpr) -> None:
        self.expression = expression

    def __eq__(self, other: object) -> bool:
        assert isinstance(other, Form)
        if self.expression == other.expression:
            return True
        point = {symbol: Rational(17 + k, 10) for k, symbol in enumerate(sorted(self.expression.free_symbols, key=str))}
        difference = (self.expression - other.expression).xreplace(point)
        return bool(abs(difference.evalf(40)) < Float(10) ** -30)

    def __repr__(self) -> str:
        return str(self.expression)

    __hash__ = None  # type: ignore[assignment]


def plain(statement: object) -> object:
    """A statement without its origin and its conditions of definedness."""
    if isinstance(statement, AllDifferent):
        return statement.members
    assert isinstance(statement, Equation | Condition)
    relation = statement.relation if isinstance(statement, Condition) else "="
    return Form(statement.lhs), relation, Form(statement.rhs)


def facts(problem: Problem) -> dict[str, object]:
    """What a problem says, its origins and its picture aside."""
    relations = merged((one.lhs, one.relation, one.rhs) for one in problem.relations())
    return {
        "unknowns": [(one.symbol, one.domain, one.guess) for one in problem.unknowns],
        "equations": [plain(one) for one in problem.equations],
        "relations": sorted(map(str, relations)),
        "different": [plain(one) for one in problem.conditions if isinstance(one, AllDifferent)],
        "arrays": [(one.name, one.ranges, one.domain, one.guess) for one in problem.arrays],
        "families": [(plain(one.template), one.indices, len(one.where)) for one in problem.families],
        "fit": problem.fit and (problem.fit.model, problem.fit.parameters, problem.fit.data.columns),
        "objective": problem.objective and (problem.objective.expression, problem.objective.maximize),
        "asks": [one.expression for one in problem.asks],
        "targets": problem.targets,
        "parameters": dict(problem.parameters),
    }


def alike(first: Problem, second: Problem) -> bool:
    return facts(first) == facts(second)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_examples_print_and_read_back(path: Path) -> None:
    """A problem's text is the problem."""
    problem = load(path)
    assert facts(parse(problem_text(problem))) == facts(problem)


@settings(deadline=None, derandomize=True, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(puzzle_texts())
def test_problems_print_and_read_back(text: str) -> None:
    """Any problem's text is the problem."""
    try:
        problem = parse(text)
    except MeaningMistake:
        assume(False)
        return
    assert facts(parse(problem_text(problem))) == facts(problem)


@quick
@given(expressions)
def test_notation_reads_back(expression: Expr) -> None:
    """An expression in the language's notation is that expression."""
    try:
        found = parse(f"{expression.text} = w").equations[0].lhs
    except MeaningMistake:
        assume(False)
        return
    assert Form(parse(f"x + y + z = 0\n{notation(found)} = w").equations[1].lhs) == Form(found)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (3 * x**2 - sqrt(2) * y + Rational(1, 2), "3x^2 - sqrt(2)*y + 1/2"),
        (7 - x, "7 - x"),
        (-x / 2, "-x/2"),
        (2 / (3 * x), "2/(3x)"),
        (1 / sqrt(x), "1/sqrt(x)"),
        ((-2) ** x, "(-2)^x"),
        (x**-y, "x^(-y)"),
        (exp(-x), "exp(-x)"),
        (2 * pi * x + pi / 6, "2pi*x + pi/6"),
        (2 * Symbol("e3", real=True), "2*e3"),
        (2 * x * (x + 1) * (y - 1), "2x*(x + 1)*(y - 1)"),
        (Rational(-3, 2), "-3/2"),
    ],
)
def test_notation(expression: SymPyExpr, text: str) -> None:
    """Formulas look as people write them."""
    assert notation(expression) == text


def test_problems_from_sympy() -> None:
    """Foreign symbols become real ones, assumptions become domains, and definedness is read off the expressions."""
    a, n = Symbol("a"), Symbol("n", integer=True, positive=True)
    problem = problem_from_sympy([Eq(a / n, 3), log(a) - sqrt(n), a > 2, Eq(symbols("b"), 1)])
    assert [str(one) for one in problem.symbols] == ["a", "b", "n"]
    assert all(symbol.is_real for symbol in problem.symbols)
    assert domain_of(problem, "n") == Domain(True, Integer(1), oo, False, True)
    assert conditions_of(problem.equations[0]) == ["n != 0"]
    assert sorted(conditions_of(problem.equations[1])) == ["0 < a", "0 <= n"]
    assert plain(problem.conditions[0]) == (Form(Integer(2)), Relation.LESS, Form(real_symbol("a")))
    assert facts(parse(problem_text(problem)))["equations"] == facts(problem)["equations"]
    with pytest.raises(MeaningMistake):
        problem_from_sympy([Eq(a, sqrt(-1))])
    assert plain(problem_from_sympy([Eq(1, 2)]).equations[0]) == (Form(Integer(1)), "=", Form(Integer(0)))


COLUMNS = {"x": np.array([0.1, 1, 2.5]), "y": np.array([1, 3, 6])}


@pytest.mark.parametrize("given", [COLUMNS, {"x": [Fraction(1, 10), 1, "2.5"], "y": (1, 3, 6)}])
def test_data_from_python(given: Any) -> None:
    """Columns are arrays, a frame or lists; a decimal means what it shows."""
    fit = parse("fit y = a*x + b", data=given).fit
    assert fit is not None
    assert dict(fit.data.columns) == {"x": (Rational(1, 10), 1, Rational(5, 2)), "y": (1, 3, 6)}


@pytest.mark.parametrize(
    ("given", "elements"),
    [
        (np.array([[1, 2], [3, 4]]), {"x[1, 1]": 1, "x[1, 2]": 2, "x[2, 1]": 3, "x[2, 2]": 4}),
        ([[1, None], [".", 4]], {"x[1, 1]": 1, "x[2, 2]": 4}),
        (np.array([[1, np.nan], [3, 4]]), {"x[1, 1]": 1, "x[2, 1]": 3, "x[2, 2]": 4}),
    ],
)
def test_tables_from_python(given: Any, elements: dict[str, int]) -> None:
    """A table is two-dimensional; None, NaN and '.' are not known."""
    problem = parse("table x\nx[1, 1] + y = 3", data={"x": given})
    assert {str(one.lhs): one.rhs for one in problem.equations[:-1]} == elements


@pytest.mark.parametrize("given", [{"x": np.array([5, 6])}, {"x": [5, 6]}])
def test_tables_of_one_row_from_python(given: Any) -> None:
    """A plain sequence is the table of an unknown with one index."""
    problem = parse("table x\nx[1] + y = 3", data=given)
    assert [(str(one.lhs), one.rhs) for one in problem.equations[:-1]] == [("x[1]", 5), ("x[2]", 6)]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([1, 2], "a mapping from names to columns"),
        ("points.csv", "a mapping from names to columns"),
        ({"x": 5, "y": [1]}, "'x': a list or an array is expected, and this is of the type int"),
        ({"x": [1, 2], "y": [1]}, "different lengths"),
        ({"x": [], "y": []}, "no rows"),
        ({"x": [1, float("nan")], "y": [1, 2]}, "row 2, column 'x'"),
        ({"a b": [1], "y": [2]}, "'a b' is no name of a column"),
        ({"x": ["2020-01-01"], "y": [1]}, "row 1, column 'x'"),
        ({"x": np.zeros((2, 2)), "z": [1]}, "there are z"),
    ],
)
def test_wrong_data_from_python(given: Any, words: str) -> None:
    """What is no data is an error that says which column and row."""
    with pytest.raises(MeaningMistake, match=words):
        parse("fit y = a*x", data=given)


def test_data_frames() -> None:
    """Columns and tables from pandas, which nothing else here needs."""
    pandas = pytest.importorskip("pandas")
    fit = parse("fit y = a*x + b", data=pandas.DataFrame(COLUMNS)).fit
    assert fit is not None and fit.data.columns["x"] == (Rational(1, 10), 1, Rational(5, 2))
    problem = parse("table x\nx[1] + y = 3", data=pandas.DataFrame({"x": [5, None, 6]}))
    assert [(str(one.lhs), one.rhs) for one in problem.equations[:-1]] == [("x[1]", 5), ("x[3]", 6)]
    problem = parse("table x\nx[1, 1] + y = 3", data={"x": pandas.DataFrame([[1, 2], [3, 4]])})
    assert [one.rhs for one in problem.equations[:-1]] == [1, 2, 3, 4]
    with pytest.raises(MeaningMistake, match="row 1, column 'x'"):
        parse("fit y = a*x", data=pandas.DataFrame({"x": pandas.to_datetime(["2020-01-01"]), "y": [1]}))


def test_arrays_with_two_numbers_of_indices() -> None:
    """Domains, guesses and tables of an array that has another number of indices elsewhere (found by fuzzing)."""
    for text in (
        "x[1..3] in 1..3\nx[1..2, 1..3] in 1..6",
        "guess x[1] = 2\nguess x[1, 2] = 3",
        "x[1, 1, 1] = 2\ntable x\n  1 2\n  3 4\nx[1..2, 1..2, 1..2] in 1..9",
    ):
        with pytest.raises(MeaningMistake, match="elsewhere"):
            parse(text)


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ("diff(x*x, x)!", 720),
        ("sum(i for i in 1..diff(x*x, x))", 21),
        ("y[diff(x*x, x)]", "y[6]"),
        ("2^diff(x*x, x)", 64),
    ],
)
def test_derivatives_as_numbers_in_what_is_asked(asked: str, value: object) -> None:
    """Where a number has to stand, a derivative is evaluated at once (found by fuzzing)."""
    problem = parse(f"let x = 3\n{asked} = ?\ny[6] = 1")
    assert str(problem.asks[0].expression.doit()) == str(value)


def test_solving_for_a_product_behind_a_range() -> None:
    """Each of the names is looked at, also behind a range of names (found by fuzzing)."""
    with pytest.raises(MeaningMistake, match="1:20: error: `solve for` is followed by names of unknowns"):
        parse("solve for x, y..z, u[1]k")
    assert [str(one) for one in parse("x + y + z = 3\nsolve for x..y").targets or ()] == ["x", "y"]


@quick
@given(expressions)
def test_conditions_of_finished_expressions(expression: Expr) -> None:
    """What SymPy's form shows is among what the text says, or follows from it."""
    try:
        equation = parse(f"{expression.text} = w").equations[0]
    except MeaningMistake:
        assume(False)
        return
    shown = {relation for _, relation, _ in expression_conditions(equation.lhs)}
    assert shown <= set(Relation)


@given(st.integers(1, 6), st.integers(1, 6))
@settings(deadline=None, derandomize=True, max_examples=20)
def test_unrolling_counts(rows: int, columns: int) -> None:
    """An array of m by n is m*n unknowns, and a double `for` as many statements."""
    problem = parse(f"x[1..{rows}, 1..{columns}] in 1..9\nfor i in 1..{rows}, j in 1..{columns}: x[i, j] >= i")
    written = unroll(problem)
    assert len(written.unknowns) == len(written.conditions) == rows * columns
    assert all(unknown.domain.integer for unknown in written.unknowns)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("d, e, f in 1..99; 4d = 5e+1; 4e = 5f+1", ["5*e + 1", "5*10^1"]),
        ("x = 2e-3; e = 1", ["2*e - 3", "2*10^-3"]),
        ("x = 3E2; E = 5", ["3*E2", "3*10^2"]),
        ("x = 3e2; e2 = 5", ["3*e2", "3*10^2"]),
        ("let e = exp(1); x = 1.5e3", ["1.5*e3", "1.5*10^3"]),
    ],
)
def test_a_number_with_an_exponent_where_its_letter_is_a_name(text: str, readings: list[str]) -> None:
    """Both readings are shown."""
    assert all(reading in message_of(text) for reading in readings)


@pytest.mark.parametrize("text", ["x = 3e2; E = 5", "x = 3E2; e = 5", "x = 5e+1", "x = 1.8e-5; y = 2x"])
def test_a_number_with_an_exponent_of_another_letter(text: str) -> None:
    """No name stands in the way."""
    assert parse(text).equations


@pytest.mark.parametrize("text", ["x = 5 +- 2", "x = 5 +/- 2", "let a = 1.0 +- 0.1; a*x = 1", "x = +-2", "x = 3 -+ 1"])
def test_both_signs_at_once_have_no_meaning(text: str) -> None:
    assert "both signs at once" in message_of(text)


def test_an_exclamation_mark_before_an_equals_sign() -> None:
    """A factorial where the text shows one; else what it says by the rules, with a warning where that is a doubt."""
    assert parse("n in 0..oo; 3! = m; n!=720").equations[1].lhs == parse("n in 0..oo; n! = 720").equations[0].lhs
    assert parse("(n+1)!=6; k! = 24").equations[0].lhs == parse("(n+1)! = 6").equations[0].lhs
    assert parse("n != 6; k! = 24").conditions
    (warning,) = parse("n in 0..oo; n!=720").warnings
    assert "n! = 720" in warning
    assert parse("x!=0; y != 6; x^2 = y").warnings == ()
    assert parse("# what luck!\nn!=1; n = 2").conditions
