"""Where a point solution lies: closed forms, a box that can be refined, or a root of a polynomial system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Expr, Rational, Symbol

from puzzlesolver.problem import Condition
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.constants import sign_of
from puzzlesolver.verification.intervals import Interval, NoValue, Outside
from puzzlesolver.verification.newton import Box, refine
from puzzlesolver.verification.root_set import RootSet
from puzzlesolver.verification.statements import fulfils
from puzzlesolver.verification.tape import NotOnTape, Tape, enclosure
from puzzlesolver.verification.verdicts import Verdict

PRECISIONS = (120, 400)
"""At which the signs of expressions in boxed values are looked for."""

MOST_COMPARED = 1_000
"""Points that are compared in pairs."""


class Boxed:
    """The only zero of equations in a box."""

    def __init__(self, tape: Tape, symbols: Sequence[Symbol], box: Box, budget: Budget) -> None:
        self._tape, self._box, self._budget = tape, box, budget
        self._place = {symbol: number for number, symbol in enumerate(symbols)}
        self._precision = 0

    @property
    def symbols(self) -> frozenset[Symbol]:
        return frozenset(self._place)

    def enclosure(self, symbol: Symbol, precision: int) -> Interval:
        if precision > self._precision:
            self._box = refine(self._tape, self._box, precision, self._budget)
            self._precision = precision
        return self._box[self._place[symbol]]


class Root:
    """A root of a polynomial system, by number."""

    def __init__(self, roots: RootSet, number: int, symbols: Sequence[Symbol]) -> None:
        self._roots, self._number, self.symbols = roots, number, frozenset(symbols)

    def enclosure(self, symbol: Symbol, precision: int) -> Interval:
        return self._roots.enclosure(symbol, self._number, precision)


class Place:
    """A point: closed forms for some unknowns, and boxes or roots for the others."""

    def __init__(self, exact: Mapping[Symbol, Expr], others: Sequence[Boxed | Root] = ()) -> None:
        self.exact = dict(exact)
        self._others = {symbol: part for part in others for symbol in sorted(part.symbols, key=str)}

    @property
    def is_exact(self) -> bool:
        return not self._others

    def enclosure(self, symbol: Symbol, precision: int) -> Interval:
        """An interval around an unknown's value. Raises `NoValue`."""
        if symbol in self.exact:
            return enclosure(self.exact[symbol], precision)
        return self._others[symbol].enclosure(symbol, precision)

    def sign(self, expression: Expr, budget: Budget) -> int | None:
        """The sign of an expression at the point, None where it is not decided. Raises `Outside`."""
        placed = expression.xreplace(self.exact)
        boxed = sorted(placed.free_symbols & self._others.keys(), key=str)
        if not boxed:
            return sign_of(placed, budget)
        try:
            for precision in PRECISIONS:
                budget.check()
                at = {symbol: self.enclosure(symbol, precision) for symbol in boxed}
                found = enclosure(placed, precision, at).sign
                if found is not None:
                    return found
        except NotOnTape:
            pass
        return None

    def keeps(self, condition: Condition, budget: Budget) -> Verdict:
        """Whether the point fulfils a condition."""
        try:
            sign = self.sign(condition.rhs - condition.lhs, budget)
        except Outside:
            return Verdict.FAILS
        if sign is None:
            return Verdict.NOT_REPROVED
        return Verdict.HOLDS if fulfils(sign, condition.relation) else Verdict.FAILS


def all_apart(places: Sequence[Place], symbols: Sequence[Symbol], budget: Budget) -> bool:
    """Whether points are proved to be pairwise different."""
    rational = {tuple(place.exact.get(s) for s in symbols) for place in places}
    if len(rational) == len(places) and all(isinstance(value, Rational) for values in rational for value in values):
        return True
    if len(places) > MOST_COMPARED:
        return False
    return all(_are_apart(one, other, symbols, budget) for n, one in enumerate(places) for other in places[:n])


def _are_apart(one: Place, other: Place, symbols: Sequence[Symbol], budget: Budget) -> bool:
    budget.check()
    for precision in (80, 300):
        for symbol in symbols:
            if one.exact.get(symbol, one) == other.exact.get(symbol, other):
                continue
            try:
                boxes = one.enclosure(symbol, precision), other.enclosure(symbol, precision)
            except NoValue:
                continue
            if not boxes[0].meets(boxes[1]):
                return True
    return False
