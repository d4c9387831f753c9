"""Statements tried at numbers: each one compiled once, and decided exactly, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sympy import Expr, Symbol

from puzzlesolver.problem import Condition, Domain, Relation, Unknown
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.constants import sign_of
from puzzlesolver.verification.intervals import ZERO, Interval, Number, Outside, spanning
from puzzlesolver.verification.operations import NotRational
from puzzlesolver.verification.shapes import to_sympy
from puzzlesolver.verification.statements import Statements, fulfils
from puzzlesolver.verification.tape import NotOnTape, Tape

PRECISION = 100


class Undecided(ValueError):
    """Whether a statement holds at a point is not decided."""


class Trial:
    """One statement: an expression that is to be zero, or in a relation to zero."""

    def __init__(self, expression: Expr, relation: Relation | None) -> None:
        self.expression, self.relation = expression, relation
        self.symbols = tuple(sorted(expression.free_symbols, key=str))
        try:
            self._tape: Tape | None = Tape([expression], self.symbols)
        except NotOnTape:
            self._tape = None

    @staticmethod
    def of(condition: Condition) -> Trial:
        return Trial(condition.rhs - condition.lhs, condition.relation)

    def holds(self, values: Mapping[Symbol, Number], budget: Budget) -> bool:
        """Whether it does. Raises `Undecided`, and `Outside` where there is no real value."""
        found = self.sign(values, budget)
        return found == 0 if self.relation is None else fulfils(found, self.relation)

    def passes(self, values: Mapping[Symbol, Number], budget: Budget) -> bool:
        """The same, False where it is not defined: there nothing is solved."""
        budget.check()
        try:
            return self.holds(values, budget)
        except Outside:
            return False

    def may_pass(self, values: Mapping[Symbol, Number], budget: Budget) -> bool:
        """Whether it is not proved to be broken."""
        try:
            return not values.keys() >= set(self.symbols) or self.passes(values, budget)
        except Undecided:
            return True

    def may_hold(self, box: Mapping[Symbol, Interval]) -> bool:
        """Whether the values over a box allow the statement."""
        if self._tape is None:
            return True
        try:
            found = self._tape.output([box[symbol] for symbol in self.symbols], PRECISION)
        except Outside:
            return False
        if self.relation is None:
            return found.holds_zero
        return found != ZERO if self.relation is Relation.NOT_EQUAL else fulfils(found.high, self.relation)

    def sign(self, values: Mapping[Symbol, Number], budget: Budget) -> int:
        """The expression's sign. Raises as `holds` does."""
        point = [values[symbol] for symbol in self.symbols]
        if self._tape is not None:  # before SymPy works out what may be large
            try:
                exact = self._tape.exact(point)
                return int(exact > 0) - int(exact < 0)
            except ZeroDivisionError:
                raise Outside from None
            except NotRational:
                enclosed = self._tape.output([spanning(number, number, PRECISION) for number in point], PRECISION)
                if enclosed.sign is not None:
                    return enclosed.sign
        placed = self.expression.xreplace({s: to_sympy(value) for s, value in zip(self.symbols, point, strict=True)})
        found = sign_of(placed, budget)
        if found is None:
            raise Undecided(str(self.expression))
        return found


def trials_of(statements: Statements, conditions: Iterable[Condition] = ()) -> list[Trial]:
    """The equations, the relations, and further conditions."""
    equations = [Trial(equation.residual, None) for equation in statements.equations]
    return equations + [Trial.of(condition) for condition in (*statements.relations(), *conditions)]


def solves(
    trials: Sequence[Trial], unknowns: Sequence[Unknown], values: Mapping[Symbol, Number], budget: Budget
) -> bool:
    """Whether numbers are proved to fulfil all statements, and to be whole or listed where that is asked."""
    try:
        return all(admits(unknown.domain, values[unknown.symbol]) for unknown in unknowns) and all(
            trial.passes(values, budget) for trial in trials
        )
    except Undecided:
        return False


def admits(domain: Domain, number: Number) -> bool:
    """Whether a number is whole, or in the list, where that is asked; the ends of the domain are not looked at."""
    if domain.members is not None:
        return to_sympy(number) in domain.members
    return not domain.integer or number.denominator == 1
