"""The functions of the language: their SymPy forms, and where a real expression is defined.

`FUNCTIONS` maps a name to how it is built. `function_conditions` and `power_conditions` say under which relations an
application means a real number; `expression_conditions` gathers them from a finished SymPy expression. A requirement
is a triple ``(lhs, relation, rhs)``, ready to become a `Condition`.

Forms that every engine meets: ``cbrt(x)`` is ``sign(x)*Abs(x)**(1/3)``, the real cube root; ``log10(x)`` and
``log2(x)`` are quotients of ``log``; ``n!`` is ``gamma(n + 1)``; ``mod`` is SymPy's ``Mod``, made by `real_mod`;
``gcd`` is `Gcd` below.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import (
    Abs,
    Dummy,
    Expr,
    Function,
    Indexed,
    Integer,
    Max,
    Min,
    Mod,
    Mul,
    Pow,
    Rational,
    S,
    Symbol,
    acos,
    acosh,
    asin,
    atan,
    atan2,
    atanh,
    ceiling,
    cos,
    cosh,
    cot,
    csc,
    erf,
    exp,
    floor,
    gamma,
    igcd,
    log,
    pi,
    postorder_traversal,
    sec,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)
from sympy import factorial as sympy_factorial

from puzzlesolver.problem.statements import Relation

NEVER_DEFINED = S.One
"""In place of what has no real value for any values of its unknowns; that this is so is a requirement beside it."""

Requirement = tuple[Expr, Relation, Expr]
IsInteger = Callable[[Expr], bool]


class Gcd(Function):  # type: ignore[misc]
    """The greatest common divisor of whole numbers; SymPy's own `gcd` is that of polynomials."""

    is_integer = True
    is_nonnegative = True

    @classmethod
    def eval(cls, *arguments: Any) -> Expr | None:
        if all(argument.is_Integer for argument in arguments):
            return Integer(igcd(*(int(argument) for argument in arguments)))
        return None


def real_power(base: Expr, exponent: Expr) -> Expr:
    """The power where it is real: a root of what is never positive is 0, because elsewhere it is not defined.

    SymPy takes squares out of a root, ``sqrt(x**2*(x - 3))`` is ``Abs(x)*sqrt(x - 3)``, which is not real at 0, where
    the root is. A root that is taken apart like that is one of the absolute value.
    """
    power = Pow(base, exponent)
    if not (exponent.is_Rational and not exponent.is_Integer and exponent > 0):
        return power
    if base.is_nonpositive:
        return S.Zero
    parts = [part for part in Mul.make_args(power) if part.free_symbols]
    roots = [part for part in parts if isinstance(part, Pow) and not part.exp.is_Integer]
    if len(parts) > 1 and not all(root.base.is_nonnegative for root in roots):
        return Pow(Abs(base), exponent)
    return power


def real_mod(left: Expr, right: Expr) -> Expr:
    """``left - right*floor(left/right)``, which has the sign of `right`.

    SymPy 1.14 by itself makes ``Mod(z, -3*z)`` to ``z``, which is wrong; so where the quotient is a number, it is not
    asked.
    """
    quotient = left / right
    if quotient.is_Rational:
        return (quotient - floor(quotient)) * right
    return Mod(left, right)


def real_cube_root(argument: Expr) -> Expr:
    """The real cube root of a real expression, ``-2`` at ``-8``."""
    if argument.is_nonnegative:
        return Pow(argument, Rational(1, 3))
    if argument.is_negative:
        return -Pow(-argument, Rational(1, 3))
    return sign(argument) * Pow(Abs(argument), Rational(1, 3))


@dataclass(frozen=True, slots=True)
class FunctionEntry:
    """A function of the language: its SymPy form, and how many arguments it takes (None: one or more)."""

    build: Callable[..., Expr]
    arity: int | None = 1


