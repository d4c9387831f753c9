"""Systems with infinitely many solutions: families that hold everything, and the points beside them."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Poly, Rational, Symbol, expand, prod, simplify, sqrt

from puzzlesolver.answer.reasons import Why
from puzzlesolver.exact import limits
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.polynomial import charts, solve_polynomial
from puzzlesolver.exact.polynomial.quadratics import twins_of
from puzzlesolver.exact.polynomial.ring import factors_of, ring
from puzzlesolver.problem import REALS, Condition, Domain, Equation, Origin, Problem, Relation, Unknown
from puzzlesolver.problem import real_symbol as symbol

SETTINGS = settings(deadline=None, derandomize=True, max_examples=25)

x, y, z, w = (symbol(name) for name in "xyzw")
NOWHERE = Origin("")


def solved(
    symbols: Sequence[Symbol],
    residuals: Sequence[Expr],
    conditions: Sequence[Condition] = (),
    domains: Mapping[Symbol, Domain] | None = None,
) -> ExactOutcome:
    """The outcome for ``residual = 0`` for every residual."""
    posed = Problem(
        unknowns=tuple(Unknown(one, (domains or {}).get(one, REALS)) for one in symbols),
        equations=tuple(Equation(residual, Integer(0), NOWHERE) for residual in residuals),
        conditions=tuple(conditions),
    )
    return solve_polynomial(posed)


def relation(lhs: Expr, kind: Relation, rhs: Expr | int) -> Condition:
    return Condition(lhs, kind, Integer(rhs) if isinstance(rhs, int) else rhs, NOWHERE)


FAMILIES: list[tuple[str, tuple[Symbol, ...], tuple[Expr, ...], list[int]]] = [
    ("two lines", (x, y), (x * y,), [1, 1]),
    ("product of lines", (x, y), ((x - y) * (x + y - 1),), [1, 1]),
    ("hyperbola", (x, y), (x * y + y - 1,), [1]),
    ("circle", (x, y), (x**2 + y**2 - 1,), [1, 1]),
    ("sphere", (x, y, z), (x**2 + y**2 + z**2 - 1,), [2, 2]),
    ("Fermat's cubic", (x, y), (x**3 + y**3 - 1,), [1]),
    ("irrational lines", (x, y), (x**2 - 2 * y**2,), [1, 1]),
    ("plane and line", (x, y, z), (x * y, x * z), [2, 1]),
    ("twisted cubic", (x, y, z), (y - x**2, z - x**3), [1]),
    ("quadric", (x, y, z, w), (x * y - z * w,), [3, 2, 2]),
    ("Lagrange", (x, w, y, z), (x * (w + 1), y * (w - 1), z * (w - 1), x**2 + y**2 + z**2 - 1), [1, 1, 0, 0]),
    ("a point and nothing else", (x, y), (x**2 + y**2,), [0]),
    ("a hidden point", (x, y), ((x**2 - y) ** 2 + x**2,), [0]),
    ("cusp with a point", (x, y), (x**2 - y**2 * (y - 1),), [1, 1, 0]),
    ("nothing", (x, y), (x**2 + y**2 + 1,), []),
    ("nothing again", (x, y), ((x**2 - y**2) ** 2 + 1,), []),
    ("all of the line", (x,), (Integer(0),), [1]),
]


@pytest.mark.parametrize(
    ("residuals", "symbols", "dimensions"), [(r, s, d) for _, s, r, d in FAMILIES], ids=[f[0] for f in FAMILIES]
)
def test_families(residuals: tuple[Expr, ...], symbols: tuple[Symbol, ...], dimensions: list[int]) -> None:
    """Components of the right dimensions, complete, each satisfying the equations identically and at its sample."""
    outcome = solved(symbols, residuals)
    assert outcome.complete, outcome.reasons
    assert sorted(len(one.free) for one in outcome.solutions) == sorted(dimensions)
    for solution in outcome.solutions:
        at = solution.sample if solution.free else solution.values
        assert at is not None
        assert all(simplify(residual.subs(at)) == 0 for residual in residuals)
        assert all(simplify(residual.subs(solution.values)) == 0 for residual in residuals)


@SETTINGS
@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=3),
    st.integers(-5, 5),
)
def test_planted_lines_are_families(lines: list[tuple[int, int, int]], place: int) -> None:
    """Every point of every line that a product of linear forms is made of lies on a family of the answer."""
    lines = [line for line in lines if line[:2] != (0, 0)]
    if not lines:
        return
    outcome = solved((x, y), (expand(prod(a * x + b * y + c for a, b, c in lines)),))
    assert outcome.complete
    assert len(outcome.solutions) == len({Poly(a * x + b * y + c, x, y).monic() for a, b, c in lines})
    for a, b, c in lines:
        point = {x: Rational(-c - b * place, a), y: Integer(place)} if a else {x: Integer(place), y: Rational(-c, b)}
        assert any(all(family.values[one].subs(point) == point[one] for one in (x, y)) for family in outcome.solutions)


def test_conditions_on_families() -> None:
    """A condition that leaves an arc, one point, or nothing of a circle is decided."""
    circle = x**2 + y**2 - 1
    arc = solved((x, y), (circle,), [relation(Integer(0), Relation.LESS, x)])
    assert arc.complete and len(arc.solutions) == 1 and arc.solutions[0].free == (y,)
    touching = solved((x, y), (circle,), [relation(Integer(1), Relation.AT_MOST, x)])
    assert touching.complete and dict(touching.solutions[0].values) == {x: 1, y: 0}
    outside = solved((x, y), (circle,), [relation(Integer(1), Relation.LESS, x)])
    assert outside.complete and not outside.solutions


def test_the_same_square_root_in_two_unknowns() -> None:
    """Where z and w are both roots of x·y + 1, equal ones are a surface here and opposite ones two points."""
    core = x * y + 1
    first, second = z**2 - core, w**2 - core
    mixed = [expand((z - w) * (x - 2) + first * w), expand((z - w) * (y - 3) + second * z)]
    outcome = solved((x, y, z, w), (first, second, *mixed))
    assert outcome.complete, outcome.reasons
    isolated = [tuple(one.values[s] for s in (x, y, z, w)) for one in outcome.solutions if not one.free]
    assert set(isolated) == {(2, 3, sqrt(7), -sqrt(7)), (2, 3, -sqrt(7), sqrt(7))}
    assert max(len(one.free) for one in outcome.solutions) == 2
    for family in (one for one in outcome.solutions if one.free):
        assert all(simplify(residual.subs(family.values)) == 0 for residual in (first, second, z - w))
        assert family.sample is not None and family.sample[z] == family.sample[w]


def test_which_roots_belong_together_is_a_case_split() -> None:
    """The two cases' product is a combination of the equations; the case of the hypersurface is told from the other."""
    context = ring(4)
    a, b, u, v = context.gens()
    first, second = b * u**2 - (a - 2) * u - a * b, (b + 1) * v**2 + a * v - (b + 1) * (b**2 - 1)
    assert twins_of([first, second], context) is None  # different roots
    second = 4 * v**2 - (a - 2) ** 2 - 4 * a * b**2
    together = (2 * b * u - (a - 2) - 2 * v) * (a - 3)
    found = twins_of([first, second, together], context)
    assert found is not None
    assert found.general == factors_of([2 * b * u - (a - 2) - 2 * v])
    assert found.special == factors_of([2 * b * u - (a - 2) + 2 * v])


