"""Text in, answer out: planted solutions are found, equal puzzles have equal answers, and no non-solution is exact."""

from __future__ import annotations

import random
import time
from fractions import Fraction
from itertools import product
from operator import mul

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, Rational, Symbol

import puzzlesolver
from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Evidence, SolutionSet, Status
from puzzlesolver.numeric.search import search
from puzzlesolver.problem import Domain, real_symbol

FEW = settings(max_examples=12, deadline=None, derandomize=True)
NAMES = ("x", "y", "z")
small = st.integers(-5, 5)
fractions = st.fractions(-6, 6, max_denominator=4)


def values_of(answer: SolutionSet) -> list[tuple[object, ...]]:
    """The solutions' closed forms, in a form that can be compared."""
    return [tuple(value.exact for value in solution.values.values()) for solution in answer]


def contains(answer: SolutionSet, point: dict[str, Fraction]) -> bool:
    """Whether a planted point is one of the solutions, or on one of the families."""
    exact = {real_symbol(name): Rational(value.numerator, value.denominator) for name, value in point.items()}
    for solution in answer:
        at = {free: exact[free] for free in solution.free}
        if all(
            value.exact is not None and (value.exact.xreplace(at) - exact[real_symbol(name)]).is_zero
            for name, value in solution.values.items()
        ):
            return True
    return False


@FEW
@given(
    point=st.lists(fractions, min_size=3, max_size=3),
    rows=st.lists(st.lists(small, min_size=3, max_size=3), min_size=1, max_size=4),
)
def test_planted_linear_solutions_are_found(point: list[Fraction], rows: list[list[int]]) -> None:
    """A linear system of any rank, consistent by construction, has its planted point among the answers, all of them."""
    lines = [
        " + ".join(f"({a})*{name}" for a, name in zip(row, NAMES, strict=True))
        + f" = {sum((a * v for a, v in zip(row, point, strict=True)), Fraction(0))}"
        for row in rows
        if any(row)
    ]
    named = dict(zip(NAMES, point, strict=True))
    if not lines:
        return
    text = "\n".join([f"{', '.join(NAMES)} in real", *lines])
    answer = puzzlesolver.solve(text)
    assert answer.complete and answer.status in (Status.UNIQUE, Status.INFINITE)
    kept = {unknown.name: named[unknown.name] for unknown in answer.problem.unknowns}
    assert contains(answer, kept)


@FEW
@given(
    point=st.lists(st.integers(-4, 4), min_size=2, max_size=3),
    coefficients=st.lists(st.integers(1, 4), min_size=9, max_size=9),
    bound=st.booleans(),
)
def test_planted_polynomial_solutions_are_found(point: list[int], coefficients: list[int], bound: bool) -> None:
    """A quadratic system built around a point has that point in its list, with and without an inequality."""
    names = NAMES[: len(point)]
    lines = []
    for index, name in enumerate(names):
        a, b, c = coefficients[3 * index : 3 * index + 3]
        other, value = names[index - 1], point[index - 1]
        right = a * point[index] ** 2 + b * point[index] * value + c * value
        lines.append(f"{a}*{name}^2 + {b}*{name}*{other} + {c}*{other} = {right}")
    if bound:
        lines.append(f"{names[0]} >= {point[0]}")
    answer = puzzlesolver.solve("\n".join(lines))
    assert answer.status is not Status.NONE
    assert (
        not answer.complete
        or answer.status is Status.INFINITE
        or contains(answer, {name: Fraction(value) for name, value in zip(names, point, strict=True)})
    )
    if bound:
        assert all(float(solution[names[0]].approximation) >= point[0] - 1e-9 for solution in answer)


@pytest.mark.parametrize(
    "variant",
    [
        "x*y = 12; x^2 + y^2 = 25",
        "3x^2 + 3y^2 = 75; -2x*y = -24",
        "x^2 + y^2 - 25 = 0; 12 = x*y",
    ],
)
def test_equal_puzzles_have_equal_answers(variant: str) -> None:
    """Reordering and rescaling the equations changes nothing in the answer."""
    assert values_of(puzzlesolver.solve(variant)) == values_of(puzzlesolver.solve("x^2 + y^2 = 25; x*y = 12"))


def test_names_mean_nothing() -> None:
    """Other names, the same answer, in the order of those names' first appearance."""
    one = puzzlesolver.solve("x + 2y = 5; x - y = 1/2")
    other = puzzlesolver.solve("α + 2🍎 = 5; α - 🍎 = 1/2")
    assert values_of(one) == values_of(other)
    assert list(other[0].values) == ["α", "🍎"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("sqrt(x) = -1", Status.NONE),
        ("(x^2 - 1)/(x - 1) = 0", Status.UNIQUE),
        ("x/x = 1; x^2 = x", Status.UNIQUE),
        ("1/x = 0", Status.NONE),
        ("x^2 = 4; x >= 3", Status.NONE),
        ("x^2 = 4; x in [0, 3]", Status.UNIQUE),
        ("x^2 = 4; x in (2, 3]", Status.NONE),
        ("x^2 + 1/10^20 = 0", Status.NONE),
        ("(x - 1/2)*(x - 3) = 0; x in integer", Status.UNIQUE),
    ],
)
def test_a_non_solution_is_never_listed(text: str, status: Status) -> None:
    """Vanishing denominators, roots outside their domain, and equations without real solutions."""
    answer = puzzlesolver.solve(text)
    assert answer.status in (status, Status.UNDECIDED), str(answer)
    if status is Status.NONE:
        assert not [solution for solution in answer if solution.evidence is not Evidence.NUMERIC], str(answer)


