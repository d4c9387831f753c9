"""Puzzles over finitely many values: every solution, each once, none too many; counted by other means as well."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import permutations, product

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from puzzlesolver import parse, solve
from puzzlesolver.answer.solution import Evidence, Status
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.whole.finite import solve_finite, whole_ranges
from puzzlesolver.exact.whole.finite.points import points_by_boxes
from puzzlesolver.problem import Problem
from puzzlesolver.problem.unroll import unroll
from puzzlesolver.solving.worker import get_worker

Number = Fraction
Value = Callable[[dict[str, Fraction]], Fraction | None]


def outcome_of(problem: Problem, limit: int = 1_000) -> ExactOutcome:
    values = whole_ranges(problem)
    assert values is not None
    # as ever in a process of its own: OR-Tools and TensorFlow in one process can crash each other
    result = get_worker("finite").submit(solve_finite, problem, values, limit, time.monotonic() + 60)
    outcome = result.result(time.monotonic() + 90)
    assert outcome.done, outcome.reason
    return outcome.value


def points_of(outcome: ExactOutcome) -> list[tuple[Fraction, ...]]:
    return sorted(tuple(Fraction(str(value)) for value in one.values.values()) for one in outcome.solutions)


# --- brute force ------------------------------------------------------------------------------------------------------


def _divided(a: Fraction, b: Fraction) -> Fraction | None:
    return None if b == 0 else a / b


def _remainder(a: Fraction, b: Fraction) -> Fraction | None:
    return None if b == 0 else a - b * math.floor(a / b)


OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction | None]] = {
    "({} + {})": lambda a, b: a + b,
    "({} - {})": lambda a, b: a - b,
    "({} * {})": lambda a, b: a * b,
    "({} / {})": _divided,
    "({} mod {})": _remainder,
    "max({}, {})": max,
    "min({}, {})": min,
}
FUNCTIONS: dict[str, Callable[[Fraction], Fraction]] = {
    "abs({})": abs,
    "floor({})": lambda a: Fraction(math.floor(a)),
    "ceil({})": lambda a: Fraction(math.ceil(a)),
    "({})^2": lambda a: a * a,
    "({})^3": lambda a: a**3,
    "sign({})": lambda a: Fraction((a > 0) - (a < 0)),
}
Expression = tuple[str, Value]


def _both(form: str, one: Expression, other: Expression) -> Expression:
    operation = OPERATIONS[form]

    def value(at: dict[str, Fraction]) -> Fraction | None:
        a, b = one[1](at), other[1](at)
        return None if a is None or b is None else operation(a, b)

    return form.format(one[0], other[0]), value


def _of(form: str, inner: Expression) -> Expression:
    function = FUNCTIONS[form]

    def value(at: dict[str, Fraction]) -> Fraction | None:
        a = inner[1](at)
        return None if a is None else function(a)

    return form.format(inner[0]), value


def _leaf(name: str) -> Expression:
    return name, (lambda at: at[name]) if name in "abc" else (lambda at: Fraction(name.strip("()")))


leaves = st.sampled_from(["a", "b", "c", "1", "2", "3", "(1/2)"]).map(_leaf)
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(_both, st.sampled_from(list(OPERATIONS)), inner, inner),
        st.builds(_of, st.sampled_from(list(FUNCTIONS)), inner),
    ),
    max_leaves=5,
)
RELATIONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}
statements = st.tuples(expressions, st.sampled_from(list(RELATIONS)), expressions)


def _holds(statement: tuple[Expression, str, Expression], at: dict[str, Fraction]) -> bool:
    lhs, rhs = statement[0][1](at), statement[2][1](at)
    return lhs is not None and rhs is not None and RELATIONS[statement[1]](lhs, rhs)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(statements, min_size=1, max_size=3), st.booleans(), st.integers(-2, 1))
def test_the_list_is_that_of_brute_force(given_statements: list, different: bool, low: int) -> None:  # type: ignore[type-arg]
    """All points of a small cube, tried one by one."""
    lines = [f"{lhs[0]} {sign} {rhs[0]}" for lhs, sign, rhs in given_statements]
    text = f"a, b in {low}..4; c in {{1, 2, 7/2}}\n" + "\n".join(lines) + "\n0 < 1 + a^2 + b^2 + c^2"
    if different:
        text += "\nall different: a, b, c"
    try:
        problem = parse(text)
    except Exception as error:  # a constant statement that is false, say, is refused by the reader
        assert type(error).__name__ == "PuzzleError" or isinstance(error, ValueError)
        return
    names = [unknown.name for unknown in problem.unknowns]
    admissible = {"a": range(low, 5), "b": range(low, 5), "c": [1, 2, Fraction(7, 2)]}
    expected = []
    for point in product(*(map(Fraction, admissible[name]) for name in names)):
        at = dict(zip(names, point, strict=True))
        if all(_holds(one, at) for one in given_statements) and not (different and len(set(point)) < 3):
            expected.append(point)
    outcome = outcome_of(problem)
    assert points_of(outcome) == sorted(expected)
    assert outcome.complete, outcome.reasons
    values = whole_ranges(problem)
    assert values is not None
    others = points_by_boxes(problem, values, 1_000, time.monotonic() + 60)
    assert others is None or {tuple(Fraction(str(v)) for v in p) for p in others.points} >= set(expected)


WORDS = ["AB + BA = CC", "AB * C = DE", "AA + B = BCC", "A * B = CD", "IF / SO = A", "TO + GO = OUT"]


@pytest.mark.parametrize("words", WORDS)
def test_cryptarithms_by_all_permutations(words: str) -> None:
    """Every assignment of different digits, tried one by one."""
    letters = sorted({sign for sign in words if sign.isalpha()})
    left, right = (side.strip() for side in words.split("="))
    terms = left.replace("+", " ").replace("*", " ").replace("/", " ").split()
    leading = {word[0] for word in (*terms, right) if len(word) > 1}
    expected = set()
    for digits in permutations(range(10), len(letters)):
        at = dict(zip(letters, digits, strict=True))
        if any(at[letter] == 0 for letter in leading):
            continue
        numbers = {word: int("".join(str(at[letter]) for letter in word)) for word in (*terms, right)}
        if "+" in left:
            holds = sum(numbers[word] for word in terms) == numbers[right]
        elif "*" in left:
            holds = math.prod(numbers[word] for word in terms) == numbers[right]
        else:
            holds = numbers[terms[1]] != 0 and numbers[terms[0]] == numbers[right] * numbers[terms[1]]
        if holds:
            expected.add(digits)
    problem = parse(f"cryptarithm: {words}")
    outcome = outcome_of(problem, 10_000)
    assert outcome.complete
    order = [letters.index(unknown.name) for unknown in problem.unknowns]
    assert points_of(outcome) == sorted(tuple(map(Fraction, (d[i] for i in order))) for d in expected)


# --- an independent solver --------------------------------------------------------------------------------------------


def _z3_count(names: list[str], low: int, high: int, constraints: Callable[[dict[str, z3.ArithRef]], list]) -> int:  # type: ignore[type-arg]
    """The number of solutions that Z3 finds."""
    unknowns = {name: z3.Int(name) for name in names}
    solver = z3.Solver()
    solver.add(*(z3.And(low <= unknown, unknown <= high) for unknown in unknowns.values()))
    solver.add(*constraints(unknowns))
    count = 0
    while solver.check() == z3.sat:
        model = solver.model()
        count += 1
        solver.add(z3.Or(*(unknown != model[unknown] for unknown in unknowns.values())))
    return count


def test_magic_squares_with_z3() -> None:
    """Eight squares of 1..9."""
    names = [f"r{i}{j}" for i in range(3) for j in range(3)]
    lines = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]
    text = f"{', '.join(names)} in 1..9\nall different: {', '.join(names)}\n"
    text += "\n".join(" + ".join(names[k] for k in line) + " = 15" for line in lines)

    def constraints(at: dict[str, z3.ArithRef]) -> list:  # type: ignore[type-arg]
        return [z3.Distinct(*at.values()), *(z3.Sum(*(at[names[k]] for k in line)) == 15 for line in lines)]

    assert len(outcome_of(parse(text)).solutions) == _z3_count(names, 1, 9, constraints) == 8


@pytest.mark.parametrize("total", [10, 23, 40])
def test_coins_with_z3(total: int) -> None:
    """Ways to pay a sum with coins of 1, 2, 5 and 10."""
    names = ["one", "two", "five", "ten"]
    text = f"{', '.join(names)} in 0..40\none + 2two + 5five + 10ten = {total}\nfive <= two + 1"

    def constraints(at: dict[str, z3.ArithRef]) -> list:  # type: ignore[type-arg]
        return [
            at["one"] + 2 * at["two"] + 5 * at["five"] + 10 * at["ten"] == total,
            at["five"] <= at["two"] + 1,
        ]

    outcome = outcome_of(parse(text))
    assert outcome.complete
    assert len(outcome.solutions) == _z3_count(names, 0, 40, constraints)


# --- the edges --------------------------------------------------------------------------------------------------------


def test_numbers_beyond_64_bits() -> None:
    """Coefficients, products and powers that CP-SAT cannot hold are taken apart."""
    cases = {
        "x, y in 0..9; 123456789012345678901234567890x = 123456789012345678901234567890y + 0; x + y = 6": 1,
        "x in 1..9; x^40 = 12157665459056928801": 1,
        "x, y in 1..20; x^15*y^15 = 6^15*7^15; x < y": 2,
        "x, y in 0..99; (10^12 x + y)*(10^12 y + x) = 10^24*6 + 10^12*13 + 6; x < y": 1,
        "x in 1..9; 10^30 x < 4*10^30": 3,
        "x in 1..9; 10^30 x != 4*10^30": 8,
        "x in 1..25; x! > 10^20": 4,
    }
    for text, count in cases.items():
        outcome = outcome_of(parse(text))
        assert outcome.complete, (text, outcome.reasons)
        assert len(outcome.solutions) == count, text


def test_what_has_no_whole_number_form() -> None:
    """Roots and logarithms of whole numbers: tabulated, or searched by interval contraction."""
    cases = {
        "x, y in 0..30; sqrt(x) + sqrt(y) = 5": 6,
        "x, y in 0..2000; sqrt(x) + sqrt(y) = 5": 6,
        "x in 1..100; log(x)/log(2) = 5": 1,
        "n in 1..1000; sqrt(n^2 + 1) < n + 1/1000": 501,
        "x, y in 1..500; 2^x*3^y = 432": 1,
    }
    for text, count in cases.items():
        outcome = outcome_of(parse(text))
        assert len(outcome.solutions) == count, (text, outcome)
        assert outcome.complete, (text, outcome.reasons)


def test_a_limit_is_said() -> None:
    """Of many solutions the first are listed, and the list is not called complete."""
    answer = solve("x, y in 1..100; x <= y", limit=10)
    assert (len(answer), answer.complete, answer.status) == (10, False, Status.FINITE)
    assert str(answer).startswith("at least 10 solutions")
    assert len({tuple(str(value.exact) for value in one.values.values()) for one in answer}) == 10
    assert solve("x in 1..10; x > 0", limit=10).complete


def test_a_conflict_is_as_small_as_can_be() -> None:
    """The lines that contradict each other, and none that can be spared."""
    answer = solve("A, B, C in 1..3\nA + B = 6\nC > 1\nA*C >= 2\nall different: A, B, C")
    assert answer.status is Status.NONE
    assert answer.conflict is not None
    assert [origin.text for origin in answer.conflict.lines] == ["A + B = 6", "all different: A, B, C"]


def test_whole_numbers_bounded_by_the_equations() -> None:
    """A circle bounds its points; nothing bounds a Pell equation's."""
    answer = solve("x, y in integer; x^2 + y^2 = 25")
    assert (len(answer), answer.complete) == (12, True)
    assert solve("n in integer; n^2 = 2").status is Status.NONE
    assert solve("x, y in integer; x^2 - 2y^2 = 1").status is not Status.NONE


