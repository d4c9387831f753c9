"""The verifier's interval arithmetic holds the values at every point, worked out by Python's own numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from puzzlesolver.verification.intervals import ABOVE, BELOW, Interval, Outside

numbers = st.fractions(-40, 40, max_denominator=16)
POINTWISE: dict[str, tuple[Callable[[Interval], Interval], Callable[[float], float]]] = {
    "exp": (Interval.exp, math.exp),
    "log": (Interval.log, math.log),
    "sin": (Interval.sin, math.sin),
    "cos": (Interval.cos, math.cos),
    "gamma": (Interval.gamma, math.gamma),
    "atan": (lambda x: x.rising(arb.atan), math.atan),
    "square root": (lambda x: x.root(2), math.sqrt),
    "cube root": (lambda x: x.odd_root(3), math.cbrt),
    "square": (lambda x: x**2, lambda x: x * x),
    "reciprocal cube": (lambda x: x**-3, lambda x: x**-3),
    "size": (abs, abs),
}


@st.composite
def held(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """An interval, perhaps without an end, and a number in it."""
    low, number, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    one, other = draw(st.tuples(st.booleans(), st.booleans()))
    found = Interval.of(low, high)
    return Interval(BELOW if one else found.low, ABOVE if other else found.high), number


@pytest.mark.parametrize("name", POINTWISE)
@given(held())
def test_a_function_holds_its_values(name: str, pair: tuple[Interval, Fraction]) -> None:
    function, at_point = POINTWISE[name]
    try:
        value = at_point(float(pair[1]))
    except (ValueError, OverflowError, ZeroDivisionError):
        return  # it is not defined there
    margin = 1e-9 * max(1.0, abs(value))
    assert function(pair[0]).low <= value + margin
    assert function(pair[0]).high >= value - margin


@given(held(), held())
def test_arithmetic_holds_its_values(one: tuple[Interval, Fraction], other: tuple[Interval, Fraction]) -> None:
    (x, a), (y, b) = one, other
    found = [(x + y, a + b), (x - y, a - b), (x * y, a * b), (-x, -a), (x | y, a), (x | y, b)]
    if b:
        found.append((x / y, a / b))
    for enclosure, value in found:
        assert Interval.of(value).meets(enclosure)


def test_what_is_nowhere_defined_has_no_value() -> None:
    with pytest.raises(Outside):
        Interval.of(-2, -1).log()
    with pytest.raises(Outside):
        _ = Interval.of(1) / Interval.of(0)
