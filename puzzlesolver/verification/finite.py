"""Every solution of statements whose unknowns are whole numbers, or listed ones: a search that leaves nothing out.

Depth first, the unknown with the fewest values left first. Linear equations cut the bounds of their unknowns, also of
those that have none at the start; a statement that intervals show to be broken ends its branch; one with a single
unknown left tries all its values; members of "all different" lose what others have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from sympy import Expr, Rational, Symbol, oo

from puzzlesolver.problem import Relation
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.entries import affine_form
from puzzlesolver.verification.intervals import Interval, Number
from puzzlesolver.verification.shapes import rational
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.trials import trials_of

MOST_VALUES = 1_000_000
"""Of one unknown's domain."""
MOST_ROUNDS = 200

Values = dict[Symbol, Number]
Candidates = dict[Symbol, tuple[Number, ...]]
Bounds = dict[Symbol, tuple[Number | None, Number | None]]


class NotFinite(ValueError):
    """An unknown has infinitely many values, or too many."""


class _Row(NamedTuple):
    """``Σ factor·unknown = constant``."""

    factors: Mapping[Symbol, Fraction]
    constant: Fraction


class FiniteSearch:
    """All solutions, one at a time. Raises `NotFinite` on making it."""

    def __init__(self, statements: Statements, budget: Budget) -> None:
        self._budget = budget
        plain = [item for item in statements.different if all(isinstance(m, Symbol) for m in item.members)]
        self._different = [item.members for item in plain]
        rest = tuple(item for item in statements.different if item not in plain)  # tested in pairs
        self._tests = trials_of(replace(statements, different=rest))
        rows = [(test.relation, row) for test in self._tests if (row := _row(test.expression))]
        self._rows = [row for relation, row in rows if relation is None]
        self._unequal = [row for relation, row in rows if relation in (Relation.LESS, Relation.AT_MOST)]
        self._start = self._first_candidates(statements)

    def __iter__(self) -> Iterator[Values]:
        constant = [test for test in self._tests if not test.symbols]
        if all(test.passes({}, self._budget) for test in constant):
            yield from self._search(self._start)

    # --- the start ----------------------------------------------------------------------------------------------------

    def _first_candidates(self, statements: Statements) -> Candidates:
        bounds: Bounds = {}
        listed: Candidates = {}
        for unknown in statements.unknowns:
            domain = unknown.domain
            if domain.members is not None:
                if not all(isinstance(member, Rational) for member in domain.members):
                    raise NotFinite
                listed[unknown.symbol] = tuple(sorted(map(rational, domain.members)))
                values = listed[unknown.symbol]
                bounds[unknown.symbol] = (min(values), max(values)) if values else (Fraction(0), Fraction(-1))
            elif domain.integer:
                bounds[unknown.symbol] = (
                    _whole_end(domain.low, domain.low_open, 1),
                    _whole_end(domain.high, domain.high_open, -1),
                )
            else:
                raise NotFinite
        self._tighten(bounds)
        candidates: Candidates = {}
        for symbol, (low, high) in bounds.items():
            if symbol in listed:
                candidates[symbol] = tuple(v for v in listed[symbol] if _within(v, low, high))
                continue
            if low is None or high is None or high - low > MOST_VALUES:
                raise NotFinite
            candidates[symbol] = tuple(range(ceil(low), floor(high) + 1))
        return candidates

    def _tighten(self, bounds: Bounds) -> None:
        """Bounds from linear statements, where an end may still be missing (None)."""
        for _ in range(MOST_ROUNDS):
            self._budget.check()
            before = dict(bounds)
            for row in (*self._rows, *self._unequal):
                _cut(row, bounds, upward=True)
            for row in self._rows:
                _cut(row, bounds, upward=False)
            if bounds == before:
                return

    # --- the search ---------------------------------------------------------------------------------------------------

    def _search(self, candidates: Candidates) -> Iterator[Values]:
        self._budget.check()
        narrowed = self._propagated(candidates)
        if narrowed is None:
            return
        open_symbols = [symbol for symbol, values in narrowed.items() if len(values) > 1]
        if not open_symbols:
            values = {symbol: found[0] for symbol, found in narrowed.items()}
            if all(test.passes(values, self._budget) for test in self._tests) and self._all_differ(values):
                yield values
            return
        chosen = min(open_symbols, key=lambda symbol: len(narrowed[symbol]))
        for value in narrowed[chosen]:
            yield from self._search({**narrowed, chosen: (value,)})

    def _all_differ(self, values: Values) -> bool:
        return all(len({values[s] for s in group}) == len(group) for group in self._different)

    def _propagated(self, candidates: Candidates) -> Candidates | None:
        """The candidates less what plainly fits nowhere; None where an unknown has none left."""
        now = dict(candidates)
        for _ in range(MOST_ROUNDS):
            self._budget.check()
            before = {symbol: len(values) for symbol, values in now.items()}
            if not (self._spread(now) and self._narrow(now) and self._try_out(now)):
                return None
            if all(len(values) == before[symbol] for symbol, values in now.items()):
                return now
        return now

    def _spread(self, now: Candidates) -> bool:
        """All different: what one has, no other has; what only one can have, it has."""
        for group in self._different:
            fixed = [now[s][0] for s in group if len(now[s]) == 1]
            if len(set(fixed)) != len(fixed):
                return False
            taken = set(fixed)
            for symbol in group:
                if len(now[symbol]) > 1:
                    now[symbol] = tuple(v for v in now[symbol] if v not in taken)
                    if not now[symbol]:
                        return False
            every = {v for s in group for v in now[s]}
            if len(every) < len(group):
                return False
            if len(every) == len(group):
                for value in sorted(every):
                    holders = [s for s in group if value in now[s]]
                    if len(holders) == 1:
                        now[holders[0]] = (value,)
        return True

    def _narrow(self, now: Candidates) -> bool:
        """Bounds from linear equations, and the intervals of all statements."""
        for row in self._rows:
            bounds: Bounds = {s: (now[s][0], now[s][-1]) for s in row.factors}
            _cut(row, bounds, upward=True)
            _cut(row, bounds, upward=False)
            for symbol, (low, high) in bounds.items():
                if (low, high) != (now[symbol][0], now[symbol][-1]):
                    now[symbol] = tuple(v for v in now[symbol] if _within(v, low, high))
                    if not now[symbol]:
                        return False
        box = {symbol: Interval.of(values[0], values[-1]) for symbol, values in now.items()}
        return all(test.may_hold(box) for test in self._tests)

    def _try_out(self, now: Candidates) -> bool:
        """Statements with one unknown left: keep the values with which they hold."""
        for test in self._tests:
            left = [s for s in test.symbols if len(now[s]) > 1]
            if len(left) == 1:
                symbol = left[0]
                values = {s: now[s][0] for s in test.symbols}
                fitting = []
                for value in now[symbol]:
                    values[symbol] = value
                    if test.passes(values, self._budget):
                        fitting.append(value)
                now[symbol] = tuple(fitting)
                if not now[symbol]:
                    return False
        return True