def test_a_near_miss_is_not_exact() -> None:
    """Two curves that miss each other by 1e-9 do not meet."""
    answer = puzzlesolver.solve("y = x^2; y = -1/10^9")
    assert answer.status is Status.NONE and answer.complete


def test_independent_parts_are_combined() -> None:
    """Two quadratics in different unknowns have two times two solutions, each part of it proved."""
    answer = puzzlesolver.solve("x^2 = 4; y^2 = 9")
    assert values_of(answer) == [(-2, -3), (-2, 3), (2, -3), (2, 3)]
    assert answer.complete and answer.proof


def test_one_impossible_part_leaves_nothing() -> None:
    """A part without a solution leaves none for the whole."""
    answer = puzzlesolver.solve("x^2 = 4; y^2 = -9")
    assert answer.status is Status.NONE and answer.complete and len(answer) == 0


def test_a_second_grid_traces_nothing() -> None:
    """The graphs of one grid serve the next one of the same shape."""
    grids = ("[A] + [B] = 9\n +  -\n[C] - [D] = 1\n =  =\n 8  2", "[A] + [B] = 7\n +  -\n[C] - [D] = 2\n =  =\n 6  -1")
    found = [search(puzzlesolver.parse(grid), seed=0, starts=64, deadline=time.monotonic() + 60) for grid in grids]
    assert found[0].rounds and found[1].traces == 0


def test_the_numeric_point_lies_on_the_line() -> None:
    """Nadam finds one of the grid's infinitely many solutions, and the exact family accounts for it."""
    answer = puzzlesolver.solve("[A] + [B] = 9\n +  -\n[C] - [D] = 1\n =  =\n 8  2")
    nadam = answer.engines.nadam
    assert answer.engines.agree is True and nadam is not None
    assert nadam["A"] == pytest.approx(7 - nadam["D"], abs=1e-3)


def test_a_question_has_the_tape_beside_the_exact_value() -> None:
    """The derivative of x*x at 3.6, from SymPy and from TensorFlow."""
    answer = puzzlesolver.solve("let x = 3.6\ndiff(x*x, x) = ?")
    assert answer.status is Status.ANSWERED
    assert answer.answers[0].value.exact == Rational(36, 5)
    assert answer.answers[0].tape == pytest.approx(7.2, rel=1e-15)


def test_the_seed_changes_nothing_in_the_answer() -> None:
    """Two seeds, the same list."""
    text = "exp(x) + y = 2; x^2 + y^2 = 4"
    first, second = (puzzlesolver.solve(text, seed=seed) for seed in (1, 2))
    assert [s["x"].decimal(12) for s in first] == [s["x"].decimal(12) for s in second]


def test_digits_cost_no_search() -> None:
    """A certified value has as many right digits as are asked for."""
    answer = puzzlesolver.solve("x = cos(x)")
    assert answer[0]["x"].decimal(50) == "0.73908513321516064165531208767387340401341175890076"


def test_sympy_equations_are_a_puzzle() -> None:
    """The Python API takes SymPy's own equations."""
    x, y = Symbol("x"), Symbol("y")
    answer = puzzlesolver.solve([x + y - 3, x - y - 1])
    assert values_of(answer) == [(2, 1)]


def test_a_time_limit_ends_a_hopeless_search() -> None:
    """What cannot be decided in time is undecided or incomplete, and says why."""
    answer = puzzlesolver.solve("sin(x*y) + cos(exp(z)) = x; y + z = sin(w); w*x*y*z = 1/7", time_limit=3)
    assert not answer.complete and answer.reasons


def test_a_problem_from_sympy_is_the_one_that_its_text_gives() -> None:
    """`Problem.from_sympy`, with a domain by name, and back through the text."""
    x, y = Symbol("x", real=True), Symbol("y", real=True)
    problem = puzzlesolver.Problem.from_sympy([Eq(x**2 + y**2, 25), x < y], domains={"x": Domain(integer=True)})
    again = puzzlesolver.parse(str(problem))
    assert [(one.symbol, one.domain) for one in again.unknowns] == [
        (one.symbol, one.domain) for one in problem.unknowns
    ]
    assert [one.residual for one in again.equations] == [one.residual for one in problem.equations]
    answers = [[one["x"].exact for one in puzzlesolver.solve(given)] for given in (problem, again)]
    assert answers[0] == answers[1] and answers[0][0] == -5


