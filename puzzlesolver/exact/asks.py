"""The values that a puzzle asks for with ``… = ?``, exactly.

In: the problem and the assignments that solve it (with free symbols, for a family). Out: one closed form for each
question, where it has the same value at all of them and the value is proved to be the same; None elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Derivative, Expr, Integer, Integral, Product, Subs, Sum, Symbol, nan, oo, zoo

from puzzlesolver.exact.simple import shortest
from puzzlesolver.problem import Ask, Problem
from puzzlesolver.proof import zero
from puzzlesolver.proof.implication import follows, vanishes_identically
from puzzlesolver.proof.verdict import Verdict


def answer_exactly(problem: Problem, assignments: Sequence[Mapping[Symbol, Expr]]) -> tuple[Expr | None, ...]:
    """The answers, one for each of `problem.asks`. Without any assignment only questions without unknowns have one."""
    return tuple(_answer(ask, assignments or ({},)) for ask in problem.asks)


def _answer(ask: Ask, assignments: Sequence[Mapping[Symbol, Expr]]) -> Expr | None:
    expression = evaluated(ask.expression)
    first: Expr | None = None
    for assignment in assignments:
        if not all(follows(condition.mapped(evaluated).at(assignment)) is Verdict.HOLDS for condition in ask.defined):
            return None
        value = _constant_value(expression.xreplace(assignment))
        if value is None:
            return None
        if first is None:
            first = value
        elif zero.is_zero(first - value) is not Verdict.HOLDS:
            return None
    return None if first is None else shortest(first)


def evaluated(expression: Expr) -> Expr:
    """An expression with its derivatives, integrals, sums and products worked out."""
    return expression.doit() if expression.has(Derivative, Integral, Product, Subs, Sum) else expression


def _constant_value(value: Expr) -> Expr | None:
    """A value without free symbols that an expression has for all values of its free symbols, if it has one."""
    if value.has(oo, -oo, zoo, nan):
        return None
    if value.free_symbols:
        somewhere = value.xreplace(dict.fromkeys(value.free_symbols, Integer(1)))
        if vanishes_identically(value - somewhere) is not Verdict.HOLDS:
            return None
        value = somewhere
    return value if zero.is_real(value) else None
