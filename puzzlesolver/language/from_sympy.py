"""SymPy's equations made into a `Problem`, for callers who have them already.

What a SymPy expression no longer shows (``x/x`` is 1 before anyone sees it) cannot be required; what it shows
(denominators, roots, logarithms) is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy import Basic, Eq, Expr, Ge, Gt, Le, Lt, Ne, S, Symbol, nan, oo, zoo
from sympy.logic.boolalg import BooleanAtom

from puzzlesolver.errors import Diagnostic, MeaningMistake, Severity
from puzzlesolver.problem import Condition, Domain, Equation, Origin, Problem, Relation, Unknown, real_symbol
from puzzlesolver.problem.functions import decide, expression_conditions, integer_where, merged
from puzzlesolver.problem.notation import notation

_RELATIONS = {Lt: (Relation.LESS, False), Le: (Relation.AT_MOST, False), Ne: (Relation.NOT_EQUAL, False)}
_RELATIONS |= {Gt: (Relation.LESS, True), Ge: (Relation.AT_MOST, True)}


def problem_from_sympy(
    equations: Iterable[Basic | bool], domains: Mapping[Symbol | str, Domain] | None = None, *, name: str = "puzzle"
) -> Problem:
    """The problem that relations state (`Eq`, ``<``, ``!=``, …); a plain expression is to be zero.

    Symbols become real unknowns of the same names, in alphabetical order; an integer or positive symbol gets that as
    its domain, unless `domains` says otherwise. Raises `MeaningMistake` for what is no relation between real numbers,
    and for two different symbols of one name.
    """
    given = [_relation(equation) for equation in equations]
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


def _relation(given: Any) -> Basic:
    """A relation; the truth values that SymPy makes of constant ones become constant equations again."""
    if isinstance(given, bool | BooleanAtom):
        return Eq(0 if given else 1, 0, evaluate=False)
    if isinstance(given, Eq | Lt | Le | Gt | Ge | Ne):
        return given
    if isinstance(given, Expr):
        return Eq(given, 0, evaluate=False)
    raise _mistake(f"expected an equation, an inequality or an expression, and {given!r} is none")


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
    lhs, rhs = given.lhs.xreplace(real), given.rhs.xreplace(real)
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


def _mistake(message: str) -> MeaningMistake:
    return MeaningMistake(Diagnostic(Severity.ERROR, message, None))
