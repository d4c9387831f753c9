"""Where an expression of one unknown is zero between two ends: every such place, or `LeftOpen` with the reason.

In: an expression in one form, the ends, and the engine. Out: closed forms. Zeros of rational functions are roots of the
numerator; those of others are what the engine says of the equation, where it has proved its list complete.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer, Poly, Symbol, fraction, oo, together
from sympy.polys.polyerrors import PolynomialError

from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.exact.method import Context
from puzzlesolver.exact.outcome import ExactSolution
from puzzlesolver.exact.segment import Segment, segment
from puzzlesolver.exact.univariate.kernels import NotCovered
from puzzlesolver.exact.univariate.roots import real_roots
from puzzlesolver.problem import Condition, Equation, Problem, Unknown
from puzzlesolver.proof import zero


def zeros_between(expression: Expr, within: Segment, context: Context) -> list[Expr]:
    """Every zero inside, in no order; where it is zero on a whole piece, the ends of that piece."""
    x = within.symbol
    if x not in expression.free_symbols:
        return []
    found = _of_rational(expression, x)
    if found is None:
        found = list(_of_equation(expression, within, context))
    return [value for value in found if is_inside(value, within)]


def is_inside(value: Expr, within: Segment) -> bool:
    """Whether a constant lies strictly between the ends."""
    below = 1 if within.low == -oo else zero.sign(value - within.low)
    above = 1 if within.high == oo else zero.sign(within.high - value)
    if below is None or above is None:
        raise LeftOpen(Why.NOT_DECIDED_BETWEEN())
    return below > 0 and above > 0


def _of_rational(expression: Expr, x: Symbol) -> list[Expr] | None:
    """The zeros of the numerator; None where it is no polynomial whose roots are known."""
    try:
        numerator = Poly(fraction(together(expression))[0], x)
        if any(x in coefficient.free_symbols for coefficient in numerator.coeffs()):
            return None
        return [] if numerator.degree() < 1 else real_roots(numerator.as_expr(), x)
    except (NotCovered, PolynomialError):
        return None


def _of_equation(expression: Expr, within: Segment, context: Context) -> Iterator[Expr]:
    bounds = within.conditions()
    outcome = context.solve(Problem((Unknown(within.symbol),), (Equation(expression, Integer(0)),), bounds))
    if not outcome.complete:
        raise LeftOpen(outcome.reasons[0] if outcome.reasons else Why.SIMPLER_UNDECIDED())
    for solution in outcome.solutions:
        yield from _ends(solution, within.symbol)


def _ends(solution: ExactSolution, x: Symbol) -> Iterator[Expr]:
    """A zero, or the ends of a piece of zeros."""
    if not solution.parameters and x in solution.values:
        yield solution.values[x]
        return
    piece = segment([one for one in solution.conditions if isinstance(one, Condition)], x)
    if solution.parameters != (x,) or piece is None:
        raise LeftOpen(Why.MANY_BORDERS(x))
    yield from (end for end in (piece.low, piece.high, *piece.holes) if end not in (oo, -oo))
