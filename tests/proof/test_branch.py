"""Exhaustive search: no solution is lost, none is counted twice, and none is invented."""

from __future__ import annotations

import pickle
import time
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpz_poly
from sympy import (
    Abs,
    Expr,
    Integer,
    Max,
    Mod,
    Rational,
    Symbol,
    asin,
    atan,
    cos,
    erf,
    exp,
    expand,
    floor,
    log,
    pi,
    prod,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from puzzlesolver.problem import Condition, Domain, Equation, Origin, Problem, Relation, Unknown, real_symbol
from puzzlesolver.proof.boxes.bounds import bounding_box
from puzzlesolver.proof.boxes.box import BoxSearch
from puzzlesolver.proof.boxes.branch import search_box
from puzzlesolver.proof.boxes.conditions import decide
from puzzlesolver.proof.boxes.contract import Contractor
from puzzlesolver.proof.boxes.krawczyk import refine
from puzzlesolver.proof.boxes.line import common_period, search_line
from puzzlesolver.proof.boxes.search import search_everything

NOWHERE = Origin("")
X, Y, Z = real_symbol("x"), real_symbol("y"), real_symbol("z")


def closed(low: Expr | int, high: Expr | int, *, integer: bool = False) -> Domain:
    return Domain(integer=integer, low=Integer(0) + low, high=Integer(0) + high, low_open=False, high_open=False)


def problem(*residuals: Expr, unknowns=None, conditions=(), domains=None) -> Problem:
    """Residuals that are to be zero, in the unknowns that occur."""
    symbols = unknowns or sorted(set().union(*(r.free_symbols for r in residuals)), key=str)
    domains = domains or {}
    return Problem(
        unknowns=tuple(Unknown(s, domains.get(s, Domain())) for s in symbols),
        equations=tuple(Equation(r, Integer(0), NOWHERE) for r in residuals),
        conditions=tuple(conditions),
    )


def boxed(system: Problem, low: Fraction | int, high: Fraction | int, seconds: float = 30.0, **options) -> BoxSearch:
    """The search of one interval for every unknown."""
    box = {symbol: (Fraction(low), Fraction(high)) for symbol in system.symbols}
    return search_box(system, box, deadline=time.monotonic() + seconds, **options)


def everything(system: Problem, seconds: float = 30.0) -> BoxSearch:
    return search_everything(system, deadline=time.monotonic() + seconds)


def in_box(point: dict[Symbol, Fraction], box: dict) -> bool:
    return all(box[symbol][0] <= value <= box[symbol][1] for symbol, value in point.items())


def is_found(system: Problem, found: BoxSearch, point: dict[Symbol, Fraction]) -> bool:
    """Whether an exact solution is accounted for: certified (however far refined) or undecided."""
    for certificate in found.certificates:
        if in_box(point, certificate.box) and in_box(point, refine(system, certificate, 40)):
            return True
    return any(in_box(point, box) for box in found.undecided)


# --- counts that are known -------------------------------------------------------------------------------------------


def katsura(n: int) -> Problem:
    u = [real_symbol(f"u{k}") for k in range(n + 1)]

    def at(k: int) -> Expr:
        return u[abs(k)] if abs(k) <= n else Integer(0)

    rows = [sum(at(k) for k in range(-n, n + 1)) - 1]
    rows += [sum(at(k) * at(m - k) for k in range(-n, n + 1)) - u[m] for m in range(n)]
    return problem(*rows, unknowns=u)


def noon(n: int) -> Problem:
    x = [real_symbol(f"x{k}") for k in range(n)]
    return problem(
        *(x[i] * sum(x[j] ** 2 for j in range(n) if j != i) - Rational(11, 10) * x[i] + 1 for i in range(n)), unknowns=x
    )


def cyclic(n: int) -> Problem:
    x = [real_symbol(f"x{k}") for k in range(n)]
    rows = [sum(prod(x[(i + k) % n] for k in range(m)) for i in range(n)) for m in range(1, n)]
    return problem(*rows, prod(x) - 1, unknowns=x)


def broyden_banded(n: int) -> Problem:
    x = [real_symbol(f"x{k}") for k in range(n)]
    near = [[j for j in range(max(0, i - 5), min(n - 1, i + 1) + 1) if j != i] for i in range(n)]
    return problem(
        *(x[i] * (2 + 5 * x[i] ** 2) + 1 - sum(x[j] * (1 + x[j]) for j in near[i]) for i in range(n)), unknowns=x
    )


@pytest.mark.parametrize(
    ("system", "low", "high", "count"),
    [
        (problem(exp(X) + Y - 2, X**2 + Y**2 - 4), -10, 10, 2),
        (katsura(3), -1, 1, 6),
        (katsura(4), -1, 1, 12),
        (noon(3), -2, 2, 7),
        (cyclic(5), -10, 10, 10),
        (broyden_banded(8), -1, 1, 1),
        (problem(sin(5 * X) + sin(101 * X) / 2, domains={X: closed(-2, 1)}), -2, 1, 33),
        (problem(prod(X - k for k in range(1, 21))), 0, 30, 20),
        (problem((X - Rational(1, 2)) * (X - Rational(5001, 10000)) * (X - 4) * (X - Rational(81, 20))), 0, 10, 4),
        (problem(sin(X) - Rational(1, 2), domains={X: closed(0, 10)}), 0, 10, 4),
        (problem(tan(X) - X), 4, 20, 5),
        (problem(X**2 - Rational(1, 10**18), Y - X), -1, 1, 2),
        (problem(X**2 + Y**2 - 25, X * Y - 12), -9, 9, 4),
        (problem(Abs(X) + Abs(Y) - 1, X - 2 * Y), -3, 3, 2),
        (problem(Max(X, Y) - 2, X + Y - 1), -9, 9, 2),
        (problem(X + floor(X) - Rational(7, 2)), -9, 9, 0),
        (problem(X + floor(X) - Rational(5, 2)), -9, 9, 1),
        (problem(X**2 + Rational(1, 10**20)), -5, 5, 0),
        (problem(expand((X - 1) ** 2 + Rational(1, 10**20))), -5, 5, 0),
        (problem((X - 1) ** 2 + (Y - 2) ** 2, X + Y - 4), -5, 5, 0),
        (problem(1 / X), -5, 5, 0),
        (problem(exp(X) + 1), -50, 50, 0),
    ],
    ids=lambda value: str(value.equations[0].lhs)[:40] if isinstance(value, Problem) else str(value),
)
def test_known_counts(system: Problem, low: int, high: int, count: int) -> None:
    """Textbook systems have as many solutions as the books say, and the list is proved complete."""
    found = boxed(system, low, high)
    assert found.exhausted
    assert len(found.certificates) == count


def test_two_roots_1e_12_apart_are_two() -> None:
    """Neither merged nor split, and complete."""
    close = problem((X - 1) * (X - 1 - Rational(1, 10**12)))
    found = boxed(close, 0, 3)
    assert found.exhausted
    assert len(found.certificates) == 2
    for root in (Fraction(1), 1 + Fraction(1, 10**12)):
        assert sum(in_box({X: root}, refine(close, c, 30)) for c in found.certificates) == 1


@pytest.mark.parametrize("residual", [(X - 1) ** 2, X**2 * (X - 1), Abs(X - 1), (X - 3) ** 2 * (X - 4) ** 2], ids=str)
def test_multiple_roots_stay_undecided_and_are_not_lost(residual: Expr) -> None:
    """What cannot be certified is told as a small undecided box."""
    system = problem(residual)
    found = boxed(system, -5, 5)
    assert not found.exhausted
    for root in {Fraction(1)} & {Fraction(v) for v in (1,) if residual.subs(X, 1) == 0}:
        assert is_found(system, found, {X: root})
    assert all(high - low < Fraction(1, 1000) for box in found.undecided for low, high in box.values())


def test_a_curve_of_solutions_ends_soon_and_says_so() -> None:
    """Fewer equations than unknowns: capped, joined into few boxes, and the circle lies in them."""
    circle = problem(X**2 + Y**2 - 1)
    found = boxed(circle, -2, 2)
    assert not found.exhausted and found.reason is not None
    assert len(found.undecided) <= 100
    for k in range(12):
        t = Fraction(k, 5)
        assert is_found(circle, found, {X: (1 - t * t) / (1 + t * t), Y: 2 * t / (1 + t * t)})


def test_roots_on_the_border_and_on_faces_are_found_once() -> None:
    """The border of the box runs through solutions, and so do the faces where it is bisected."""
    system = problem(X * (X - 1) * (X + 1), Y**2 - 1)
    found = boxed(system, -1, 1)
    assert found.exhausted
    assert len(found.certificates) == 6


def test_conditions_and_domains_are_part_of_the_problem() -> None:
    """Inequalities, differences, open ends, whole numbers and lists cut solutions away, also on borders."""
    square = X**2 - 4
    less = Condition(X, Relation.LESS, Integer(0), NOWHERE)
    different = Condition(X, Relation.NOT_EQUAL, Integer(2), NOWHERE)
    at_most = Condition(X, Relation.AT_MOST, Integer(2), NOWHERE)
    assert len(boxed(problem(square, conditions=[less]), -9, 9).certificates) == 1
    assert len(boxed(problem(square, conditions=[different]), -9, 9).certificates) == 1
    assert len(boxed(problem(square, conditions=[at_most]), -9, 9).certificates) == 2
    half_open = Domain(low=Integer(-2), high=Integer(2), low_open=True, high_open=False)
    assert len(everything(problem(square, domains={X: half_open})).certificates) == 1
    whole = problem(2 * X**2 - 3 * X - 2, domains={X: closed(-5, 5, integer=True)})
    assert [c.box[X][0] <= 2 <= c.box[X][1] for c in everything(whole).certificates] == [True]
    members = Domain(low=Integer(1), high=Integer(3), low_open=False, high_open=False, members=(Integer(1), Integer(3)))
    assert len(everything(problem((X - 1) * (X - 2), domains={X: members})).certificates) == 1


def test_an_equation_means_nothing_where_a_side_is_undefined() -> None:
    """A term that cancels keeps its domain: sqrt(x) = sqrt(x) + (x + 1)(x - 1) has one solution, not two."""
    cancelled = Problem(unknowns=(Unknown(X),), equations=(Equation(sqrt(X), sqrt(X) + X**2 - 1, NOWHERE),))
    found = boxed(cancelled, -5, 5)
    assert found.exhausted and len(found.certificates) == 1
    assert found.certificates[0].box[X][0] > 0


def test_a_search_cut_short_still_accounts_for_everything() -> None:
    """At a deadline in the past, or after few boxes, what was not searched is undecided."""
    system = problem(X**2 - 2, Y**2 - 3)
    for found in (boxed(system, -9, 9, seconds=-1), boxed(system, -9, 9, max_boxes=1)):
        assert not found.exhausted and found.reason
    third = problem(X - Rational(1, 3))
    assert is_found(third, boxed(third, 0, 1, seconds=-1), {X: Fraction(1, 3)})


def test_results_travel_between_processes() -> None:
    """A result holds no functions."""
    found = boxed(problem(X**2 - 2), -9, 9)
    assert pickle.loads(pickle.dumps(found)) == found


# --- the line and unbounded regions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("residual", "count"),
    [
        (2**X + 3**X - 5**X, 1),
        (X * exp(X) - 2, 1),
        (exp(X) + 1, 0),
        (sin(X) + cos(X) - 2, 0),
        (500 * Rational(51, 50) ** X - 1872, 1),
        (sin(X) - X / 10, 7),
        (exp(X) - X**20, 3),
        (log(X) ** 2 - X / 100, 3),
        (log(X) - X + 2, 2),
        (atan(X) - 2, 0),
        (atan(X) - 1, 1),
        (tanh(X) - X / 2, 3),
        (exp(-(X**2)) - X, 1),
        (X / (X**2 + 1) - Rational(1, 3), 2),
        (1 / X + 1 / (X - 1) - 3, 2),
        (sqrt(X) + sqrt(X + 1) - 5, 1),
        (X**4 - 10 * X**2 + 1 - sin(X), 4),
        (X + cos(X), 1),
        (sinh(X) - 10 * X, 3),
        (erf(X) - Rational(1, 2), 1),
        (Abs(X - 1) + Abs(X + 1) - 4, 2),
        (X ** Rational(1, 3) - 2, 1),
    ],
    ids=str,
)
def test_one_unknown_on_the_whole_line(residual: Expr, count: int) -> None:
    """Solutions on the whole real line, with the ends ruled out by growth."""
    found = everything(problem(residual))
    assert found.exhausted
    assert len(found.certificates) == count
    assert found.region == "all the reals"


