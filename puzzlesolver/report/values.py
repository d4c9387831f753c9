"""One value, as the report writes it: ``7``, ``36/5 = 7.2``, ``pi/6 ≈ 0.5235987756``, ``≈ 1.266381621``.

In: a `Value` and how many digits. Out: text that says "=" of what is exactly so and "≈" of what is rounded.
"""

from __future__ import annotations

import re

from sympy import Rational

from puzzlesolver.answer.solution import Value
from puzzlesolver.problem.notation import notation

LONGEST_CLOSED_FORM = 60  # A longer closed form is no help to a reader; its decimals are.
UNPROVED_DIGITS = 6  # Near a double root, float64 knows half of its digits.
ABOUT = "≈"
_QUESTION = re.compile(r"^\? ?==? ?| ?==? ?\?$")


def asked(ask: str) -> str:
    """What a ``… = ?`` asks for, without the question mark."""
    return _QUESTION.sub("", " ".join(ask.split()))


def statement(name: str, value: Value, digits: int, *, longest: int = LONGEST_CLOSED_FORM) -> str:
    """``name = …``: the closed form where there is a readable one, and decimals where those say more."""
    return f"{name} {relation(value, digits, longest=longest)}"


def relation(value: Value, digits: int, *, longest: int = LONGEST_CLOSED_FORM) -> str:
    """What follows the name: ``= 7`` or ``= pi/6 ≈ 0.5235987756`` or ``≈ 1.266381621``."""
    if value.exact is None:
        return f"{ABOUT} {_rounded(value, digits)}"
    text = notation(value.exact)
    if value.exact.free_symbols:
        return f"= {text}"
    decimal = value.decimal(digits)
    if decimal == text or value.exact.is_finite is False:
        return f"= {text}"
    exactly = isinstance(value.exact, Rational) and Rational(decimal) == value.exact
    sign = "=" if exactly else ABOUT
    if len(text) > longest:
        return f"{sign} {decimal}"
    return f"= {text} {sign} {decimal}"


def _rounded(value: Value, digits: int) -> str:
    """The decimals of a value that has no closed form; where nothing is proved, no more than the search can know."""
    return value.decimal(digits if value.interval is not None else min(digits, UNPROVED_DIGITS))


def brief(value: Value, digits: int) -> str:
    """The value alone, for a cell of a table or a grid: short closed forms of rationals, else decimals."""
    if value.exact is not None and (value.exact.free_symbols or isinstance(value.exact, Rational)):
        text = notation(value.exact)
        if value.exact.free_symbols or len(text) <= max(digits + 2, 12):
            return text
    return value.decimal(digits) if value.exact is not None else _rounded(value, digits)
