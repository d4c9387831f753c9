"""The exact engine against brute force, independent elimination and planted solutions."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, LambertW, Matrix, Rational, Symbol, log, pi, sqrt

import puzzlesolver
from puzzlesolver.analysis.classify import analyse
from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.arithmetic import elimination
from puzzlesolver.arithmetic.elimination import Row
from puzzlesolver.arithmetic.lattice import whole_points
from puzzlesolver.exact.asks import answer_exactly
from puzzlesolver.exact.engine import solve_exactly
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.segment import fresh_integers
from puzzlesolver.exact.univariate.inversion import Everywhere, NotCovered, zeros
from puzzlesolver.problem import Condition, Data, Equation, Fit, Origin, Problem, Relation, Unknown, real_symbol
from puzzlesolver.problem.unroll import unroll
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict
from puzzlesolver.report.conditions import condition_texts
from puzzlesolver.solving.worker import get_worker

quick = settings(deadline=None, derandomize=True, max_examples=40)
small = st.integers(-4, 4)


def solve(text: str) -> ExactOutcome:
    """The exact outcome of a puzzle's text."""
    return solved(unroll(puzzlesolver.parse(text)))


def points(outcome: ExactOutcome) -> set[tuple[str, ...]]:
    """The solutions' values, as text."""
    return {tuple(map(str, solution.values.values())) for solution in outcome.solutions}


def linear_problem(rows: Sequence[Sequence[Expr]], names: str = "abcdefgh") -> Problem:
    """``rows`` of coefficients with the constant last, over unknowns named in turn."""
    symbols = [real_symbol(name) for name in names[: len(rows[0]) - 1]]
    equations = [
        Equation(
            sum((a * s for a, s in zip(row, symbols, strict=False)), Integer(0)), Integer(0) + row[-1], Origin(str(i))
        )
        for i, row in enumerate(rows)
    ]
    return Problem(tuple(map(Unknown, symbols)), tuple(equations))


def solved(problem: Problem) -> ExactOutcome:
    """The exact outcome, out of a worker as ever."""
    task = get_worker("exact tests").submit(solve_exactly, problem, analyse(problem), 100, time.monotonic() + 60)
    result = task.result(time.monotonic() + 90)
    assert result.done, result.reason
    outcome: ExactOutcome = result.value
    return outcome


@st.composite
def planted(draw: st.DrawFn) -> tuple[list[list[Rational]], bool]:
    """Rows of some rank, most of them depending on the others, and whether they are sure to have a solution."""
    unknowns, count = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    rank = draw(st.integers(0, min(unknowns, count)))
    fraction = st.builds(Rational, small, st.integers(1, 3))
    base = [[draw(fraction) for _ in range(unknowns + 1)] for _ in range(rank)]
    rows = []
    for _ in range(count):
        factors = [draw(small) for _ in range(rank)]
        rows.append(
            [sum((f * row[j] for f, row in zip(factors, base, strict=True)), Rational(0)) for j in range(unknowns + 1)]
        )
    if draw(st.booleans()):
        return rows, False
    solution = [draw(small) for _ in range(unknowns)]
    for row in rows:
        row[-1] = sum((a * x for a, x in zip(row, solution, strict=False)), Rational(0))
    return rows, True


# --- linear systems ---------------------------------------------------------------------------------------------------


