"""Hypothesis strategies: expressions of the language with a meaning of their own, and whole puzzles.

An `Expr` here knows its text in the language and how to be worked out at a point, by the definition of each operation
and independently of SymPy: in fractions as long as that goes, then in floating point. `value` is None where the
expression means no real number; what is too large for floating point raises `OverflowError`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

Number = Fraction | float
Point = Mapping[str, Number]
Meaning = Callable[[Point], Number | None]

NAMES = ("x", "y", "z")


@dataclass(frozen=True)
class Expr:
    """A text, how tightly its outermost operation binds (sum 0, product 1, sign 2, power 3, atom 4), its meaning."""

    text: str
    binding: int
    value: Meaning

    def inside(self, binding: int) -> str:
        """The text, in brackets where it binds less tightly than its surroundings."""
        return self.text if self.binding >= binding else f"({self.text})"


def _both(left: Expr, right: Expr, operation: Callable[[Number, Number], Number | None]) -> Meaning:
    def value(point: Point) -> Number | None:
        a, b = left.value(point), right.value(point)
        if a is None or b is None:
            return None
        try:
            return operation(a, b)
        except (ValueError, ZeroDivisionError):
            return None

    return value


def _one(inner: Expr, operation: Callable[[Number], Number | None]) -> Meaning:
    return _both(inner, inner, lambda a, _: operation(a))


def _power(a: Number, b: Fraction) -> Number | None:
    if b.denominator == 1:
        return a**b.numerator
    return None if a < 0 or (a == 0 and b < 0) else float(a) ** float(b)


def number(text: str) -> Expr:
    """A literal."""
    exact = Fraction(text)
    return Expr(text, 4, lambda _: exact)


def name(text: str) -> Expr:
    """An unknown."""
    return Expr(text, 4, lambda point: point[text])


def _cube_root(a: Number) -> float:
    return math.copysign(abs(a) ** (1 / 3), a)


_FUNCTIONS: dict[str, Callable[[Number], Number | None]] = {
    "sqrt": math.sqrt,
    "cbrt": _cube_root,
    "exp": math.exp,
    "log": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "tanh": math.tanh,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "sign": lambda a: (a > 0) - (a < 0),
}

literals = st.one_of(
    st.integers(0, 20).map(str),
    st.decimals("0", "9", places=2).map(str),
    st.sampled_from(["1e-2", "2.5e1", "0.125"]),
).map(number)
leaves = st.one_of(literals, st.sampled_from(NAMES).map(name))


def _sum(parts: tuple[Expr, bool, Expr]) -> Expr:
    left, minus, right = parts
    sign = "-" if minus else "+"
    meaning = _both(left, right, (lambda a, b: a - b) if minus else (lambda a, b: a + b))
    return Expr(f"{left.text} {sign} {right.inside(1)}", 0, meaning)


def _times(parts: tuple[Expr, Expr]) -> Expr:
    left, right = parts
    return Expr(f"{left.inside(1)}*{right.inside(2)}", 1, _both(left, right, lambda a, b: a * b))


def _over(parts: tuple[Expr, Expr]) -> Expr:
    left, right = parts
    return Expr(f"{left.inside(1)}/{right.inside(2)}", 1, _both(left, right, lambda a, b: a / b))


def _raised(parts: tuple[Expr, str]) -> Expr:
    base, exponent = parts
    meaning = _one(base, lambda a: _power(a, Fraction(exponent)))
    written = exponent if exponent.isdigit() else f"({exponent})"
    return Expr(f"{base.inside(4)}^{written}", 3, meaning)


def _negative(inner: Expr) -> Expr:
    return Expr(f"-{inner.inside(3)}", 2, _one(inner, lambda a: -a))


def _called(parts: tuple[str, Expr]) -> Expr:
    called, inner = parts
    return Expr(f"{called}({inner.text})", 4, _one(inner, _FUNCTIONS[called]))


def _modulo(parts: tuple[Expr, Expr]) -> Expr:
    left, right = parts
    meaning = _both(left, right, lambda a, b: a - b * math.floor(a / b))
    return Expr(f"{left.inside(1)} mod {right.inside(2)}", 1, meaning)


def _larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    pairs = st.tuples(inner, inner)
    exponents = st.sampled_from(["2", "3", "0", "-1", "-2", "1/2", "-1/2", "1/3", "1.5"])
    return st.one_of(
        st.tuples(inner, st.booleans(), inner).map(_sum),
        pairs.map(_times),
        pairs.map(_over),
        pairs.map(_modulo),
        st.tuples(inner, exponents).map(_raised),
        inner.map(_negative),
        st.tuples(st.sampled_from(sorted(_FUNCTIONS)), inner).map(_called),
    )


expressions: st.SearchStrategy[Expr] = st.recursive(leaves, _larger, max_leaves=8)
"""Expressions in `NAMES`."""


def _rational(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, st.booleans(), inner).map(_sum),
        pairs.map(_times),
        st.tuples(inner, st.sampled_from(["2", "3"])).map(_raised),
        inner.map(_negative),
    )


polynomials: st.SearchStrategy[Expr] = st.recursive(leaves, _rational, max_leaves=8)
"""Polynomial expressions in `NAMES`."""

points: st.SearchStrategy[dict[str, Fraction]] = st.fixed_dictionaries(
    {each: st.builds(Fraction, st.integers(-12, 12), st.sampled_from([1, 2, 3, 4])) for each in NAMES}
)
"""Points with simple rational coordinates, zero and negative ones among them."""

_scraps = st.sampled_from(
    [
        *"xyzin2305+-*/^!|()[]{},=<>:;#?.π²√≤🍎'\"%\\_ \n",
        *("x[1]", "x[i]", "A..D", "1..3", "\n  ", "sqrt(", "sum(", "diff(", "pi", "oo", "integer", "cells", "1e5"),
        *(" in ", " for ", " if ", " mod ", "let ", "guess ", "solve for ", "minimize ", "fit ", "data", "table x"),
        *("all different: ", "grid", "cryptarithm: ", "[A]", "[ ]", "SEND + MORE = MONEY", "for i in 1..3: "),
    ]
)
scrap_texts: st.SearchStrategy[str] = st.one_of(
    st.lists(_scraps, max_size=24).map("".join), st.lists(_scraps, max_size=14).map(" ".join), st.text(max_size=30)
)
"""Texts that are mostly wrong, out of pieces of the language."""


@st.composite
def puzzle_texts(draw: st.DrawFn) -> str:
    """Small puzzles that are right: equations, inequalities, domains, guesses."""
    lines = [
        f"{draw(polynomials).text} = {draw(polynomials).text}",
        *(f"{draw(expressions).text} = {draw(literals).text}" for _ in range(draw(st.integers(0, 2)))),
        *(f"{draw(polynomials).text} {draw(st.sampled_from(['<', '<=', '!=', '>', '>=']))} 3" for _ in range(1)),
    ]
    domains = ["x in [0, 7/2)", "y in -3..4", "z in {1/2, 2, 5}", "x, y in real", "z in integer", "y in (-oo, 3]"]
    lines += draw(st.lists(st.sampled_from(domains), max_size=1, unique=True))
    lines += draw(
        st.lists(st.sampled_from(["guess x = 1.5", "x + y = ?", "let q = 3", "all different: x, y"]), unique=True)
    )
    return "\n".join(lines)
