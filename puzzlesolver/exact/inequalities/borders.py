"""Where an expression of one unknown is zero between two ends: every such place, or `LeftOpen` with the reason.

In: an expression in one form, the ends, and the engine. Out: closed forms. Zeros of what is made of rational functions
and roots are among the roots of a polynomial, a numerator or a resultant; those of others are what the engine says of
the equation, where it has proved its list complete. A number that is no zero may be among them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, Integer, Mul, Poly, Pow, Rational, Symbol, expand, fraction, oo, resultant, together
from sympy.polys.polyerrors import PolynomialError

from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.exact import limits
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
    found = _of_algebraic(expression, x)
    if found is None:
        found = list(_of_equation(expression, within, context))
    inside = (value for value in found if is_inside(value, within))
    return [value for value in inside if zero.sign(expression.xreplace({x: value})) not in (-1, 1)]


def is_inside(value: Expr, within: Segment) -> bool:
    """Whether a constant lies strictly between the ends."""
    below = 1 if within.low == -oo else zero.sign(value - within.low)
    above = 1 if within.high == oo else zero.sign(within.high - value)
    if below is None or above is None:
        raise LeftOpen(Why.NOT_DECIDED_BETWEEN())
    return below > 0 and above > 0


def _of_algebraic(expression: Expr, x: Symbol) -> list[Expr] | None:
    """Numbers among which all its zeros are; None where it is not made of roots of polynomials, or these are not known.

    Each root is a further symbol, which a resultant with what its power is eliminates again.
    """
    powers: dict[Symbol, Expr] = {}
    try:
        numerator = _numerator(_without_roots(expression, x, powers))
        for symbol, relation in reversed(powers.items()):
            if symbol in numerator.free_symbols:
                numerator = expand(resultant(numerator, relation, symbol))
        polynomial = Poly(numerator, x)
        if polynomial.is_zero and powers:
            return None
        return [] if polynomial.degree() < 1 else real_roots(polynomial.as_expr(), x)
    except (NotCovered, PolynomialError):
        return None


def _without_roots(expression: Expr, x: Symbol, powers: dict[Symbol, Expr]) -> Expr:
    """The expression with a symbol for each root, of which `powers` tells a polynomial that is zero."""
    if expression == x or isinstance(expression, Rational):
        return expression
    if isinstance(expression, (Add, Mul)):
        return expression.func(*(_without_roots(part, x, powers) for part in expression.args))
    if not isinstance(expression, Pow) or not isinstance(expression.exp, Rational):
        raise NotCovered
    base, degree = _without_roots(expression.base, x, powers), expression.exp.q
    if degree == 1:
        return base**expression.exp
    root = Symbol(f"({base})^(1/{degree})")
    if root not in powers:
        if len(powers) == limits.MOST_ELIMINATED_ROOTS:
            raise NotCovered
        powers[root] = _numerator(root**degree - base)
    return root**expression.exp.p


def _numerator(expression: Expr) -> Expr:
    return expand(fraction(together(expression))[0])


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