FUNCTIONS: dict[str, FunctionEntry] = {
    "sqrt": FunctionEntry(lambda argument: real_power(argument, S.Half)),
    "cbrt": FunctionEntry(real_cube_root),
    "exp": FunctionEntry(exp),
    "log": FunctionEntry(log),
    "log10": FunctionEntry(lambda argument: log(argument) / log(10)),
    "log2": FunctionEntry(lambda argument: log(argument) / log(2)),
    "sin": FunctionEntry(sin),
    "cos": FunctionEntry(cos),
    "tan": FunctionEntry(tan),
    "asin": FunctionEntry(asin),
    "acos": FunctionEntry(acos),
    "atan": FunctionEntry(atan),
    "atan2": FunctionEntry(atan2, 2),
    "sinh": FunctionEntry(sinh),
    "cosh": FunctionEntry(cosh),
    "tanh": FunctionEntry(tanh),
    "abs": FunctionEntry(Abs),
    "sign": FunctionEntry(sign),
    "min": FunctionEntry(Min, None),
    "max": FunctionEntry(Max, None),
    "floor": FunctionEntry(floor),
    "ceil": FunctionEntry(ceiling),
    "gcd": FunctionEntry(Gcd, None),
    "erf": FunctionEntry(erf),
    "gamma": FunctionEntry(gamma),
}
"""Every function of plain arguments; `sum`, `product` and `diff` bind names and live in the language."""

BINDERS = ("sum", "product", "diff")


def not_zero(expression: Expr) -> Iterator[Requirement]:
    """``expression != 0`` in its plainest form: one for each factor, without a sign or a power that changes nothing."""
    if expression.is_number:
        yield expression, Relation.NOT_EQUAL, S.Zero
        return
    for factor in Mul.make_args(expression.as_coeff_Mul()[1]):
        if isinstance(factor, Pow) and factor.exp.is_Rational:
            if factor.exp > 0:  # with a negative exponent it is never zero, wherever it has a value
                yield from not_zero(factor.base)
        elif isinstance(factor, Abs):
            yield from not_zero(factor.args[0])
        elif factor.is_number:
            yield factor, Relation.NOT_EQUAL, S.Zero
        else:
            plain = factor.primitive()[1]
            yield -plain if plain.could_extract_minus_sign() else plain, Relation.NOT_EQUAL, S.Zero


def not_negative(expression: Expr, relation: Relation = Relation.AT_MOST) -> Iterator[Requirement]:
    """``0 <= expression``, or ``0 < expression``, in its plainest form."""
    coefficient, rest = expression.as_independent(*expression.free_symbols, as_Add=False)
    if expression.is_number or not (coefficient.is_positive or coefficient.is_negative):
        rest = expression
    elif coefficient.is_negative:
        rest = -rest
    if isinstance(rest, Pow) and rest.exp.is_Rational and not rest.exp.is_Integer and not rest.is_number:
        strict = relation is Relation.LESS or rest.exp < 0
        yield from not_negative(rest.base, Relation.LESS if strict else Relation.AT_MOST)
    elif relation is Relation.LESS and rest.is_nonnegative and not rest.is_number:
        yield from not_zero(rest)
    else:
        yield S.Zero, relation, rest if rest.is_number else rest.primitive()[1]


def function_conditions(name: str, arguments: tuple[Expr, ...]) -> Iterator[Requirement]:
    """Where ``name(arguments)`` is a real number, in the language's names (``mod`` and ``!`` among them)."""
    first = arguments[0]
    match name:
        case "sqrt":
            yield from not_negative(first)
        case "log" | "log10" | "log2":
            yield from not_negative(first, Relation.LESS)
        case "asin" | "acos":
            yield S.NegativeOne, Relation.AT_MOST, first
            yield first, Relation.AT_MOST, S.One
        case "acosh":
            yield S.One, Relation.AT_MOST, first
        case "atanh":
            yield S.NegativeOne, Relation.LESS, first
            yield first, Relation.LESS, S.One
        case "tan" | "sec":
            yield from not_zero(cos(first))
        case "cot" | "csc":
            yield from not_zero(sin(first))
        case "atan2":
            yield from not_zero(first**2 + arguments[1] ** 2)
        case "mod":
            yield from not_zero(arguments[1])
        case "gamma" if not first.is_positive:  # its poles are 0, -1, -2, ...
            yield S.Zero, Relation.LESS, Max(first, sin(pi * first) ** 2)
        case "!":
            yield from not_negative(first)


