"""The numeric search finds what is there, says nothing that is not, and ends when it should."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Rational, Symbol

from puzzlesolver.answer.reasons import Why
from puzzlesolver.numeric.candidates import Candidates
from puzzlesolver.numeric.fitting import fit, linear_parameters
from puzzlesolver.numeric.objective import minimize
from puzzlesolver.numeric.residual import trace_count
from puzzlesolver.numeric.search import search
from puzzlesolver.problem import (
    REALS,
    Condition,
    Data,
    Domain,
    Equation,
    Fit,
    Objective,
    Origin,
    Problem,
    Relation,
    Unknown,
    real_symbol,
)

X, Y, Z, W = (real_symbol(name) for name in "xyzw")
NOWHERE = Origin("")


def interval(low: int, high: int) -> Domain:
    return Domain(low=Integer(low), high=Integer(high), low_open=False, high_open=False)


def system(
    unknowns: Sequence[Symbol],
    expressions: Sequence[Expr],
    domains: Mapping[Symbol, Domain] | None = None,
    guesses: Mapping[Symbol, Expr] | None = None,
) -> Problem:
    """The problem that every expression is zero."""
    return Problem(
        unknowns=tuple(Unknown(u, (domains or {}).get(u, REALS), (guesses or {}).get(u)) for u in unknowns),
        equations=tuple(Equation(expression, Integer(0), NOWHERE) for expression in expressions),
    )


def hunt(problem: Problem, *, seed: int = 0, seconds: float = 60.0, known: int | None = None) -> Candidates:
    return search(problem, seed=seed, starts=64, deadline=time.monotonic() + seconds, known=known)


def assert_points(found: Candidates, expected: Sequence[Sequence[float]], tolerance: float = 1e-9) -> None:
    """The candidates are exactly these points, in lexicographic order."""
    wanted = np.array(sorted(map(tuple, expected)))
    assert found.points.shape == wanted.shape, found
    scale = np.abs(wanted).max(axis=1, keepdims=True)
    assert (np.abs(found.points - wanted) <= tolerance * np.maximum(scale, 1e-300)).all(), found.points - wanted


GRID = [X + Y - 9, Z - W - 1, X + Z - 8, Y - W - 2]


def test_second_grid_traces_nothing() -> None:
    """Another grid of the same size, or any other linear system in the bucket, runs on the graphs that are there."""
    hunt(system([X, Y, Z, W], GRID))
    traced = trace_count()
    other = hunt(system([X, Y, Z, W], [2 * X + Y - 9, Z - 3 * W - 1, X + Z - 8, Y - W - 2]))
    third = hunt(system([X, Y, Z], [X - Y, 5 * Y + Z - 1, X - Z + 2]))
    assert trace_count() == traced and other.traces == third.traces == 0
    exact = sympy.solve([2 * X + Y - 9, Z - 3 * W - 1, X + Z - 8, Y - W - 2], [X, Y, Z, W])
    assert_points(other, [[float(exact[u]) for u in (X, Y, Z, W)]])


def test_family_is_a_handful_of_points() -> None:
    """An underdetermined system yields a few of its points and says that there are infinitely many."""
    found = hunt(system([X, Y, Z, W], GRID))
    assert 2 <= len(found.points) <= 10 and found.rounds == 1
    assert found.reason.why is Why.LOW_RANK
    x, y, z, w = found.points.T
    assert x == pytest.approx(7 - w) and y == pytest.approx(w + 2) and z == pytest.approx(w + 1)


def test_isolated_point_beside_a_family() -> None:
    """A family does not hide the root that stands alone."""
    found = hunt(system([X, Y], [(X - 3) * (X**2 + Y**2 - 1), (Y - 4) * (X**2 + Y**2 - 1)]))
    assert (np.abs(found.points - [3.0, 4.0]).max(axis=1) < 1e-9).sum() == 1
    assert found.reason.why is Why.LOW_RANK and len(found.points) <= 20


@pytest.mark.parametrize(
    ("expressions", "expected"),
    [
        ([X**2 + Y**2 - 25, X * Y - 12], [(-4, -3), (-3, -4), (3, 4), (4, 3)]),
        (
            [sympy.exp(X) + Y - 2, X**2 + Y**2 - 4],
            [(-1.1032253126626885, 1.6682008001137972), (1.2663816528256687, -1.5479914435766522)],
        ),
        ([X - Y**2, Y**3 - Y], [(0, 0), (1, -1), (1, 1)]),
        ([X + Y - 3, X - Y - 1], [(2, 1)]),
        ([X, Y], [(0, 0)]),
    ],
)
def test_all_real_roots(expressions: list[Expr], expected: list[tuple[float, float]]) -> None:
    """Every real root is found once, and nothing else is."""
    assert_points(hunt(system([X, Y], expressions)), expected)


def test_roots_within_the_domain() -> None:
    """Bounds are kept: four of the sine's roots lie in [0, 10], and a root on the border counts."""
    found = hunt(system([X], [sympy.sin(X) - Rational(1, 2)], {X: interval(0, 10)}))
    assert_points(found, [[math.pi * k / 6] for k in (1, 5, 13, 17)])
    assert_points(hunt(system([X], [X**2 - 4], {X: interval(2, 5)})), [[2.0]])
    assert len(hunt(system([X], [X**2 - 4], {X: interval(3, 5)})).points) == 0


