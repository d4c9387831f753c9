"""The sign of a real constant, decided and not guessed.

A rational number tells it itself. Intervals of rising precision tell that of every other one that is not zero. What is
zero is shown to be so by a separation bound for algebraic numbers, or by an identity; where neither does, the sign is
unknown.
"""

from __future__ import annotations

from flint import arb
from sympy import Expr, Rational, S, acos, asin, atan, atan2, expand_trig

from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.identities import is_identically_zero
from puzzlesolver.verification.intervals import Outside
from puzzlesolver.verification.separation import NotAlgebraic, separation
from puzzlesolver.verification.shapes import is_small
from puzzlesolver.verification.tape import NotOnTape, Tape

PRECISIONS = (64, 200, 600)
MOST_BITS = 60_000
"""Up to this precision a number is compared with its separation bound."""


def sign_of(expression: Expr, budget: Budget) -> int | None:
    """-1, 0 or 1 where that is proved, else None. Raises `Outside` where the constant is proved to be no real number.

    `expression` has no free symbols.
    """
    if isinstance(expression, Rational):
        return int(expression.p > 0) - int(expression.p < 0)
    if expression.has(S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity):
        raise Outside
    try:
        tape = Tape([expression], ())
    except NotOnTape:
        return 0 if is_identically_zero(expression, budget) else None
    for precision in PRECISIONS:
        budget.check()
        enclosed = tape.output((), precision)
        if enclosed.sign is not None:
            return enclosed.sign
    found = _by_its_bound(expression, tape, budget)
    if found is None and expression.has(acos, asin, atan, atan2) and is_small(expression):
        # A cosine of sums of inverse functions is algebraic, once it is taken apart.
        apart = expand_trig(expression)
        if isinstance(apart, Rational):
            return sign_of(apart, budget)
        found = _by_its_bound(apart, Tape([apart], ()), budget)
    if found is not None or not is_identically_zero(expression, budget):
        return found
    return 0 if enclosed.is_bounded else None


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
        found = tape.output((), precision)
        if found.sign is not None:
            return found.sign
        if found.largest < arb(2) ** -bound:
            return 0
        precision *= 2
    return None