@quick
@given(planted(), st.lists(small, min_size=5, max_size=5))
def test_linear_systems_of_every_rank(system: tuple[list[list[Rational]], bool], trial: list[int]) -> None:
    """Rank, solvability and the family's dimension are SymPy's; the family's every member solves the equations."""
    rows, solvable = system
    matrix, augmented = Matrix([row[:-1] for row in rows]), Matrix(rows)
    outcome = solved(linear_problem(rows))
    assert outcome.complete
    assert bool(outcome.solutions) == (matrix.rank() == augmented.rank())
    assert outcome.solutions or not solvable
    if not outcome.solutions:
        conflict = [rows[i] for i in outcome.conflict]
        assert Matrix(conflict).rank() > Matrix([row[:-1] for row in conflict]).rank()
        for left_out in range(len(conflict)):
            rest = [row for i, row in enumerate(conflict) if i != left_out]
            assert not rest or Matrix(rest).rank() == Matrix([row[:-1] for row in rest]).rank()
        return
    (family,) = outcome.solutions
    assert family.evidence is Evidence.EXACT
    assert len(family.free) == matrix.cols - matrix.rank()
    pivots = matrix.rref()[1]
    assert [str(symbol) for symbol in family.free] == ["abcdefgh"[j] for j in range(matrix.cols) if j not in pivots]
    chosen = dict(zip(family.free, map(Integer, trial), strict=False))
    for member in (family.sample or family.values, {s: value.xreplace(chosen) for s, value in family.values.items()}):
        assert all(sum(a * x for a, x in zip(row, member.values(), strict=False)) == row[-1] for row in rows)
    independent = [row for i, row in enumerate(rows) if i not in outcome.redundant]
    assert len(independent) == augmented.rank()
    for i in outcome.redundant:
        before = [row for j, row in enumerate(rows) if j < i]
        assert Matrix([*before, rows[i]]).rank() == (Matrix(before).rank() if before else 0)


@quick
@given(planted(), st.randoms(use_true_random=False))
def test_order_scale_and_names_do_not_matter(system: tuple[list[list[Rational]], bool], random: object) -> None:
    """Shuffled, rescaled and renamed equations have the same solutions."""
    rows, _ = system
    first = solved(linear_problem(rows))
    shuffled = [
        [entry * factor for entry in row] for row, factor in zip(rows, (3, -2, Rational(1, 7), 5, -1, 2), strict=False)
    ]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert [s.values for s in solved(linear_problem(shuffled)).solutions] == [s.values for s in first.solutions]
    renamed = solved(linear_problem(rows, names="stuvwxyz"))
    names = {real_symbol(old): real_symbol(new) for old, new in zip("abcdefgh", "stuvwxyz", strict=True)}
    expected = [{names[s]: value.xreplace(names) for s, value in found.values.items()} for found in first.solutions]
    assert [s.values for s in renamed.solutions] == expected


@quick
@given(planted())
def test_sparse_and_dense_elimination_agree(system: tuple[list[list[Rational]], bool]) -> None:
    """Both ways of eliminating find the same forms and the same redundant rows, or both a contradiction."""
    rows = [
        Row({j: elimination.rational(a) for j, a in enumerate(row[:-1]) if a}, elimination.rational(row[-1]))
        for row in system[0]
    ]
    unknowns = len(system[0][0]) - 1
    dense, sparse = elimination._dense(rows, unknowns), elimination._Sparse(rows, unknowns).run()
    assert sparse is not None
    if not dense.conflict:
        assert sparse == dense
    else:
        conflict = [rows[i] for i in sparse.conflict]
        assert elimination._dense(conflict, unknowns).conflict
        for left_out in range(len(conflict)):
            rest = [row for i, row in enumerate(conflict) if i != left_out]
            assert not elimination._dense(rest, unknowns).conflict


@quick
@given(planted())
def test_the_compromise_is_the_shortest_least_squares_point(system: tuple[list[list[Rational]], bool]) -> None:
    """The point given for contradicting equations is NumPy's least-squares solution of minimum norm."""
    rows = system[0]
    outcome = solved(linear_problem(rows))
    if not outcome.conflict:
        assert outcome.compromise is None
        return
    table = np.array([[float(entry) for entry in row] for row in rows])
    expected = np.linalg.lstsq(table[:, :-1], table[:, -1], rcond=1e-9)[0]
    assert outcome.compromise is not None
    assert np.allclose([float(value) for value in outcome.compromise.values()], expected, atol=1e-6)


def test_large_sparse_systems() -> None:
    """A chain of two thousand unknowns is solved exactly."""
    size = 2000
    symbols = [real_symbol(f"x{i}") for i in range(size)]
    ends = [Integer(0), *symbols, Integer(1)]
    chain = zip(ends, ends[1:], ends[2:], strict=False)
    equations = tuple(Equation(2 * b, a + c, Origin("")) for a, b, c in chain)
    outcome = solve_linear_directly(Problem(tuple(map(Unknown, symbols)), equations))
    assert outcome.complete
    assert outcome.solutions[0].values[symbols[9]] == Rational(10, size + 1)


