"""Certificates: what is proved is true, and what is not true is never proved."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest
from sympy import Abs, Expr, Integer, Rational, cos, exp, expand, floor, log, pi, prod, sign, sin, sqrt

from puzzlesolver.problem import (
    INTEGERS,
    AllDifferent,
    Condition,
    Domain,
    Equation,
    Origin,
    Problem,
    Relation,
    Unknown,
    real_symbol,
)
from puzzlesolver.proof.boxes.box import Certificate
from puzzlesolver.proof.boxes.conditions import simplest_fraction
from puzzlesolver.proof.boxes.krawczyk import certify, certify_box, decide, distinct, refine
from puzzlesolver.proof.verdict import Verdict

NOWHERE = Origin("")
X, Y = real_symbol("x"), real_symbol("y")
TINY = Rational(1, 10**20)


def problem(*residuals: Expr, unknowns=None, conditions=(), domains=None) -> Problem:
    """Residuals that are to be zero, in the unknowns that occur."""
    symbols = unknowns or sorted(set().union(*(r.free_symbols for r in residuals)), key=str)
    domains = domains or {}
    return Problem(
        unknowns=tuple(Unknown(s, domains.get(s, Domain())) for s in symbols),
        equations=tuple(Equation(r, Integer(0), NOWHERE) for r in residuals),
        conditions=tuple(conditions),
    )


def relation(lhs: Expr, kind: Relation, rhs: Expr) -> Condition:
    return Condition(lhs, kind, rhs, NOWHERE)


def holds(certificate: Certificate, *values: Expr) -> bool:
    """Whether the exact values lie in the box."""
    return all(
        bool(Rational(low) <= value) and bool(value <= Rational(high))
        for (low, high), value in zip(certificate.box.values(), values, strict=True)
    )


def test_a_transcendental_system_is_certified_and_refined() -> None:
    """exp(x) + y = 2 on the circle: both solutions, to 10 and to 200 digits, always the same ones."""
    circle = problem(exp(X) + Y - 2, X**2 + Y**2 - 4)
    for start in ([-1.1, 1.66], [1.27, -1.55]):
        certificate = certify(circle, start)
        assert certificate is not None
        coarse, fine = refine(circle, certificate, 10), refine(circle, certificate, 200)
        for symbol in (X, Y):
            (low, high), (first, last) = fine[symbol], coarse[symbol]
            assert first <= high and low <= last
            assert (high - low) * 10**200 < min(abs(low), abs(high))
            assert abs(float(low) - start[0 if symbol == X else 1]) < 0.01


@pytest.mark.parametrize(
    ("residual", "start"),
    [
        (X**2 + TINY, 1e-12),
        (X**2, 0.0),
        (X**2, 1e-9),
        ((X - 1) ** 2 + TINY, 1.0),
        (expand((X - 1) ** 2 + TINY), 1.0),
        (Abs(X), 0.0),
        (Abs(X - 1) - (X - 1), 1.0),
        (floor(X) - X, 1.0),
        (X + floor(X) - 2, 1.0),
        (sign(X) + X, 0.0),
        (sqrt(X) - X, 0.0),
        (sqrt(X - 1) + sqrt(1 - X), 1.0),
        (exp(X), -40.0),
        (X**3, 0.0),
        (1 - cos(X), 0.0),
    ],
    ids=str,
)
def test_near_misses_and_singular_points_are_refused(residual: Expr, start: float) -> None:
    """No certificate for what is no simple root, however small the residual."""
    assert certify(problem(residual), [start]) is None


@pytest.mark.parametrize("gap", [6, 9, 12, 18, 30])
def test_two_close_roots_are_neither_merged_nor_split(gap: int) -> None:
    """Roots 10^-gap apart: the certificates found from many starts speak of exactly those two."""
    close = problem((X - 1) * (X - 1 - Rational(1, 10**gap)))
    starts = [1.0, 1 + 10.0**-gap, 1 - 10.0**-gap, 1 + 0.7 * 10.0**-gap, 1 + 3 * 10.0**-gap, np.nextafter(1.0, 2.0)]
    found = [c for c in (certify(close, [start]) for start in starts) if c is not None]
    kept = distinct(close, found)
    assert len(kept) <= 2
    for certificate in kept:
        assert holds(certificate, Integer(1)) != holds(certificate, 1 + Rational(1, 10**gap))
    if gap <= 12:
        assert len(kept) == 2


def test_a_tiny_and_an_ill_conditioned_root_pass_at_higher_precision() -> None:
    """x^2 = 1e-40 and the multiplied-out Wilkinson polynomial have simple roots, though 64 bits do not see it."""
    tiny = certify(problem(X**2 - Rational(1, 10**40)), [1e-20])
    assert tiny is not None and holds(tiny, TINY)
    wilkinson = problem(expand(prod(X - k for k in range(1, 21))))
    for root in (1, 10, 14, 20):
        certificate = certify(wilkinson, [root + 1e-10])
        assert certificate is not None and holds(certificate, Integer(root))


def test_coordinates_may_be_zero_or_badly_scaled() -> None:
    """A zero coordinate beside one of 1e-9 and one of 1e9."""
    mixed = problem(X + X**2, Y - Rational(1, 10**9), real_symbol("z") - 10**9 - X)
    certificate = certify(mixed, [0.0, 1e-9, 1e9])
    assert certificate is not None
    assert holds(certificate, Integer(0), Rational(1, 10**9), Integer(10**9))
    box = refine(mixed, certificate, 30)
    assert box[X][0] <= 0 <= box[X][1] and box[X][1] - box[X][0] < Fraction(1, 10**30)


def test_kinks_off_which_the_slopes_agree_in_sign_are_certified() -> None:
    """2x + |x - 1| = 2 has one solution, at the kink, and both slopes there are positive."""
    certificate = certify(problem(2 * X + Abs(X - 1) - 2), [1.0])
    assert certificate is not None and holds(certificate, Integer(1))


def test_overdetermined_systems_name_their_subsystem_and_judge_the_rest() -> None:
    """A dependent equation is not chosen; a wrong one fails, if narrowly; a right one is proved at a rational point."""
    right = problem(X + Y - 3, 2 * X + 2 * Y - 6, X * Y - 2)
    certificate = certify(right, [2.0, 1.0])
    assert certificate is not None and len(certificate.equations) == 2 and 2 in certificate.equations
    assert decide(right, certificate) is Verdict.HOLDS
    wrong = problem(X + Y - 3, X - Y - 1, X * Y - 2 - Rational(1, 10**30))
    certificate = certify(wrong, [2.0, 1.0])
    assert certificate is not None
    assert decide(wrong, certificate) is Verdict.FAILS
    assert certify(problem(X + Y - 3, 2 * X + 2 * Y - 6), [2.0, 1.0]) is None
    assert certify(problem(X + Y - 3), [2.0, 1.0]) is None


DECISIONS = [
    (relation(X, Relation.LESS, Rational(3, 2)), Verdict.HOLDS),
    (relation(X, Relation.LESS, Integer(1)), Verdict.FAILS),
    (relation(X, Relation.NOT_EQUAL, Rational(14142, 10000)), Verdict.HOLDS),
    (relation(X**2, Relation.LESS, Integer(2)), Verdict.UNDECIDED),
    (relation(log(X - 2), Relation.LESS, Integer(2)), Verdict.UNDECIDED),
    (AllDifferent((X, 2 * X, Integer(1)), NOWHERE), Verdict.HOLDS),
]


@pytest.mark.parametrize(("condition", "verdict"), DECISIONS, ids=str)
def test_conditions_at_an_irrational_solution(condition: Condition | AllDifferent, verdict: Verdict) -> None:
    """At sqrt(2): decided where balls can tell, undecided where two sides are equal or not sure to be defined."""
    system = problem(X**2 - 2, conditions=[condition])
    certificate = certify(system, [1.4142])
    assert certificate is not None
    assert decide(system, certificate) is verdict


@pytest.mark.parametrize(
    ("domain", "verdict"),
    [
        (Domain(low=Integer(0), high=Integer(2), low_open=False, high_open=False), Verdict.HOLDS),
        (Domain(low=Integer(0), high=Integer(2), low_open=False, high_open=True), Verdict.FAILS),
        (Domain(low=Integer(2), low_open=False), Verdict.HOLDS),
        (Domain(low=Integer(2), low_open=True), Verdict.FAILS),
        (Domain(low=-pi, high=pi), Verdict.HOLDS),
        (Domain(low=pi / 2 + Rational(1, 2)), Verdict.FAILS),
        (INTEGERS, Verdict.HOLDS),
        (Domain(low=Integer(1), high=Integer(3), members=(Integer(1), Integer(3))), Verdict.FAILS),
        (
            Domain(low=Integer(1), high=Integer(2), low_open=False, high_open=False, members=(Integer(1), Integer(2))),
            Verdict.HOLDS,
        ),
    ],
    ids=str,
)
def test_domains_at_a_rational_solution(domain: Domain, verdict: Verdict) -> None:
    """At x = 2, on borders too: the point is put back exactly."""
    system = problem(X**2 - 4, domains={X: domain})
    certificate = certify(system, [2.0])
    assert certificate is not None
    assert decide(system, certificate) is verdict


def test_an_undefined_side_is_no_solution_for_certain() -> None:
    """sqrt(x) = sqrt(x) + x + 1 has -1 as the root of what SymPy makes of it, and no real solution."""
    lost = Problem(unknowns=(Unknown(X),), equations=(Equation(sqrt(X), sqrt(X) + X + 1, NOWHERE),))
    assert certify(lost, [-1.0]) is None


def test_points_that_are_no_numbers_give_no_certificate() -> None:
    """Infinities and not-a-number are refused, and so is a start far from every solution."""
    system = problem(X**2 - 2)
    assert certify(system, [float("nan")]) is None
    assert certify(system, [float("inf")]) is None
    assert certify(system, [50.0]) is None


def test_boxes_are_certified_whole() -> None:
    """The only solution in or near a box, with a region around the box where it is alone; none where there are two."""
    system = problem(sin(X) - Rational(1, 2))
    found = certify_box(system, {X: (Fraction(1, 2), Fraction(11, 20))})
    assert found is not None
    certificate, region = found
    assert region[X][0] <= Fraction(1, 2) and Fraction(11, 20) <= region[X][1]
    assert certificate.box[X][0] < Fraction(5235987755982989, 10**16) < certificate.box[X][1] + Fraction(1, 10**14)
    assert certify_box(system, {X: (Fraction(0), Fraction(3))}) is None
    assert certify_box(problem(X**2 + 1), {X: (Fraction(-1), Fraction(1))}) is None


def test_certificates_travel_between_processes() -> None:
    """They hold no functions, and refine after the way."""
    system = problem(X**2 - 2)
    certificate = certify(system, [1.4142])
    again = pickle.loads(pickle.dumps(certificate))
    assert again == certificate
    low, high = refine(system, again, 60)[X]
    assert low**2 < 2 < high**2


def planted(seed: int) -> tuple[Problem, list[Fraction]]:
    """A random square system with a rational solution put into it."""
    generator = np.random.default_rng(seed)
    n = int(generator.integers(1, 7))
    symbols = [real_symbol(f"x{k}") for k in range(n)]
    root = [Fraction(int(generator.integers(-40, 41)), int(generator.integers(1, 9))) for _ in range(n)]
    at = {s: Rational(v.numerator, v.denominator) for s, v in zip(symbols, root, strict=True)}
    shapes = [lambda u, v: u * v, lambda u, v: u**2 + v, lambda u, v: sin(u) * v, lambda u, v: exp(u / 5) - v**3]
    residuals = []
    for k in range(n):
        shape = shapes[int(generator.integers(0, len(shapes)))]
        u, v = symbols[k], symbols[int(generator.integers(0, n))]
        body = int(generator.integers(1, 9)) * u + shape(u, v)
        residuals.append(body - body.subs(at))
    return problem(*residuals, unknowns=symbols), root


@pytest.mark.parametrize("seed", range(60))
def test_planted_roots_lie_in_their_certificates(seed: int) -> None:
    """Certified from a start nearby, the exact root is in the box and in every refinement."""
    system, root = planted(seed)
    certificate = certify(system, [float(v) + 1e-9 for v in root])
    if certificate is None:
        pytest.skip("the planted root is singular")
    for digits in (5, 40):
        box = refine(system, certificate, digits)
        for symbol, value in zip(system.symbols, root, strict=True):
            assert box[symbol][0] <= value <= box[symbol][1]


def test_the_simplest_fraction_in_an_interval() -> None:
    """By comparison with trying all denominators in turn."""
    generator = np.random.default_rng(3)
    for _ in range(200):
        low = Fraction(int(generator.integers(-500, 500)), int(generator.integers(1, 300)))
        high = low + Fraction(int(generator.integers(0, 50)), int(generator.integers(1, 5000)))
        found = simplest_fraction(low, high)
        assert low <= found <= high
        for denominator in range(1, found.denominator):
            assert -(-low * denominator // 1) > high * denominator // 1


def test_many_unknowns_are_certified_with_float_matrices() -> None:
    """Beyond the size at which matrices of balls are affordable: the planted solution is in the box, to 40 digits."""
    n = 90
    symbols = [real_symbol(f"x{k}") for k in range(n)]
    root = [Rational(k % 7 + 1, k % 5 + 2) for k in range(n)]
    at = dict(zip(symbols, root, strict=True))
    bodies = [3 * x + x**3 - symbols[k - 1] * sin(symbols[(k + 1) % n]) for k, x in enumerate(symbols)]
    system = problem(*(body - body.xreplace(at) for body in bodies), unknowns=symbols)
    certificate = certify(system, [float(value) + 1e-10 for value in root])
    assert certificate is not None and holds(certificate, *root)
    box = refine(system, certificate, 40)
    for symbol, value in at.items():
        low, high = (Rational(end) for end in box[symbol])
        assert low <= value <= high
        assert (high - low) * 10**40 < value
    assert (
        certify(
            problem(*(x**2 - y for x, y in zip(symbols, [*symbols[1:], symbols[0]], strict=True)), unknowns=symbols),
            [0.5] * n,
        )
        is None
    )
