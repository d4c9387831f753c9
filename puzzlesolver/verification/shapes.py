"""Numbers and shapes of expressions: what several checks look for, and how large an expression becomes when it is
multiplied out, told without doing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import comb

from sympy import Abs, Add, Expr, Integer, Mul, Pow, Rational, Symbol, cos, cot, csc, sec, sign, sin, tan

from puzzlesolver.verification.intervals import Number

CIRCULAR = (sin, cos, tan, cot, sec, csc)
MOST_TERMS = 3_000


def rational(number: Rational) -> Number:
    """SymPy's rational number as Python's."""
    return int(number.p) if number.q == 1 else Fraction(int(number.p), int(number.q))


def to_sympy(number: Number) -> Rational:
    """The same the other way round."""
    return Rational(number.numerator, number.denominator)


def affine_in(expression: Expr, symbol: Symbol) -> tuple[Expr, Expr] | None:
    """Factor and rest of ``factor*symbol + rest``; None where it is not of this shape."""
    expanded = expression.expand()
    factor = expanded.coeff(symbol)
    rest = (expanded - factor * symbol).expand()
    return None if factor.has(symbol) or rest.has(symbol) else (factor, rest)


def determined(zeros: Iterable[Expr], symbols: Sequence[Symbol]) -> tuple[dict[Symbol, Expr], bool]:
    """The symbols that vanishing expressions determine, where these are affine in one with a number before it, and
    whether each of them determined one."""
    values: dict[Symbol, Expr] = {}
    each = True
    for zero in zeros:
        placed = zero.xreplace(values)
        forms = ((symbol, affine_in(placed, symbol)) for symbol in symbols)
        found = [(s, form) for s, form in forms if form and isinstance(form[0], Rational) and form[0] != 0]
        if found:
            symbol, (factor, rest) = found[0]
            own = {symbol: -rest / factor}
            values = {s: value.xreplace(own) for s, value in values.items()} | own
        else:
            each = False
    return values, each


def odd_roots(product: Mul) -> tuple[list[tuple[Expr, int, int]], list[Expr]]:
    """Each ``sign(b)*Abs(b)**(p/q)`` with odd p and q > 1, the power p of b's real q-th root, as (b, p, q); and the
    other factors."""
    factors, found = list(product.args), []
    for part in product.args:
        for other in factors if isinstance(part, sign) else ():
            if isinstance(other, Pow) and other.base == Abs(part.args[0]) and isinstance(other.exp, Rational):
                p, q = int(other.exp.p), int(other.exp.q)
                if p % 2 and q % 2 and q > 1:
                    factors = [f for f in factors if f is not part and f is not other]
                    found.append((part.args[0], p, q))
                    break
    return found, factors


# --- size -------------------------------------------------------------------------------------------------------------


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
