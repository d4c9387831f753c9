"""What counts as exact: the put-back check, the zero test behind it, and implication, against hostile inputs."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import isqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    CRootOf,
    Derivative,
    Expr,
    I,
    Integer,
    LambertW,
    Max,
    Mod,
    Poly,
    Pow,
    Rational,
    Subs,
    Symbol,
    asin,
    cbrt,
    ceiling,
    cos,
    exp,
    floor,
    log,
    oo,
    pi,
    sign,
    sin,
    sqrt,
    tan,
)

from puzzlesolver.arithmetic.polyhedron import Polyhedron, half_space
from puzzlesolver.problem import (
    REALS,
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
from puzzlesolver.proof import zero
from puzzlesolver.proof.implication import follows, vanishes_identically
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.separation import separation_bits
from puzzlesolver.proof.verdict import Verdict

HERE = Origin("")
x, y, z = map(real_symbol, "xyz")
k = Symbol("k", integer=True)
quick = settings(deadline=None, derandomize=True, max_examples=60)
small = st.integers(-9, 9)


def relation(lhs: Expr, kind: Relation, rhs: Expr) -> Condition:
    return Condition(lhs, kind, rhs, HERE)


def problem(
    *equations: tuple[Expr, Expr] | tuple[Expr, Expr, Condition],
    conditions: tuple[Condition | AllDifferent, ...] = (),
    **domains: Domain,
) -> Problem:
    """Equations as pairs, with the conditions of their definedness behind them; domains by name."""
    stated = tuple(Equation(lhs, rhs, HERE, tuple(defined)) for lhs, rhs, *defined in equations)
    symbols = sorted(set().union(*(side.free_symbols for one in stated for side in (one.lhs, one.rhs))), key=str)
    named = [*symbols, *(real_symbol(name) for name in domains if real_symbol(name) not in symbols)]
    return Problem(
        tuple(Unknown(symbol, domains.get(symbol.name, REALS)) for symbol in named), stated, tuple(conditions)
    )


NOT_ZERO = relation(x, Relation.NOT_EQUAL, Integer(0))
POSITIVE = Domain(low=Integer(0))
UNIT = Domain(low=Integer(0), high=Integer(1), low_open=False, high_open=True)

HOLDING = [
    (problem((x**2, Integer(2))), {x: sqrt(2)}),
    (problem(((x**2 - 1) / (x - 1), Integer(0), relation(x - 1, Relation.NOT_EQUAL, Integer(0)))), {x: Integer(-1)}),
    (problem((sin(x), Rational(1, 2))), {x: pi / 6}),
    (problem((exp(x), Integer(2))), {x: log(2)}),
    (problem((x * exp(x), Integer(2))), {x: LambertW(2)}),
    (problem((x, sqrt(5 + 2 * sqrt(6)))), {x: sqrt(2) + sqrt(3)}),
    (problem((x**5 - x, Integer(1))), {x: CRootOf(Symbol("t") ** 5 - Symbol("t") - 1, 0)}),
    (problem((500 * Rational(51, 50) ** x, Integer(1872))), {x: log(Rational(468, 125)) / log(Rational(51, 50))}),
    (problem((x + y, Integer(3)), x=UNIT), {x: Integer(0), y: Integer(3)}),
    (problem((x, y), x=Domain(integer=True)), {x: sqrt(2) * sqrt(2), y: Integer(2)}),
    (problem((x, y), x=Domain(members=(sqrt(2), Integer(2)))), {x: sqrt(2), y: sqrt(2)}),
    (problem((x + y, Integer(9)), conditions=(AllDifferent((x, y), HERE),)), {x: Integer(4), y: Integer(5)}),
    (problem((Subs(Derivative(x**2, x), x, y), Integer(6))), {y: Integer(3), x: Integer(0)}),
    (problem((sign(x) * Abs(x) ** Rational(1, 3), Integer(-2))), {x: Integer(-8)}),
    (problem((x + y, Integer(9)), (x - y, Integer(1)), conditions=(relation(y, Relation.LESS, x),)), {x: 5, y: 4}),
]

WRONG = [
    (problem((x**2, Integer(2))), {x: Rational("1.414213562")}),
    (problem((x**2, Integer(4))), {x: 2 + Rational(1, 10**9)}),
    (problem((x**2, Integer(2))), {x: sqrt(2) + Rational(1, 10**60)}),
    (problem(((x**2 - 1) / (x - 1), Integer(0), relation(x - 1, Relation.NOT_EQUAL, Integer(0)))), {x: Integer(1)}),
    (problem((Integer(1), Integer(1), NOT_ZERO), x=REALS), {x: Integer(0)}),
    (problem((1 / x, y)), {x: Integer(0), y: Integer(0)}),
    (problem((x / y, Integer(1))), {x: Integer(0), y: Integer(0)}),
    (problem((sqrt(x), Integer(-1), relation(Integer(0), Relation.AT_MOST, x))), {x: Integer(1)}),
    (problem((sqrt(x), Integer(-1), relation(Integer(0), Relation.AT_MOST, x))), {x: Integer(-1)}),
    (problem((sqrt(x) ** 2, Integer(-1), relation(Integer(0), Relation.AT_MOST, x))), {x: Integer(-1)}),
    (problem((x**2, Integer(4)), x=POSITIVE), {x: Integer(-2)}),
    (problem((x**2, x)), {x: Rational(1, 2)}),
    (problem((x, y), x=POSITIVE), {x: Integer(0), y: Integer(0)}),
    (problem((x, y), x=UNIT), {x: Integer(1), y: Integer(1)}),
    (problem((x, y), x=Domain(integer=True)), {x: Rational(1, 2), y: Rational(1, 2)}),
    (problem((x, y), x=Domain(integer=True)), {x: sqrt(2), y: sqrt(2)}),
    (problem((x, y), x=Domain(members=(Integer(2), Integer(3)))), {x: sqrt(5), y: sqrt(5)}),
    (problem((x + y, Integer(8)), conditions=(AllDifferent((x, y), HERE),)), {x: Integer(4), y: Integer(4)}),
    (problem((x, sqrt(5 + 2 * sqrt(6)))), {x: sqrt(2) + sqrt(3) + Rational(1, 10**30)}),
    (problem((x, y), conditions=(relation(x, Relation.LESS, y),)), {x: pi, y: pi}),
    (problem((x * y, Integer(1))), {x: oo, y: Integer(0)}),
    (problem((cos(x), Integer(1))), {x: pi}),
]


@pytest.mark.parametrize(("asked", "values"), HOLDING)
def test_true_solutions_hold(asked: Problem, values: dict[Symbol, Expr]) -> None:
    """What solves the problem as written is proved to."""
    assert put_back(asked, {symbol: Integer(0) + value for symbol, value in values.items()}) is Verdict.HOLDS


@pytest.mark.parametrize(("asked", "values"), WRONG)
def test_near_misses_fail(asked: Problem, values: dict[Symbol, Expr]) -> None:
    """What is no solution, however nearly it is one, is proved to be none."""
    assert put_back(asked, values) is Verdict.FAILS


def test_what_is_missing_or_complex_is_undecided() -> None:
    """A missing value, a complex one, or an indexed problem is never called a solution."""
    assert put_back(problem((x + y, Integer(1))), {x: Integer(1)}) is Verdict.UNDECIDED
    assert put_back(problem((x**2, Integer(-1))), {x: I}) is not Verdict.HOLDS
    assert put_back(problem((x**2 + 2 * x + 2, Integer(0))), {x: -1 + I}) is not Verdict.HOLDS


@quick
@given(st.lists(small, min_size=2, max_size=3), st.fractions(max_denominator=10**12).filter(bool), st.data())
def test_perturbed_polynomial_solutions_are_refused(roots: list[int], error: Fraction, data: st.DataObject) -> None:
    """A planted root holds; the same moved by anything that does not reach another root fails."""
    symbol = real_symbol("x")
    polynomial = Poly.from_list([1], symbol)
    for root in roots:
        polynomial *= Poly(symbol**2 - 2 * root * symbol + root**2 - 3, symbol)  # root ± sqrt(3)
    asked = problem((polynomial.as_expr(), Integer(0)))
    planted = data.draw(st.sampled_from(roots)) + data.draw(st.sampled_from((1, -1))) * sqrt(3)
    assert put_back(asked, {x: planted}) is Verdict.HOLDS
    moved = planted + Rational(error.numerator, error.denominator)
    other = [root for root in roots if moved - root in (sqrt(3), -sqrt(3))]
    assert put_back(asked, {x: moved}) is (Verdict.HOLDS if other else Verdict.FAILS)


# --- families ---------------------------------------------------------------------------------------------------------


def test_families_hold_for_every_value_of_their_parameters() -> None:
    """A family is a solution where it is one at every admissible value, real or whole."""
    line = problem((x + y, Integer(5)))
    assert put_back(line, {x: 5 - y, y: y}) is Verdict.HOLDS
    assert put_back(line, {x: 4 - y, y: y}) is Verdict.FAILS
    waves = problem((sin(x), Rational(1, 2)))
    assert put_back(waves, {x: pi / 6 + 2 * pi * k}) is Verdict.HOLDS
    assert put_back(waves, {x: pi / 6 + pi * k}) is not Verdict.HOLDS
    whole = problem((3 * x + 5 * y, Integer(1)), x=Domain(integer=True), y=Domain(integer=True))
    assert put_back(whole, {x: 2 + 5 * k, y: -1 - 3 * k}) is Verdict.HOLDS
    assert put_back(whole, {x: 2 + 5 * k / 2, y: -1 - 3 * k / 2}) is not Verdict.HOLDS
    assert put_back(whole, {x: 2 + 5 * z, y: -1 - 3 * z}) is not Verdict.HOLDS


def test_families_need_their_conditions() -> None:
    """Bounds hold on a family only under conditions that imply them."""
    bounded = problem((x + y, Integer(5)), x=POSITIVE)
    family = {x: 5 - y, y: y}
    assert put_back(bounded, family) is Verdict.FAILS
    assert put_back(bounded, family, [relation(y, Relation.AT_MOST, Integer(5))]) is Verdict.FAILS
    assert put_back(bounded, family, [relation(y, Relation.LESS, Integer(5))]) is Verdict.HOLDS
    assert put_back(bounded, family, [relation(2 * y, Relation.AT_MOST, Integer(9))]) is Verdict.HOLDS
    quotient = problem((x / y, Integer(2), relation(y, Relation.NOT_EQUAL, Integer(0))))
    assert put_back(quotient, {x: 2 * y, y: y}) is Verdict.FAILS
    assert put_back(quotient, {x: 2 * y, y: y}, [relation(3 * y, Relation.NOT_EQUAL, Integer(0))]) is Verdict.HOLDS
    root = problem((x**2, y))
    assert put_back(root, {x: sqrt(y), y: y}) is not Verdict.HOLDS
    assert put_back(root, {x: sqrt(y), y: y}, [relation(Integer(0), Relation.AT_MOST, y)]) is Verdict.HOLDS


# --- constants --------------------------------------------------------------------------------------------------------

ZEROS = [
    sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6)),
    cbrt(2 + sqrt(5)) - cbrt(sqrt(5) - 2) - 1,
    sqrt(sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6))),
    sin(pi / 7) * sin(2 * pi / 7) * sin(3 * pi / 7) - sqrt(7) / 8,
    tan(pi / 9) * tan(2 * pi / 9) * tan(4 * pi / 9) - sqrt(3),
    log(12) - 2 * log(2) - log(3),
    log(3 + 2 * sqrt(2)) - 2 * log(1 + sqrt(2)),
    LambertW(2) * exp(LambertW(2)) - 2,
    LambertW(Rational(-1, 5), -1) * exp(LambertW(Rational(-1, 5), -1)) + Rational(1, 5),
    sin(2 * asin(Rational(1, 3))) - 4 * sqrt(2) / 9,
    cos(1) ** 2 + sin(1) ** 2 - 1,
    exp(1 + pi) - exp(1) * exp(pi),
    sqrt(pi) * sqrt(2) - sqrt(2 * pi),
    Max(sqrt(2), Rational(7, 5)) - sqrt(2),
    Abs(sqrt(2) - sqrt(3)) - sqrt(3) + sqrt(2),
    floor(10 * sqrt(2)) - 14,
    ceiling(sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6))),
    Mod(7 * sqrt(2), sqrt(2)),
    CRootOf(Symbol("t") ** 5 - Symbol("t") - 1, 0) ** 5 - CRootOf(Symbol("t") ** 5 - Symbol("t") - 1, 0) - 1,
]


@pytest.mark.parametrize("constant", ZEROS)
@pytest.mark.parametrize(("error", "side"), [(Rational(0), 0), (Rational(1, 10**30), 1), (-Rational(1, 10**200), -1)])
def test_zero_is_told_from_nearly_zero(constant: Expr, error: Rational, side: int) -> None:
    """Hidden zeros are recognised, and the same off by 1e-30 or 1e-200 are not zero, with the sign of the error."""
    assert zero.is_zero(constant + error) is (Verdict.FAILS if side else Verdict.HOLDS)
    assert zero.sign(constant + error) == side


def test_constants_without_a_real_value_have_no_sign() -> None:
    """What is divided by zero or complex has no sign, and is not zero."""
    hidden = sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6))
    for constant in (1 / hidden, sqrt(-2 + hidden), log(hidden), I):
        assert zero.sign(constant) is None
        assert zero.is_zero(constant) is not Verdict.HOLDS
        assert not zero.is_real(constant)
    assert zero.is_zero(oo) is Verdict.FAILS
    assert zero.sign(oo) == 1


def test_free_symbols_are_no_constants() -> None:
    """The zero test refuses what is not a constant."""
    for ask in (zero.is_zero, zero.sign, zero.is_real):
        with pytest.raises(ValueError, match="not a constant"):
            ask(x + 1)


@quick
@given(st.lists(st.tuples(small, st.integers(2, 40)), min_size=1, max_size=4), st.integers(-20, 20))
def test_signs_of_sums_of_square_roots(terms: list[tuple[int, int]], constant: int) -> None:
    """The sign of a sum of square roots is that of whole-number arithmetic with two hundred digits."""
    scale = 10**200
    value = sum((a * sqrt(n) for a, n in terms), Integer(constant))
    low = scale * constant + sum(a * isqrt(n * scale**2) + min(a, 0) for a, n in terms)
    high = scale * constant + sum(a * isqrt(n * scale**2) + max(a, 0) for a, n in terms)
    found = zero.sign(value)
    if low > 0 or high < 0:
        assert found == (1 if low > 0 else -1)
    else:
        assert found == 0  # such short sums come closer to zero only by being zero


@quick
@given(st.lists(st.integers(1, 30), min_size=2, max_size=4), st.integers(2, 3))
def test_the_separation_bound_is_kept(numbers: list[int], degree: int) -> None:
    """An algebraic constant that is not zero is no smaller than its bound says."""
    value = sum((Pow(Integer(n), Rational(1, degree)) * (-1) ** i for i, n in enumerate(numbers)), Integer(0))
    bits = separation_bits(value)
    assert bits is not None
    if zero.sign(value) != 0:
        assert abs(value.evalf(60)) >= Rational(1, 2**bits)


def test_identities_in_free_symbols() -> None:
    """An expression is zero for all values of its symbols, or a counterexample is found, or it is undecided."""
    assert vanishes_identically((x + y) ** 2 - x**2 - 2 * x * y - y**2) is Verdict.HOLDS
    assert vanishes_identically(sin(x) ** 2 + cos(x) ** 2 - 1) is Verdict.HOLDS
    assert vanishes_identically((sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6))) * x) is Verdict.HOLDS
    assert vanishes_identically(x * (x - 1) * (x + 1)) is Verdict.FAILS
    assert vanishes_identically(Abs(x) - x) is Verdict.FAILS
    assert vanishes_identically(Abs(x) - x, [relation(Integer(0), Relation.AT_MOST, x)]) is not Verdict.FAILS


# --- inequalities -----------------------------------------------------------------------------------------------------


@quick
@given(st.lists(st.tuples(small, small, small, st.booleans()), min_size=1, max_size=6))
def test_elimination_agrees_with_looking(rows: list[tuple[int, int, int, bool]]) -> None:
    """A polyhedron with a point on a fine grid is not empty, its point is inside, and ranges hold all grid points."""
    bounds = [half_space((a, b), c, strict) for a, b, c, strict in rows]
    box = [half_space(normal, 3) for normal in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    region = Polyhedron([*bounds, *box], 2)

    def inside(point: tuple[Fraction, ...]) -> bool:
        return all(
            a * point[0] + b * point[1] < c or (not strict and a * point[0] + b * point[1] == c)
            for a, b, c, strict in rows
        ) and all(abs(coordinate) <= 3 for coordinate in point)

    seen = [point for point in product([Fraction(i, 2) for i in range(-6, 7)], repeat=2) if inside(point)]
    found = region.point()
    assert (found is None) == region.is_empty()
    assert found is None or inside(found)
    assert not (seen and region.is_empty())
    for point in seen:
        for coordinate in (0, 1):
            allowed = region.range_of(coordinate)
            assert allowed.low is not None and allowed.high is not None
            assert allowed.low <= point[coordinate] <= allowed.high
    whole = region.whole_points(10_000)
    assert whole is not None
    expected = [(i, j) for i, j in product(range(-3, 4), repeat=2) if inside((Fraction(i), Fraction(j)))]
    assert list(whole) == expected


def test_implication() -> None:
    """Conditions follow from others by elimination or by form, or a point shows that they do not."""
    zero_, one = Integer(0), Integer(1)
    assert follows(relation(zero_, Relation.LESS, x**2 + one)) is Verdict.HOLDS
    assert follows(relation(x**2 + y**2 + 1, Relation.NOT_EQUAL, zero_)) is Verdict.HOLDS
    assert follows(relation(zero_, Relation.LESS, x**2)) is Verdict.FAILS
    assert follows(relation(zero_, Relation.AT_MOST, x**2)) is Verdict.HOLDS
    assert follows(relation(x**3, Relation.LESS, x**4 + 1)) is not Verdict.HOLDS
    given_ = [relation(zero_, Relation.LESS, x), relation(x, Relation.LESS, y)]
    assert follows(relation(zero_, Relation.LESS, x + y), given_) is Verdict.HOLDS
    assert follows(relation(x, Relation.NOT_EQUAL, y), given_) is Verdict.HOLDS
    assert follows(relation(y, Relation.LESS, 2 * x), given_) is Verdict.FAILS