@pytest.mark.parametrize("residual", [sin(X) + cos(X) - 1, X * sin(X) - 1, sin(X**2)], ids=str)
def test_infinitely_many_solutions_are_never_called_complete(residual: Expr) -> None:
    """Where the solutions go on for ever, the search says that it is not all."""
    found = everything(problem(residual), seconds=1.0)
    assert not found.exhausted
    assert found.reason


def test_half_lines_end_where_the_domain_does() -> None:
    """Growth is needed at one end only."""
    found = search_line(problem(X**3 - X, domains={X: Domain(low=Integer(0))}), deadline=time.monotonic() + 20)
    assert found.exhausted
    assert len(found.certificates) == 1


def test_periods_are_seen_exactly() -> None:
    """Of commensurable multiples only, and of nothing but trigonometric functions."""
    assert common_period(problem(sin(3 * X) + cos(X / 2))) == 4 * pi
    assert common_period(problem(sin(pi * X) + tan(2 * pi * X) - 5)) == 2
    assert common_period(problem(sin(X) + cos(sqrt(2) * X))) is None
    assert common_period(problem(sin(X) - X)) is None


@pytest.mark.parametrize(
    ("system", "count"),
    [
        (problem(exp(X) + Y - 2, X**2 + Y**2 - 4), 2),
        (problem(X**4 - X**2 + Y**2 - 3, X - Y), 2),
        (problem(exp(X) + exp(Y) - 3, X - Y - 1), 1),
        (problem(X * Y - 1, X**2 - Y**2 - 3), 2),
        (problem(X + Y - 1, X - Y - 3), 1),
        (problem(sin(X) + Y - 1, X - sin(Y) - 1), 1),
        (problem(X**2 + Y**2 + 1, X - Y), 0),
    ],
    ids=lambda value: str(value.equations[0].lhs) if isinstance(value, Problem) else str(value),
)
def test_several_unknowns_without_domains(system: Problem, count: int) -> None:
    """The equations themselves bound the unknowns."""
    found = everything(system)
    assert found.exhausted
    assert len(found.certificates) == count
    assert all(decide(system, c).name == "HOLDS" for c in found.certificates)