def test_robot_arm() -> None:
    """Both ways to reach the point, angles in (-pi, pi]."""
    reach = [
        2 * sympy.cos(X) + Rational(3, 2) * sympy.cos(X + Y) - Rational(11, 5),
        2 * sympy.sin(X) + Rational(3, 2) * sympy.sin(X + Y) - Rational(17, 10),
    ]
    turn = Domain(low=-sympy.pi, high=sympy.pi, high_open=False)
    found = hunt(system([X, Y], reach, {X: turn, Y: turn}))
    assert_points(found, [(0.1077073, 1.3215572), (1.2080699, -1.3215572)], 1e-7)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ((X - 1) ** 2 * (X + 2), [-2.0, 1.0]),
        (sympy.expand((X - 1) ** 2 * (X + 2)), [-2.0, 1.0]),
        ((X - 3) ** 2 * (X - 4) ** 2, [3.0, 4.0]),
        (X**3, [0.0]),
        ((X - Rational(1, 2)) * (X - Rational(5001, 10000)) * (X - 4), [0.5, 0.5001, 4.0]),
        (sympy.prod(X - k for k in range(1, 11)), [float(k) for k in range(1, 11)]),
    ],
)
def test_multiple_and_close_roots(expression: Expr, expected: list[float]) -> None:
    """A multiple root is one candidate, as near as float64 comes; close roots are two."""
    assert_points(hunt(system([X], [expression])), [[root] for root in expected], 1e-7)


@pytest.mark.parametrize(
    "expressions",
    [
        [X**2 + Y**2 + 1, X - Y],
        [(X - 1) ** 2 + Rational(1, 10**20), Y - X],
        [sympy.exp(-(X**2)) - 2, X - Y],
        [sympy.exp(X), X + Y],
        [X + Y - 10, X - Y - 4, 2 * X + Y - 18],
    ],
)
def test_minimum_above_zero_is_no_root(expressions: list[Expr]) -> None:
    """Where there is no real root there is no candidate, however small the residual gets; the search ends by itself."""
    found = hunt(system([X, Y], expressions))
    assert len(found.points) == 0 and len(found.losses) == 0
    assert found.reason.why is not Why.DEADLINE


@pytest.mark.parametrize("scale", [10**6, Rational(1, 10**9)])
def test_scaled_systems(scale: Expr) -> None:
    """Roots a million times as large, or at 1e-9, are found to as many digits."""
    scaled = [e.xreplace({X: X / scale, Y: Y / scale}) for e in (X**2 + Y**2 - 25, X * Y - 12)]
    roots = [(-4, -3), (-3, -4), (3, 4), (4, 3)]
    assert_points(hunt(system([X, Y], scaled)), [[c * float(scale) for c in root] for root in roots])


def test_badly_scaled_system() -> None:
    """Powell's badly scaled function (Moré, Garbow and Hillstrom, TOMS 7, 1981, number 3)."""
    rows = [10**4 * X * Y - 1, sympy.exp(-X) + sympy.exp(-Y) - Rational(10001, 10000)]
    assert_points(
        hunt(system([X, Y], rows)), [(1.0981593296997e-5, 9.1061467398665), (9.1061467398665, 1.0981593296997e-5)], 1e-9
    )


