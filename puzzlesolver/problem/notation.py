"""SymPy expressions in the notation of the puzzle language, which reads them back as the same expressions.

`notation` takes any expression; what the language has no words for (a root of a polynomial by its number, say) comes
out in SymPy's own form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sympy import Derivative, Expr, Indexed, Mul, Pow, Rational, S, Subs, Symbol, default_sort_key
from sympy.core.function import AppliedUndef

from puzzlesolver.problem.statements import Condition, Restriction

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)
"""How tightly the outermost operation of a written expression binds."""

_FUNCTIONS = {
    "Abs": "abs",
    "ceiling": "ceil",
    "Max": "max",
    "Min": "min",
    "Gcd": "gcd",
}
_EXPONENT = re.compile(r"[eE]\d")
"""How a name begins that would read as the exponent of the number before it: ``2e3`` is 2000."""

_MANY = 60  # Above so many terms they are put in a cheaper order; SymPy's takes time and memory with their square.

_CONSTANTS = {S.Pi: "pi", S.Exp1: "exp(1)", S.Infinity: "oo"}


def notation(expression: Any) -> str:
    """The expression as the language writes it: ``3x^2 - sqrt(2)*y + 1/2``."""
    return _written(expression)[0]


def statement_notation(statement: Restriction) -> str:
    """``lhs = rhs``, or with the condition's relation."""
    sign = statement.relation.value if isinstance(statement, Condition) else "="
    return f"{notation(statement.lhs)} {sign} {notation(statement.rhs)}"


def _written(expression: Any) -> tuple[str, int]:
    """The text of an expression, and how tightly its outermost operation binds."""
    if expression in _CONSTANTS:
        return _CONSTANTS[expression], _ATOM
    if isinstance(expression, Symbol):
        return str(expression.name), _ATOM
    if isinstance(expression, Rational):
        return _number(expression)
    if isinstance(expression, Indexed):
        indices = ", ".join(notation(index) for index in expression.indices)
        return f"{expression.base.name}[{indices}]", _ATOM
    form = _FORMS.get(type(expression).__name__)
    if form is not None:
        return form(expression)
    if isinstance(expression, Expr) and expression.is_Function and not isinstance(expression, AppliedUndef):
        return _call(_FUNCTIONS.get(expression.func.__name__, expression.func.__name__), expression.args)
    return str(expression).replace("**", "^"), _SUM if not getattr(expression, "is_Atom", True) else _ATOM


def _number(value: Rational) -> tuple[str, int]:
    text = f"{value.p}" if value.q == 1 else f"{value.p}/{value.q}"
    return text, _SIGN if value < 0 else _ATOM if value.q == 1 else _PRODUCT


def _call(name: str, arguments: Any) -> tuple[str, int]:
    return f"{name}({', '.join(notation(argument) for argument in arguments)})", _ATOM


def _bracketed(expression: Any, at_least: int) -> str:
    """The text, in brackets where its outermost operation binds less tightly than what surrounds it."""
    text, binding = _written(expression)
    return text if binding >= at_least else f"({text})"


def _sum(expression: Expr) -> tuple[str, int]:
    parts: list[str] = []
    terms = (
        expression.as_ordered_terms() if len(expression.args) < _MANY else sorted(expression.args, key=default_sort_key)
    )
    for term in terms:
        text = _bracketed(term, _PRODUCT)
        if parts:
            parts.append(f" - {text[1:]}" if text.startswith("-") else f" + {text}")
        else:
            parts.append(text)
    return "".join(parts), _SUM


def _product(expression: Expr) -> tuple[str, int]:
    coefficient, rest = expression.as_coeff_Mul()
    factors = list(rest.as_ordered_factors()) if isinstance(rest, Mul) else [rest]
    above = [factor for factor in factors if not _is_below(factor)]
    below = [Pow(factor.base, -factor.exp) for factor in factors if _is_below(factor)]
    sign = "-" if coefficient < 0 else ""
    top, bottom = abs(coefficient.p), coefficient.q
    over = _joined(top, above)
    if not below and bottom == 1:
        return sign + over, _SIGN if sign else _PRODUCT
    if bottom != 1 and not above and len(below) == 1 and below[0].is_Add:
        return f"{sign}({top}/{bottom})/({notation(below[0])})", _SIGN if sign else _PRODUCT  # 1/(2(x + 1)) is another
    under = _joined(bottom, below)
    if (bottom != 1) + len(below) > 1:
        under = f"({under})"
    return f"{sign}{over}/{under}", _SIGN if sign else _PRODUCT


def _is_below(factor: Expr) -> bool:
    """Whether a factor is written below the division bar."""
    return isinstance(factor, Pow) and isinstance(factor.exp, Rational) and bool(factor.exp < 0)


def _joined(coefficient: int, factors: list[Expr]) -> str:
    """A product; a number stands directly before a factor that begins with a letter."""
    texts = [_bracketed(factor, _POWER) for factor in factors]
    if coefficient == 1 and texts:
        return "*".join(texts)
    if texts and texts[0][0].isalpha() and not _EXPONENT.match(texts[0]):
        return "*".join([f"{coefficient}{texts[0]}", *texts[1:]])
    return "*".join([str(coefficient), *texts])


def _power(expression: Expr) -> tuple[str, int]:
    base, exponent = expression.base, expression.exp
    if exponent == S.Half:
        return _call("sqrt", (base,))
    if _is_below(expression):
        return f"1/{_bracketed(Pow(base, -exponent), _POWER)}", _PRODUCT
    if base is S.Exp1:
        return _call("exp", (exponent,))
    return f"{_bracketed(base, _ATOM)}^{_bracketed(exponent, _ATOM)}", _POWER


def _modulo(expression: Expr) -> tuple[str, int]:
    left, right = expression.args
    return f"({notation(left)}) mod ({notation(right)})", _SUM


def _factorial(expression: Expr) -> tuple[str, int]:
    return f"{_bracketed(expression.args[0], _ATOM)}!", _POWER


def _derivative(expression: Derivative) -> tuple[str, int]:
    names = [notation(variable) for variable, count in expression.variable_count for _ in range(int(count))]
    return f"diff({', '.join([notation(expression.expr), *names])})", _ATOM


def _at_point(expression: Subs) -> tuple[str, int]:
    """A derivative at values of `let`: the names stand for the values."""
    return _written(expression.expr)


_FORMS: dict[str, Callable[[Any], tuple[str, int]]] = {
    "Add": _sum,
    "Mul": _product,
    "Pow": _power,
    "exp": lambda expression: _call("exp", expression.args),
    "Mod": _modulo,
    "factorial": _factorial,
    "Derivative": _derivative,
    "Subs": _at_point,
}