def solve_linear_directly(problem: Problem) -> ExactOutcome:
    from puzzlesolver.exact.linear.solver import solve_linear

    return solve_linear(problem)


@pytest.mark.parametrize(
    ("text", "family", "sample"),
    [
        ("A + B = 9; C - D = 1; A + C = 8; B - D = 2", {"A": "7 - D", "B": "D + 2", "C": "D + 1", "D": "D"}, "5 4 3 2"),
        ("2x + 4y = 6", {"x": "3 - 2*y", "y": "y"}, "1 1"),
        ("x, y in integer; 3x + 5y = 1", {"x": "-5*k - 3", "y": "3*k + 2"}, "2 -1"),
    ],
)
def test_families_are_written_in_their_last_unknowns(text: str, family: Mapping[str, str], sample: str) -> None:
    """The last unknowns are free, and the sample is of small whole numbers."""
    (found,) = solve(text).solutions
    assert {str(symbol): str(value) for symbol, value in found.values.items()} == family
    assert found.sample is not None
    assert " ".join(map(str, found.sample.values())) == sample


# --- bounds and whole numbers -----------------------------------------------------------------------------------------

relations = st.sampled_from(["<", "<=", "!=", ">=", ">"])


def holds(text: str, at: Mapping[Symbol, Expr]) -> bool:
    """A condition in the language, decided at a rational point by SymPy's own comparison."""
    statements = puzzlesolver.parse(text).conditions
    compare = {Relation.LESS: lambda d: d > 0, Relation.AT_MOST: lambda d: d >= 0, Relation.NOT_EQUAL: lambda d: d != 0}
    return all(bool(compare[c.relation]((c.rhs - c.lhs).xreplace(at))) for c in statements if isinstance(c, Condition))


@quick
@given(st.lists(st.tuples(small, small, relations, st.integers(-6, 6)), max_size=3), st.tuples(small, small, small))
def test_bounded_lines(conditions: list[tuple[int, int, str, int]], line: tuple[int, int, int]) -> None:
    """On a fine grid, a point of the line keeps the conditions exactly where the answer says so."""
    a, b, c = line
    words = [f"{p}*x + {q}*y {relation} {r}" for p, q, relation, r in conditions if p or q]
    outcome = solve("; ".join(["x, y in real", f"{a}*x + {b}*y = {c}", *words]))
    assert outcome.complete, outcome.reasons
    x, y = real_symbol("x"), real_symbol("y")
    for s, t in product([Rational(i, 2) for i in range(-8, 9)], repeat=2):
        at = {x: s, y: t}
        expected = a * s + b * t == c and all(holds(condition, at) for condition in words)
        found = any(
            all((value - symbol).xreplace(at) == 0 for symbol, value in one.values.items())
            and all(holds(condition, at) for condition in condition_texts(one.conditions))
            for one in outcome.solutions
        )
        assert found == expected, (at, outcome)


@quick
@given(
    st.lists(st.tuples(small, small, small, st.integers(-9, 9)), min_size=1, max_size=2),
    st.lists(st.tuples(small, small, small, relations, st.integers(-9, 9)), max_size=2),
    st.booleans(),
)
def test_whole_numbers_between_bounds(
    equations: list[tuple[int, ...]], conditions: list[tuple[int, int, int, str, int]], different: bool
) -> None:
    """Exactly the points that brute force finds."""
    words = [f"{a}*x + {b}*y + {c}*z = {d}" for a, b, c, d in equations]
    further = [f"{a}*x + {b}*y + {c}*z {relation} {d}" for a, b, c, relation, d in conditions if a or b or c]
    rule = ["all different: x, y, z"] if different else []
    outcome = solve(
        "; ".join(["x, y, z in integer", "x in -2..3; y in {-1, 0, 1, 4}; -3 <= z < 3", *words, *further, *rule])
    )
    symbols = [real_symbol(name) for name in "xyz"]
    expected = set()
    for point in product(range(-2, 4), (-1, 0, 1, 4), range(-3, 3)):
        at = dict(zip(symbols, map(Integer, point), strict=True))
        if (
            all(sum(a * v for a, v in zip(row, point, strict=False)) == row[3] for row in equations)
            and all(holds(condition, at) for condition in further)
            and (not different or len(set(point)) == 3)
        ):
            expected.add(tuple(map(str, point)))
    assert outcome.complete, outcome.reasons
    assert points(outcome) == expected


