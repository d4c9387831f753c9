"""The rules of a puzzle: one for every statement, for every column of a sum of words, for every last digit.

In: an unrolled `Problem` and the values of its unknowns. Out: a `Rulebook`. What no rule can be made of is named, so
that a reader knows which lines the steps make no use of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from sympy import Expr, Integer, Poly, Symbol

from puzzlesolver.deduction.arithmetic import Number, NumberPoint, form_of
from puzzlesolver.deduction.different import ALL_DIFFERENT, DifferentRule
from puzzlesolver.deduction.linear import (
    EquationColumns,
    base_of,
    columns_of,
    combinations_of,
    expression,
    positive,
    terms_of,
    written,
)
from puzzlesolver.deduction.rules import PairsRule, Rule, StatementRule, among, statement_rule
from puzzlesolver.deduction.steps import Domains
from puzzlesolver.deduction.words import together
from puzzlesolver.problem import AllDifferent, Condition, Equation, Origin, Problem, Relation, real_symbol
from puzzlesolver.problem.notation import notation

MANY = 3  # More values that are given are one step; so is what more pairs of a line say when one value is found.
LONGEST_QUOTED = 100  # Characters of a line that are quoted in every step which uses it.


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules, those of them that say which unknowns differ, and the values of all unknowns, carries included.

    `given` are the values that the puzzle states outright, where there are many, with their lines. `numbers` stand for
    the numbers from which something differs.
    """

    rules: tuple[Rule, ...]
    groups: tuple[DifferentRule, ...]
    domains: Domains
    given: Mapping[Symbol, tuple[Number, Origin]]
    numbers: tuple[Symbol, ...]
    notes: tuple[str, ...]


def rulebook(problem: Problem, domains: Domains) -> Rulebook:
    """The rules of a puzzle."""
    writer = _Writer(problem, domains)
    writer.write()
    notes = []
    if writer.carries:
        names = ", ".join(str(symbol.name) for symbol in writer.carries)
        notes.append(f"{names}: what is carried from one column to the next, from the right")
    if writer.unused:
        lines = "; ".join(dict.fromkeys(_place(origin) for origin in writer.unused))
        notes.append(f"not used by the steps, only checked at the end: {lines}")
    return Rulebook(
        tuple(writer.rules),
        tuple(writer.groups),
        {**domains, **writer.carries, **writer.numbers},
        writer.given,
        tuple(writer.numbers),
        tuple(notes),
    )


