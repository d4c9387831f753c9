"""The compiled residual and its derivatives agree with SymPy's; what is traced depends on shapes alone."""

from __future__ import annotations

import math
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
import sympy
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sympy import Derivative, Expr, Function, Rational, Subs, Symbol

from puzzlesolver.numeric.refine import excess
from puzzlesolver.numeric.residual import Residual, trace_count
from puzzlesolver.numeric.tape import tape_value
from puzzlesolver.numeric.templates import (
    NotComputable,
    StagedProgram,
    bucket,
    compile_expressions,
    instantiate,
)
from puzzlesolver.problem import real_symbol

X, Y, Z = (real_symbol(name) for name in "xyz")
UNKNOWNS = (X, Y, Z)

SMOOTH = (
    *(sympy.exp, sympy.log, sympy.sin, sympy.cos, sympy.tan, sympy.asin, sympy.acos, sympy.atan),
    *(sympy.sinh, sympy.cosh, sympy.tanh, sympy.erf, sympy.gamma, sympy.sqrt, sympy.Abs),
)
STEPPED = (sympy.floor, sympy.ceiling, sympy.sign)
PAIRS = (sympy.atan2, sympy.Min, sympy.Max)

numbers = st.fractions(-3, 3, max_denominator=8).map(lambda q: Rational(q.numerator, q.denominator))
leaves = st.one_of(st.sampled_from(UNKNOWNS), st.sampled_from(UNKNOWNS), numbers, st.just(sympy.pi))


def expressions(unary: tuple[type, ...], binary: tuple[type, ...]) -> st.SearchStrategy[Expr]:
    """Expression trees over the three unknowns."""

    def extend(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        return st.one_of(
            st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
            st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
            st.tuples(inner, inner, inner).map(lambda p: p[0] * p[1] - p[2] * p[1]),
            st.tuples(inner, st.sampled_from([-3, -2, -1, 2, 3, 5, Rational(1, 2), Rational(-3, 2)])).map(
                lambda p: p[0] ** p[1] if p[0] != 0 else p[0]
            ),
            st.tuples(st.sampled_from([2, Rational(1, 3)]), inner).map(lambda p: p[0] ** p[1]),
            st.tuples(st.sampled_from(unary), inner).map(lambda p: p[0](p[1])),
            st.tuples(st.sampled_from(binary), inner, inner).map(lambda p: p[0](p[1], p[2])),
        )

    return st.recursive(leaves, extend, max_leaves=7)


points = st.lists(st.floats(0.125, 2.5).map(lambda v: round(v, 3)), min_size=3, max_size=3)

quiet = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def exact_value(expression: Expr, point: list[float]) -> float | None:
    """SymPy's value to 30 digits at exactly these float64 numbers; None where it is not real, or very large."""
    values = {symbol: Rational(value) for symbol, value in zip(UNKNOWNS, point, strict=True)}
    try:
        value = _remainders_worked_out(expression, values).evalf(30, subs=values, maxn=400)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError, RecursionError, NotImplementedError):
        return None
    if not (value.is_Float or value.is_Rational):
        return None
    number = float(value)
    return number if math.isfinite(number) and abs(number) < 1e12 else None


def _remainders_worked_out(expression: Expr, values: dict[Symbol, Rational]) -> Expr:
    """Every remainder as a number, worked out by its definition: SymPy divides polynomials, of whatever degree."""
    if not expression.has(sympy.Mod):
        return expression
    parts = [_remainders_worked_out(part, values) for part in expression.args]
    if not isinstance(expression, sympy.Mod):
        return expression.func(*parts)
    dividend, divisor = (_number(part, values) for part in parts)
    if abs(dividend / divisor) > 1e12:
        raise OverflowError
    return dividend - divisor * sympy.floor(dividend / divisor)


def _number(expression: Expr, values: dict[Symbol, Rational]) -> Expr:
    if expression.is_rational_function(*UNKNOWNS) and expression.has(*UNKNOWNS):
        return expression.xreplace(values)
    return expression if expression.is_Rational else expression.evalf(60, subs=values, maxn=400)