@quick
@given(st.lists(st.tuples(*[small] * 4), min_size=1, max_size=2))
def test_lattices_hold_every_whole_point(directions: list[tuple[int, ...]]) -> None:
    """The whole points of an affine space in a box are those that its lattice has there, and no others."""
    offset = [fmpq(1, 2), fmpq(0), fmpq(1, 3), fmpq(1)]
    rows = [[fmpq(a, 2) for a in direction] for direction in directions]
    found = whole_points(offset, rows)
    span = Matrix([[Rational(int(a.p), int(a.q)) for a in row] for row in rows])
    start = Matrix([[Rational(int(a.p), int(a.q)) for a in offset]])
    box = list(product(range(-1, 2), repeat=4))
    inside = {p for p in box if Matrix([*span.tolist(), (Matrix([p]) - start).tolist()[0]]).rank() == span.rank()}
    if found is None:
        assert not inside
        return
    basis = Matrix(found.basis) if found.basis else Matrix.zeros(0, 4)
    assert basis.rank() == len(found.basis)
    for point in inside:
        difference = Matrix([[a - b for a, b in zip(point, found.point, strict=True)]])
        if not found.basis:
            assert not any(difference)
            continue
        factors = (basis * basis.T).LUsolve(basis * difference.T)
        assert factors.T * basis == difference
        assert all(factor.is_Integer for factor in factors)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r, h, c in integer; r >= 0; h >= 0; c >= 0; r + h + c = 100; 5r + 3h + c/3 = 100",
         {("0", "25", "75"), ("4", "18", "78"), ("8", "11", "81"), ("12", "4", "84")}),
        ("n in integer; sqrt(2) <= n < 2pi", {("2",), ("3",), ("4",), ("5",), ("6",)}),
        ("x in {1/2, 3/4}; 4x + y = 3; y in integer", {("1/2", "1"), ("3/4", "0")}),
        ("x + y = 5; x >= 2; y >= 3", {("2", "3")}),
        ("x, y in integer; 2x + 4y = 1", set()),
        ("x + y = 5; x > 3; y > 3", set()),
        ("x in 1..3; 2x = 7", set()),
        ("x/y = 2; y = 0", set()),
    ],
)  # fmt: skip
def test_finite_answers(text: str, expected: set[tuple[str, ...]]) -> None:
    """Finitely many solutions, or none, and the proof that these are all."""
    outcome = solve(text)
    assert outcome.complete and outcome.proof
    assert points(outcome) == expected
    assert all(solution.evidence is Evidence.EXACT for solution in outcome.solutions)


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("x + y = 5; x >= 0; y >= 0", ("0 <= y <= 5",)),
        ("x + y = 1; x != 3", ("y != -2",)),
        ("x/x = 1", ("x != 0",)),
        ("x < 2pi; x > 1; x + y = 3", ("3 - 2pi < y < 2",)),
        ("pi*x + y = 2; x > 0; y > 0", ("0 < y < 2",)),
        ("x, y in integer; x + y = 5; x >= 0", ("y <= 5",)),
    ],
)
def test_conditions_on_a_family(text: str, conditions: tuple[str, ...]) -> None:
    """The part of a family that keeps the bounds, in the words of the language."""
    outcome = solve(text)
    assert outcome.complete
    assert [tuple(condition_texts(solution.conditions)) for solution in outcome.solutions] == [conditions]


def test_of_too_many_whole_points_some_are_listed() -> None:
    """Of more than are to be listed the first are, and nothing is claimed of the rest."""
    outcome = solve("x[1..9] in 0..9; sum(x[i] for i in 1..9) = 40")
    assert not outcome.complete and len(outcome.solutions) == 100 and outcome.is_cut and outcome.reasons


