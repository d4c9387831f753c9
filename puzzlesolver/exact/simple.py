"""The shortest of a few forms of a constant, each proved to be equal to it."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Rational, expand, expand_log, radsimp

from puzzlesolver.exact import limits
from puzzlesolver.proof import zero
from puzzlesolver.proof.verdict import Verdict


def shortest(value: Expr) -> Expr:
    """The same constant in the shortest form found: a rational number where it is a simple one."""
    if isinstance(value, Rational) or value.count_ops() > limits.MOST_SHORTENED_OPERATIONS:
        return value
    return min(_forms(value), key=lambda form: (form.count_ops(), len(str(form))))


def _forms(value: Expr) -> Iterator[Expr]:
    yield value
    interval = zero.enclosure(value)
    if interval is None:
        return
    low, high = interval
    near = ((low + high) / 2).limit_denominator(limits.LARGEST_SHORT_DENOMINATOR)
    if low <= near <= high:
        number = Rational(near.numerator, near.denominator)
        if zero.is_zero(value - number) is Verdict.HOLDS:
            yield number
            return
    for rewrite in (expand, radsimp, expand_log):
        form = rewrite(value)
        if form != value and zero.is_zero(form - value) is Verdict.HOLDS:
            yield form