def test_points_away_from_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """In 1/x, y/x and 1/z the line x = y = 0 lies at infinity, and what remains are two points."""
    monkeypatch.setattr(limits, "FEWEST_PATHS", 1)
    context = ring(3)
    a, b, c = context.gens()
    away = charts.away_from_subspaces([a * c - b, b * c - 2 * a, a**2 + b**2 - 3 * a], context)
    assert away is not None and away.pivots == (0, 2)
    assert (away.finite.distinct, away.finite.real) == (2, 2)
    outcome = solved((x, y, z), (x * z - y, y * z - 2 * x, x**2 + y**2 - 3 * x))
    assert outcome.complete, outcome.reasons
    isolated = {tuple(one.values[s] for s in (x, y, z)) for one in outcome.solutions if not one.free}
    assert isolated == {(1, sqrt(2), sqrt(2)), (1, -sqrt(2), -sqrt(2))}
    assert [dict(one.values) for one in outcome.solutions if one.free] == [{x: 0, y: 0, z: z}]


@pytest.mark.parametrize("seed", [2, 3])
def test_products_of_planes_with_lines_of_complex_zeros(seed: int) -> None:
    """Quadratic in two pairs of unknowns, zero wherever one pair and the other's norm are: complete, nothing lost."""
    generator = random.Random(seed)
    point = {one: Integer(generator.choice([-2, -1, 1, 2])) for one in (x, y, z, w)}
    inner = [p * q for p in (x**2, x * y, y**2, x, y) for q in (z**2, w**2, z, w)]
    residuals = []
    for _ in range(4):
        some = sum(generator.randint(-3, 3) * term for term in generator.sample(inner, 6))
        some += generator.randint(1, 4) * (x**2 + y**2) + x * y * z * w
        residuals.append(expand(some * (z**2 + w**2).subs(point) - some.subs(point) * (z**2 + w**2)))
    outcome = solved((x, y, z, w), residuals)
    assert outcome.complete, outcome.reasons
    points = [dict(one.values) for one in outcome.solutions if not one.free]
    assert {x: 0, y: 0, z: 0, w: 0} in points and point in points


def test_what_is_not_understood_is_said() -> None:
    """A curve without radicals is reported as open, never as empty."""
    outcome = solved((x, y), (x**5 + y**5 + x * y**2 + 1,))
    assert not outcome.complete and outcome.reasons[0].why is Why.INFINITELY_MANY_COMPLEX
    whole = solved((x, y), (x**2 + y**2 - 25,), domains={x: Domain(integer=True), y: Domain(integer=True)})
    assert not whole.complete and whole.reasons