# --- functions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500*1.02^n = 1872", {log(Rational(468, 125)) / log(Rational(51, 50))}),
        ("x*exp(x) = 2", {LambertW(2)}),
        ("sin(x) = 1/2; x in [0, 10]", {pi / 6, 5 * pi / 6, 13 * pi / 6, 17 * pi / 6}),
        ("sin(x) = 1/2; x in (pi/6, 13pi/6]", {5 * pi / 6, 13 * pi / 6}),
        ("2^x + 4^x = 20", {Integer(2)}),
        ("exp(2x) - 3exp(x) + 2 = 0", {Integer(0), log(2)}),
        ("sin(x) + cos(x) = 1; x in [0, 2pi)", {Integer(0), pi / 2}),
        ("sin(x)^2 + cos(x) = 1; 0 <= x < 6", {Integer(0), pi / 2, 3 * pi / 2}),
        ("tan(x) = 1; 0 < x < 5", {pi / 4, 5 * pi / 4}),
        ("log(x) + log(x + 3/2) = 0", {Rational(1, 2)}),
        ("sqrt(2)*x = 2", {sqrt(2)}),
        ("x^2 = pi; x > 0", {sqrt(pi)}),
        ("2^n = 1024; n in integer", {Integer(10)}),
        ("exp(x) = x + 1", {Integer(0)}),
        ("exp(x) = -1", set()),
        ("exp(x) = x", set()),
        ("sin(x) = 2", set()),
        ("sqrt(x) = -1", set()),
        ("log(x) = 2; x < 1", set()),
        ("3sin(x) + 4cos(x) = 6", set()),
    ],
)
def test_equations_in_one_unknown(text: str, expected: set[Expr]) -> None:
    """All solutions in closed form, with the proof that they are all."""
    outcome = solve(text)
    assert outcome.complete and outcome.proof, outcome
    assert {value for solution in outcome.solutions for value in solution.values.values()} == expected
    assert all(solution.evidence is Evidence.EXACT for solution in outcome.solutions)


def test_periodic_families() -> None:
    """Without bounds the families stand with a whole-number parameter, none inside another."""
    k = Symbol("k", integer=True)
    outcome = solve("sin(x) = 1/2")
    assert [solution.values for solution in outcome.solutions] == [
        {real_symbol("x"): pi / 6 + 2 * pi * k},
        {real_symbol("x"): 5 * pi / 6 + 2 * pi * k},
    ]
    assert all(solution.integer_parameters == (k,) and not solution.free for solution in outcome.solutions)
    assert points(solve("x*sin(x) = 0")) == {("pi*k",)}
    assert points(solve("k*sin(k) = 0")) == {("pi*m",)}
    assert points(solve("sin(x) + tan(x) = 0")) == {("pi*k",)}


SHAPES = [
    "{a}*exp({b}*x) + {c} = 0",
    "{a}*exp(2x) + {b}*exp(x) + {c} = 0",
    "{a}*sin({b}*x) + {c}*cos({b}*x) = 1/3",
    "{a}*sin(x)^2 + {b}*sin(x) + {c}/7 = 0",
    "{a}*cos(2x) + {b}*cos(x) + {c}/5 = 0",
    "{a}*x*exp(x/{b}) = {c}/11",
    "{a}*x + {b}*exp(x) = {c}",
    "{a}*log(x + 6) + {b}*x = {c}",
    "{a}*tan(x/{b}) = {c}",
    "abs({a}*x + {b}) = {c}",
    "{a}*sqrt(x + 5) = {c}",
    "{a}*cosh(x) + {b}*sinh(x) = {c}",
    "{a}*asin(x/5) + {b}/3 = {c}/4",
    "sin({a}*x^2) = 1/{b}",
    "{a}*sin(x)*cos(x) + {b}*sin(x) = 0",
]


