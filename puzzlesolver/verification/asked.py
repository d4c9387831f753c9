"""What the puzzle asks for with ``… = ?``, worked out again at the listed solutions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sympy import Derivative, Expr, Subs, Symbol

from puzzlesolver.problem import Ask
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.claims import ClaimedValue
from puzzlesolver.verification.closed_forms import NotAClosedForm, NotUnderstood, Reader
from puzzlesolver.verification.completeness import Known
from puzzlesolver.verification.identities import is_identically_zero
from puzzlesolver.verification.intervals import NoValue, Outside
from puzzlesolver.verification.places import Place
from puzzlesolver.verification.points import decimal_verdict
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.tape import enclosure
from puzzlesolver.verification.verdicts import Check, Verdict, worst

PRECISION = 400
_QUESTION = re.compile(r"^\? ?==? ?| ?==? ?\?$")


def check_asks(
    statements: Statements,
    claimed: Sequence[tuple[str, ClaimedValue]],
    known: Sequence[Known] | None,
    names: Sequence[Symbol],
    budget: Budget,
) -> list[Check]:
    """One check for each answer. `known` are the listed solutions, None where not all of them have been verified."""
    asks = {_normal(ask.origin.text): ask for ask in statements.asks}
    checks = []
    for text, value in claimed:
        ask = asks.get(_normal(text))
        subject = f"answer to {text[:60]}"
        if ask is None:
            checks.append(Check(subject, Verdict.FAILS, "the puzzle does not ask for this"))
        else:
            verdict, words = check_ask(ask, value, statements, known, names, budget)
            checks.append(Check(subject, verdict, words))
    answered = {_normal(text) for text, _ in claimed}
    for text in asks:
        if text not in answered:
            checks.append(Check(f"answer to {text[:60]}", Verdict.NOT_REPROVED, "the answer gives no value"))
    return checks


def _normal(text: str) -> str:
    return _QUESTION.sub("", " ".join(text.split()))


def check_ask(
    ask: Ask,
    value: ClaimedValue,
    statements: Statements,
    known: Sequence[Known] | None,
    names: Sequence[Symbol],
    budget: Budget,
) -> tuple[Verdict, str]:
    """Whether an expression has a claimed value at the listed solutions, and the words for it."""
    expression = ask.expression.doit() if ask.expression.has(Subs, Derivative) else ask.expression
    if expression.has(Subs, Derivative):
        return Verdict.NOT_REPROVED, "the derivative was not worked out"
    points: list[tuple[Place | None, Mapping[Symbol, Expr]]]
    if not expression.free_symbols & set(statements.symbols):
        points = [(Place({}), {})]
    elif known:
        points = [(item.place, item.entry.values) for item in known]
    else:
        return Verdict.NOT_REPROVED, "the solutions that it depends on are not verified"
    if value.exact is None and not value.has_box:
        return Verdict.NOT_REPROVED, "only a floating-point number is given"
    try:
        exact = None if value.exact is None else Reader(names).read(value.exact)
    except NotAClosedForm as error:
        return Verdict.FAILS, str(error)
    except NotUnderstood as error:
        return Verdict.NOT_REPROVED, str(error)
    words = {
        Verdict.HOLDS: "worked out again, exactly" if exact is not None else "worked out again, in intervals",
        Verdict.FAILS: "the value is another one",
        Verdict.NOT_REPROVED: "the value was not worked out again",
    }
    verdict = worst(_at(place, values, ask, expression, exact, value, budget) for place, values in points)
    return verdict, words[verdict]


def _at(
    place: Place | None,
    values: Mapping[Symbol, Expr],
    ask: Ask,
    expression: Expr,
    exact: Expr | None,
    value: ClaimedValue,
    budget: Budget,
) -> Verdict:
    """Whether the expression has the claimed value at one solution, or all over one family."""
    if place is None:
        placed = expression.xreplace(dict(values))
        same = exact is not None and is_identically_zero(placed - exact, budget) and not ask.defined
        return Verdict.HOLDS if same else Verdict.NOT_REPROVED
    verdicts = {place.keeps(condition, budget) for condition in ask.defined}
    if Verdict.FAILS in verdicts:
        return Verdict.FAILS
    if exact is not None:
        try:
            sign = place.sign(expression - exact, budget)
        except Outside:
            return Verdict.FAILS
        verdicts.add(Verdict.NOT_REPROVED if sign is None else Verdict.HOLDS if sign == 0 else Verdict.FAILS)
        target = Symbol("value", real=True)
        if value.decimal is not None and not exact.free_symbols:
            verdicts.add(decimal_verdict(Place({target: exact}), target, value.decimal))
    else:
        verdicts.add(_in_box(place, expression, value))
    return worst(verdicts)


def _in_box(place: Place, expression: Expr, value: ClaimedValue) -> Verdict:
    """Whether the value lies between the claimed ends, and its decimal digits are right."""
    try:
        at = {symbol: place.enclosure(symbol, PRECISION) for symbol in expression.free_symbols}
        found = enclosure(expression, PRECISION, at)
    except (NoValue, KeyError):
        return Verdict.NOT_REPROVED
    if not found.is_bounded or value.low is None or value.high is None:
        return Verdict.NOT_REPROVED
    low, high = found.ends
    if high < value.low or value.high < low:
        return Verdict.FAILS
    inside = Verdict.HOLDS if value.low <= low and high <= value.high else Verdict.NOT_REPROVED
    return inside if value.decimal is None else worst([inside, value.decimal.is_near(low, high)])