def never_integer(_: Expr) -> bool:
    """What is known of an expression's being a whole number where no domain is known."""
    return False


def power_conditions(base: Expr, exponent: Expr, is_integer: IsInteger = never_integer) -> Iterator[Requirement]:
    """Where ``base^exponent`` is a real number.

    A positive number has every power; 0 has those from 0 on, and ``0^0`` is 1; a negative number has its whole ones.
    """
    if exponent.is_Integer:
        if exponent < 0:
            yield from not_zero(base)
    elif exponent.is_number:
        yield from not_negative(base, Relation.AT_MOST if exponent.is_positive else Relation.LESS)
    elif is_integer(exponent) or exponent.is_integer:
        if not exponent.is_nonnegative and not base.is_nonzero:
            yield S.Zero, Relation.LESS, Max(base**2, exponent + 1)
    elif base.is_number and base.is_negative:
        yield sin(pi * exponent) ** 2, Relation.AT_MOST, S.Zero
    elif base.is_number and base.is_zero:
        yield S.Zero, Relation.AT_MOST, exponent
    elif not base.is_positive:
        if not base.is_nonnegative:
            yield S.Zero, Relation.AT_MOST, Max(base, -(sin(pi * exponent) ** 2))
        if not exponent.is_nonnegative:
            yield S.Zero, Relation.LESS, Max(base**2, floor(exponent) + 1)


_LIMITED = (log, asin, acos, acosh, atanh, tan, sec, cot, csc, atan2, gamma)
_NAMES: dict[Any, str] = {**{function: function.__name__ for function in _LIMITED}, Mod: "mod", sympy_factorial: "!"}


def expression_conditions(expression: Expr, is_integer: IsInteger = never_integer) -> Iterator[Requirement]:
    """Where a finished SymPy expression is a real number, as far as its own form tells, innermost first."""
    for part in postorder_traversal(expression):
        if isinstance(part, Pow):
            yield from power_conditions(part.base, part.exp, is_integer)
        elif part.func in _NAMES:
            yield from function_conditions(_NAMES[part.func], part.args)


def merged(requirements: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """The same requirements in their order, each once; ``0 <= a`` and ``a != 0`` together are ``0 < a``."""
    kept = dict.fromkeys(requirements)
    positive: set[Expr] = set()
    for lhs, relation, rhs in kept:
        at_least = lhs == 0 and relation is Relation.AT_MOST
        if (at_least and all(one in kept for one in not_zero(rhs))) or (lhs == 0 and relation is Relation.LESS):
            positive.add(rhs)
    implied = {one for value in positive for one in not_zero(value) if _is_alone(one, value)}
    result: dict[Requirement, None] = {}
    for requirement in kept:
        if requirement[0] == 0 and requirement[1] is Relation.AT_MOST and requirement[2] in positive:
            result[S.Zero, Relation.LESS, requirement[2]] = None
        elif requirement not in implied:
            result[requirement] = None
    return tuple(result)


def _is_alone(requirement: Requirement, value: Expr) -> bool:
    return tuple(not_zero(value)) == (requirement,)


def decide(requirement: Requirement) -> bool | None:
    """Whether a requirement holds at all real points (True), at none (False), or that is not plain to see (None)."""
    lhs, relation, rhs = requirement
    difference = rhs - lhs
    if relation is Relation.NOT_EQUAL:
        zero = difference.is_zero
        if zero is None and difference.is_number:
            zero = difference.equals(0)
        return None if zero is None else not zero
    answer = difference.is_positive if relation is Relation.LESS else difference.is_nonnegative
    if answer is None and difference.is_number and difference.equals(0):
        answer = relation is Relation.AT_MOST
    return None if answer is None else bool(answer)


def integer_where(names: Collection[str]) -> IsInteger:
    """A test whether an expression is whole wherever the unknowns (and arrays) of these names are."""

    def test(expression: Expr) -> bool:
        whole = {}
        for leaf in expression.atoms(Symbol, Indexed):
            name = leaf.base.name if isinstance(leaf, Indexed) else leaf.name
            if name in names:
                whole[leaf] = Dummy(integer=True)
        return bool(expression.xreplace(whole).is_integer)

    return test