class _Writer:
    def __init__(self, problem: Problem, domains: Domains) -> None:
        self.problem, self.domains = problem, domains
        self.rules: list[Rule] = []
        self.groups: list[DifferentRule] = []
        self.carries: dict[Symbol, tuple[Number, ...]] = {}
        self.given: dict[Symbol, tuple[Number, Origin]] = {}
        self.numbers: dict[Symbol, tuple[Number, ...]] = {}
        self._pairs: set[Condition] = set()
        self.unused: list[Origin] = []
        self._linear: list[tuple[dict[Symbol | None, Fraction], Origin]] = []
        self._often = Counter(one.origin for one in problem.statements)
        self._differing: dict[frozenset[Symbol], Origin] = {}
        self._base = base_of(domains)

    def write(self) -> None:
        """Groups first: the statements look at what differs."""
        for condition in self.problem.conditions:
            if isinstance(condition, AllDifferent):
                self._group(condition)
            elif condition.relation is Relation.NOT_EQUAL and not condition.defined:
                self._pair(condition)
        self._givens()
        unequal: dict[Origin, list[Condition]] = {}
        for equation in self.problem.equations:
            for condition in equation.defined:
                self._statement(condition)
            if not self._is_given(equation):
                self._equation(equation)
        for condition in self.problem.conditions:
            if isinstance(condition, Condition):
                for one in condition.defined:
                    self._statement(one)
                if condition not in self._pairs and condition.relation is Relation.NOT_EQUAL:
                    unequal.setdefault(condition.origin, []).append(condition)
                elif condition not in self._pairs:
                    self._statement(condition)
        for conditions in unequal.values():
            self._unequal(conditions)
        self._combined()

    # --- what differs -------------------------------------------------------------------------------------------------

    def _group(self, statement: AllDifferent) -> None:
        members = [self._member(member) for member in statement.members]
        symbols = [member for member in members if member is not None]
        if len(set(symbols)) == len(statement.members):
            names = [str(symbol.name) for symbol in symbols]
            is_instance = self._often[statement.origin] > 1
            text = f"{ALL_DIFFERENT}{together(names)}" if is_instance else _one_line(statement.origin)
            self._add_group(statement.origin, text, symbols)
            return
        self._unequal([*statement.pairs()])

    def _pair(self, condition: Condition) -> None:
        """Two unknowns that are said to differ, or an unknown and a number."""
        symbols = [self._member(side) for side in (condition.lhs, condition.rhs)]
        if symbols[0] is not None and symbols[1] is not None and symbols[0] != symbols[1]:
            self._add_group(condition.origin, self._text(condition), [symbols[0], symbols[1]])
            self._pairs.add(condition)

    def _unequal(self, conditions: Sequence[Condition]) -> None:
        """The inequalities of one line: those of pairs together, where there are many."""
        rules = [
            statement_rule(len(self.rules), one, self._text(one, is_instance=len(conditions) > 1), self._differing)
            for one in conditions
        ]
        pairs = [rule for rule in rules if rule is not None and len(rule.symbols) == 2]
        if len(pairs) <= MANY or len(pairs) < len(rules):
            for one in conditions:
                self._statement(one, is_instance=len(conditions) > 1)
            return
        self.rules.append(PairsRule(len(self.rules), pairs[0].origins[0], _one_line(pairs[0].origins[0]), tuple(pairs)))

    def _member(self, member: Expr) -> Symbol | None:
        """The unknown that a member is; a number stands for an unknown that has no other value."""
        if isinstance(member, Integer):
            symbol = real_symbol(str(member))
            self.numbers[symbol] = (int(member),)
            return symbol
        return member if isinstance(member, Symbol) and member in self.domains else None

    def _add_group(self, origin: Origin, text: str, symbols: Sequence[Symbol]) -> None:
        group = DifferentRule(len(self.rules), origin, text, tuple(symbols))
        self.rules.append(group)
        self.groups.append(group)
        for pair in combinations(symbols, 2):
            self._differing.setdefault(frozenset(pair), origin)

    # --- values that are given ----------------------------------------------------------------------------------------

    def _givens(self) -> None:
        found = {}
        for equation in self.problem.equations:
            if isinstance(equation.lhs, Symbol) and isinstance(equation.rhs, Integer) and not equation.defined:
                value = int(equation.rhs)
                if value in self.domains.get(equation.lhs, ()) and equation.lhs not in found:
                    found[equation.lhs] = (value, equation.origin)
        if len(found) > MANY:
            self.given.update(found)

    def _is_given(self, equation: Equation) -> bool:
        known = self.given.get(equation.lhs)
        return known is not None and bool(known[0] == equation.rhs)

    # --- statements ---------------------------------------------------------------------------------------------------

    def _statement(self, statement: Equation | Condition, *, is_instance: bool = False) -> None:
        self._add(statement, self._text(statement, is_instance=is_instance))

    def _text(self, statement: Equation | Condition, *, is_instance: bool = False) -> str:
        """The line's own words, and which case of them it is where they say several things."""
        text = _one_line(statement.origin)
        if is_instance or self._often[statement.origin] > 1 or not text:
            sign = "=" if isinstance(statement, Equation) else statement.relation.value
            instance = f"{notation(statement.lhs)} {sign} {notation(statement.rhs)}"
            text = f"{text}, here {instance}" if text else instance
        return text

    def _add(self, statement: Equation | Condition, text: str, origins: tuple[Origin, ...] = ()) -> None:
        rule = statement_rule(len(self.rules), statement, text, self._differing, origins)
        if rule is None or not all(symbol in self.domains or symbol in self.carries for symbol in rule.symbols):
            self.unused.append(statement.origin)
        else:
            self.rules.append(rule)

    def _equation(self, equation: Equation) -> None:
        columns = self._columns(equation)
        if columns is not None:  # together they say the same as the sum, and are easier to follow
            self.carries.update(columns.carries)
            for column in columns.columns:
                self._add(column.equation, f"{_one_line(equation.origin)}, {column.name}: {_cut(column.text)}")
            return
        if (terms := terms_of(equation.residual)) is not None and len(terms) > 1:
            self._linear.append((self._without_given(terms), equation.origin))
        if (ending := self._last_digits(equation)) is not None:
            self.rules.append(ending)
        self._statement(equation)

    # --- several lines together ---------------------------------------------------------------------------------------

    def _without_given(self, terms: Mapping[Symbol | None, Fraction]) -> dict[Symbol | None, Fraction]:
        rest: dict[Symbol | None, Fraction] = {}
        for symbol, a in terms.items():
            known = self.given.get(symbol) if symbol is not None else None
            to, add = (symbol, a) if known is None else (None, a * known[0])
            rest[to] = rest.get(to, Fraction(0)) + add
        return rest

    def _combined(self) -> None:
        """What linear equations say together of one or two unknowns; sums of all the values of a group included."""
        rows = list(self._linear) if len(self._linear) > 1 else []
        for group in self.groups if rows else ():
            own = {**self.domains, **self.numbers}
            values = {value for symbol in group.symbols for value in own[symbol]}
            if len(values) == len(group.symbols):
                terms: dict[Symbol | None, Fraction] = {None: -Fraction(sum(values))}
                for symbol in group.symbols:
                    known = self.numbers.get(symbol)
                    to, add = (symbol, Fraction(1)) if known is None else (None, Fraction(known[0]))
                    terms[to] = terms.get(to, Fraction(0)) + add
                rows.append((self._without_given(terms), group.origin))
        order = tuple(self.domains)
        for combination in combinations_of([row for row, _ in rows], order):
            sides = positive(combination.terms, {}), positive({}, combination.terms)
            origins = tuple(dict.fromkeys(rows[part][1] for part in combination.parts))
            text = f"combined, {written(sides[0], order)} = {written(sides[1], order)}"
            self._add(Equation(expression(sides[0]), expression(sides[1]), origins[0]), text, origins)

    def _columns(self, equation: Equation) -> EquationColumns | None:
        if self._base is None:
            return None
        symbols = equation.lhs.free_symbols | equation.rhs.free_symbols
        own = {symbol: values for symbol, values in self.domains.items() if symbol in symbols}
        taken = {str(symbol.name) for symbol in (*self.domains, *self.carries)}
        return columns_of(equation, own, self._base, taken)

    def _last_digits(self, equation: Equation) -> StatementRule | None:
        """Both sides end in one digit, where that says something of fewer unknowns."""
        base = self._base
        one, other = (None if base is None else _ending(side, base) for side in (equation.lhs, equation.rhs))
        if base is None or one is None or other is None:
            return None
        symbols = tuple(sorted(one.free_symbols | other.free_symbols, key=str))
        left, right = form_of(one), form_of(other)
        if not 0 < len(symbols) < len(equation.residual.free_symbols) or left is None or right is None:
            return None

        def holds(at: NumberPoint) -> bool:
            return (left.value(at) - right.value(at)) % base == 0

        text = f"{_one_line(equation.origin)}, last digits: {notation(one)} ends like {notation(other)}"
        return StatementRule(
            len(self.rules), (equation.origin,), text, symbols, holds, lambda box: True, among(symbols, self._differing)
        )


def _ending(side: Expr, base: int) -> Expr | None:
    """A side without the multiples of the base; None where it is no whole-number polynomial."""
    symbols = sorted(side.free_symbols, key=str)
    if not symbols or not side.is_polynomial(*symbols):
        return side if isinstance(side, Integer) else None
    polynomial = Poly(side, *symbols)
    if not all(isinstance(a, Integer) for a in polynomial.coeffs()):
        return None
    return Poly({powers: int(a) % base for powers, a in polynomial.terms()}, *symbols).as_expr()


def _one_line(origin: Origin) -> str:
    return _cut(" ".join(origin.text.split()))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTED else f"{text[: LONGEST_QUOTED - 2]} …"


def _place(origin: Origin) -> str:
    return f"line {origin.line}: {_one_line(origin)}" if origin.line else _one_line(origin)
