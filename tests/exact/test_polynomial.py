"""Polynomial systems: all real solutions, each exact, none lost and none invented."""

from __future__ import annotations

import itertools
import math
import pickle
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Expr,
    Integer,
    Poly,
    Rational,
    Symbol,
    chebyshevt_poly,
    exp,
    expand,
    interpolate,
    pi,
    prod,
    resultant,
    simplify,
    sqrt,
)

from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.polynomial import solve_polynomial
from puzzlesolver.problem import REALS, AllDifferent, Condition, Domain, Equation, Origin, Problem, Relation, Unknown
from puzzlesolver.problem import real_symbol as symbol
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

SETTINGS = settings(deadline=None, derandomize=True, max_examples=25)

x, y, z, w = (symbol(name) for name in "xyzw")
NOWHERE = Origin("")


def problem(
    symbols: Sequence[Symbol],
    residuals: Sequence[Expr],
    conditions: Sequence[Condition | AllDifferent] = (),
    domains: Mapping[Symbol, Domain] | None = None,
    defined: Sequence[Condition] = (),
) -> Problem:
    """The problem ``residual = 0`` for every residual."""
    return Problem(
        unknowns=tuple(Unknown(one, (domains or {}).get(one, REALS)) for one in symbols),
        equations=tuple(Equation(residual, Integer(0), NOWHERE, tuple(defined)) for residual in residuals),
        conditions=tuple(conditions),
    )


def solved(*arguments: object, **keywords: object) -> ExactOutcome:
    """The outcome of `problem(...)`."""
    posed = problem(*arguments, **keywords)  # type: ignore[arg-type]
    return solve_polynomial(posed)


def relation(lhs: Expr, kind: Relation, rhs: Expr | int) -> Condition:
    return Condition(lhs, kind, Integer(rhs) if isinstance(rhs, int) else rhs, NOWHERE)


def values(outcome: ExactOutcome, symbols: Sequence[Symbol]) -> list[tuple[Expr, ...]]:
    return [tuple(solution.values[one] for one in symbols) for solution in outcome.solutions]


def decimals(solution: ExactSolution, symbols: Sequence[Symbol]) -> tuple[float, ...]:
    """Floating-point coordinates, however they are given."""
    found = []
    for one in symbols:
        if one in solution.values:
            found.append(float(solution.values[one].evalf(25)))
        else:
            assert solution.point is not None
            low, high = solution.point.interval(one, 17)
            found.append(float((low + high) / 2))
    return tuple(found)


# --- systems built backwards from their solutions ---------------------------------------------------------------------


def rationals(size: int = 6) -> st.SearchStrategy[Rational]:
    return st.builds(Rational, st.integers(-size, size), st.integers(1, 3))


@SETTINGS
@given(
    st.lists(rationals(), min_size=1, max_size=5, unique=True),
    st.lists(rationals(), min_size=5, max_size=5),
    st.integers(-2, 2),
    st.integers(-2, 2),
)
def test_planted_rational_points_are_found_and_nothing_else(
    places: list[Rational], heights: list[Rational], shear: int, mixing: int
) -> None:
    """Points put on a curve, hidden by a change of coordinates and of equations, come back exactly, and no others."""
    first = prod((x + shear * y - place) for place in places)
    points = list(zip(places, heights, strict=False))
    curve = y - interpolate(points, x + shear * y) if len(points) > 1 else y - points[0][1]
    outcome = solved((x, y), (expand(first + mixing * curve), expand(curve)))
    assert outcome.complete
    assert values(outcome, (x, y)) == sorted((place - shear * height, height) for place, height in points)
    assert all(one.evidence is Evidence.EXACT and one.multiplicity == 1 for one in outcome.solutions)


