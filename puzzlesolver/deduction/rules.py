"""What one statement alone rules out: values with which it holds for no combination of the others.

In: an equation or a condition. Out: a `StatementRule`. Where few combinations are left they are all looked at, and
unknowns that differ have different values in them; where there are many, only the least and greatest values count.
What a line says of many pairs of unknowns, queens that do not attack, is a `PairsRule`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, product
from typing import Protocol

from sympy import Poly, Symbol

from puzzlesolver.deduction.arithmetic import NoNumber, Number, NumberBox, NumberForm, NumberPoint, form_of
from puzzlesolver.deduction.arithmetic import number as whole
from puzzlesolver.deduction.steps import Change, Domains
from puzzlesolver.deduction.words import all_told, known
from puzzlesolver.problem import Condition, Equation, Origin, Relation

MOST_COMBINATIONS = 8_000  # More combinations of a statement's values are not looked at one by one.

Difficulty = tuple[int, int, int]
"""What a step asks of a reader, least first: its kind, how many unknowns it weighs, how many combinations."""

GIVEN, ONLY_VALUE, ONLY_PLACE, STATEMENT, GROUP = range(5)
"""The kinds of steps, the easiest first."""


@dataclass(frozen=True, slots=True)
class Deduction:
    """What a rule finds: the lines it uses, its words, the values left of every unknown that it narrows.

    `key` names it among those of its rule, so that it can be found again. Without changes it is a contradiction.
    """

    key: tuple[int, str]
    origins: tuple[Origin, ...]
    text: str
    changes: Mapping[Symbol, tuple[Number, ...]]
    effort: Difficulty


class Rule(Protocol):
    """Something that follows from the puzzle, and what it rules out."""

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The unknowns whose values it looks at."""
        ...

    def deductions(self, domains: Domains) -> Iterator[Deduction]:
        """What it rules out now."""
        ...


Differing = Mapping[frozenset[Symbol], Origin]
"""Pairs of unknowns that differ, and the line that says so."""


@dataclass(frozen=True, slots=True)
class StatementRule:
    """A statement: its lines and words, its unknowns, whether it holds at a point, and whether it can in a box.

    `solved` are the unknowns that it determines by the others: ``top/bottom``, where bottom is not zero.
    """

    number: int
    origins: tuple[Origin, ...]
    text: str
    symbols: tuple[Symbol, ...]
    holds: Callable[[NumberPoint], bool]
    can_hold: Callable[[NumberBox], bool]
    differing: Differing = field(default_factory=dict)
    solved: Mapping[Symbol, tuple[NumberForm, NumberForm]] = field(default_factory=dict)

    def deductions(self, domains: Domains) -> Iterator[Deduction]:
        """At most one: everything that the statement rules out at once."""
        values = {symbol: domains[symbol] for symbol in self.symbols}
        open_ones = [symbol for symbol in self.symbols if len(values[symbol]) > 1]
        count = math.prod(map(len, values.values()))
        origins = list(self.origins)
        if count <= MOST_COMBINATIONS:
            left = self._supported(values, self.differing)
            if left != values and self.differing and self._supported(values, {}) != left:
                origins += dict.fromkeys(self.differing.values())
        else:
            left = self._within_bounds(values)
        changes = {symbol: left[symbol] for symbol in self.symbols if len(left[symbol]) < len(values[symbol])}
        if not changes and count and (self.symbols or self.holds({})):
            return
        fixed = {str(symbol.name): values[symbol][0] for symbol in self.symbols if len(values[symbol]) == 1}
        differently = " and all different" if len(origins) > len(self.origins) else ""
        text = f"{self.text}{known(fixed)}{differently}"
        if not all(changes.values()) or not changes:
            emptied = min(open_ones, key=lambda symbol: len(values[symbol]), default=None)
            text += ", which cannot be" if emptied is None else f", and no value is left for {emptied.name}"
            changes = {}
        else:
            end = all_told([change_of(symbol, domains[symbol], left) for symbol, left in changes.items()])
            text += "" if end.replace(" ", "") == self.text.replace(" ", "") else f", so {end}"
        yield Deduction((self.number, ""), tuple(origins), text, changes, (STATEMENT, len(open_ones), count))

    def _supported(self, values: Domains, differing: Collection[frozenset[Symbol]]) -> Domains:
        """The values that stand in some combination with which the statement holds."""
        symbols = self.symbols
        pairs = [
            (i, j) for i, j in combinations(range(len(symbols)), 2) if frozenset((symbols[i], symbols[j])) in differing
        ]
        found: list[set[Number]] = [set() for _ in symbols]
        wanted = sum(map(len, values.values()))
        for point in self._points(values):
            news = [(value, some) for value, some in zip(point, found, strict=True) if value not in some]
            if not news or any(point[i] == point[j] for i, j in pairs):
                continue
            if self.holds(dict(zip(symbols, point, strict=True))):
                wanted -= len(news)
                for value, some in news:
                    some.add(value)
                if not wanted:
                    break
        left = zip(symbols, found, strict=True)
        return {symbol: tuple(value for value in values[symbol] if value in some) for symbol, some in left}

    def _points(self, values: Domains) -> Iterator[tuple[Number, ...]]:
        """Every combination that may hold, without those that one unknown is not determined to."""
        last = max(self.solved, key=lambda symbol: len(values[symbol]), default=None)
        if last is None:
            yield from product(*values.values())
            return
        place, (top, bottom) = self.symbols.index(last), self.solved[last]
        admitted = set(values[last])
        others = [symbol for symbol in self.symbols if symbol != last]
        for point in product(*(values[symbol] for symbol in others)):
            at = dict(zip(others, point, strict=True))
            below, above = bottom.value(at), top.value(at)
            if below:
                value = Fraction(above) / below
                if value in admitted:
                    yield (*point[:place], whole(value), *point[place:])
            elif not above:
                for free in values[last]:
                    yield (*point[:place], free, *point[place:])

    def _within_bounds(self, values: Domains) -> Domains:
        """The values that bounds on the others admit, again and again until nothing changes."""
        left = dict(values)
        changed = True
        while changed and all(left.values()):
            changed = False
            for symbol in self.symbols:
                box = {other: (some[0], some[-1]) for other, some in left.items()}
                kept = tuple(value for value in left[symbol] if self.can_hold({**box, symbol: (value, value)}))
                if len(kept) < len(left[symbol]):
                    left[symbol], changed = kept, True
                    if not kept:
                        break
        return left