def test_no_solution_hides_near_infinity() -> None:
    """A radius is proved where contraction alone bounds nothing, and never one that a solution exceeds."""
    cross = problem(X**2 + X * Y + Y**2 - 3, X - Y - sin(X))
    x = [real_symbol(f"x{k}") for k in range(5)]
    edge = [Integer(0), *x, Integer(0)]
    tridiagonal = problem(
        *((3 - 2 * edge[k]) * edge[k] - edge[k - 1] - 2 * edge[k + 1] + 1 for k in range(1, 6)), unknowns=x
    )
    for system in (cross, tridiagonal):
        found = everything(system)
        assert found.exhausted
        assert len(found.certificates) == 2
    far = problem(X * Y - 10**9, X - Y - 10**6)
    found = everything(far)
    assert found.exhausted
    assert len(found.certificates) == 2
    assert max(float(c.box[X][1]) for c in found.certificates) > 10**6


def test_the_arm_reaches_in_two_ways() -> None:
    """Angles with irrational, half-open ends."""
    a, b = real_symbol("a"), real_symbol("b")
    angle = Domain(low=-pi, high=pi, low_open=True, high_open=False)
    arm = problem(
        2 * cos(a) + Rational(3, 2) * cos(a + b) - Rational(11, 5),
        2 * sin(a) + Rational(3, 2) * sin(a + b) - Rational(17, 10),
        domains={a: angle, b: angle},
    )
    found = everything(arm)
    assert found.exhausted
    assert len(found.certificates) == 2
    assert found.region == "a in (-pi, pi], b in (-pi, pi]"