@SETTINGS
@given(st.integers(-6, 12), st.integers(-6, 12), st.integers(-2, 2), st.integers(-3, 3))
def test_planted_square_roots_are_found(first: int, second: int, slope: int, offset: int) -> None:
    """``u² = a, v² = b`` in sheared coordinates has the roots that it was made of, in closed form, put back exactly."""
    u, v = x + slope * y, y - offset
    residuals = (expand(u**2 - first), expand(v**2 - second))
    outcome = solved((x, y), residuals)
    us, vs = ({sqrt(n), -sqrt(n)} if n >= 0 else set() for n in (first, second))
    expected = {(a - slope * (b + offset), b + offset) for a in us for b in vs}
    assert outcome.complete
    assert len(outcome.solutions) == len(expected)
    for found in values(outcome, (x, y)):
        assert all(simplify(residual.subs({x: found[0], y: found[1]})) == 0 for residual in residuals)
        assert any(all(simplify(p - q) == 0 for p, q in zip(found, one, strict=True)) for one in expected)
    multiplicity = (1 + (first == 0)) * (1 + (second == 0))
    assert all(solution.multiplicity == multiplicity for solution in outcome.solutions)


@SETTINGS
@given(st.dictionaries(st.integers(-5, 5), st.integers(1, 3), min_size=1, max_size=4))
def test_multiplicities_of_one_unknown(exponents: dict[int, int]) -> None:
    """A root's multiplicity is the exponent of its factor, beside factors without real roots."""
    outcome = solved((x,), (expand((x**2 + 1) ** 2 * prod((x - root) ** k for root, k in exponents.items())),))
    assert outcome.complete
    found = {solution.values[x]: solution.multiplicity for solution in outcome.solutions}
    assert found == {Integer(root): k for root, k in exponents.items()}


@SETTINGS
@given(
    st.dictionaries(st.integers(-3, 3), st.integers(1, 3), min_size=1, max_size=2),
    st.dictionaries(st.integers(-3, 3), st.integers(1, 2), min_size=1, max_size=2),
    st.integers(-2, 2),
)
def test_multiplicities_of_two_unknowns(across: dict[int, int], up: dict[int, int], shear: int) -> None:
    """Multiplicities multiply in a product of two univariate algebras, whatever the coordinates."""
    first = prod((x + shear * y - root) ** k for root, k in across.items())
    second = prod((y - root) ** k for root, k in up.items())
    outcome = solved((x, y), (expand(first), expand(second)))
    found = {(s.values[x], s.values[y]): s.multiplicity for s in outcome.solutions}
    assert outcome.complete
    assert found == {
        (Integer(a - shear * b), Integer(b)): k * m for (a, k), (b, m) in itertools.product(across.items(), up.items())
    }


# --- an independent count: SymPy's resultants and Sturm sequences -----------------------------------------------------


def polynomials_in_two_unknowns(seed: int) -> tuple[Expr, Expr]:
    generator = random.Random(seed)
    degrees = generator.choice([(2, 2), (2, 3), (3, 2), (1, 3), (2, 4)])
    return tuple(  # type: ignore[return-value]
        sum(
            generator.randint(-4, 4) * x**i * y**j
            for i in range(degree + 1)
            for j in range(degree + 1 - i)
            if generator.random() < 0.8
        )
        + Integer(generator.randint(-3, 3))
        for degree in degrees
    )


def count_by_resultant(first: Expr, second: Expr) -> int | None:
    """The number of distinct real common zeros: where a shear puts them over distinct x, the resultant has them all.

    None where there are infinitely many.
    """
    best: tuple[int, int] | None = None
    for shear in (3, 7, -11):
        sheared = [Poly(one.subs(x, x + shear * y), x, y) for one in (first, second)]
        eliminant = Poly(resultant(*(one.as_expr() for one in sheared), y), x)
        if eliminant.is_zero:
            return None
        squarefree = eliminant.sqf_part()
        best = max(best or (-1, 0), (squarefree.degree(), int(squarefree.count_roots())))
    assert best is not None
    return best[1]


@pytest.mark.parametrize("seed", range(40))
def test_counts_agree_with_resultants(seed: int) -> None:
    """The number of real solutions of a random system is the one that SymPy's resultants and Sturm sequences give."""
    first, second = polynomials_in_two_unknowns(seed)
    expected = count_by_resultant(first, second) if first.has(y) and second.has(y) else None
    outcome = solved((x, y), (first, second))
    if expected is not None:
        assert outcome.complete, outcome.reasons
        assert len(outcome.solutions) == expected
    for solution in outcome.solutions:
        if not solution.free:
            at = dict(zip((x, y), decimals(solution, (x, y)), strict=True))
            size = 1 + max(map(abs, at.values())) ** 4
            assert all(abs(residual.subs(at)) < 1e-9 * size for residual in (first, second))


