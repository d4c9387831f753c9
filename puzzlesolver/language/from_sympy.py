"""SymPy's equations made into a `Problem`, for callers who have them already.

What a SymPy expression no longer shows (``x/x`` is 1 before anyone sees it) cannot be required; what it shows
(denominators, roots, logarithms) is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    Basic,
    CRootOf,
    Derivative,
    Eq,
    Expr,
    Float,
    Ge,
    GoldenRatio,
    Gt,
    Integral,
    LambertW,
    Le,
    Limit,
    Lt,
    Max,
    Min,
    Mod,
    Mul,
    Ne,
    Number,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    ceiling,
    cos,
    cosh,
    cot,
    csc,
    erf,
    erfc,
    exp,
    factorial,
    floor,
    gamma,
    log,
    nan,
    oo,
    preorder_traversal,
    sec,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    zoo,
)
from sympy.core.numbers import ComplexInfinity, Exp1, ImaginaryUnit, Pi
from sympy.logic.boolalg import BooleanAtom

from puzzlesolver.errors import Diagnostic, MeaningMistake, PuzzleError, Severity
from puzzlesolver.problem import Condition, Domain, Equation, Origin, Problem, Relation, Unknown, real_symbol
from puzzlesolver.problem.functions import Gcd, decide, expression_conditions, integer_where, merged
from puzzlesolver.problem.notation import notation

_RELATIONS = {Lt: (Relation.LESS, False), Le: (Relation.AT_MOST, False), Ne: (Relation.NOT_EQUAL, False)}
_RELATIONS |= {Gt: (Relation.LESS, True), Ge: (Relation.AT_MOST, True)}


def problem_from_sympy(
    equations: Basic | bool | Iterable[Basic | bool],
    domains: Mapping[Symbol | str, Domain] | None = None,
    *,
    name: str = "puzzle",
) -> Problem:
    """The problem that a relation or several state (`Eq`, ``<``, ``!=``, …); a plain expression is to be zero.

    A `Float` is the decimal that it prints as; sums, products, integrals and derivatives are worked out. Symbols become
    real unknowns of the same names, in alphabetical order; an integer or positive symbol gets that as its domain,
    unless `domains` says otherwise. Raises `MeaningMistake` for what is no relation between real numbers, or holds what
    the language has not, and for two different symbols of one name.
    """
    try:
        return _problem([_relation(one) for one in _several(equations)], domains, name)
    except PuzzleError:
        raise
    except Exception as error:  # SymPy's classes are open: what those of others may raise is not known
        raise _mistake(f"SymPy cannot make an equation of this: {type(error).__name__}: {error}") from error


def _problem(given: Sequence[Basic], domains: Mapping[Symbol | str, Domain] | None, name: str) -> Problem:
    symbols = sorted({symbol for one in given for symbol in one.free_symbols}, key=lambda symbol: str(symbol.name))
    real = {symbol: real_symbol(symbol.name) for symbol in symbols}
    if len(set(real.values())) < len(real):
        raise _mistake("two different symbols have the same name")
    stated = {str(key): domain for key, domain in (domains or {}).items()}
    unknowns = tuple(Unknown(real[symbol], stated.get(symbol.name, _assumed(symbol))) for symbol in symbols)
    whole = integer_where({unknown.name for unknown in unknowns if unknown.domain.integer})
    made = [_statement(one, real, whole) for one in given]
    return Problem(
        unknowns=unknowns,
        equations=tuple(statement for statement in made if isinstance(statement, Equation)),
        conditions=tuple(statement for statement in made if isinstance(statement, Condition)),
        name=name,
    )


def _several(given: Any) -> Iterator[Any]:
    """One relation or many, those that `And` joins one by one."""
    if isinstance(given, Basic | bool) or not isinstance(given, Iterable):
        given = (given,)
    for one in given:
        yield from one.args if isinstance(one, And) else (one,)


def _exact(side: Expr) -> Expr:
    """A side in exact numbers and functions of the language, sums and derivatives worked out."""
    for part in side.atoms(Sum, Product):
        if any(end.free_symbols for _, *ends in part.limits for end in ends):
            raise _mistake(f"'{part}' has no known number of parts", _INSTEAD[type(part).__name__])
    done = side.doit() if side.has(Sum, Product, Integral, Derivative, Limit) else side
    exact = done.xreplace({one: Rational(str(one)) for one in done.atoms(Float)} | {GoldenRatio: (1 + sqrt(5)) / 2})
    for part in preorder_traversal(exact):
        if not isinstance(part, _PLAIN) and part.func not in _FUNCTIONS:
            name = type(part).__name__
            raise _mistake(f"'{name}' is not among what is solved here", _INSTEAD.get(name))
    return exact


_PLAIN = (Symbol, Number, Add, Mul, Pow, Pi, Exp1, ImaginaryUnit, ComplexInfinity, CRootOf)
_FUNCTIONS = frozenset((exp, log, sin, cos, tan, cot, sec, csc, asin, acos, atan, atan2, sinh, cosh, tanh))
_FUNCTIONS |= {asinh, acosh, atanh, Abs, sign, Max, Min, floor, ceiling, Mod, Gcd}
_FUNCTIONS |= {gamma, factorial, erf, erfc, LambertW}
_INSTEAD = {
    "Piecewise": "write it with Abs, Max or Min, or solve one problem for each case with its condition beside it",
    "Sum": "its ends are numbers: Sum(k*x, (k, 1, 9))",
    "Product": "its ends are numbers: Product(k*x, (k, 1, 9))",
    "Or": "solve one problem for each case",
    "Indexed": "write a symbol: Symbol('a1')",
    "binomial": "write it with factorial",
}


def _relation(given: Any) -> Basic:
    """A relation; the truth values that SymPy makes of constant ones become constant equations again."""
    if isinstance(given, bool | BooleanAtom):
        return Eq(0 if given else 1, 0, evaluate=False)
    if isinstance(given, Eq | Lt | Le | Gt | Ge | Ne):
        return given
    if isinstance(given, Expr):
        return Eq(given, 0, evaluate=False)
    said = f"expected an equation, an inequality or an expression, and {given!r} is none"
    raise _mistake(said, _INSTEAD.get(type(given).__name__))


def _assumed(symbol: Symbol) -> Domain:
    """What a symbol's own assumptions say of it."""
    low: Expr = S.Zero if symbol.is_nonnegative else -oo
    high: Expr = S.Zero if symbol.is_nonpositive else oo
    low_open, high_open = bool(symbol.is_positive), bool(symbol.is_negative)
    if symbol.is_integer:
        low, high = low + int(low_open), high - int(high_open)
        low_open = high_open = False
    return Domain(
        bool(symbol.is_integer), low, high, low_open or bool(low.is_infinite), high_open or bool(high.is_infinite)
    )


def _statement(given: Any, real: Mapping[Symbol, Symbol], whole: Any) -> Equation | Condition:
    lhs, rhs = _exact(given.lhs.xreplace(real)), _exact(given.rhs.xreplace(real))
    for side in (lhs, rhs):
        if side.has(oo, -oo, zoo, nan) or side.is_real is False:
            raise _mistake(f"'{notation(side)}' is no real number")
    sign = "=" if isinstance(given, Eq) else given.rel_op
    origin = Origin(f"{notation(lhs)} {sign} {notation(rhs)}")
    required = merged(one for side in (lhs, rhs) for one in expression_conditions(side, whole))
    defined = tuple(Condition(*requirement, origin) for requirement in required if decide(requirement) is not True)
    if isinstance(given, Eq):
        return Equation(lhs, rhs, origin, defined)
    relation, swapped = _RELATIONS[type(given)]
    return Condition(rhs, relation, lhs, origin, defined) if swapped else Condition(lhs, relation, rhs, origin, defined)


def _mistake(message: str, hint: str | None = None) -> MeaningMistake:
    return MeaningMistake(Diagnostic(Severity.ERROR, message, None, hint))
