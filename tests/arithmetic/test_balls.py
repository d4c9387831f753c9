"""Ball arithmetic: enclosures, derivatives, and what is recognised as undefined."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    E,
    Expr,
    Integer,
    LambertW,
    Max,
    Min,
    Mod,
    Rational,
    acos,
    asin,
    asinh,
    atan,
    atan2,
    ceiling,
    cos,
    cosh,
    erf,
    exp,
    factorial,
    floor,
    gamma,
    log,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    zeta,
)

from puzzlesolver.arithmetic.balls import (
    approximate,
    ball_function,
    ball_of,
    compile_balls,
    evaluate,
    interval_of,
    working_precision,
)
from puzzlesolver.arithmetic.dag import Dag
from puzzlesolver.arithmetic.derivatives import gradient
from puzzlesolver.problem import real_symbol

X, Y = real_symbol("x"), real_symbol("y")
AT = {X: Rational(13, 10), Y: Rational(-7, 10)}

EXPRESSIONS: list[Expr] = [
    X / 3 + Y,
    X**2 - 2 * Y**3 / 7,
    (X + Y) ** 5 / (1 - X),
    X**-2 / Y,
    exp(X) * sin(Y),
    log(X) + cos(Y) * tan(X),
    atan2(Y, X),
    atan2(X, Y),
    asin(X / 3) + acos(Y) + atan(X * Y),
    sinh(X) / cosh(Y) - tanh(X),
    asinh(X),
    erf(X) + gamma(X) + factorial(X),
    LambertW(X) + LambertW(-X / 5, -1),
    Mod(X, 2) + Mod(Y, 3) + ceiling(X) - floor(Y),
    sqrt(X) + X ** Rational(2, 3) + X ** Rational(-7, 5),
    sign(Y) * Abs(Y) ** Rational(1, 3),
    Abs(X - Y) + Min(X, Y, 1) + Max(X, Y),
    X**Y + 2**X + pi**Y,
    pi * X + E,
    sign(Y),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_enclosures_agree_with_sympy(expression: Expr) -> None:
    """SymPy's own evaluation to 40 digits lies in the ball at 100 bits."""
    balls = {symbol: arb(value.p) / value.q for symbol, value in AT.items()}
    with working_precision(100):
        balls = {symbol: arb(value.p) / value.q for symbol, value in AT.items()}
    ball = evaluate(expression, balls, 100)
    exact = Rational(str(expression.subs(AT).evalf(40)))
    low, high = interval_of(ball)
    slack = Fraction(1, 10**30)
    assert low - slack <= Fraction(int(exact.p), int(exact.q)) <= high + slack
    assert high - low < Fraction(1, 10**20)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_derivatives_agree_with_differences(expression: Expr) -> None:
    """Each partial derivative is the symmetric difference quotient to many digits."""
    dag = Dag((X, Y))
    node = dag.add(expression)
    slopes = gradient(dag, node)
    with working_precision(300):
        run = ball_function(dag, [slopes.get(k, dag.constant(0)) for k in (0, 1)] + [node])
        point = [arb(AT[X].p) / AT[X].q, arb(AT[Y].p) / AT[Y].q]
        step = arb(10) ** -25
        for k in (0, 1):
            after, before = list(point), list(point)
            after[k] += step
            before[k] -= step
            quotient = (run(after)[2] - run(before)[2]) / (2 * step)
            assert abs(run(point)[k] - quotient) < 1e-20


UNDEFINED: list[tuple[Expr, str]] = [
    (1 / X, "0"),
    (sqrt(X), "-1"),
    (log(X), "0"),
    (log(X), "-2"),
    (asin(X), "2"),
    (X ** Rational(1, 3), "-8"),
    (X ** sqrt(2), "-1"),
    (tan(X) / X, "0"),
    (atan2(X, X), "0"),
    (LambertW(X), "-1"),
    (gamma(X), "-3"),
    (zeta(X), "3"),
]


@pytest.mark.parametrize(("expression", "value"), UNDEFINED, ids=str)
def test_what_is_undefined_or_unknown_is_not_finite(expression: Expr, value: str) -> None:
    """No finite ball where there is no real value, nor where the function is none of ours."""
    assert not evaluate(expression, {X: arb(value)}).is_finite()


