"""Shapes of expressions that several checks look for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Abs, Expr, Mul, Pow, Rational, Symbol, sign


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
