"""Where a closed form is a real number."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import (
    E,
    Expr,
    Integer,
    LambertW,
    Mod,
    Pow,
    Rational,
    acos,
    acosh,
    asin,
    atan2,
    atanh,
    cos,
    cot,
    csc,
    exp,
    gamma,
    log,
    preorder_traversal,
    sec,
    sin,
    tan,
)

from puzzlesolver.problem import Condition, Origin, Relation

NOWHERE = Origin("")
POWER = Origin("a power")
"""Of a condition that is sufficient, and not needed: a whole power of a negative number is real, too."""


def requirements(expression: Expr) -> Iterator[Condition]:
    """The conditions under which an expression has a real value, innermost last."""
    for part in preorder_traversal(expression):
        if isinstance(part, Pow):
            yield from _of_power(part.base, part.exp)
        elif isinstance(part, log):
            yield _condition(0, Relation.LESS, part.args[0])
        elif isinstance(part, (asin, acos)):
            yield _condition(-1, Relation.AT_MOST, part.args[0])
            yield _condition(part.args[0], Relation.AT_MOST, 1)
        elif isinstance(part, acosh):
            yield _condition(1, Relation.AT_MOST, part.args[0])
        elif isinstance(part, atanh):
            yield _condition(-1, Relation.LESS, part.args[0])
            yield _condition(part.args[0], Relation.LESS, 1)
        elif isinstance(part, (tan, sec)):
            yield _condition(cos(part.args[0]), Relation.NOT_EQUAL, 0)
        elif isinstance(part, (cot, csc)):
            yield _condition(sin(part.args[0]), Relation.NOT_EQUAL, 0)
        elif isinstance(part, atan2):
            yield _condition(0, Relation.LESS, part.args[0] ** 2 + part.args[1] ** 2)
        elif isinstance(part, Mod):
            yield _condition(part.args[1], Relation.NOT_EQUAL, 0)
        elif isinstance(part, gamma):
            yield _condition(0, Relation.LESS, part.args[0])
        elif isinstance(part, LambertW):
            yield _condition(-exp(-1), Relation.AT_MOST, part.args[0])
            if len(part.args) > 1 and part.args[1] == -1:
                yield _condition(part.args[0], Relation.LESS, 0)


def _of_power(base: Expr, exponent: Expr) -> Iterator[Condition]:
    if isinstance(exponent, Integer):
        if exponent < 0:
            yield _condition(base, Relation.NOT_EQUAL, 0)
    elif isinstance(exponent, Rational):
        yield _condition(0, Relation.AT_MOST if exponent > 0 else Relation.LESS, base)
    elif base == E or (exponent.is_integer and base.is_Rational and base != 0):
        return
    else:
        yield Condition(Integer(0), Relation.LESS, base, POWER)


def _condition(left: Expr | int, relation: Relation, right: Expr | int) -> Condition:
    lhs = Integer(left) if isinstance(left, int) else left
    rhs = Integer(right) if isinstance(right, int) else right
    return Condition(lhs, relation, rhs, NOWHERE)
