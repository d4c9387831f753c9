"""That a sum has no zero on a half line, because one of its terms outweighs all the others there.

The logarithms of the terms' sizes are compared: where the difference is large enough at the end of the half line and
only grows along it, the larger term stays larger. So is ``2**x - x**2`` seen to have no zero beyond 5.
"""

from __future__ import annotations

from math import log as float_log

from sympy import Abs, Add, E, Expr, Float, Mul, Pow, Rational, Symbol, exp, log

from puzzlesolver.verification.intervals import ZERO, Interval, NoValue, fraction
from puzzlesolver.verification.operations import Discontinuous
from puzzlesolver.verification.shapes import is_small, to_sympy
from puzzlesolver.verification.tape import NotOnTape, Tape, enclosure

PRECISION = 60
MOST_TERMS = 12
SLACK = 1e-9
"""By so much more than needed the logarithms have to differ."""


def has_dominant_term(expression: Expr, x: Symbol, tail: Interval) -> bool:
    """Whether one term of a sum is larger than all others together, all along a half line."""
    terms = Add.make_args(expression.expand() if is_small(expression) else expression)
    if not 1 < len(terms) <= MOST_TERMS:
        return False
    try:
        sizes = [(_log_size(term, x, tail), _log_bound(term, x, tail)) for term in terms]
    except NoValue:
        return False
    needed = float_log(len(terms) - 1) + SLACK
    for number, (own, _) in enumerate(sizes):
        others = [size or bound for other, (size, bound) in enumerate(sizes) if other != number]
        if own is not None and all(size is not None and _stays_above(own - size, needed, x, tail) for size in others):
            return True
    return False


def _log_bound(term: Expr, x: Symbol, tail: Interval) -> Expr | None:
    """The logarithm of a bound on a term's absolute value; None where there is none but zero and infinity."""
    largest = enclosure(term, PRECISION, {x: tail}).largest
    return log(to_sympy(fraction(largest)), evaluate=False) if largest.is_finite() and largest > 0 else None


def _log_size(term: Expr, x: Symbol, tail: Interval) -> Expr | None:
    """The logarithm of a term's absolute value, None where it may come to zero."""
    try:
        return _sum_of_logs(term, x, tail)
    except NotOnTape:
        return None


def _sum_of_logs(term: Expr, x: Symbol, tail: Interval) -> Expr:
    total: Expr = Rational(0)
    for factor in Mul.make_args(term):
        if isinstance(factor, exp):
            total += factor.args[0]
        elif isinstance(factor, Pow) and factor.base == E:
            total += factor.exp
        elif isinstance(factor, Pow) and not factor.base.has(x):
            total += factor.exp * log(Abs(factor.base))
        elif isinstance(factor, Pow):
            total += factor.exp * log(_positive(factor.base, x, tail))
        else:
            total += log(_positive(factor, x, tail))
    return total


def _positive(factor: Expr, x: Symbol, tail: Interval) -> Expr:
    """A factor's absolute value, which must not come to zero."""
    sign = enclosure(factor, PRECISION, {x: tail}).sign
    if not sign:
        raise NotOnTape("a factor may be zero")
    return factor if sign > 0 else -factor


def _stays_above(difference: Expr, needed: float, x: Symbol, tail: Interval) -> bool:
    """Whether an expression is above a number at the finite end, and never falls on the way outward."""
    end = tail.low if tail.low.is_finite() else tail.high
    if difference.has(Float) or not end.is_finite():
        return False
    try:
        tape = Tape([difference], [x])
        run = tape.forward([tail], PRECISION)
        slope = tape.gradients(run, PRECISION)[0].get(0, ZERO)
        at_end = tape.output([Interval(end, end)], PRECISION)
    except (NoValue, Discontinuous):
        return False
    grows = slope.low >= 0 if tail.low.is_finite() else slope.high <= 0
    return bool(run.whole and grows and at_end.low > needed)