def plain(expression: Expr) -> None:
    assume(isinstance(expression, Expr) and not expression.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.I))
    assume(sympy.count_ops(expression) < 60)


def compiled(candidates: list[Expr]) -> Residual:
    for expression in candidates:
        plain(expression)
    try:
        return Residual(compile_expressions(UNKNOWNS, [(expression,) for expression in candidates]))
    except NotComputable:
        assume(False)
        raise


def is_fair(value: float, error: float) -> bool:
    """Whether float64 can be expected to have the value, most digits of which are not cancelled away."""
    return bool(np.isfinite(error) and error < 1e5 * (1.0 + abs(value)))


@quiet
@given(st.lists(expressions((*SMOOTH, *STEPPED), (*PAIRS, sympy.Mod)), min_size=1, max_size=5), points)
def test_residual_equals_sympy(candidates: list[Expr], point: list[float]) -> None:
    """TensorFlow computes what SymPy computes, to 1e-9 of the value or to what its own error bound allows."""
    residual = compiled(candidates)
    now = residual.evaluate(np.array([point]))
    for expression, value, error in zip(candidates, now.residual[0], now.error[0], strict=True):
        expected = exact_value(expression, point)
        if expected is not None and is_fair(expected, error):
            assert abs(value - expected) <= 1e-9 * abs(expected) + 1e-13 * error + 1e-300


@quiet
@given(st.lists(expressions(SMOOTH, PAIRS), min_size=1, max_size=4), points)
def test_jacobian_equals_sympy(candidates: list[Expr], point: list[float]) -> None:
    """Every partial derivative is the one that SymPy derives by symbols."""
    residual = compiled(candidates)
    now = residual.evaluate(np.array([point]))
    got = residual.jacobian(now.entries)[0]
    for row, expression in enumerate(candidates):
        slopes = [sympy.diff(expression, symbol) for symbol in UNKNOWNS]
        if any(sympy.count_ops(slope) > 400 or slope.has(Derivative, Subs) for slope in slopes):
            continue
        expected = [exact_value(slope, point) for slope in slopes]
        if None not in expected and is_fair(now.residual[0, row], now.error[0, row]):
            size = 1.0 + max(abs(slope) for slope in expected)
            assert got[row] == pytest.approx(np.array(expected), rel=1e-8, abs=1e-8 * size)


ALL = [*SMOOTH, *STEPPED, sympy.asinh, sympy.atanh, sympy.cot, sympy.sec, sympy.csc, sympy.factorial]


@pytest.mark.parametrize("function", ALL, ids=lambda function: function.__name__)
def test_every_function_of_one_argument(function: type[Function]) -> None:
    """Value and slope are SymPy's, on both sides of zero where the function is defined there."""
    residual = Residual(compile_expressions((X,), [(function(X),)]))
    places = [Rational(q) for q in ("-9/4", "-5/8", "-1/8", "1/16", "3/8", "7/8", "5/4", "13/4")]
    now = residual.evaluate(np.array([[float(q)] for q in places]))
    slope = sympy.S.Zero if function in STEPPED else sympy.diff(function(X), X)
    checked = 0
    for k, place in enumerate(places):
        expected = function(place).evalf(30)
        if expected.is_real:
            checked += 1
            assert now.residual[k, 0] == pytest.approx(float(expected), rel=1e-12)
            steepness = float(slope.evalf(30, subs={X: place}))
            assert residual.jacobian(now.entries)[k, 0, 0] == pytest.approx(steepness, rel=1e-11)
        else:
            assert np.isnan(now.residual[k, 0])
    assert checked >= 3