def katsura(n: int) -> Problem:
    """Katsura's magnet with n + 1 unknowns."""
    u = [real_symbol(f"u[{i}]") for i in range(n + 1)]

    def at(i: int) -> Expr:
        return u[abs(i)] if abs(i) <= n else Integer(0)

    rows = [u[0] + 2 * sum(u[1:], Integer(0)) - 1]
    rows += [sum((at(i) * at(m - i) for i in range(-n, n + 1)), -u[m]) for m in range(n)]
    return system(u, rows)


def noon(n: int) -> Problem:
    """Noonburg's neural network."""
    v = [real_symbol(f"v[{i}]") for i in range(n)]
    rows = [a * sum((b**2 for b in v if b != a), Integer(0)) - Rational(11, 10) * a + 1 for a in v]
    return system(v, rows)


@pytest.mark.parametrize(("problem", "count"), [(katsura(6), 32), (noon(5), 11)], ids=["katsura-6", "noon-5"])
def test_classical_systems(problem: Problem, count: int) -> None:
    """All real solutions, each to the last digits, and nothing twice."""
    found = hunt(problem)
    assert len(found.points) == count
    assert found.losses.max() < 1e-28
    gaps = np.abs(found.points[:, None] - found.points).max(axis=2) + np.eye(count)
    assert gaps.min() > 1e-3
    assert (np.lexsort(found.points.T[::-1]) == np.arange(count)).all()


def test_known_number_ends_the_search() -> None:
    """Once as many roots are there as are known to exist, no further round is made."""
    found = hunt(system([X, Y], [X**2 + Y**2 - 25, X * Y - 12]), known=4)
    assert len(found.points) == 4 and found.rounds == 1


def test_same_seed_same_bytes() -> None:
    """The same problem and seed give the same answer to the last bit; another seed the same roots."""
    problem = system([X, Y], [sympy.exp(X) + Y - 2, X**2 + Y**2 - 4])
    one, two, other = hunt(problem), hunt(problem), hunt(problem, seed=7)
    assert one.points.tobytes() == two.points.tobytes() and one.nadam.tobytes() == two.nadam.tobytes()
    assert other.points == pytest.approx(one.points, rel=1e-13)


def test_whole_numbers() -> None:
    """Of a discrete unknown only admissible values are candidates."""
    equation = (X - 2) * (X - Rational(5, 2)) * (X - 7)
    assert_points(hunt(system([X], [equation], {X: Domain(integer=True)})), [[2.0], [7.0]])
    chosen = Domain(low=Integer(2), high=Integer(3), members=(Integer(2), Rational(5, 2), Integer(3)))
    assert_points(hunt(system([X], [equation], {X: chosen})), [[2.0], [2.5]])


def test_guess_leads_a_large_system() -> None:
    """Broyden's tridiagonal system with a thousand unknowns: one root near the guess, to the last digits."""
    x = [real_symbol(f"x[{i}]") for i in range(1000)]
    ends = [Integer(0), *x, Integer(0)]
    rows = [(3 - 2 * b) * b - a - 2 * c + 1 for a, b, c in zip(ends, ends[1:], ends[2:], strict=False)]
    found = hunt(system(x, rows, guesses=dict.fromkeys(x, Integer(-1))))
    near = found.points[np.abs(found.points + 1.0).max(axis=1) < 1.0]
    assert len(near) == 1 and found.losses.max() < 1e-26
    assert near[0, 500] == pytest.approx(-1 / math.sqrt(2), rel=1e-12)


def test_deadline_is_kept() -> None:
    """A search that would go on ends soon after its deadline, with what it has."""
    hard = system([X, Y], [sympy.sin(50 * X) * sympy.cos(X * Y) - Rational(1, 3), sympy.sin(30 * Y) + X - Y])
    hunt(hard, seconds=2.0)
    began = time.monotonic()
    found = hunt(hard, seconds=0.5)
    assert time.monotonic() - began < 10.0  # no measurement: only that it ends
    assert len(found.points) > 0


@pytest.mark.parametrize(
    "expression", [sympy.Function("mystery")(X) - 1, X + sympy.I, X * 10 ** Rational(400) - 1], ids=str
)
def test_unknown_function_is_a_reason(expression: Expr) -> None:
    """What cannot be evaluated is told in the reason, and nothing is raised."""
    found = hunt(system([X], [expression]))
    assert len(found.points) == 0 and found.starts == 0 and found.reason