def change_of(symbol: Symbol, before: Sequence[Number], left: tuple[Number, ...]) -> Change:
    """The change from some values to those that are left."""
    return Change(str(symbol.name), tuple(value for value in before if value not in left), left)


def statement_rule(
    place: int,
    statement: Equation | Condition,
    text: str,
    differing: Differing,
    origins: tuple[Origin, ...] = (),
) -> StatementRule | None:
    """The rule of a statement; None where it holds functions that are not worked out by hand."""
    left, right = form_of(statement.lhs), form_of(statement.rhs)
    difference = form_of(statement.lhs - statement.rhs)
    if left is None or right is None or difference is None:
        return None
    relation = statement.relation if isinstance(statement, Condition) else None
    symbols = tuple(sorted(statement.lhs.free_symbols | statement.rhs.free_symbols, key=str))
    return StatementRule(
        place, origins or (statement.origin,), text, symbols, _holds(left, right, relation),
        _can_hold(difference, relation), among(symbols, differing), {} if relation else _solved(statement, symbols),
    )  # fmt: skip


def _solved(statement: Equation | Condition, symbols: Sequence[Symbol]) -> dict[Symbol, tuple[NumberForm, NumberForm]]:
    """What a polynomial equation says of the unknowns that it has only singly."""
    difference = statement.lhs - statement.rhs
    if not symbols or not difference.is_polynomial(*symbols):
        return {}
    found = {}
    for symbol in symbols:
        polynomial = Poly(difference, symbol)
        if polynomial.degree() == 1:
            bottom, rest = polynomial.all_coeffs()
            forms = form_of(-rest), form_of(bottom)
            if forms[0] is not None and forms[1] is not None:
                found[symbol] = forms[0], forms[1]
    return found


def among(symbols: Collection[Symbol], differing: Differing) -> Differing:
    """The pairs of some unknowns."""
    return {pair: origin for pair in map(frozenset, combinations(symbols, 2)) if (origin := differing.get(pair))}


def _holds(left: NumberForm, right: NumberForm, relation: Relation | None) -> Callable[[NumberPoint], bool]:
    def holds(at: NumberPoint) -> bool:
        try:
            one, other = left.value(at), right.value(at)
        except NoNumber:
            return False
        match relation:
            case None:
                return one == other
            case Relation.NOT_EQUAL:
                return one != other
            case Relation.AT_MOST:
                return one <= other
            case Relation.LESS:
                return one < other

    return holds


def _can_hold(difference: NumberForm, relation: Relation | None) -> Callable[[NumberBox], bool]:
    def can_hold(box: NumberBox) -> bool:
        found = difference.bounds(box)
        if found is None:
            return True
        low, high = found
        match relation:
            case None:
                return low <= 0 <= high
            case Relation.NOT_EQUAL:
                return not low == high == 0
            case Relation.AT_MOST:
                return low <= 0
            case Relation.LESS:
                return low < 0

    return can_hold


@dataclass(frozen=True, slots=True)
class PairsRule:
    """The pairs of a line, each with its own rule: all that one value rules out by the line is told at once."""

    number: int
    origin: Origin
    text: str
    pairs: tuple[StatementRule, ...]

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """All the unknowns, each once."""
        return tuple(dict.fromkeys(symbol for pair in self.pairs for symbol in pair.symbols))

    def deductions(self, domains: Domains) -> Iterator[Deduction]:
        """One for every unknown of a known value that rules something out; a contradiction by itself."""
        ruled_out: dict[Symbol, dict[Symbol, tuple[Number, ...]]] = {}
        for pair in self.pairs:
            fixed = [symbol for symbol in pair.symbols if len(domains[symbol]) == 1]
            for found in pair.deductions(domains) if fixed else ():
                if not found.changes:
                    yield Deduction((self.number, found.text), found.origins, found.text, {}, found.effort)
                changes = ruled_out.setdefault(fixed[0], {})
                for symbol, left in found.changes.items():
                    before = changes.get(symbol, domains[symbol])
                    changes[symbol] = tuple(value for value in before if value in left)
        for symbol, changes in ruled_out.items():
            if changes and all(changes.values()):
                told = all_told([change_of(other, domains[other], left) for other, left in changes.items()])
                text = f"{self.text}{known({str(symbol.name): domains[symbol][0]})}, so {told}"
                effort = (STATEMENT, len(changes), len(changes))
                yield Deduction((self.number, str(symbol.name)), (self.origin,), text, changes, effort)