@pytest.mark.parametrize("function", [*PAIRS, sympy.Mod, sympy.Pow], ids=lambda function: function.__name__)
def test_every_function_of_two_arguments(function: type[Function]) -> None:
    """Values are SymPy's for every combination of signs."""
    residual = Residual(compile_expressions((X, Y), [(function(X, Y),)]))
    for x in (Rational(-7, 4), Rational(3, 8), Rational(11, 4)):
        for y in (Rational(-5, 8), Rational(9, 8), Rational(3)):
            expected = function(x, y).evalf(30)
            got = residual.evaluate(np.array([[float(x), float(y)]])).residual[0, 0]
            assert got == pytest.approx(float(expected), rel=1e-13) if expected.is_real else np.isnan(got)


@quiet
@given(st.lists(expressions(SMOOTH, PAIRS), min_size=1, max_size=4), points)
def test_jacobian_equals_finite_differences(candidates: list[Expr], point: list[float]) -> None:
    """The derivative is the limit of the residual's own differences."""
    residual = compiled(candidates)
    step = 1e-6
    around = np.array(point) + step * np.concatenate([np.eye(3), -np.eye(3), 2 * np.eye(3), -2 * np.eye(3)])
    near = residual.evaluate(around)
    got = residual.jacobian(residual.evaluate(np.array([point])).entries)[0]
    for row in range(len(candidates)):
        if not np.isfinite(near.residual[:, row]).all() or not near.error[:, row].max() < 1e4:
            continue
        up, down, up2, down2 = near.residual[:, row].reshape(4, 3)
        narrow, wide = (up - down) / (2 * step), (up2 - down2) / (4 * step)
        size = 1.0 + np.abs(narrow).max()
        if np.abs(narrow - wide).max() < 1e-5 * size:  # smooth here, no kink
            assert got[row] == pytest.approx(narrow, rel=1e-4, abs=1e-4 * size)


def test_greatest_common_divisor_of_whole_numbers() -> None:
    """gcd is computed on whole numbers, in any number of arguments, and is constant between them."""
    gcd = Function("gcd")
    residual = Residual(compile_expressions((X, Y, Z), [(gcd(X, Y, Z),), (gcd(X, 0),)]))
    now = residual.evaluate(np.array([[12.0, 18.0, 30.0], [-8.0, 12.0, 0.0], [0.0, 0.0, 0.0]]))
    assert now.residual.tolist() == [[6.0, 12.0], [4.0, 8.0], [0.0, 0.0]]
    assert not now.entries.any()


def test_gamma_left_of_zero() -> None:
    """Γ has the right sign and size between its poles, and the factorial is its neighbour."""
    residual = Residual(compile_expressions((X,), [(sympy.gamma(X),), (sympy.factorial(X),)]))
    now = residual.evaluate(np.array([[-0.5], [-2.5], [-7.25], [4.0], [0.25]]))
    expected = [math.gamma(value) for value in (-0.5, -2.5, -7.25, 4.0, 0.25)]
    assert now.residual[:, 0] == pytest.approx(expected, rel=1e-13)
    assert now.residual[3, 1] == pytest.approx(24.0, rel=1e-13)


def test_outside_of_the_domain_is_no_number() -> None:
    """A function has no value outside its real domain, rather than some value."""
    functions = [sympy.log(X), sympy.sqrt(X), sympy.asin(X - 2), X ** Rational(1, 3)]
    residual = Residual(compile_expressions((X,), [(f,) for f in functions]))
    assert np.isnan(residual.evaluate(np.array([[-1.5]])).residual).all()


def test_exponential_never_vanishes() -> None:
    """Underflow makes no root of an equation that has none."""
    residual = Residual(compile_expressions((X,), [(sympy.exp(-X),)]))
    now = residual.evaluate(np.array([[800.0], [1e6]]))
    assert (now.residual > 0).all() and (excess(now) > 1.0).all()