@pytest.mark.parametrize("shape", SHAPES)
@settings(deadline=None, derandomize=True, max_examples=6)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(-3, 3))
def test_no_root_is_lost(shape: str, a: int, b: int, c: int) -> None:
    """Where the list is called complete, every change of sign on a fine grid of floats has its root in the list."""
    equation = shape.format(a=a, b=b, c=c)
    problem = puzzlesolver.parse(f"{equation}; x in [-4, 4]")
    if not problem.equations or not problem.equations[0].residual.free_symbols:
        return
    outcome = solved(problem)
    found = [float(solution.values[real_symbol("x")]) for solution in outcome.solutions]
    residual = _float_function(problem)
    grid = np.linspace(-4, 4, 4001)
    values = [residual(t) for t in grid]
    for t, u, low, high in zip(grid, grid[1:], values, values[1:], strict=False):
        if math.isfinite(low) and math.isfinite(high) and low * high < 0 and abs(low) + abs(high) < 1:
            assert not outcome.complete or any(t - 1e-9 <= root <= u + 1e-9 for root in found), (equation, t)
    for root in found:
        assert abs(residual(root)) < 1e-9 * max(1.0, abs(residual(root + 1e-3)) * 1e3)


def _float_function(problem: Problem):  # type: ignore[no-untyped-def]
    from sympy import lambdify

    compiled = lambdify(real_symbol("x"), problem.equations[0].residual, "math")

    def function(t: float) -> float:
        try:
            return float(compiled(t))
        except (ValueError, OverflowError, ZeroDivisionError, TypeError):
            return math.nan

    return function


def test_shapes_that_are_not_solved_claim_nothing() -> None:
    """An equation of another shape is left open, and one that is zero everywhere says so."""
    x = real_symbol("x")
    residual = {text: puzzlesolver.parse(text).equations[0].residual for text in ("exp(x) + sin(x) = 0", "x^x = 27")}
    for expression in residual.values():
        with pytest.raises(NotCovered):
            zeros(expression, x, fresh_integers([x]))
    with pytest.raises(Everywhere):
        zeros(puzzlesolver.parse("sin(x)^2 + cos(x)^2 = 1").equations[0].residual, x, fresh_integers([x]))
    assert not solve("exp(x) + sin(x) = 0").complete
    assert not solve("x^x = 27").complete


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sin(x) = 1/2; y = 2x; x in [0, 2]", {("pi/6", "pi/3")}),
        ("exp(x) = 1; x + y = 3; z = y^x", {("0", "3", "1")}),
        ("exp(x) + y = 2; y = 1 - x", {("0", "1")}),
        ("sqrt(2)*x + y = 3; x - y = 1", {("-4 + 4*sqrt(2)", "-5 + 4*sqrt(2)")}),
        ("sin(x) = 2; x + exp(y) = 1", set()),
        ("x = 1; y = 2; x = 2; sin(y) = 1", set()),
    ],
)
def test_systems_that_come_apart(text: str, expected: set[tuple[str, ...]]) -> None:
    """Equations in one unknown first, or one unknown expressed by the others."""
    outcome = solve(text)
    assert outcome.complete, outcome
    assert points(outcome) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cos(a) + cos(b) = 1; sin(a) = sin(b); a, b in (-pi, pi]", {("pi/3", "pi/3"), ("-pi/3", "-pi/3")}),
        ("sin(a) = r/2; r*cos(a) = 1; a in [0, 2pi)", {("pi/4", "sqrt(2)"), ("5*pi/4", "-sqrt(2)")}),
        ("sin(a) + sin(b) = 2; a in [0, 7]; b in [0, 7]", {("pi/2", "pi/2")}),
        ("sin(a) + sin(b) = 3; sin(a) - cos(b) = 0", set()),
        ("sin(a) + sin(b) = 2; cos(a - b) = 1", {("2*pi*k + pi/2", "2*pi*m + pi/2")}),
    ],
)
def test_angles(text: str, expected: set[tuple[str, ...]]) -> None:
    """Unknowns that occur only as angles are found on the circle, with all the turns that their domains admit."""
    outcome = solve(text)
    assert outcome.complete, outcome
    assert points(outcome) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqrt(x + 1) + sqrt(2x) = 3", {("28 - 12*sqrt(5)",)}),
        ("abs(x) + abs(x - 1) = 3", {("-1",), ("2",)}),
        ("cbrt(x) = -2", {("-8",)}),
        ("max(x, y) = 3; min(x, y) = 1", {("1", "3"), ("3", "1")}),
        ("sqrt(x) + sqrt(y) = -1; x = y", set()),
    ],
)
def test_roots_and_absolute_values(text: str, expected: set[tuple[str, ...]]) -> None:
    """Algebraic functions are unknowns of a polynomial problem, whose solutions correspond one to one."""
    outcome = solve(text)
    assert outcome.complete, outcome
    assert points(outcome) == expected


