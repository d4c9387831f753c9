"""The decimals of a family: are they those of one of its members?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor

from flint import ctx
from sympy import Expr, Rational, Symbol

from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.claims import FEWEST_ROUNDED, Decimal
from puzzlesolver.verification.constants import sign_of
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.intervals import Interval, NoValue, Outside, spanning
from puzzlesolver.verification.shapes import affine_in, to_sympy
from puzzlesolver.verification.statements import fulfils
from puzzlesolver.verification.tape import enclosure
from puzzlesolver.verification.verdicts import Verdict, worst

PRECISION = 200


def sample_verdict(entry: Entry, symbols: Sequence[Symbol], budget: Budget) -> Verdict:
    """Whether the decimals belong to one choice of the parameters, to every printed digit."""
    decimals: dict[Symbol, Decimal] = {}
    for symbol in symbols:
        decimal = entry.claim.values[str(symbol.name)].decimal
        if decimal is not None and symbol in entry.values:
            decimals[symbol] = decimal
    if not decimals:
        return Verdict.HOLDS
    longest = max(FEWEST_ROUNDED, *(decimal.digits for decimal in decimals.values()))
    at: dict[Symbol, Interval] = {}
    for t in entry.parameters:
        found = _parameter(t, entry, decimals, at, longest) or (_largest(t, entry, at) if t in entry.whole else None)
        if found is not None and t in entry.whole:
            whole = found.whole_numbers
            if not whole:
                return Verdict.FAILS
            found = spanning(whole[0], whole[0], PRECISION) if len(whole) == 1 else None
        if found is None:
            return Verdict.NOT_REPROVED
        at[t] = found
    verdict = worst(
        [_conditions(entry, at, budget), *(_agrees(entry.values[s], decimal, at) for s, decimal in decimals.items())]
    )
    if verdict is Verdict.FAILS and longest == FEWEST_ROUNDED and not all(map(_is_whole, at.values())):
        return Verdict.NOT_REPROVED  # the parameter may have been rounded, where so few digits were asked for
    return verdict


def _is_whole(x: Interval) -> bool:
    return x.is_point and x.ends[0].denominator == 1


def _parameter(
    t: Symbol, entry: Entry, decimals: Mapping[Symbol, Decimal], known: Mapping[Symbol, Interval], longest: int
) -> Interval | None:
    """The parameter's value, from the first unknown that tells it."""
    for symbol, decimal in sorted(decimals.items(), key=lambda item: entry.values[item[0]] != t):
        value = entry.values[symbol]
        if not value.has(t) or not value.free_symbols <= {t, *known}:
            continue
        form = affine_in(value, t)
        if form is None or form[0] == 0:
            continue
        # An irrational number's decimal is rounded, however short.
        is_exact = decimal.digits < longest and all(isinstance(part, Rational) for part in form)
        low, high = (decimal.value, decimal.value) if is_exact else decimal.ends
        try:
            factors, rests = (enclosure(part, PRECISION, known) for part in form)
            with ctx.workprec(PRECISION):
                found = (Interval.of(low, high) - rests) / factors
        except NoValue:
            continue
        if found.is_bounded:
            return found
    return None


def _largest(t: Symbol, entry: Entry, known: Mapping[Symbol, Interval]) -> Interval | None:
    """A whole number that moves a range: the largest with which the range begins below what is known."""
    for condition in entry.conditions:
        form = affine_in(condition.rhs - condition.lhs, t)
        if form is None or not all(part.free_symbols <= {*known} for part in form):
            continue
        try:
            factor, rest = (enclosure(part, PRECISION, known) for part in form)
            if factor.ends[1] < 0:
                with ctx.workprec(PRECISION):
                    low, high = map(floor, (rest / -factor).ends)
                return spanning(Fraction(low), Fraction(high), PRECISION) if low == high else None
        except NoValue:
            continue
    return None


def _conditions(entry: Entry, at: Mapping[Symbol, Interval], budget: Budget) -> Verdict:
    """Whether the member keeps the family's conditions, as far as that is seen."""
    verdict = Verdict.NOT_REPROVED if entry.opaque else Verdict.HOLDS
    exact = _exactly(at)
    for condition in entry.conditions:
        difference = (condition.rhs - condition.lhs).xreplace(exact)
        if difference.free_symbols:
            continue  # a rounded parameter: near enough
        try:
            sign = sign_of(difference, budget)
        except Outside:
            return Verdict.FAILS
        if sign is not None and not fulfils(sign, condition.relation):
            return Verdict.FAILS
    return verdict


def _exactly(at: Mapping[Symbol, Interval]) -> dict[Symbol, Expr]:
    """The parameters that are known exactly."""
    return {t: to_sympy(x.ends[0]) for t, x in at.items() if x.is_point}


def _agrees(value: Expr, decimal: Decimal, at: Mapping[Symbol, Interval]) -> Verdict:
    placed = value.xreplace(_exactly(at))
    if isinstance(placed, Rational):
        number = Fraction(int(placed.p), int(placed.q))
        return decimal.agrees(number, number)
    try:
        found = enclosure(value, PRECISION, at)
    except NoValue:
        return Verdict.NOT_REPROVED
    if not found.is_bounded:
        return Verdict.NOT_REPROVED
    # A rounded parameter leaves the other digits uncertain by as much.
    verdict = decimal.agrees(*found.ends)
    is_near = verdict is Verdict.NOT_REPROVED and decimal.digits >= FEWEST_ROUNDED
    return Verdict.HOLDS if is_near else verdict
