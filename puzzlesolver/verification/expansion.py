"""How large an expression becomes when it is multiplied out, told without doing it."""

from __future__ import annotations

from math import comb

from sympy import Add, Expr, Integer, Mul, Pow

MOST_TERMS = 3_000


class _TooLarge(ValueError):
    pass


def is_small(expression: Expr) -> bool:
    """Whether an expression, and every function's argument in it, has a bearable number of terms multiplied out."""
    try:
        _terms(expression)
    except _TooLarge:
        return False
    return True


def _terms(e: Expr) -> int:
    if not e.args:
        return 1
    inner = [_terms(part) for part in e.args]
    if isinstance(e, Add):
        total = sum(inner)
    elif isinstance(e, Mul):
        total = 1
        for count in inner:
            total *= count
            if total > MOST_TERMS:
                raise _TooLarge
    elif isinstance(e, Pow) and isinstance(e.exp, Integer) and inner[0] > 1:
        power = abs(int(e.exp))
        if power > MOST_TERMS:
            raise _TooLarge
        total = comb(power + inner[0] - 1, power)
    else:
        total = 1
    if total > MOST_TERMS:
        raise _TooLarge
    return total