def _within(value: Number, low: Number | None, high: Number | None) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)


def _whole_end(end: Expr, is_open: bool, inward: int) -> Fraction | None:
    if end in (oo, -oo):
        return None
    if not isinstance(end, Rational):
        raise NotFinite
    exact = Fraction(int(end.p), int(end.q))
    whole = Fraction(ceil(exact) if inward > 0 else floor(exact))
    return whole + inward if is_open and whole == exact else whole


def _row(expression: Expr) -> _Row | None:
    """The coefficients of an affine expression with rational ones; None of any other."""
    symbols = tuple(sorted(expression.free_symbols, key=str))
    form = affine_form(expression, symbols) if symbols else None
    return None if form is None else _Row(dict(zip(symbols, form[0], strict=True)), -form[1])


def _cut(row: _Row, bounds: Bounds, *, upward: bool) -> None:
    """Bounds that follow from ``Σ factor·unknown >= constant`` (`upward`), or ``<=``."""
    side = 1 if upward else -1
    tops: dict[Symbol, Fraction | None] = {}
    for symbol, factor in row.factors.items():
        low, high = bounds[symbol]
        end = high if factor * side > 0 else low
        tops[symbol] = None if end is None else factor * side * end
    missing = [symbol for symbol, top in tops.items() if top is None]
    if len(missing) > 1:
        return
    total = sum((top for top in tops.values() if top is not None), Fraction(0))
    for symbol in missing or list(row.factors):
        factor = row.factors[symbol] * side
        own = tops[symbol] or Fraction(0)
        # factor·unknown >= constant·side - (the most that the others can be)
        least = (row.constant * side - (total - own)) / factor
        low, high = bounds[symbol]
        if factor > 0 and (low is None or least > low):
            bounds[symbol] = (least, high)
        elif factor < 0 and (high is None or least < high):
            bounds[symbol] = (low, least)