# --- unions of curves, surfaces and points with points on them that are known -----------------------------------------

Point = tuple[float, float, float]


def planted(generator: random.Random) -> tuple[list[Expr], list[Point]]:
    """Equations of a point, a curve or a surface in space, and some points on it."""
    a, b, c, d = (generator.randint(-2, 2) for _ in range(4))
    kinds: list[tuple[list[Expr], list[Point]]] = [
        ([x - a, y - b, z - c], [(a, b, c)]),
        ([(x - a) ** 2 + (y - b) ** 2, z - c], [(a, b, c)]),
        ([x - a * z - b, y - c * z - d], [(a * t + b, c * t + d, t) for t in (-1.3, 0.7, 2.2)]),
        ([(x - a) ** 2 + (y - b) ** 2 - 1, z - c], [(a + math.cos(t), b + math.sin(t), c) for t in (0.3, 2, 4.5)]),
        ([y - a * x**2 - b, z - c * x], [(t, a * t * t + b, c * t) for t in (-1.1, 0.4, 2)]),
        ([x + a * y + b * z + c], [(-a * s - b * t - c, s, t) for s, t in ((0.3, 1.2), (-1, 2.5))]),
        ([x * y - 1 - abs(a), z - b], [(t, (1 + abs(a)) / t, b) for t in (-1.5, 0.6)]),
        ([y**2 - x**3 + x, z - a], [(1.7, s * math.sqrt(1.7**3 - 1.7), a) for s in (1, -1)]),
        ([x**2 + y**2 + z**2 - 1], [(0.6, 0, 0.8), (0.48, 0.6, 0.64), (-0.6, 0.8, 0)]),
        ([y - x * z, z**2 - x - a], [(t * t - a, (t * t - a) * t, t) for t in (-1.2, 0.5, 1.9)]),
    ]
    return generator.choice(kinds)


def is_covered(outcome: ExactOutcome, point: Point) -> bool:
    """Whether some solution of the outcome has the point, by its own formulas, in floating point."""
    at = dict(zip((x, y, z), point, strict=True))
    for solution in outcome.solutions:
        found = []
        for one in (x, y, z):
            if one in solution.values:
                found.append(complex(solution.values[one].subs({free: at[free] for free in solution.free})))
            else:
                assert solution.point is not None
                found.append(complex(sum(solution.point.interval(one, 15)) / 2))
        if all(abs(a - b) < 1e-6 * (1 + abs(b)) for a, b in zip(found, point, strict=True)):
            return True
    return False


def union(generator: random.Random, most: int) -> tuple[list[Expr], list[Point]]:
    """The equations of a union, which are all products of the parts' equations, and points on it."""
    residuals: list[Expr] = [Integer(1)]
    points: list[Point] = []
    for _ in range(generator.randint(1, most)):
        equations, some = planted(generator)
        residuals = [left * right for left in residuals for right in equations]
        points += some
    return [expand(one) for one in residuals], points


@pytest.mark.parametrize("seed", range(25))
def test_unions_are_covered(seed: int) -> None:
    """Every known point of a planted union lies on a component of the answer, and every component on the union."""
    residuals, points = union(random.Random(seed), 3)
    outcome = solved((x, y, z), residuals)
    assert outcome.complete, outcome.reasons
    assert all(is_covered(outcome, point) for point in points)
    for solution in outcome.solutions:
        at = solution.sample if solution.free else solution.values
        assert at is not None
        if len(at) == 3:
            assert all(abs(complex(residual.subs(at).evalf(30))) < 1e-15 for residual in residuals)


@pytest.mark.parametrize("seed", range(25))
def test_conditions_keep_the_points_that_meet_them(seed: int) -> None:
    """Under random conditions no known point that meets them is lost, and every sample meets them."""
    generator = random.Random(seed)
    residuals, points = union(generator, 2)
    forms = [x, y, z, x + y, x - z, x * y, y - z**2, x**2 + y**2]
    bound = generator.choice(forms) * generator.choice([1, -1]) + generator.randint(-2, 2)
    kind = generator.choice(list(Relation))
    outcome = solved((x, y, z), residuals, [relation(bound, kind, 0)])

    def holds(values: Mapping[Symbol, Expr | float], margin: float) -> bool:
        value = float(bound.subs(values).evalf(20))
        return abs(value) > -margin if kind is Relation.NOT_EQUAL else value < margin

    for point in points:
        if holds(dict(zip((x, y, z), point, strict=True)), -1e-7):
            assert is_covered(outcome, point) or not outcome.complete
    for solution in outcome.solutions:
        at = solution.sample if solution.free else solution.values
        assert at is not None
        assert len(at) < 3 or holds(at, 1e-12)
