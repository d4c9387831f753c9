"""The order of the checks: a `Problem` and an answer's JSON go in, a `Verification` comes out.

Nothing of what solved the puzzle is used. Every claim is read from the JSON and proved again with other means; what is
not proved again is said to be so. The time budget is looked at between and within the steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any

from sympy import Symbol
from sympy.polys.polyerrors import BasePolynomialError

from puzzlesolver.errors import MeaningMistake
from puzzlesolver.problem import Objective, Problem
from puzzlesolver.verification.asked import check_asks
from puzzlesolver.verification.blocks import blocks_of
from puzzlesolver.verification.budget import Budget, OutOfTime
from puzzlesolver.verification.claims import ClaimedAnswer, ClaimedValue, read_answer
from puzzlesolver.verification.completeness import Known, complete, constant_truth
from puzzlesolver.verification.consistency import check_lines, check_status
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.families import Family
from puzzlesolver.verification.fits import check_statistics, find_minimum
from puzzlesolver.verification.optimum import check_best
from puzzlesolver.verification.places import Place, all_apart
from puzzlesolver.verification.points import decimal_verdict, locate
from puzzlesolver.verification.reading import Unread, read_cases, read_entry
from puzzlesolver.verification.samples import sample_verdict
from puzzlesolver.verification.statements import Statements, TooMany, written_out
from puzzlesolver.verification.verdicts import Check, Found, Verdict, Verification, worst
from puzzlesolver.verification.witness import candidates, missing_point

SECONDS = 30.0
NO_TIME = "the time budget ran out"
SYMPY_RAISES = (
    ArithmeticError,
    AttributeError,
    BasePolynomialError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What SymPy may come up with on an odd expression; such a claim is not re-proved."""


def verify(problem: Problem, answer: str | Mapping[str, Any], *, seconds: float = SECONDS) -> Verification:
    """Check a finished answer, the JSON text or the object in it, against the problem that it answers.

    Raises `MeaningMistake` where the text is no answer in the published format. `seconds` is how long it may take,
    about; claims that are not reached by then are not re-proved.
    """
    budget = Budget.of(seconds)
    checks: list[Check] = []
    try:
        with budget.enforced():
            claimed = read_answer(answer, budget)
            statements = written_out(problem, budget)
            for check in _Checking(problem, statements, claimed, budget).checks():
                checks.append(check)  # one by one: what is reached in time stays
    except MeaningMistake:
        raise
    except TooMany:
        checks.append(Check("statements", Verdict.NOT_REPROVED, "too many to be written out"))
    except OutOfTime:
        checks.append(Check("the rest", Verdict.NOT_REPROVED, NO_TIME))
    except SYMPY_RAISES as error:
        checks.append(Check("the rest", Verdict.NOT_REPROVED, f"it could not be worked out ({type(error).__name__})"))
    return Verification(tuple(checks))