# --- what must not happen ---------------------------------------------------------------------------------------------


@SETTINGS
@given(st.lists(st.integers(-5, 5), min_size=2, max_size=4, unique=True), st.integers(6, 40))
def test_a_near_miss_is_no_solution(places: list[int], digits: int) -> None:
    """After a perturbation by 10^-digits the old points are no longer reported, and what is reported is put back."""
    tiny = Rational(1, 10**digits)
    posed = problem((x, y), (expand(prod(x - place for place in places)) + tiny, y - x**2))
    outcome = solve_polynomial(posed)
    assert outcome.complete
    for solution in outcome.solutions:
        assert solution.values.get(x) not in places
        if solution.evidence is Evidence.EXACT:
            assert put_back(posed, solution.values) is Verdict.HOLDS
        low, high = solution.point.interval(x, digits + 5) if solution.point else (Fraction(0), Fraction(0))
        assert solution.point is None or (high - low) * 10 ** (digits + 5) <= abs(high)


def test_a_pair_of_complex_roots_beside_the_real_line_is_not_real() -> None:
    """``x² + 10⁻⁶⁰ = 0`` has no real solution, and ``x² = 10⁻⁶⁰`` has two."""
    assert solved((x,), (x**2 + Rational(1, 10**60),)).solutions == ()
    assert len(solved((x,), (x**2 - Rational(1, 10**60),)).solutions) == 2


def test_contradictions_are_proved_and_narrowed_down() -> None:
    """A system without complex solutions is empty with a proof, and names equations that conflict by themselves."""
    outcome = solved((x, y, z), (x * y - 1, z**2 - x, x * y - 2, x + y + z))
    assert outcome.complete and not outcome.solutions
    assert outcome.conflict == (0, 2)


# --- conditions and domains -------------------------------------------------------------------------------------------


@SETTINGS
@given(
    st.lists(st.integers(-4, 4), min_size=1, max_size=4, unique=True),
    st.sampled_from(list(Relation)),
    st.integers(-4, 4),
)
def test_conditions_select_exactly(places: list[int], kind: Relation, bound: int) -> None:
    """A relation with a bound that may be met exactly keeps the points that it should."""
    keeps = {Relation.LESS: int.__lt__, Relation.AT_MOST: int.__le__, Relation.NOT_EQUAL: int.__ne__}[kind]
    residuals = (prod(x - place for place in places), y - 2 * x)
    outcome = solved((x, y), residuals, [relation(x + y, kind, 3 * bound)])
    assert outcome.complete
    assert values(outcome, (x, y)) == [(a, 2 * a) for a in sorted(places) if keeps(3 * a, 3 * bound)]


def test_irrational_bounds_are_compared_exactly() -> None:
    """Ends such as sqrt(2), pi and exp(1) are decided, the first also where it is a solution itself."""
    closed, opened = Domain(high=sqrt(2), high_open=False), Domain(high=sqrt(2))
    assert len(solved((x,), (x**2 - 2,), domains={x: closed}).solutions) == 2
    assert values(solved((x,), (x**2 - 2,), domains={x: opened}), (x,)) == [(-sqrt(2),)]
    below = Domain(low=Integer(0), high=pi, low_open=False)
    assert values(solved((x,), (x * (x - 3) * (x - 4),), domains={x: below}), (x,)) == [(0,), (3,)]
    assert len(solved((x,), (x**5 - x - 1,), [relation(exp(x), Relation.LESS, 4)]).solutions) == 1
    assert len(solved((x,), (x**5 - x - 1,), [relation(exp(x), Relation.LESS, 3)]).solutions) == 0


