"""What undoes a function of one real argument: the table that `univariate` looks things up in.

For a value, `PERIODIC` gives the angles within one period that have it, and the period; `INVERSES` gives what a value
has to keep to be taken at all, and every argument at which it is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Abs, Expr, Integer, acos, asin, atan, cos, cosh, exp, expand, log, pi, sin, sinh, sqrt, tan, tanh

from puzzlesolver.problem import Relation


def sines(value: Expr) -> tuple[list[Expr], Expr]:
    if value == 0:
        return [Integer(0)], pi
    angle = asin(value)
    return [angle] if value in (1, -1) else [angle, pi - angle], 2 * pi


def cosines(value: Expr) -> tuple[list[Expr], Expr]:
    if value == 0:
        return [pi / 2], pi
    angle = acos(value)
    return [angle] if value in (1, -1) else [angle, -angle], 2 * pi


def tangents(value: Expr) -> tuple[list[Expr], Expr]:
    return [atan(value)], pi


PERIODIC: dict[type, Callable[[Expr], tuple[list[Expr], Expr]]] = {sin: sines, cos: cosines, tan: tangents}
"""The angles within one period, and the period."""

Needed = tuple[Expr, Relation, Expr]


@dataclass(frozen=True, slots=True)
class Inverse:
    """What a function's value has to keep, and the arguments that then have it."""

    needed: Callable[[Expr], list[Needed]]
    values: Callable[[Expr], list[Expr]]


def _within(low: Expr | None, high: Expr | None, relation: Relation) -> Callable[[Expr], list[Needed]]:
    def needed(value: Expr) -> list[Needed]:
        below = [] if low is None else [(low, relation, value)]
        return below if high is None else [*below, (value, relation, high)]

    return needed


def _area_sine(value: Expr) -> list[Expr]:
    return [log(value + sqrt(value**2 + 1))]


def _area_cosine(value: Expr) -> list[Expr]:
    root = sqrt(expand(value**2 - 1))
    return [log(value + root), log(value - root)]


_ZERO, _ONE = Integer(0), Integer(1)
INVERSES: dict[type, Inverse] = {
    log: Inverse(_within(None, None, Relation.LESS), lambda value: [exp(value)]),
    Abs: Inverse(_within(_ZERO, None, Relation.AT_MOST), lambda value: [value, -value]),
    asin: Inverse(_within(-pi / 2, pi / 2, Relation.AT_MOST), lambda value: [sin(value)]),
    acos: Inverse(_within(_ZERO, pi, Relation.AT_MOST), lambda value: [cos(value)]),
    atan: Inverse(_within(-pi / 2, pi / 2, Relation.LESS), lambda value: [tan(value)]),
    sinh: Inverse(_within(None, None, Relation.LESS), _area_sine),
    cosh: Inverse(_within(_ONE, None, Relation.AT_MOST), _area_cosine),
    tanh: Inverse(_within(-_ONE, _ONE, Relation.LESS), lambda value: [log((1 + value) / (1 - value)) / 2]),
}
