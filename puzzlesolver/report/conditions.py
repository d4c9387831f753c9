"""Conditions and cases in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeGuard

from sympy import Symbol

from puzzlesolver.answer.solution import Claim, SymbolCase
from puzzlesolver.problem import Condition, Relation, Restriction
from puzzlesolver.problem.notation import notation, statement_notation

_TURNED = {Relation.LESS: ">", Relation.AT_MOST: ">="}


def condition_texts(conditions: Sequence[Restriction]) -> Iterator[str]:
    """Each in the words of the language, two bounds on one symbol that follow each other as one: ``0 <= x < 5``."""
    below: Condition | None = None  # a bound whose other end the next condition may be
    for condition in conditions:
        if below is not None and _is_bound(condition) and condition.lhs == below.rhs:
            yield f"{statement_notation(below)} {condition.relation.value} {notation(condition.rhs)}"
            below = None
            continue
        if below is not None:
            yield _words(below)
        below = condition if _is_bound(condition) and isinstance(condition.rhs, Symbol) else None
        if below is None:
            yield _words(condition)
    if below is not None:
        yield _words(below)


def _is_bound(condition: Restriction) -> TypeGuard[Condition]:
    return isinstance(condition, Condition) and condition.relation in _TURNED


def _words(condition: Restriction) -> str:
    """The condition alone; zero stands last."""
    if _is_bound(condition) and condition.lhs == 0:
        return f"{notation(condition.rhs)} {_TURNED[condition.relation]} 0"
    return statement_notation(condition)


def case_text(case: SymbolCase) -> str:
    """``a = 0 and b != 0: no solution``."""
    return f"{' and '.join(condition_texts(case.conditions)) or 'always'}: {_claim(case)}"


def _claim(case: SymbolCase) -> str:
    of = "" if case.equation is None else statement_notation(case.equation)
    match case.claim:
        case Claim.NOTHING:
            return f"no solution of {of}" if of else "no solution"
        case Claim.NOT_WRITTEN_OUT:
            return f"the roots of {of} are not written out"
        case Claim.EVERYTHING:
            where = " and ".join(condition_texts(case.where))
            return f"every {case.target} is a solution{where and f' where {where}'}"
        case Claim.NONE_OR_MANY:
            return "none or infinitely many solutions"
