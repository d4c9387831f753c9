"""Every solution of statements whose unknowns are whole numbers, or listed ones: a search that leaves nothing out.

Depth first, the unknown with the fewest values left first. Linear equations cut the bounds of their unknowns, also of
those that have none at the start; a statement that intervals show to be broken ends its branch; one with a single
unknown left tries all its values; members of "all different" lose what others have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

from sympy import Expr, Poly, Rational, Symbol, oo
from sympy.polys.polyerrors import BasePolynomialError

from puzzlesolver.problem import Relation
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.constants import Undefined, sign_of
from puzzlesolver.verification.evaluation import NotRational, Number, Range, evaluator, range_of, sign_of_number
from puzzlesolver.verification.expansion import is_small
from puzzlesolver.verification.places import fulfils
from puzzlesolver.verification.statements import Statements

MOST_VALUES = 1_000_000
"""Of one unknown's domain."""
MOST_ROUNDS = 200

Values = dict[Symbol, Number]
Candidates = dict[Symbol, tuple[Number, ...]]
Bounds = dict[Symbol, tuple[Number | None, Number | None]]


class NotFinite(ValueError):
    """An unknown has infinitely many values, or too many."""


class Undecided(ValueError):
    """Whether a statement holds at a point is not decided."""


class _Row:
    """``Σ factor·unknown = constant``."""

    def __init__(self, factors: Mapping[Symbol, Fraction], constant: Fraction) -> None:
        self.factors, self.constant = dict(factors), constant


class _Test:
    """One statement: an expression that is to be zero, positive, not negative, or not zero."""

    def __init__(self, expression: Expr, relation: Relation | None) -> None:
        self.expression, self.relation = expression, relation
        self.symbols = frozenset(expression.free_symbols)
        try:
            self._evaluator: Callable[[Mapping[Symbol, Number]], Number] | None = evaluator(expression)
        except NotRational:
            self._evaluator = None

    def holds(self, values: Mapping[Symbol, Number], budget: Budget) -> bool:
        found = self._sign(values, budget)
        return found == 0 if self.relation is None else fulfils(found, self.relation)

    def _sign(self, values: Mapping[Symbol, Number], budget: Budget) -> int:
        try:
            if self._evaluator is not None:
                return sign_of_number(self._evaluator(values))
        except ZeroDivisionError:
            raise Undefined from None
        except NotRational:
            pass
        at = {symbol: Rational(v.numerator, v.denominator) for symbol, v in values.items()}
        found = sign_of(self.expression.xreplace(at), budget)
        if found is None:
            raise Undecided(str(self.expression))
        return found

    def may_hold(self, ranges: Mapping[Symbol, Range]) -> bool:
        """Whether the values over ranges allow it."""
        found = range_of(self.expression, ranges)
        if found is None:
            return True
        match self.relation:
            case None:
                return found[0] <= 0 <= found[1]
            case Relation.LESS:
                return found[1] > 0
            case Relation.AT_MOST:
                return found[1] >= 0
            case _:
                return any(found)


class FiniteSearch:
    """All solutions, one at a time. Raises `NotFinite` on making it."""

    def __init__(self, statements: Statements, budget: Budget) -> None:
        self._budget = budget
        self._tests = [_Test(equation.residual, None) for equation in statements.equations]
        plain = [c for equation in statements.equations for c in equation.defined]
        plain += [c for condition in statements.conditions for c in (*condition.defined, condition)]
        self._tests += [_Test(condition.rhs - condition.lhs, condition.relation) for condition in plain]
        self._different = [_members(item.members) for item in statements.different]
        for item in statements.different:
            if not all(isinstance(member, Symbol) for member in item.members):
                pairs = [(a, b) for number, a in enumerate(item.members) for b in item.members[:number]]
                self._tests += [_Test(a - b, Relation.NOT_EQUAL) for a, b in pairs]
        self._rows = [row for test in self._tests if test.relation is None and (row := _row(test.expression))]
        self._unequal = [
            (row, condition.relation) for condition in plain if (row := _row(condition.rhs - condition.lhs))
        ]
        self._start = self._first_candidates(statements)
        self._of: dict[Symbol, list[_Test]] = {symbol: [] for symbol in self._start}
        for test in self._tests:
            for symbol in sorted(test.symbols & self._start.keys(), key=str):
                self._of[symbol].append(test)

    def __iter__(self) -> Iterator[Values]:
        constant = [test for test in self._tests if not test.symbols]
        if all(_passes(test, {}, self._budget) for test in constant):
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
                listed[unknown.symbol] = tuple(
                    sorted(int(m.p) if m.q == 1 else Fraction(int(m.p), int(m.q)) for m in domain.members)
                )
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
        rows = [(row, True) for row in self._rows]
        rows += [(row, False) for row, relation in self._unequal if relation is not Relation.NOT_EQUAL]
        for _ in range(MOST_ROUNDS):
            self._budget.check()
            before = dict(bounds)
            for row, is_equation in rows:
                _cut(row, bounds, upward=True)
                if is_equation:
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
            if all(_passes(test, values, self._budget) for test in self._tests) and self._all_differ(values):
                yield values
            return
        chosen = min(open_symbols, key=lambda symbol: len(narrowed[symbol]))
        for value in narrowed[chosen]:
            yield from self._search({**narrowed, chosen: (value,)})

    def _all_differ(self, values: Values) -> bool:
        return all(len({values[s] for s in group}) == len(group) for group in self._different if group)

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
        ranges = {symbol: (values[0], values[-1]) for symbol, values in now.items()}
        return all(test.may_hold(ranges) for test in self._tests)

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
                    if _passes(test, values, self._budget):
                        fitting.append(value)
                now[symbol] = tuple(fitting)
                if not now[symbol]:
                    return False
        return True


def _members(members: Sequence[Expr]) -> tuple[Symbol, ...]:
    """The members, where all are unknowns; else () and their differences are tested in pairs."""
    return tuple(members) if all(isinstance(member, Symbol) for member in members) else ()


def _passes(test: _Test, values: Mapping[Symbol, Number], budget: Budget) -> bool:
    budget.check()
    try:
        return test.holds(values, budget)
    except Undefined:
        return False  # where it is not defined, nothing is solved


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
    symbols = sorted(expression.free_symbols, key=str)
    if not symbols or not is_small(expression) or not expression.is_polynomial(*symbols):
        return None
    try:
        found = Poly(expression, *symbols, domain="QQ")
    except BasePolynomialError:  # a coefficient that is not rational
        return None
    if found.total_degree() > 1:
        return None
    factors: dict[Symbol, Fraction] = {}
    constant = Fraction(0)
    for powers, c in found.terms():
        number = Fraction(int(c.p), int(c.q))
        if any(powers):
            factors[symbols[powers.index(1)]] = number
        else:
            constant = -number
    return _Row(factors, constant) if factors else None


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