def test_a_value_of_what_nothing_is_said_of() -> None:
    """An unknown that only a question holds has no single value, and that is the answer."""
    answer = puzzlesolver.solve("x + y = ?", method="exact")
    assert answer.answers == () and answer.is_open_for(Why.NO_SINGLE_VALUE)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1 > 2", "1 > 2"),
        ("x = 3; 1 > 2", "1 > 2"),
        ("let a = 3; a >= 5", "a >= 5"),
        ("sqrt(2) < 1", "sqrt(2) < 1"),
        ("1 != 1; x^2 = 2", "1 != 1"),
        ("all different: 1, 2, 1", "all different: 1, 2, 1"),
        ("2 + 3 = ?; pi < 3", "pi < 3"),
        ("minimize x^2; 1 > 2", "1 > 2"),
        ("solve for x\na*x = 1\n2 < 1", "2 < 1"),
        ("x in 1..3; 5 < 2", "5 < 2"),
    ],
)
def test_a_false_condition_between_numbers_leaves_no_solution(text: str, line: str) -> None:
    """Whatever else is said: none, complete, the line named; and the check of that answer agrees."""
    answer = puzzlesolver.solve(text, method="exact")
    assert (answer.status, answer.complete) == (Status.NONE, True)
    assert answer.conflict is not None and [one.text for one in answer.conflict.lines] == [line]
    assert puzzlesolver.verify(puzzlesolver.parse(text), answer.to_json()).overall.name != "REFUSED"


@pytest.mark.parametrize("text", ["2 + 3 = ?", "x = 3; x + 2 = ?"])
def test_a_true_condition_between_numbers_changes_nothing(text: str) -> None:
    plain, more = (puzzlesolver.solve(one, method="exact") for one in (text, f"{text}; 1 < 2; pi != 3"))
    assert str(plain) == str(more)
    assert (plain.status, values_of(plain)) == (more.status, values_of(more))


def test_that_nothing_was_to_be_solved_is_refused_where_a_condition_is_false() -> None:
    claimed = puzzlesolver.solve("1 < 2", method="exact").to_json()
    assert puzzlesolver.verify(puzzlesolver.parse("1 < 2"), claimed).overall.name == "CONFIRMED"
    assert puzzlesolver.verify(puzzlesolver.parse("1 > 2"), claimed).overall.name == "REFUSED"


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(-1 - x^2) = 1",
        "x = log(-x^2)",
        "y = acos(x^2 + 2)",
        "(-1 - x^2)^(1/2) = y",
        "log(-exp(x)) < 3",
        "1/sqrt(-1 - x^2) = y",
        "let f(t) = sqrt(-1 - t^2); f(x) = 1; y = 2",
        "minimize sqrt(-1 - x^2)",
    ],
)
def test_what_is_nowhere_defined_has_no_solution(text: str) -> None:
    """It is no wrong input: no real number is a solution."""
    answer = puzzlesolver.solve(text, method="exact")
    assert (answer.status, answer.complete) == (Status.NONE, True)
    assert answer.conflict is not None and answer.conflict.lines


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x = 0; x/x = ?", []),
        ("x = -3; sqrt(x)^2 = ?", []),
        ("x = 2; sqrt(-1 - x^2) = ?", []),
        ("x = exp(x) - 3; x > 0; sqrt(x - 2)^2 = ?; sqrt(x - 1)^2 = ?", [0.5052414958]),
        ("x^5 - x = 1; sqrt(x - 2)^2 = ?; sqrt(x - 1)^2 = ?", [0.1673039783]),
        ("x = 4; sqrt(x - 4) = ?; sqrt(x)/x = ?", [0, 0.5]),
    ],
)
def test_what_is_asked_for_has_a_value_only_where_it_is_defined(text: str, values: list[float]) -> None:
    """Whatever is left of it when it is simplified."""
    found = [item.value.approximation for item in puzzlesolver.solve(text, method="exact").answers]
    assert found == pytest.approx(values)


@pytest.mark.parametrize("seed", range(3))
def test_entries_of_tables_are_constants_of_what_is_to_be_best(seed: int) -> None:
    """A knapsack over two tables against trying every choice; the tables are shown as they stand."""
    chance = random.Random(seed)
    weights, values = ([chance.randint(2, 12) for _ in range(6)] for _ in range(2))
    limit = sum(weights) // 2
    lines = [
        "take[1..6] in 0..1",
        f"table w\n  {' '.join(map(str, weights))}",
        f"table v\n  {' '.join(map(str, values))}",
        f"sum(w[i]*take[i] for i in 1..6) <= {limit}",
        "maximize sum(v[i]*take[i] for i in 1..6)",
    ]
    choices = [choice for choice in product((0, 1), repeat=6) if sum(map(mul, weights, choice)) <= limit]
    most = max(sum(map(mul, values, choice)) for choice in choices)
    answer = puzzlesolver.solve("\n".join(lines), method="exact")
    assert answer.complete and answer.best is not None and answer.best.value.exact == most
    found = {tuple(solution[f"take[{i}]"].exact for i in range(1, 7)) for solution in answer}
    assert found == {choice for choice in choices if sum(map(mul, values, choice)) == most}
    assert all([solution[f"w[{i}]"].exact for i in range(1, 7)] == weights for solution in answer)