def test_bounds_follow_from_the_statements() -> None:
    """Both unknowns of a circle are bounded, those of a line are not, an impossible sum of squares has no box."""
    box = bounding_box(problem(X**2 + Y**2 - 25))
    assert box is not None
    for low, high in box.values():
        assert low is not None and high is not None and -6 < low <= -5 and 5 <= high < 6
    assert bounding_box(problem(X + Y - 1)) == {X: (None, None), Y: (None, None)}
    assert bounding_box(problem(X**2 + Y**2 + 1)) is None
    grown = bounding_box(problem(X**4 - X**2 + Y**2 - 3))
    assert grown is not None and grown[X][1] is not None and grown[Y][0] is not None


# --- nothing is lost --------------------------------------------------------------------------------------------------

FUNCTIONS = [
    sin,
    cos,
    exp,
    atan,
    tanh,
    Abs,
    floor,
    sign,
    erf,
    lambda u: sqrt(u**2 + 1),
    lambda u: log(u**2 + 2),
    lambda u: 1 / (u**2 + 3),
    lambda u: asin(u / (1 + u**2)),
    lambda u: Max(u, 0),
    lambda u: Mod(u, 5),
    lambda u: (u**2 + 1) ** Rational(3, 7),
    lambda u: sign(u) * Abs(u) ** Rational(1, 3),
    lambda u: (u**2 + 1) ** u,
]


