"""Claimed solutions made into entries: texts read, names given their symbols, values shown to be real."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, I, Symbol

from puzzlesolver.problem import Condition, real_symbol
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.claims import ClaimedSolution
from puzzlesolver.verification.closed_forms import NotAClosedForm, NotUnderstood, Reader
from puzzlesolver.verification.constants import sign_of
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.graphs import Case
from puzzlesolver.verification.intervals import Outside
from puzzlesolver.verification.requirements import requirements
from puzzlesolver.verification.statements import Statements, fulfils
from puzzlesolver.verification.verdicts import Verdict

_EVERY = re.compile(r"every \S+ is a solution")
MOST_COMPLEX = 300
"""Operations of a closed form with the imaginary unit in it that is looked at."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An entry, or the reason why there is none."""

    entry: Entry | None
    verdict: Verdict = Verdict.HOLDS
    words: str = ""


def read_entry(
    claim: ClaimedSolution, statements: Statements, names: Sequence[Symbol], shared: Sequence[str], budget: Budget
) -> Reading:
    """The entry of a claimed solution. `names` stay symbols; `shared` are the conditions of the whole answer."""
    expected = {str(symbol.name) for symbol in statements.symbols}
    if claim.values.keys() != expected:
        return Reading(None, Verdict.FAILS, "its values are not those of the puzzle's unknowns")
    problem = _parameter_mistake(claim, statements, names)
    if problem:
        return Reading(None, Verdict.FAILS, problem)
    free = tuple(real_symbol(name) for name in claim.free)
    whole = tuple(Symbol(name, integer=True) for name in claim.integer_parameters)
    reader = Reader((*free, *whole, *names))
    values: dict[Symbol, Expr] = {}
    for symbol in statements.symbols:
        value = claim.values[str(symbol.name)]
        if value.exact is None:
            continue
        try:
            closed = reader.read(value.exact)
        except NotAClosedForm as error:
            return Reading(None, Verdict.FAILS, f"{symbol}: {error}")
        except NotUnderstood as error:
            return Reading(None, Verdict.NOT_REPROVED, f"{symbol}: {error}")
        if not closed.free_symbols:
            real = _real(closed, budget)
            if isinstance(real, Reading):
                return Reading(None, real.verdict, f"{symbol}: {real.words}")
            closed = real
        values[symbol] = closed
    lacking = [s for s in statements.symbols if s not in values and not _is_shown(claim, str(s.name))]
    if lacking:
        words = f"'{claim.evidence}' without a closed form{' or a box' * (claim.evidence != 'exact')} of {lacking[0]}"
        return Reading(None, Verdict.FAILS, words)
    conditions: list[Condition] = []
    equalities: list[Expr] = []
    opaque = False
    for text in (*claim.conditions, *(text for text in shared if ": " not in text)):
        try:
            found, zeros = reader.read_condition(text)
            conditions += found
            equalities += zeros
        except (NotAClosedForm, NotUnderstood):
            opaque = True
    entry = Entry(claim, values, free, whole, tuple(conditions), opaque, tuple(names), tuple(equalities))
    return Reading(entry)


def _is_shown(claim: ClaimedSolution, name: str) -> bool:
    """Whether a value without a closed form may be one of this evidence."""
    return claim.evidence == "numeric" or (claim.evidence == "certified" and claim.values[name].has_box)


def read_cases(texts: Sequence[str], names: Sequence[Symbol]) -> list[Case] | None:
    """What the answer's own conditions say of classes of values, ``a = 0 and b != 0: no solution``; None where that
    could not be read."""
    reader = Reader(names)
    cases = []
    for text in texts:
        head, mark, claim = text.partition(": ")
        if not mark:
            continue
        if claim != "no solution" and not _EVERY.fullmatch(claim):
            return None
        conditions: list[Condition] = []
        zeros: list[Expr] = []
        for part in head.split(" and "):
            try:
                found, equal = reader.read_condition(part)
            except (NotAClosedForm, NotUnderstood):
                return None
            conditions += found
            zeros += equal
        cases.append(Case(tuple(conditions), tuple(zeros), claim != "no solution"))
    return cases


def _parameter_mistake(claim: ClaimedSolution, statements: Statements, names: Sequence[Symbol]) -> str:
    if len(set(claim.parameters)) != len(claim.parameters):
        return "a parameter stands twice"
    if claim.dimension != len(claim.free):
        return f"its dimension is given as {claim.dimension} with {len(claim.free)} real parameters"
    for name in claim.parameters:
        if name in {str(symbol.name) for symbol in names}:
            return f"{name} is a name of the puzzle and no parameter"
    known = {str(symbol.name): symbol for symbol in statements.symbols}
    for name in claim.parameters:
        if name in known and claim.values[name].exact != name:
            return f"the free unknown {name} has another value than itself"
    return ""


def _real(closed: Expr, budget: Budget) -> Expr | Reading:
    """A constant as it stands, or its real part, where it is proved to be real."""
    if closed.has(I):
        if closed.count_ops() > MOST_COMPLEX:
            return Reading(None, Verdict.NOT_REPROVED, "it was not shown to be real")
        real, imaginary = closed.as_real_imag()
        if real.has(I) or imaginary.has(I):
            return Reading(None, Verdict.NOT_REPROVED, "it was not shown to be real")
        try:
            sign = sign_of(imaginary, budget)
        except Outside:
            return Reading(None, Verdict.NOT_REPROVED, "it was not shown to be real")
        if sign != 0:
            verdict = Verdict.NOT_REPROVED if sign is None else Verdict.FAILS
            return Reading(None, verdict, "it is not real" if sign else "it was not shown to be real")
        closed = real
    for condition in requirements(closed):
        try:
            sign = sign_of(condition.rhs - condition.lhs, budget)
        except Outside:
            return Reading(None, Verdict.FAILS, "it is not a real number")
        if sign is None:
            return Reading(None, Verdict.NOT_REPROVED, "it was not shown to be real")
        if not fulfils(sign, condition.relation):
            return Reading(None, Verdict.FAILS, "it is not a real number")
    return closed