@pytest.mark.parametrize(
    "expression",
    [
        sympy.exp(sympy.exp(sympy.exp(X))) - 10,
        sympy.log(X - 10**6) - 1,
        X ** Rational(1, 3) - 2,
        1 / (X - 1) - 5,
        sympy.gamma(X) - 24,
        sympy.tan(X) - X,
        sympy.sqrt(X) + sympy.sqrt(X - 5) - 5,
        sympy.asin(X / 10) - Rational(1, 2),
    ],
    ids=str,
)
def test_numeric_trouble_is_survived(expression: Expr) -> None:
    """Overflow, poles and edges of domains cost starts, not the search."""
    found = hunt(system([X], [expression]), seconds=5.0)
    assert len(found.points) >= 1
    for point in found.points[:3]:
        slope = abs(float(sympy.diff(expression, X).subs(X, Rational(point[0])).evalf(30)))
        value = abs(float(expression.subs(X, Rational(point[0])).evalf(30)))
        assert value <= 1e-12 * (1.0 + slope * abs(point[0]))


coordinates = st.lists(st.integers(-40, 40).map(lambda k: Rational(k, 8)), min_size=2, max_size=3, unique=True)
SHAPES = (
    lambda a, b: a**2 + 3 * b,
    lambda a, b: sympy.sin(a) + b,
    lambda a, b: sympy.exp(a / 4) - b,
    lambda a, b: a * b + a,
    lambda a, b: sympy.atan(a) + 2 * b,
    lambda a, b: b**3 + a,
)


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(coordinates, st.lists(st.sampled_from(SHAPES), min_size=3, max_size=3), st.randoms(use_true_random=False))
def test_planted_root_is_found(root: list[Rational], shapes: list[object], random: object) -> None:
    """A system built backwards from a chosen root has that root among its candidates."""
    unknowns = [X, Y, Z][: len(root)]
    rows = []
    for i, u in enumerate(unknowns):
        left = shapes[i](u, unknowns[(i + 1) % len(unknowns)])  # type: ignore[operator]
        rows.append(left - left.subs(dict(zip(unknowns, root, strict=True))))
    found = hunt(system(unknowns, rows), seconds=20.0)
    target = np.array([float(c) for c in root])
    assert len(found.points)
    assert np.abs(found.points - target).max(axis=1).min() < 1e-7 * (1.0 + np.abs(target).max()), found


def test_loss_is_that_of_the_equations() -> None:
    """Losses are sums of squared residuals of the equations as given, scaled by nobody."""
    found = hunt(system([X, Y], [X**2 + Y**2 + 3, X - Y]))
    assert found.best_loss == pytest.approx(9.0, rel=1e-9)
    x, y = found.nadam
    assert found.nadam_loss == pytest.approx((x**2 + y**2 + 3) ** 2 + (x - y) ** 2, rel=1e-12)


# --- fits


def regression(
    model: Expr, parameters: Sequence[Symbol], columns: Mapping[str, Sequence[float]], output: str, **names: str
) -> Problem:
    exact = {name: tuple(Rational(str(value)) for value in values) for name, values in columns.items()}
    task = Fit(real_symbol(output), model, tuple(parameters), Data(exact), NOWHERE, **names)
    return Problem(unknowns=tuple(Unknown(p) for p in parameters), fit=task)


def fitted(problem: Problem, seed: int = 0) -> Candidates:
    return fit(problem, seed=seed, starts=64, deadline=time.monotonic() + 60.0)


A, B, C, T = (real_symbol(name) for name in ("a", "b", "c", "t"))


def test_exponential_decay_without_a_guess() -> None:
    """Three parameters of a decay from eight counts, to ten digits, from any seed."""
    columns = {"t": [0, 1, 2, 3, 5, 8, 12, 20], "counts": [1012, 748, 559, 425, 251, 133, 75, 53]}
    problem = regression(A * sympy.exp(-T / B) + C, [A, B, C], columns, "counts")
    for seed in (0, 1):
        found = fitted(problem, seed)
        assert found.points[0] == pytest.approx([956.0952067, 3.1589057, 53.7870203], rel=1e-8)
        assert (np.diff(found.losses) >= 0).all()


