"""The sign of a real constant, decided and not guessed.

A rational number tells it itself. Intervals of rising precision tell that of every other one that is not zero. What is
zero is shown to be so by a separation bound for algebraic numbers, or by an identity; where neither does, the sign is
unknown.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Rational, S, acos, asin, atan, atan2, expand_trig

from puzzlesolver.verification import intervals as iv
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.expansion import is_small
from puzzlesolver.verification.identities import is_identically_zero
from puzzlesolver.verification.intervals import Interval, Outside
from puzzlesolver.verification.separation import NotAlgebraic, separation
from puzzlesolver.verification.tape import NotOnTape, Tape

PRECISIONS = (64, 200, 600)
MOST_BITS = 60_000
"""Up to this precision a number is compared with its separation bound."""


class Undefined(ValueError):
    """The expression has no real value."""


def enclosure(expression: Expr, precision: int) -> Interval:
    """An interval around a constant. Raises `Undefined`, and `NotOnTape` where it cannot be worked out."""
    if expression.has(S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity):
        raise Undefined
    try:
        return Tape([expression], ()).forward((), precision).outputs[0]
    except Outside:
        raise Undefined from None


def sign_of(expression: Expr, budget: Budget) -> int | None:
    """-1, 0 or 1 where that is proved, else None. Raises `Undefined` where the constant is proved to be no real number.

    `expression` has no free symbols.
    """
    if isinstance(expression, Rational):
        return int(expression.p > 0) - int(expression.p < 0)
    if expression.has(S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity):
        raise Undefined
    try:
        tape = Tape([expression], ())
    except NotOnTape:
        return 0 if is_identically_zero(expression, budget) else None
    try:
        for precision in PRECISIONS:
            budget.check()
            found = iv.sign(tape.forward((), precision).outputs[0])
            if found is not None:
                return found
        found = _by_its_bound(expression, tape, budget)
        if found is None and expression.has(acos, asin, atan, atan2) and is_small(expression):
            # A cosine of sums of inverse functions is algebraic, once it is taken apart.
            apart = expand_trig(expression)
            if isinstance(apart, Rational):
                return sign_of(apart, budget)
            found = _by_its_bound(apart, Tape([apart], ()), budget)
        if found is not None or not is_identically_zero(expression, budget):
            return found
        return 0 if iv.is_bounded(tape.forward((), PRECISIONS[-1]).outputs[0]) else None
    except Outside:
        raise Undefined from None


def _by_its_bound(expression: Expr, tape: Tape, budget: Budget) -> int | None:
    """The sign, from an enclosure so tight that a number which is not zero shows itself."""
    try:
        bound = separation(expression)
    except NotAlgebraic:
        return None
    if bound > MOST_BITS:
        return None
    precision = bound + 64
    for _ in range(3):
        budget.check()
        found = tape.forward((), precision).outputs[0]
        if iv.sign(found) is not None:
            return iv.sign(found)
        if iv.is_bounded(found) and iv.fraction(iv.largest(found)) < Fraction(1, 2**bound):
            return 0
        precision *= 2
    return None