def test_wide_balls_enclose_every_point() -> None:
    """Even powers of balls around zero, kinks and jumps are enclosed, not evaluated at the middle."""
    around = arb(0, 1)
    for expression in (X**2, X**3, X**8, Abs(X), sign(X), floor(X)):
        assert evaluate(expression, {X: around}).is_finite()
    assert evaluate(X**2, {X: around}).contains(1) and evaluate(X**2, {X: around}).contains(0)
    assert evaluate(X**3, {X: arb(-2, 1)}).contains(-27)
    assert evaluate(Abs(X), {X: around}).contains(0)
    assert evaluate(sign(X), {X: around}).contains(-1) and evaluate(sign(X), {X: around}).contains(1)
    assert evaluate(floor(X), {X: arb(2, 0.25)}).contains(1)
    assert not evaluate(1 / X, {X: around}).is_finite()


def test_exact_rationals_stay_exact() -> None:
    """A third is a third, not a float: the equation proved is the equation written."""
    wide = evaluate(X - Rational(1, 3), {X: arb(1) / 3}, 64)
    assert wide.contains(0)
    with working_precision(500):
        third = arb(1) / 3
    assert abs(evaluate(X - Rational(1, 3), {X: third}, 500)) < arb(2) ** -490


def test_derivatives_are_not_finite_where_a_function_jumps_or_ends() -> None:
    """A box over a jump, a pole, a branch cut or the end of a domain has no finite derivative enclosure."""
    cases = [
        (floor(X), arb(1, 0.1)),
        (sign(X), arb(0, 0.1)),
        (Mod(X, 2), arb(2, 0.1)),
        (sqrt(X), arb(0, 0.1)),
        (tan(X), arb("1.57", 0.1)),
        (1 / X, arb(0, 0.1)),
        (asin(X), arb(1, 0.1)),
        (log(X), arb(0, 0.1)),
        (atan2(X, Integer(-1)), arb(0, 0.1)),
        (X ** Rational(3, 2), arb(0, 0.1)),
    ]
    for expression, ball in cases:
        dag = Dag((X,))
        (slope,) = ball_function(dag, [gradient(dag, dag.add(expression))[0]])([ball])
        assert not slope.is_finite(), expression


def test_kinks_have_the_hull_of_both_slopes() -> None:
    """Over its kink |x| has every slope from -1 to 1, and so have Min and Max between their arguments' slopes."""
    dag = Dag((X, Y))
    for expression, low, high in ((Abs(X), -1, 1), (Max(X, 3 * X), 1, 3), (Min(X, 3 * X), 1, 3)):
        (slope,) = ball_function(dag, [gradient(dag, dag.add(expression))[0]])([arb(0, 0.1), arb(0)])
        assert slope.contains(low) and slope.contains(high)


def test_approximate_gives_the_digits_asked() -> None:
    """An algebraic or transcendental constant comes in an interval of so many digits; a hidden zero too."""
    low, high = approximate(sqrt(2) + pi, 30)
    assert low < high
    assert (high - low) * 10**30 < high
    assert low <= Fraction(45558062159628, 10**13) + Fraction(1, 10**12)
    zero = approximate(sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6)), 20)
    assert zero[0] <= 0 <= zero[1]
    assert approximate(Rational(1, 3)) == (Fraction(1, 3), Fraction(1, 3))
    with pytest.raises(ValueError):
        approximate(sqrt(-Integer(2)))


def test_missing_values_are_an_error() -> None:
    """A free symbol without a ball is a mistake of the caller's."""
    with pytest.raises(KeyError):
        evaluate(X + Y, {X: arb(1)})


@settings(deadline=None, derandomize=True, max_examples=80)
@given(st.fractions(-100, 100, max_denominator=999), st.fractions(0, 10, max_denominator=999))
def test_intervals_survive_the_way_into_balls_and_back(low: Fraction, width: Fraction) -> None:
    """A ball made of an interval contains it, and its exact ends contain the ball."""
    ball = ball_of((low, low + width))
    first, last = interval_of(ball)
    assert first <= low
    assert low + width <= last
    assert last - first <= width + Fraction(1, 10**6) * (width + abs(low) + 1)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(-50, 50), st.integers(1, 30), st.integers(0, 6))
def test_integer_powers_of_exact_numbers_are_exact(numerator: int, denominator: int, exponent: int) -> None:
    """Negative bases too."""
    value = Rational(numerator, denominator)
    (ball,) = compile_balls([(X + 0) ** exponent - value**exponent], [X])([arb(numerator) / denominator])
    assert ball.contains(0)