def test_unrolled_puzzles() -> None:
    """A sudoku by its printed solution."""
    answer = solve("x[1..4, 1..4] in 1..4\nfor i in 1..4: all different: x[i, 1..4]\n"
                   "for j in 1..4: all different: x[1..4, j]\nx[1,1] < x[1,2]\nx[1,2] < x[1,3]\nx[1,3] < x[1,4]\n"
                   "x[2,1] < x[3,1]\nx[3,1] < x[4,1]")  # fmt: skip
    assert (len(answer), answer.complete) == (4, True)  # the reduced Latin squares of order 4
    assert unroll(answer.problem).is_unrolled


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("x in 1..10; y in real; y^2 = x; y > 3", 1),
        ("n in 1..5; x > 0; x^n = 2", 5),
        ("n in 0..3; sin(x) = n/2; 0 <= x; x <= 7", 7),
        ("n in integer; x^2 + n^2 = 3", 6),
        ("a in {1, 2}; exp(x) = a + y; y^2 = a", 3),
        ("n in 1..3; x^2 = -n", 0),
        ("n in 1..4; n^2 = 5; exp(x) = n", 0),
    ],
)
def test_whole_numbers_beside_real_ones(text: str, count: int) -> None:
    """Every whole number tried, the rest solved."""
    answer = solve(text)
    assert (len(answer), answer.complete) == (count, True)


