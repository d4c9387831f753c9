"""SymPy's equations as puzzles: solved in exact numbers, or refused with a word on what to write."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Basic,
    Derivative,
    Eq,
    Float,
    Function,
    I,
    Integral,
    Lambda,
    Matrix,
    Ne,
    Or,
    Piecewise,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    besselj,
    nan,
    oo,
    real_root,
    sqrt,
    symbols,
    zoo,
)

import puzzlesolver
from puzzlesolver import PuzzleError

x, y = symbols("x y")
n = Symbol("n", integer=True)


@pytest.mark.parametrize(
    ("equations", "values"),
    [
        (Eq(x, 2), {2}),
        (x**2 - 4, {-2, 2}),
        (Eq(x, 0.1), {Rational(1, 10)}),
        ([Eq(0.1 * x + 0.2, 0.3)], {1}),
        (Eq(x**0.5, 2), {4}),
        (Eq(x, Float("1e22")), {10**22}),
        (Eq(Sum(n * x, (n, 1, 3)), 12), {2}),
        (Eq(Product(n * x, (n, 1, 3)), 48), {2}),
        (Eq(Derivative(x**2 + 3 * x, x), 7), {2}),
        (Eq(Integral(y, (y, 0, 2)) * x, 4), {2}),
        (Eq(real_root(x, 3), -2), {-8}),
        (Eq(x, sympy.GoldenRatio), {(1 + sqrt(5)) / 2}),
        ((x > 1) & Eq(x**2, 4), {2}),
    ],
)
def test_one_relation_or_several_are_solved_exactly(equations: Any, values: set[Any]) -> None:
    """Of floats the decimals that they print as; of sums, products, derivatives and integrals what they come to."""
    answer = puzzlesolver.solve(equations, method="exact")
    assert answer.complete and {one["x"].exact for one in answer} == values


@pytest.mark.parametrize(
    ("equations", "words"),
    [
        (Eq(Piecewise((x, x > 0), (x**2, True)), 3), "Piecewise"),
        (Eq(Sum(n * x, (n, 1, y)), 3), "number of parts"),
        (Or(x > 1, x < 0), "for each case"),
        (Eq(besselj(0, x), 1), "besselj"),
        (Eq(Function("f")(x), 1), "'f'"),
        (Matrix([x, y]), "expected an equation"),
        (None, "expected an equation"),
        (5, "expected an equation"),
        (["x = 1"], "expected an equation"),
    ],
)
def test_what_is_not_understood_says_what_to_write(equations: Any, words: str) -> None:
    with pytest.raises(PuzzleError) as raised:
        puzzlesolver.solve(equations, method="exact")
    (diagnostic,) = raised.value.diagnostics
    assert words in f"{diagnostic.message} | {diagnostic.hint}"


LEAVES: list[Any] = [x, y, n, S.Half, Float(0.1), 0.5, 3, I, oo, nan, zoo, S.Pi, S.EulerGamma, True, S.false, None, "x"]
LEAVES += [Symbol(""), Symbol("z", complex=True), sympy.IndexedBase("a")[1], sympy.Interval(0, 1), sympy.Tuple(x), ()]
MAKERS: list[Any] = [Eq, Ne, sympy.Add, sympy.Mul, sympy.Pow, sympy.Max, sympy.Mod, sympy.Lt, sympy.And, sympy.atan2]
MAKERS += [lambda a, b: Sum(a, (n, 1, b)), lambda a, b: Piecewise((a, x > 0), (b, True)), lambda a, b: Lambda(a, b)]
MAKERS += [lambda a, _, f=f: f(a) for f in (sympy.log, sympy.gamma, sympy.Not, sympy.re, sympy.zeta, sympy.acot)]
MAKERS += [lambda a, b: Derivative(a, b), lambda a, b: Integral(a, (x, 0, b)), lambda a, b: [a, b], lambda a, b: {a: b}]


@given(st.data())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_no_odd_object_of_sympy_raises_anything_else(data: st.DataObject) -> None:
    """What is made of odd parts in odd ways is a problem, or a `PuzzleError`."""
    grown = list(LEAVES)
    for _ in range(data.draw(st.integers(0, 4))):
        maker, one, other = (data.draw(st.sampled_from(choices)) for choices in (MAKERS, grown, grown[::-1]))
        try:
            grown.append(maker(one, other))
        except Exception:  # SymPy itself refuses
            continue
    equations: Basic | Any = grown[-1] if data.draw(st.booleans()) else [grown[-1], Eq(x, y)]
    try:
        problem = puzzlesolver.Problem.from_sympy(equations)
    except PuzzleError as error:
        assert str(error)
    else:
        assert isinstance(str(problem), str)


@pytest.mark.parametrize("text", ["minimize 5", "minimize x - x; x in 1..3", "let a = 5; maximize a"])
def test_a_number_has_no_least_value_to_be_found(text: str) -> None:
    with pytest.raises(PuzzleError, match="nothing to be found"):
        puzzlesolver.solve(text)


@pytest.mark.parametrize("options", [{"timeout": 3}, {"digits": 0}, {"method": "magic"}, {"time_limit": "long"}])
def test_options_that_there_are_not(options: dict[str, Any]) -> None:
    with pytest.raises(PuzzleError, match="no way to solve"):
        puzzlesolver.solve("x = 1", **options)
