"""Claimed solutions made into entries: texts read, names given their symbols, values shown to be real."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
from puzzlesolver.verification.verdicts import Found, Verdict

_EVERY = re.compile(r"every \S+ is a solution")
MOST_COMPLEX = 300
"""Operations of a closed form with the imaginary unit in it that is looked at."""


class Unread(ValueError):
    """There is no entry, as `found` tells."""

    def __init__(self, verdict: Verdict, words: str) -> None:
        super().__init__(words)
        self.found = Found(verdict, words)


def read_entry(
    claim: ClaimedSolution, statements: Statements, names: Sequence[Symbol], shared: Sequence[str], budget: Budget
) -> Entry:
    """The entry of a claimed solution. `names` stay symbols; `shared` are the conditions of the whole answer.

    Raises `Unread`.
    """
    expected = {str(symbol.name) for symbol in statements.symbols}
    if claim.values.keys() != expected:
        raise Unread(Verdict.FAILS, "its values are not those of the puzzle's unknowns")
    problem = _parameter_mistake(claim, statements, names)
    if problem:
        raise Unread(Verdict.FAILS, problem)
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
            raise Unread(Verdict.FAILS, f"{symbol}: {error}") from None
        except NotUnderstood as error:
            raise Unread(Verdict.NOT_REPROVED, f"{symbol}: {error}") from None
        if not closed.free_symbols:
            closed = _real(symbol, closed, budget)
        values[symbol] = closed
    lacking = [s for s in statements.symbols if s not in values and not _is_shown(claim, str(s.name))]
    if lacking:
        words = f"'{claim.evidence}' without a closed form{' or a box' * (claim.evidence != 'exact')} of {lacking[0]}"
        raise Unread(Verdict.FAILS, words)
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
    return Entry(claim, values, free, whole, tuple(conditions), opaque, tuple(names), tuple(equalities))


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


def _real(symbol: Symbol, closed: Expr, budget: Budget) -> Expr:
    """A constant as it stands, or its real part, where it is proved to be real."""
    unknown = Unread(Verdict.NOT_REPROVED, f"{symbol}: it was not shown to be real")
    if closed.has(I):
        if closed.count_ops() > MOST_COMPLEX:
            raise unknown
        real, imaginary = closed.as_real_imag()
        if real.has(I) or imaginary.has(I):
            raise unknown
        try:
            sign = sign_of(imaginary, budget)
        except Outside:
            sign = None
        if sign != 0:
            raise unknown if sign is None else Unread(Verdict.FAILS, f"{symbol}: it is not real")
        closed = real
    for condition in requirements(closed):
        try:
            sign = sign_of(condition.rhs - condition.lhs, budget)
        except Outside:
            raise Unread(Verdict.FAILS, f"{symbol}: it is not a real number") from None
        if sign is None:
            raise unknown
        if not fulfils(sign, condition.relation):
            raise Unread(Verdict.FAILS, f"{symbol}: it is not a real number")
    return closed