@pytest.mark.parametrize(
    "text",
    [
        "cryptarithm: SEND + MORE = MONEY",
        "cryptarithm: TWO * TWO = THREE",
        "a, b, c in 1..30; a^2 + b^2 = c^2; a + b + c = 40; a < b",
    ],
)
def test_the_gradient_search_alone(text: str) -> None:
    """What Nadam finds, rounded, mended and put back, is a solution; nothing is claimed of others."""
    answer = solve(text, method="numeric", time_limit=60)
    assert len(answer) >= 1 and not answer.complete
    assert all(one.evidence is Evidence.EXACT for one in answer)
    assert answer.engines.found == len(answer)


def test_the_gradient_search_claims_nothing_where_there_is_nothing() -> None:
    """No solution found is undecided."""
    answer = solve("x, y in 1..9; x^2 = 2y^2", method="numeric", time_limit=4)
    assert answer.status is Status.UNDECIDED


def test_no_search_beside_tensorflow() -> None:
    """OR-Tools and TensorFlow in one process can crash each other: the engine refuses, and says what to do."""
    script = "import tensorflow; from puzzlesolver.exact.whole.finite.model import cp_sat; cp_sat()"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert run.returncode == 1 and "submit the task to a worker" in run.stderr


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("x in {-3, 3}; y in {-1, 2}; x^y = 9", 2),
        ("x in {-5, -1, 2}; x^x != 77", 3),
        ("x in {-1, 2, 3}; gcd(x, 6) = 2", 1),
        ("x in {sqrt(2), 3}; x^2 = 2", 1),
        ("x in integer; abs(x) < 3", 5),
        ("x in integer; x^2 < 10; x^2 > 3", 4),
        ("x in integer; sqrt(4 - x^2) >= 1", 3),
        ("x, y in integer; x^2 + y^2 < 3", 9),
        ("x, y in integer; 2x + 3y = 7; x^2 < 30", 4),
        ("n in integer; x = n + 1/2; x^2 < 1", 2),
        ("x in -5..0; y in integer; -3 <= y; y < 0; (gcd(x, x) - gcd(y, 9))^4 = gcd(x, y)", 4),
        ("x, y, z in integer; 0 <= x; x <= 3; 0 <= y; y <= 3; x + y + z = 5", 16),
    ],
)
def test_sets_bounds_and_divisors_of_whole_numbers(text: str, count: int) -> None:
    """Negative members of sets are whole, nonlinear inequalities bound, gcd narrows nothing."""
    answer = solve(text, method="exact")
    assert (len(answer), answer.complete) == (count, True), answer.reasons
    assert answer.status in (Status.UNIQUE, Status.FINITE)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x in integer; -2 <= x; x < 13; gcd(x, x) = 7; x = 5", ["gcd(x, x) = 7", "x = 5"]),
        ("x in integer; x >= -4; x < 2; x = 2; floor(x/3) = 0", ["x = 2", "x < 2"]),
        ("x in integer; 1 <= x; x <= 9; x^2 = 16; x = 5", ["x^2 = 16", "x = 5"]),
        ("x, y in integer; 6x + 9y = 5", ["6x + 9y = 5"]),
    ],
)
def test_a_conflict_uses_nothing_of_the_lines_left_out(text: str, lines: list[str]) -> None:
    """Bounds that follow from other lines count only while these are there."""
    answer = solve(text, method="exact")
    assert answer.status is Status.NONE and answer.conflict is not None
    assert [origin.text for origin in answer.conflict.lines] == lines


def test_points_that_intervals_do_not_refute_are_put_back() -> None:
    """Where there is no model, what fails when put back is dropped, and is no reason to doubt the rest."""
    text = (
        "x in 1..15; y in -3..7; z in 1..12; (-2)^y + 12 = x^2*y^2; (x + 10 - y/x) mod (z*y + z + 3) > 20\n"
        "all different: x, y, z"
    )
    answer = solve(text, method="exact")
    assert answer.status is Status.NONE
