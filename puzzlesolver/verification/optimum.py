"""The best value of ``minimize`` and ``maximize``: that the listed points have it, and that no other is better.

Over finitely many points all are looked at. Elsewhere that there is no better one is not re-proved; one that is met
beside the listed points, or among small numbers, refutes the claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, combinations, islice

from sympy import Expr, Rational, Symbol

from puzzlesolver.problem import Ask, Objective
from puzzlesolver.verification import finite
from puzzlesolver.verification.asked import check_ask
from puzzlesolver.verification.budget import Budget, OutOfTime
from puzzlesolver.verification.claims import ClaimedAnswer
from puzzlesolver.verification.closed_forms import NotAClosedForm, NotUnderstood, Reader
from puzzlesolver.verification.completeness import Known
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.finite import FiniteSearch
from puzzlesolver.verification.intervals import Outside
from puzzlesolver.verification.shapes import rational, to_sympy
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.trials import Trial, Undecided, solves, trials_of
from puzzlesolver.verification.verdicts import Check, Verdict
from puzzlesolver.verification.witness import Point, candidates

STEPS = (Fraction(1), Fraction(1, 16), Fraction(1, 1024))
MOST_NEIGHBOURS = 600
SUBJECT = "best value"
SHARE = 0.5
"""Of the time left, for going through all points of finite domains."""


def check_best(
    statements: Statements,
    objective: Objective,
    answer: ClaimedAnswer,
    entries: Sequence[Entry],
    known: Sequence[Known] | None,
    budget: Budget,
) -> Iterator[Check]:
    """The checks of the best value. `known` are the listed points, None where not all of them have been verified."""
    if answer.best is None:
        yield Check(SUBJECT, Verdict.NOT_REPROVED, "the answer gives none")
        return
    ask = Ask(objective.expression, objective.origin)
    verdict, words = check_ask(ask, answer.best, statements, known, (), budget)
    yield Check(SUBJECT, verdict, words)
    if not answer.complete or verdict is Verdict.FAILS:
        return
    best = _bound(answer, objective)
    if best is None:
        yield Check("completeness", Verdict.NOT_REPROVED, "that no other point is better was not proved again")
        return
    yield _compared(statements, Trial(objective.expression - best, None), objective.maximize, entries, budget)


def _bound(answer: ClaimedAnswer, objective: Objective) -> Expr | None:
    """A number that no value is better than, as it is claimed."""
    assert answer.best is not None
    if answer.best.exact is None:
        end = answer.best.high if objective.maximize else answer.best.low
        return None if end is None else to_sympy(end)
    try:
        return Reader(()).read(answer.best.exact)
    except (NotAClosedForm, NotUnderstood):
        return None


def _compared(
    statements: Statements, difference: Trial, maximize: bool, entries: Sequence[Entry], budget: Budget
) -> Check:
    """All points of finite domains, or some of others, compared with the best ones."""
    listed = [
        {symbol: rational(value) for symbol, value in entry.values.items() if isinstance(value, Rational)}
        for entry in entries
    ]
    better = 1 if maximize else -1
    try:
        for values in FiniteSearch(statements, budget.share(SHARE)):
            sign = difference.sign(values, budget)
            if sign == better:
                return Check("completeness", Verdict.FAILS, f"{_shown(values)} is better")
            if not sign and values not in listed and len(listed) == len(entries):
                return Check("completeness", Verdict.FAILS, f"{_shown(values)} is as good and not in the list")
        return Check("completeness", Verdict.HOLDS, "search through all values of the finite domains")
    except (finite.NotFinite, Undecided, Outside):
        pass
    except OutOfTime:
        budget.check()
    trials = trials_of(statements, statements.bounds())
    points = chain.from_iterable(_around(point, statements.symbols) for point in listed)
    point: Point
    for point in chain(islice(points, MOST_NEIGHBOURS), candidates(statements, (), ())):
        if len(point) == len(statements.symbols) and solves(trials, statements.unknowns, point, budget):
            try:
                if difference.sign(point, budget) == better:
                    return Check("completeness", Verdict.FAILS, f"{_shown(point)} is better")
            except (Undecided, Outside):
                continue
    return Check("completeness", Verdict.NOT_REPROVED, "that no other point is better was not proved again")


def _around(point: Point, symbols: Sequence[Symbol]) -> Iterator[Point]:
    """Points beside one, along each unknown, and along two at a time."""
    if len(point) < len(symbols):
        return
    for step in STEPS:
        for way in (step, -step):
            for symbol in symbols:
                yield {**point, symbol: point[symbol] + way}
            for one, other in combinations(symbols, 2):
                yield {**point, one: point[one] + way, other: point[other] - way}
                yield {**point, one: point[one] + way, other: point[other] + way}


def _shown(values: Point) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in values.items())[:200]