def test_quadratic_from_samples() -> None:
    """A polynomial is recovered exactly from samples that lie on it."""
    x = [round(-9.5 + 0.97 * k, 3) for k in range(20)]
    columns = {"x": x, "y": [round(v * v + 2 * v + 3, 6) for v in x]}
    found = fitted(regression(A * X**2 + B * X + C, [A, B, C], columns, "y"))
    assert found.points[0] == pytest.approx([1.0, 2.0, 3.0], rel=1e-10)
    assert found.losses[0] < 1e-18


D = real_symbol("d")
MISRA_1A = (
    A * (1 - sympy.exp(-B * X)),
    [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0],
    [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78],
    [2.3894212918e02, 5.5015643181e-04],
)
MGH_09 = (
    A * (X**2 + X * B) / (X**2 + X * C + D),
    [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625],
    [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246],
    [1.9280693458e-01, 1.9128232873e-01, 1.2305650693e-01, 1.3606233068e-01],
)
MGH_10 = (
    A * sympy.exp(B / (X + C)),
    [*range(50, 126, 5)],
    [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872],
    [5.6096364710e-03, 6.1813463463e03, 3.4522363462e02],
)


@pytest.mark.parametrize(
    ("model", "x", "y", "certified"), [MISRA_1A, MGH_09, MGH_10], ids=["Misra1a", "MGH09", "MGH10"]
)
def test_certified_regressions(model: Expr, x: list[float], y: list[float], certified: list[float]) -> None:
    """NIST's certified estimates to ten digits, without NIST's starting values."""
    parameters = [A, B, C, D][: len(certified)]
    found = fitted(regression(model, parameters, {"x": x, "y": y}, "y"))
    assert found.points[0] == pytest.approx(certified, rel=2e-10)


def test_weights_and_sigma_are_the_same_thing() -> None:
    """A weight of 1/sigma² counts like the standard deviation sigma."""
    base = {"t": [0, 1, 2, 3, 4], "y": [1.1, 1.9, 3.2, 3.9, 5.3]}
    sigma = fitted(regression(A + B * T, [A, B], {**base, "s": [1, 2, 4, 2, 1]}, "y", sigma="s"))
    weights = fitted(regression(A + B * T, [A, B], {**base, "w": [1, 0.25, 0.0625, 0.25, 1]}, "y", weights="w"))
    t, y, w = (np.array(v) for v in (base["t"], base["y"], [1, 0.25, 0.0625, 0.25, 1]))
    expected = np.polynomial.polynomial.polyfit(t, y, 1, w=np.sqrt(w))
    assert sigma.points[0] == pytest.approx(expected, rel=1e-12)
    assert weights.points[0] == pytest.approx(expected, rel=1e-12)


def test_linear_parameters_are_recognised() -> None:
    """Those that occur linearly all together, and no others."""
    assert linear_parameters(A * sympy.exp(-T / B) + C, [A, B, C]) == [0, 2]
    assert linear_parameters(A * B * T + C, [A, B, C]) == [0, 2]
    assert linear_parameters(A * T**2 + B * T + C, [A, B, C]) == [0, 1, 2]


# --- optima


def optimum(
    expression: Expr, *, maximize: bool = False, at_most: Sequence[Expr] = (), rows: Sequence[Expr] = ()
) -> Candidates:
    problem = Problem(
        unknowns=(Unknown(X), Unknown(Y)),
        equations=tuple(Equation(row, Integer(0), NOWHERE) for row in rows),
        conditions=tuple(Condition(row, Relation.AT_MOST, Integer(0), NOWHERE) for row in at_most),
        objective=Objective(expression, maximize, NOWHERE),
    )
    return minimize(problem, seed=0, starts=64, deadline=time.monotonic() + 60.0)


def test_least_value() -> None:
    """Rosenbrock's valley, a bound that is reached, an equation to keep, and no bound at all."""
    assert optimum(100 * (Y - X**2) ** 2 + (1 - X) ** 2).points[0] == pytest.approx([1.0, 1.0], abs=1e-6)
    assert optimum(X + Y, at_most=[X**2 + Y**2 - 2]).points[0] == pytest.approx([-1.0, -1.0], abs=1e-6)
    assert optimum(X * Y, maximize=True, rows=[X**2 + Y**2 - 25]).losses[0] == pytest.approx(-12.5)
    unbounded = optimum(X + Y)
    assert len(unbounded.points) == 0 and unbounded.reason.why is Why.NO_BOUND