def test_whole_numbers_and_listed_values() -> None:
    """An integer domain keeps whole coordinates, a list its members, all different the points without repetition."""
    residual = (2 * x - 1) * (x - 2) * (x**2 - 3)
    assert values(solved((x,), (residual,), domains={x: Domain(integer=True)}), (x,)) == [(2,)]
    listed = Domain(
        low=Rational(1, 2), high=sqrt(3), low_open=False, high_open=False, members=(Rational(1, 2), sqrt(3))
    )
    assert values(solved((x,), (residual,), domains={x: listed}), (x,)) == [(Rational(1, 2),), (sqrt(3),)]
    different = AllDifferent((x, y), NOWHERE)
    assert values(solved((x, y), (x**2 - 1, y**2 - 1), [different]), (x, y)) == [(-1, 1), (1, -1)]


def test_a_point_where_a_quotient_is_not_defined_is_no_solution() -> None:
    """``(x² - 1)/(x - 1) = 2`` has no solution although its numerator has one."""
    bar = relation(x - 1, Relation.NOT_EQUAL, 0)
    outcome = solved((x,), ((x**2 - 1) / (x - 1) - 2,), defined=[bar])
    assert outcome.complete and not outcome.solutions
    junk = solved((x, y), (x * y / (x - y) - 1, x**2 - y**2), defined=[relation(x - y, Relation.NOT_EQUAL, 0)])
    assert junk.complete
    assert values(junk, (x, y)) == [(-2, 2)]


# --- the same answer, however it is asked -----------------------------------------------------------------------------


@SETTINGS
@given(st.integers(0, 30), st.permutations(range(3)), st.permutations(range(3)), st.integers(1, 50))
def test_names_order_and_scale_do_not_matter(seed: int, unknowns: list[int], equations: list[int], scale: int) -> None:
    """Renaming unknowns, reordering equations and scaling them leaves the set of solutions as it is."""
    generator = random.Random(seed)
    coefficients = [generator.randint(-3, 3) for _ in range(8)]
    a, b, c, d, e, f, g, h = coefficients
    residuals = [x**2 + a * y * z + b * x + c, y**2 + d * x + e * z + f, z - x * y * g - y + h]
    symbols = (x, y, z)
    names = [symbol(f"unknown{number}") for number in range(3)]
    renamed = {old: names[place] for old, place in zip(symbols, unknowns, strict=True)}
    plain = solved(symbols, residuals)
    other = solved(names, [scale * residuals[number].xreplace(renamed) for number in equations])
    assert plain.complete == other.complete
    if not any(one.free for one in plain.solutions):
        first = sorted(decimals(one, symbols) for one in plain.solutions)
        second = sorted(decimals(one, [renamed[old] for old in symbols]) for one in other.solutions)
        assert len(first) == len(second)
        pairs = [pair for a, b in zip(first, second, strict=True) for pair in zip(a, b, strict=True)]
        assert all(abs(p - q) < 1e-9 * (1 + abs(p)) for p, q in pairs)


SCRIPT = """
from sympy import symbols
from tests.exact.test_polynomial import solved, x, y, z
for residuals in ((x**2 + y**2 - 3, x*y*z - 1, x + y + z**2), (x*y*z, x*(y - z)), (x**2 + y**2 - 1, x*z)):
    print(solved((x, y, z), residuals))
"""