def test_independent_parts_are_combined() -> None:
    """Every choice of one solution from each part; a part without any leaves none; parameters keep apart."""
    outcome = solve("2^x = 8; sin(y) = 0; 0 <= y < 4; exp(z) = 1")
    assert outcome.complete
    assert points(outcome) == {("3", "0", "0"), ("3", "pi", "0")}
    none = solve("sin(x) = 1; exp(y) = -1")
    assert none.complete and not none.solutions
    both = solve("sin(x) = 0; tan(y) = 1").solutions[0]
    assert len(set(both.integer_parameters)) == 2
    assert {str(value) for value in both.values.values()} == {"pi*k", "pi*k1 + pi/4"}


# --- values asked for, and fits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("let x = 3.6; diff(x*x, x) = ?", ("36/5",)),
        ("x + y = 10; x - y = 4; x*y = ?; x - y = ?", ("21", "4")),
        ("x + y = 5; x + y + 1 = ?; x = ?", ("6", "None")),
        ("x^2 = pi; x^2 + 1 = ?; x = ?", ("1 + pi", "None")),
        ("x = 1; log(x - 2) = ?", ("None",)),
    ],
)
def test_values_asked_for(text: str, answers: tuple[str, ...]) -> None:
    """A value is given where all solutions share it, and where it is defined."""
    problem = puzzlesolver.parse(text)
    assignments = [solution.values for solution in solved(problem).solutions] if problem.unknowns else []
    assert tuple(map(str, answer_exactly(problem, assignments))) == answers


numbers = st.builds(Rational, st.integers(-20, 20), st.integers(1, 4))


@quick
@given(st.lists(st.tuples(numbers, numbers, st.integers(1, 4)), min_size=3, max_size=8, unique_by=lambda row: row[0]))
def test_linear_least_squares(rows: list[tuple[Rational, Rational, int]]) -> None:
    """The estimate is NumPy's weighted least-squares solution."""
    a, b, t, v = map(real_symbol, "abtv")
    data = Data(
        {
            "t": tuple(row[0] for row in rows),
            "v": tuple(row[1] for row in rows),
            "s": tuple(Integer(row[2]) for row in rows),
        }
    )
    fit = Fit(v, a * t**2 + b - t, (a, b), data, Origin("fit"), sigma="s")
    outcome = solved(Problem(unknowns=(Unknown(a), Unknown(b)), fit=fit))
    design = np.array([[float(x) ** 2 / s, 1 / s] for x, _, s in rows])
    side = np.array([float(y + x) / s for x, y, s in rows])
    if np.linalg.matrix_rank(design) < 2:
        assert not outcome.solutions and outcome.reasons[0].why is Why.DATA_RANK
        return
    expected = np.linalg.lstsq(design, side, rcond=None)[0]
    assert outcome.complete
    assert np.allclose([float(value) for value in outcome.solutions[0].values.values()], expected, rtol=1e-6, atol=1e-8)


def test_fits_without_a_closed_form_say_so() -> None:
    """A model that is not linear in its parameters, or a bound that the best fit breaks, is left to the search."""
    a, b, t, v = map(real_symbol, "abtv")
    data = Data({"t": tuple(map(Integer, range(4))), "v": tuple(map(Integer, (3, 2, 1, 0)))})
    unknowns = (Unknown(a), Unknown(b))
    curved = Problem(unknowns=unknowns, fit=Fit(v, a * b**t, (a, b), data, Origin("fit")))
    assert not solved(curved).solutions and solved(curved).reasons[0].why is Why.MODEL_NOT_LINEAR
    line = Problem(unknowns=unknowns, fit=Fit(v, a * t + b, (a, b), data, Origin("fit")))
    assert solved(line).solutions[0].values == {a: -1, b: 3}
    bound = replace(line, conditions=(Condition(Integer(0), Relation.LESS, a, Origin("a > 0")),))
    assert not solved(bound).solutions