def planted(seed: int) -> tuple[Problem, dict[Symbol, Fraction], dict[Symbol, tuple[Fraction, Fraction]]]:
    """A system with a rational solution put in: clustered, scaled, nearly singular, or on the border of its box."""
    generator = np.random.default_rng(seed)

    def pick(number: int) -> int:
        return int(generator.integers(0, number))

    n = [1, 1, 2, 2, 2, 3, 3, 4, 6, 9, 12][pick(11)]
    symbols = [real_symbol(f"x{k}") for k in range(n)]
    scales = [Fraction(10) ** (pick(8) - 5) if pick(5) == 0 else Fraction(1) for _ in symbols]
    root = {s: Fraction(pick(121) - 60, 10 * (1 + pick(9))) * scale for s, scale in zip(symbols, scales, strict=True)}
    exact = {s: Rational(v.numerator, v.denominator) for s, v in root.items()}
    style, smooth = pick(10), pick(2)
    residuals = []
    for k in range(n):
        near = [symbols[k], symbols[(k + 1) % n]] if n > 4 else symbols
        body = (1 + pick(5)) * symbols[k]
        for _ in range(1 + pick(3)):
            u, v = near[pick(len(near))], near[pick(len(near))]
            kind = pick(3)
            term = u ** (1 + pick(3)) if kind == 0 else u * v if kind == 1 or smooth else FUNCTIONS[pick(18)](u + v)
            body += Rational(pick(19) - 9, 1 + pick(3)) * term
        residual = body - body.subs(exact)
        if style == 0:
            residual *= residual - Rational(1, 10 ** (1 + pick(9)))
        elif style == 1:
            residual *= symbols[k]
        residuals.append(residual)
    if pick(8) == 0 and n > 1:
        residuals.append(symbols[0] * symbols[1] - exact[symbols[0]] * exact[symbols[1]])
    box = {}
    for s, scale in zip(symbols, scales, strict=True):
        below, above = (Fraction(1 + pick(40), 10) * max(abs(root[s]), scale) for _ in range(2))
        border = pick(8)
        box[s] = (root[s] - (0 if border == 0 else below), root[s] + (0 if border == 1 else above))
    conditions = []
    if pick(3) == 0:
        s = symbols[pick(n)]
        conditions.append(Condition(s**2, Relation.AT_MOST, exact[s] ** 2 + pick(2), NOWHERE))
    return problem(*residuals, unknowns=symbols, conditions=conditions), root, box


@pytest.mark.parametrize("seed", range(110))
def test_planted_solutions_are_never_lost(seed: int) -> None:
    """Whatever else happens, the solution that was put in lies in a certified box or in an undecided one."""
    system, root, box = planted(seed)
    found = search_box(system, box, deadline=time.monotonic() + 0.4)
    assert is_found(system, found, root)


@pytest.mark.parametrize("seed", range(60))
def test_contraction_keeps_planted_solutions(seed: int) -> None:
    """Narrowing alone, over thousands of random boxes around the solution, keeps it in every one."""
    system, root, _ = planted(1000 + seed)
    generator = np.random.default_rng(seed)
    point = np.array([[float(v)] for v in root.values()])
    widths = 10.0 ** generator.uniform(-12, 2, (2, len(point), 200))
    low, high = np.nextafter(point - widths[0], -np.inf), np.nextafter(point + widths[1], np.inf)
    with np.errstate(all="ignore"):
        first, last, alive = Contractor(system)(low, high)
    assert alive.all()
    for k, value in enumerate(root.values()):
        assert max(Fraction(float(v)) for v in first[k]) <= value <= min(Fraction(float(v)) for v in last[k])


@pytest.mark.parametrize("seed", range(60))
def test_counts_of_random_polynomials_are_exact(seed: int) -> None:
    """One polynomial with random roots and factors without any: as many as python-flint isolates."""
    generator = np.random.default_rng(seed)
    polynomial = fmpz_poly([1])
    for _ in range(int(generator.integers(1, 6))):
        polynomial *= fmpz_poly([int(c) for c in generator.integers(-9, 10, int(generator.integers(2, 4)))])
    if polynomial.degree() < 1 or polynomial.gcd(polynomial.derivative()).degree() > 0:
        pytest.skip("a constant, or a multiple root")
    count = sum(bool(root.imag == 0) for root, _ in polynomial.complex_roots())
    residual = sum(Integer(int(polynomial[k])) * X**k for k in range(polynomial.degree() + 1))
    found = everything(problem(residual))
    assert found.exhausted
    assert len(found.certificates) == count