def test_high_powers_and_long_products() -> None:
    """Powers and products of any length are computed, few factors at a time."""
    many = [real_symbol(f"v{i}") for i in range(100)]
    expressions_ = [(X**40,), (X**-41,), (sympy.prod(many),), (X**7 * Y**30 * Z**20,)]
    residual = Residual(compile_expressions((X, Y, Z, *many), expressions_))
    now = residual.evaluate(np.array([[1.1, 0.9, 1.05, *[1.01] * 100]]))
    expected = [1.1**40, 1.1**-41, 1.01**100, 1.1**7 * 0.9**30 * 1.05**20]
    assert now.residual[0] == pytest.approx(expected, rel=1e-12)
    assert residual.jacobian(now.entries)[0, 0, 0] == pytest.approx(40 * 1.1**39, rel=1e-12)


def test_a_product_with_zeros_keeps_its_derivative() -> None:
    """∂(xyz)/∂x at (0, 0, 2) is 0 and at (0, 3, 2) it is 6: no division by the factor itself."""
    residual = Residual(compile_expressions(UNKNOWNS, [(X * Y * Z,)]))
    now = residual.evaluate(np.array([[0.0, 3.0, 2.0], [0.0, 0.0, 2.0]]))
    assert residual.jacobian(now.entries)[:, 0, :].tolist() == [[6.0, 0.0, 0.0], [0.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    "expression", [Function("f")(X), X + Symbol("stranger", real=True), X + sympy.I, X * 10 ** Rational(400)]
)
def test_what_cannot_be_evaluated_says_so(expression: Expr) -> None:
    """An unknown function, a stranger, a complex or an enormous number is refused by name."""
    with pytest.raises(NotComputable):
        compile_expressions((X,), [(expression,)])


def random_linear(size: int, seed: int) -> StagedProgram:
    rng = np.random.default_rng(seed)
    unknowns = [real_symbol(f"u{i}") for i in range(size)]
    rows = [
        (
            sum((int(c) * u for c, u in zip(rng.integers(-9, 10, size), unknowns, strict=True)), sympy.Integer(0)),
            sympy.Integer(7),
        )
        for _ in range(size)
    ]
    return compile_expressions(unknowns, rows)


def test_linear_systems_of_all_sizes_share_one_trace() -> None:
    """Coefficients, indices and lengths are inputs: another linear system traces nothing."""
    for size in (2, 3):
        Residual(random_linear(size, size)).evaluate(np.ones((3, size)))
    traced = trace_count()
    for size in (2, 5, 40):
        program = random_linear(size, 100 + size)
        residual = Residual(program)
        now = residual.evaluate(np.ones((4, size)))
        assert now.residual.shape == (4, size)
    assert trace_count() == traced


def broyden(n: int) -> tuple[list[Symbol], list[tuple[Expr]]]:
    x = [real_symbol(f"x[{i}]") for i in range(n)]
    ends = [sympy.Integer(0), *x, sympy.Integer(0)]
    return x, [((3 - 2 * b) * b - a - 2 * c + 1,) for a, b, c in zip(ends, ends[1:], ends[2:], strict=False)]


def test_tracing_does_not_grow_with_the_system() -> None:
    """Broyden's tridiagonal system has one structure at every size, and a thousand equations trace like ten."""
    small, large = (compile_expressions(*broyden(n)) for n in (10, 1000))
    assert small.structure == large.structure
    Residual(small).evaluate(np.full((1, 10), -1.0))
    traced = trace_count()
    residual = Residual(large)
    now = residual.evaluate(np.full((1, 1000), -1.0))
    assert trace_count() == traced
    assert now.residual[0, 1:-1].tolist() == [-5.0 + 1.0 + 2.0 + 1.0] * 998
    assert len(residual.pattern.rows) == 3 * 1000 - 2


def test_equal_shapes_make_equal_structures() -> None:
    """The structure is that of the shapes, not of the names in them."""
    a, b = (real_symbol(name) for name in ("zeta", "alpha"))
    one = compile_expressions((X, Y), [(X * sympy.exp(2 * X + Y) + Y**2, sympy.Integer(3)), (X, Y)])
    other = compile_expressions((a, b), [(b * sympy.exp(5 * b - a) - 7 * a**2, sympy.Integer(1)), (a, 2 * b)])
    assert one.structure == other.structure


@quiet
@given(st.lists(st.tuples(*[st.floats(0.25, 2.0).map(lambda v: round(v, 2))] * 2), min_size=1, max_size=5))
def test_instances_equal_substitution(rows: list[tuple[float, float]]) -> None:
    """A program repeated over data is the same as one expression for every row."""
    a, b = UNKNOWNS[:2]
    t, s = (real_symbol(name) for name in "ts")
    model = a * sympy.exp(-t / b) * s + sympy.sqrt(t + a**2) + b * s**2 - 2
    row = compile_expressions((a, b, t, s), [(model,)])
    data = np.array(rows)
    width = bucket(2)
    slots = np.column_stack([np.tile([1, 2], (len(rows), 1)), 1 + width + np.arange(data.size).reshape(-1, 2)])
    together = Residual(instantiate(row, slots.astype(np.int32), width, 2, data.ravel()))
    apart = Residual(
        compile_expressions((a, b), [(model.xreplace({t: Rational(p), s: Rational(q)}),) for p, q in rows])
    )
    where = np.array([[0.7, 1.9], [2.5, 0.4]])
    one, other = together.evaluate(where), apart.evaluate(where)
    assert one.residual == pytest.approx(other.residual, rel=1e-12)
    assert together.jacobian(one.entries) == pytest.approx(apart.jacobian(other.entries), rel=1e-12)


def test_error_bound_covers_cancellation() -> None:
    """At the float64 nearest to a root the residual is within the allowance, a little beside the root it is not."""
    polynomial = sympy.expand((X - Rational(1, 3)) * (X - 7) * (X + 11))
    residual = Residual(compile_expressions((X,), [(polynomial,)]))
    assert (excess(residual.evaluate(np.array([[1 / 3], [7.0], [-11.0]]))) <= 1.0).all()
    assert (excess(residual.evaluate(np.array([[1 / 3 + 1e-11], [7.0 + 1e-10], [1.0]]))) > 1.0).all()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Subs(Derivative(X * X, X), (X,), (Rational(18, 5),)), 7.2),
        (Subs(Derivative(X * Y**3, X, Y, Y), (X, Y), (2, 5)), 30.0),
        (3 * Subs(Derivative(sympy.sin(X), (X, 2)), (X,), (1,)) + 1, 1 - 3 * math.sin(1)),
        (sympy.sqrt(2) + sympy.pi, math.sqrt(2) + math.pi),
        (X + 1, None),
        (sympy.log(-1), None),
    ],
)
def test_value_of_an_ask(expression: Expr, expected: float | None) -> None:
    """Values are computed, derivatives taken on a tape, and what has no real value has none."""
    got = tape_value(expression)
    assert got is None if expected is None else got == pytest.approx(expected, rel=1e-14)


QUIET = """
import sys
import time
from sympy import Derivative, Rational, Subs, Symbol
from puzzlesolver.solving.worker import get_worker
x = Symbol("x", real=True)
worker = get_worker("numeric")
print("from the user", file=sys.stderr)
task = worker.call("puzzlesolver.numeric.errands:tape_values", [Subs(Derivative(x * x, x), (x,), (Rational(18, 5),))])
print(*task.result(time.monotonic() + 120).value)
print("and after", file=sys.stderr)
assert "tensorflow" not in sys.modules
"""


def test_tensorflow_is_neither_loaded_here_nor_heard() -> None:
    """TensorFlow works in a process of its own, of which nothing is heard."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", QUIET], capture_output=True, text=True, check=True)
    assert done.stdout == "7.2\n"
    assert done.stderr == "from the user\nand after\n"


def test_buckets_are_powers_of_two() -> None:
    """Padding at most doubles."""
    sizes = [bucket(n, 1) for n in range(1, 70)]
    assert all(n <= size < 2 * n for n, size in enumerate(sizes, 1))
    assert all(b in (a, 2 * a) for a, b in pairwise(sizes))