# --- everything that is called a solution is one ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "one, other", list(combinations(["x + y = 3", "sin(x) = 1/2", "exp(y) = 2", "x*y = 0", "2x - 4y = 1"], 2))
)
def test_solutions_are_put_back(one: str, other: str) -> None:
    """Whatever a pair of statements gives, each solution holds, and its perturbation does not."""
    problem = puzzlesolver.parse(f"{one}; {other}; x in [-7, 7]")
    for solution in solved(problem).solutions:
        if solution.free or solution.integer_parameters:
            continue
        assert put_back(problem, solution.values) is Verdict.HOLDS
        moved = {symbol: value + Rational(1, 10**9) for symbol, value in solution.values.items()}
        assert put_back(problem, moved) is Verdict.FAILS


def test_fractions_survive(tmp_path: object) -> None:
    """Rational numbers go to python-flint and back unchanged."""
    for number in (Fraction(3, 7), Fraction(-(10**40), 3), Fraction(0)):
        value = Rational(number.numerator, number.denominator)
        assert elimination.sympy_rational(elimination.rational(value)) == value


@pytest.mark.parametrize(
    "text", ["x^2 = 1; x^3 = 1; y^3 = x", "y^3 = x; x^2 = 1; x^3 = 1", "exp(x) = 1; x^2 = 0; y = x^2"]
)
def test_the_only_line_about_an_unknown_is_not_redundant(text: str) -> None:
    """Without it the unknown would be free, and the solutions would not be the same."""
    outcome = solve(text)
    equations = unroll(puzzlesolver.parse(text)).equations
    (about_y,) = (number for number, equation in enumerate(equations) if real_symbol("y") in equation.symbols)
    assert outcome.complete and about_y not in outcome.redundant and outcome.redundant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x in {sqrt(2), 3}; x^2 = 2; y in {sqrt(3), 1}; y^2 = 3", {("sqrt(2)", "sqrt(3)")}),
        ("x in {sqrt(2), 3}; y in {sqrt(3), 1}; x^2 + y^2 = 5", {("sqrt(2)", "sqrt(3)")}),
        ("x in {sqrt(2), 3}; y in {sqrt(3), 1}; x^2 + y^2 = 12", {("3", "sqrt(3)")}),
    ],
)
def test_a_list_of_irrational_values_holds_no_whole_numbers(text: str, expected: set[tuple[str, ...]]) -> None:
    """Methods for whole numbers have nothing to say about it."""
    outcome = solve(text)
    assert points(outcome) == expected or not outcome.complete
    assert outcome.complete or outcome.reasons


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x^y = 4; y = 2", {("-2", "2"), ("2", "2")}),
        ("y = 2; x = -3; z = x^y", {("2", "-3", "9")}),
        ("x = -2; x^x = 1/4", {("-2",)}),
        ("x = 2; (x^2-5x+5)^(x^2-9x+20) = 1", {("2",)}),
        ("x = -8; y = 1/3; x^y = -2", set()),
        ("x = -8; y = 1/3; x^y = 2", set()),
        ("x = 0; y = 0; x^y = 1", {("0", "0")}),
        ("x = 0; y = -1; x^y = z", set()),
        ("x = 0; y = -1/2; x^y = z", set()),
        ("x = -2; y = -3; x^y = z", {("-2", "-3", "-1/8")}),
    ],
)
def test_a_power_has_one_meaning(text: str, expected: set[tuple[str, ...]]) -> None:
    """Of a positive base every power, of zero those from 0 on, of a negative one the whole ones; unknown or not."""
    outcome = solve(text)
    assert (points(outcome), outcome.complete) == (expected, True)


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("x^x = 1/4", {-2}),
        ("x^x = -1/27", {-3}),
        ("x^x = 1", {0, 1}),
        ("x^x = 4", {2}),
        ("(x^2-5x+5)^(x^2-9x+20) = 1", {1, 2, 3, 4, 5}),
    ],
)
def test_no_whole_power_of_a_negative_number_is_lost_to_a_search(text: str, some: set[int]) -> None:
    """A list that is called complete holds them all."""
    answer = puzzlesolver.solve(text, method="exact", time_limit=20)
    found = {value.exact for solution in answer.solutions for value in solution.values.values()}
    assert not answer.complete or some <= {int(one) for one in found if one is not None}
