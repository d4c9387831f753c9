"""Where the truth of a relation in one unknown may change: at the zeros of a few expressions, its edges.

In: the two sides of a relation. Out: expressions, innermost first. Between neighbouring zeros of all of them each part
of the relation is everywhere defined or nowhere, it is continuous where it is defined, no absolute value and no sign
changes its form, and the difference of the sides keeps its sign. Raises `NotCovered` for functions that jump endlessly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from sympy import (
    Abs,
    Add,
    Expr,
    Integer,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Symbol,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    cot,
    csc,
    erf,
    exp,
    log,
    sec,
    sin,
    sinh,
    tan,
    tanh,
)
from sympy import sign as sign_function

from puzzlesolver.exact.univariate.kernels import NotCovered
from puzzlesolver.proof import zero

_SMOOTH = (Add, Mul, exp, sin, cos, atan, sinh, cosh, tanh, asinh, erf)
"""Real and continuous wherever their arguments are."""

_BROKEN: dict[type, Callable[[Expr], tuple[Expr, ...]]] = {
    log: lambda u: (u,),
    asin: lambda u: (u - 1, u + 1),
    acos: lambda u: (u - 1, u + 1),
    acosh: lambda u: (u - 1,),
    atanh: lambda u: (u - 1, u + 1),
    tan: lambda u: (cos(u),),
    sec: lambda u: (cos(u),),
    cot: lambda u: (sin(u),),
    csc: lambda u: (sin(u),),
    Abs: lambda u: (u,),
    sign_function: lambda u: (u,),
}
"""Expressions at whose zeros a function of one argument ends, jumps or takes another form."""

_PIECEWISE = (Abs, sign_function, Max, Min)


def edges(lhs: Expr, rhs: Expr, x: Symbol) -> Iterator[Expr]:
    """The edges of a relation between two sides, their difference last."""
    yield from _inner(lhs, x)
    yield from _inner(rhs, x)
    yield lhs - rhs


def is_piecewise(expression: Expr) -> bool:
    """Whether it has different forms for different values of its symbols."""
    return bool(expression.has(*_PIECEWISE))


def _inner(expression: Expr, x: Symbol) -> Iterator[Expr]:
    if x not in expression.free_symbols or expression == x:
        return
    for part in expression.args:
        yield from _inner(part, x)
    kind = type(expression)
    if kind in _BROKEN and len(expression.args) == 1:
        yield from _BROKEN[kind](expression.args[0])
    elif kind in (Max, Min):
        yield from (one - other for one, other in combinations(expression.args, 2))
    elif kind is Pow:
        yield from _power(expression.base, expression.exp, x)
    elif kind not in _SMOOTH:
        raise NotCovered


def _power(base: Expr, exponent: Expr, x: Symbol) -> Iterator[Expr]:
    if exponent.has(x):
        if base.has(x) or zero.sign(base) != 1:
            raise NotCovered
    elif not isinstance(exponent, Integer) or exponent < 0:
        yield base


def in_form_at(expression: Expr, x: Symbol, place: Rational) -> Expr:
    """The expression without absolute values and the like, in the form that it has at a place and near it."""
    if not is_piecewise(expression):
        return expression
    parts = [in_form_at(part, x, place) for part in expression.args]
    if isinstance(expression, Abs):
        return parts[0] * _sign_at(parts[0], x, place)
    if isinstance(expression, sign_function):
        return Integer(_sign_at(parts[0], x, place))
    if isinstance(expression, (Max, Min)):
        direction = 1 if isinstance(expression, Max) else -1
        best = parts[0]
        for part in parts[1:]:
            best = part if _sign_at(part - best, x, place) == direction else best
        return best
    return expression.func(*parts)


def _sign_at(expression: Expr, x: Symbol, place: Rational) -> int:
    found = zero.sign(expression.xreplace({x: place}))
    if found is None:
        raise NotCovered
    return found