def test_the_outcome_does_not_depend_on_hashing_and_travels() -> None:
    """Two processes with different hash seeds give the same outcome to the letter, and it can be pickled."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""
    outcome = solved((x, y), (x**5 - x - 1, y - x**2))
    assert pickle.loads(pickle.dumps(outcome)) == outcome


# --- systems with names -----------------------------------------------------------------------------------------------


def katsura(n: int) -> tuple[list[Symbol], list[Expr]]:
    u = [symbol(f"u{i}") for i in range(n + 1)]
    residuals = [u[0] + 2 * sum(u[1:]) - 1]
    for m in range(n):
        terms = (u[abs(i)] * u[abs(m - i)] for i in range(-n, n + 1) if abs(m - i) <= n)
        residuals.append(sum(terms) - u[m])
    return u, residuals


def cyclic(n: int) -> tuple[list[Symbol], list[Expr]]:
    u = [symbol(f"u{i}") for i in range(n)]
    residuals = [sum(prod(u[(i + j) % n] for j in range(k)) for i in range(n)) for k in range(1, n)]
    return u, [*residuals, prod(u) - 1]


def noon(n: int) -> tuple[list[Symbol], list[Expr]]:
    u = [symbol(f"u{i}") for i in range(n)]
    return u, [10 * a * sum(b**2 for b in u if b != a) - 11 * a + 10 for a in u]


def economics(n: int) -> tuple[list[Symbol], list[Expr]]:
    u = [symbol(f"u{i}") for i in range(n)]
    residuals = [(u[k] + sum(u[i] * u[i + k + 1] for i in range(n - k - 2))) * u[n - 1] - (k + 1) for k in range(n - 1)]
    return u, [*residuals, sum(u[: n - 1]) + 1]


@pytest.mark.parametrize(
    ("system", "complex_solutions", "real_solutions"),
    [
        (katsura(3), 8, 6),
        (katsura(4), 16, 12),
        (katsura(5), 32, 16),
        (cyclic(3), 6, 0),
        (cyclic(5), 70, 10),
        (noon(3), 21, 7),
        (noon(4), 73, 15),
        (economics(5), 8, 4),
        (economics(6), 16, 4),
    ],
)
def test_textbook_systems(system: tuple[list[Symbol], list[Expr]], complex_solutions: int, real_solutions: int) -> None:
    """The published numbers of solutions, complex and real."""
    outcome = solved(*system)
    assert outcome.complete and outcome.proof is not None
    assert f"{complex_solutions} complex solutions of which {real_solutions} real (Hermite's form)" in outcome.proof
    assert len(outcome.solutions) == real_solutions
    for solution in outcome.solutions:
        at = dict(zip(system[0], decimals(solution, system[0]), strict=True))
        assert all(abs(residual.subs(at)) < 1e-9 for residual in system[1])


def test_three_equal_unknowns() -> None:
    """Sum 3, product 1, squares 3: the one real solution is a sixfold one."""
    outcome = solved((x, y, z), (x + y + z - 3, x * y * z - 1, x**2 + y**2 + z**2 - 3))
    assert outcome.complete
    assert values(outcome, (x, y, z)) == [(1, 1, 1)]
    assert outcome.solutions[0].multiplicity == 6


def test_a_polynomial_of_degree_two_hundred() -> None:
    """High degrees in one unknown need no basis: the 200 roots of a Chebyshev polynomial are isolated."""
    outcome = solved((x,), (chebyshevt_poly(200, x),))
    assert outcome.complete
    assert len(outcome.solutions) == 200
    roots = sorted(decimals(one, (x,))[0] for one in outcome.solutions)
    expected = sorted(math.cos(math.pi * (2 * k + 1) / 400) for k in range(200))
    assert all(abs(a - b) < 1e-12 for a, b in zip(roots, expected, strict=True))


def test_close_roots_stay_apart() -> None:
    """Roots that differ by 10⁻⁵⁰ are two roots, and their digits tell them apart."""
    gap = Rational(1, 10**50)
    outcome = solved((x,), (expand((x**2 - 2) * ((x + gap) ** 2 - 2)),))
    assert len(outcome.solutions) == 4 and outcome.complete


def test_readable_forms() -> None:
    """Golden ratio, cube root, nested roots and roots without a formula are written as one would write them."""
    assert values(solved((x,), (x**2 - x - 1,)), (x,)) == [((1 - sqrt(5)) / 2,), ((1 + sqrt(5)) / 2,)]
    assert values(solved((x,), (x**3 - 2,)), (x,)) == [(2 ** Rational(1, 3),)]
    assert values(solved((x,), (x**3 + 2,)), (x,)) == [(-(2 ** Rational(1, 3)),)]
    assert values(solved((x,), (x**4 - 10 * x**2 + 1,)), (x,))[-1] == (sqrt(2) + sqrt(3),)
    assert str(solved((x,), (x**5 - x - 1,)).solutions[0].values[x]) == "CRootOf(x**5 - x - 1, 0)"
    long = solved((x,), (x**13 - x - 1,)).solutions[0]
    assert long.evidence is Evidence.CERTIFIED and not long.values and long.point is not None