class _Checking:
    """One verification under way."""

    def __init__(self, problem: Problem, statements: Statements, answer: ClaimedAnswer, budget: Budget) -> None:
        self._problem, self._statements, self._answer, self._budget = problem, statements, answer, budget
        self._blocks, self._constant = blocks_of(statements)
        self._names = _other_names(statements)
        self._known: list[Known] = []
        self._entries: list[Entry] = []

    def checks(self) -> Iterator[Check]:
        yield check_status(self._problem, self._statements, self._answer)
        for number, _ in enumerate(self._answer.solutions):
            yield from self._limited(f"solution {number + 1}", self._solution(number))
        yield from self._limited("solutions", self._differences())
        if self._problem.objective is not None and self._answer.solutions:
            yield from self._limited("best value", self._best(self._problem.objective))
        elif self._answer.complete:
            yield from self._limited("completeness", self._completeness())
        yield from self._limited("answers", self._asks())
        yield from self._limited("lines", self._lines())

    def _limited(self, subject: str, checks: Iterator[Check]) -> Iterator[Check]:
        """The checks, as far as SymPy lets them come."""
        try:
            yield from checks
        except SYMPY_RAISES as error:
            yield Check(subject, Verdict.NOT_REPROVED, f"it could not be worked out ({type(error).__name__})")

    def _every(self) -> Sequence[Known] | None:
        """The solutions; None where not all of them are verified."""
        return self._known if len(self._known) == len(self._answer.solutions) else None

    def _asks(self) -> Iterator[Check]:
        yield from check_asks(self._statements, self._answer.asks, self._every(), self._names, self._budget)

    def _best(self, objective: Objective) -> Iterator[Check]:
        every = self._every()
        yield from check_best(self._statements, objective, self._answer, self._entries, every, self._budget)

    def _lines(self) -> Iterator[Check]:
        yield from check_lines(self._statements, self._answer, self._budget)

    # --- solutions ----------------------------------------------------------------------------------------------------

    def _solution(self, number: int) -> Iterator[Check]:
        subject = f"solution {number + 1}"
        claim = self._answer.solutions[number]
        self._budget.check()
        try:
            entry = read_entry(claim, self._statements, self._names, self._answer.conditions, self._budget)
        except Unread as error:
            yield Check(subject, error.found.verdict, error.found.words)
            return
        self._entries.append(entry)
        if self._problem.fit is not None:
            yield from self._estimate(subject, entry)
        else:
            yield from self._family(subject, entry) if entry.parameters else self._point(subject, entry)

    def _point(self, subject: str, entry: Entry) -> Iterator[Check]:
        found = locate(self._statements, self._blocks, entry, self._budget)
        yield Check(subject, found.verdict, found.words)
        if found.place is None:
            return
        if found.verdict is Verdict.HOLDS:
            self._known.append(Known(entry, found.place))
        yield from self._decimals(subject, entry, found.place)
        if entry.claim.multiplicity is not None:
            each = [block.multiplicity(found.place, self._budget) for block in self._blocks]
            own = None if None in each else prod(number for number in each if number is not None)
            verdict = Verdict.NOT_REPROVED
            if own is not None:
                verdict = Verdict.HOLDS if own == entry.claim.multiplicity else Verdict.FAILS
            yield Check(f"{subject}, multiplicity", verdict, f"given as {entry.claim.multiplicity}, counted as {own}")

    def _decimals(self, subject: str, entry: Entry, place: Place) -> Iterator[Check]:
        verdicts = {}
        for symbol in self._statements.symbols:
            self._budget.check()
            claim = entry.claim.values[str(symbol.name)]
            if claim.decimal is not None:
                verdicts[symbol] = decimal_verdict(place, symbol, claim.decimal)
            if symbol in entry.values and claim.has_box:
                yield Check(f"{subject}, box", Verdict.NOT_REPROVED, f"{symbol} has a closed form and a box")
        words = {
            Verdict.HOLDS: "every printed digit is right",
            Verdict.FAILS: "a printed digit of {} is wrong",
            Verdict.NOT_REPROVED: "the digits of {} were not decided",
        }
        if verdicts:
            verdict = worst(verdicts.values())
            names = _some([symbol for symbol, own in verdicts.items() if own is verdict])
            yield Check(f"{subject}, decimals", verdict, words[verdict].format(names))

    def _family(self, subject: str, entry: Entry) -> Iterator[Check]:
        family = Family(self._statements, entry, self._budget)
        found = family.verdict()
        yield Check(subject, found.verdict, found.words)
        if found.verdict is Verdict.HOLDS:
            self._known.append(Known(entry))
        verdict = sample_verdict(entry, self._statements.symbols, self._budget)
        words = {
            Verdict.HOLDS: "they are those of a member",
            Verdict.FAILS: "they are not those of a member",
            Verdict.NOT_REPROVED: "whether they are those of a member was not decided",
        }
        yield Check(f"{subject}, decimals", verdict, words[verdict])
        if entry.claim.multiplicity is not None:
            verdict, reason = Verdict.NOT_REPROVED, "it was not shown to be the same for all members"
            if found.verdict is Verdict.HOLDS and family.is_simple():
                verdict = Verdict.HOLDS if entry.claim.multiplicity == 1 else Verdict.FAILS
                reason = "it is 1: the slope is nowhere zero"
            yield Check(f"{subject}, multiplicity", verdict, reason)

    def _estimate(self, subject: str, entry: Entry) -> Iterator[Check]:
        fit = self._problem.fit
        assert fit is not None
        plain = all(unknown.domain.is_real_line for unknown in self._statements.unknowns)
        conditions = (*self._statements.relations(), *self._statements.bounds())
        constrained = bool(conditions or self._statements.equations) or not plain
        found = find_minimum(fit, entry, constrained, self._budget)
        verdict, words = found.verdict, found.words
        if found.place is not None and constrained:
            place = found.place
            kept = worst(place.keeps(condition, self._budget) for condition in conditions)
            if kept is Verdict.FAILS:
                verdict, words = Verdict.NOT_REPROVED, "the least sum of squares lies outside the conditions"
            elif kept is Verdict.NOT_REPROVED or self._statements.equations or not plain:
                verdict, words = Verdict.NOT_REPROVED, "that the estimate keeps the conditions was not proved again"
        yield Check(subject, verdict, words)
        if self._answer.complete and not (found.is_global and verdict is Verdict.HOLDS):
            yield Check("completeness", Verdict.NOT_REPROVED, "that no other fit is better was not proved again")
        if found.place is not None:
            yield from self._decimals(subject, entry, found.place)
            yield from check_statistics(fit, self._answer, found.place)
            if verdict is Verdict.HOLDS:
                self._known.append(Known(entry, found.place))
                if entry.claim.multiplicity not in (None, 1):
                    yield Check(f"{subject}, multiplicity", Verdict.FAILS, "a regular minimum counts once")

    def _differences(self) -> Iterator[Check]:
        """That no two point solutions are the same."""
        claims = self._answer.solutions
        shown = {
            (tuple((n, v.exact, v.low, v.high) for n, v in claim.values.items()), claim.parameters, claim.conditions)
            for claim in claims
        }
        if len(shown) < len(claims) and not any(_is_bare(v) for claim in claims for v in claim.values.values()):
            yield Check("solutions", Verdict.FAILS, "a solution is listed twice")
            return
        points = [item.place for item in self._known if item.place is not None]
        if len(points) < 2:
            return
        exact = [tuple(place.exact.get(s) for s in self._statements.symbols) for place in points]
        known = [values for values in exact if None not in values]
        if len(set(known)) < len(known):
            yield Check("solutions", Verdict.FAILS, "a solution is listed twice")
        elif all_apart(points, self._statements.symbols, self._budget):
            yield Check("solutions", Verdict.HOLDS, f"{len(points)} different points")
        else:
            yield Check("solutions", Verdict.NOT_REPROVED, "two solutions were not shown to be different")

    # --- the whole ----------------------------------------------------------------------------------------------------

    def _completeness(self) -> Iterator[Check]:
        if self._problem.fit is not None:
            if not self._answer.solutions:
                yield Check("completeness", Verdict.NOT_REPROVED, "that there is no best fit was not proved again")
            return  # else said with the estimate
        if self._answer.status == "answered":
            truth = constant_truth(self._constant, self._budget)
            yield Check("completeness", truth, _NOTHING_TO_SOLVE[truth])
            return
        found = self._cover()
        if found.verdict is Verdict.NOT_REPROVED and len(self._entries) == len(self._answer.solutions):
            missing = self._missing()
            found = found if missing is None else Found(Verdict.FAILS, missing)
        yield Check("completeness", found.verdict, found.words)

    def _cover(self) -> Found:
        if self._every() is None:
            return Found(Verdict.NOT_REPROVED, "not every listed solution is verified")
        cases = read_cases(self._answer.conditions, self._names)
        if cases is None:
            return Found(Verdict.NOT_REPROVED, "a condition of the answer could not be read")
        return complete(self._blocks, self._constant, self._known, cases, self._budget)

    def _missing(self) -> str | None:
        """The words of a solution that the list lacks, met by putting numbers in."""
        if any("every" in text for text in self._answer.conditions):
            return None
        points = candidates(self._statements, self._entries, self._names)
        return missing_point(self._statements, points, self._entries, self._budget)


_NOTHING_TO_SOLVE = {
    Verdict.HOLDS: "there is nothing to be solved",
    Verdict.FAILS: "a statement without unknowns is false",
    Verdict.NOT_REPROVED: "a statement without unknowns is not decided",
}


def _other_names(statements: Statements) -> tuple[Symbol, ...]:
    """The names of the puzzle that are no unknowns: after ``solve for`` they stay symbols."""
    found: set[Symbol] = set()
    for equation in statements.equations:
        found |= equation.residual.free_symbols
    for condition in statements.relations():
        found |= condition.lhs.free_symbols | condition.rhs.free_symbols
    return tuple(sorted(found - set(statements.symbols), key=str))


def _is_bare(value: ClaimedValue) -> bool:
    """Whether a value is a floating-point number alone."""
    return value.exact is None and not value.has_box


def _some(symbols: Sequence[Symbol]) -> str:
    return ", ".join(str(symbol) for symbol in symbols[:3]) + (" and others" if len(symbols) > 3 else "")
