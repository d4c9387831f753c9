"""Statements tried at numbers: each one compiled once, and decided exactly, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sympy import Expr, Symbol

from puzzlesolver.problem import Condition, Domain, Relation, Unknown
from puzzlesolver.verification import intervals as iv
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.constants import Undefined, sign_of
from puzzlesolver.verification.evaluation import NotRational, Number, evaluator, sign_of_number, to_sympy
from puzzlesolver.verification.statements import Statements, fulfils
from puzzlesolver.verification.tape import NotOnTape, Tape

PRECISION = 100


class Undecided(ValueError):
    """Whether a statement holds at a point is not decided."""


class Trial:
    """One statement: an expression that is to be zero, or in a relation to zero."""

    def __init__(self, expression: Expr, relation: Relation | None) -> None:
        self.expression, self.relation = expression, relation
        self.symbols = frozenset(expression.free_symbols)
        self._tape: Tape | None = None
        self._order = sorted(self.symbols, key=str)
        try:
            self._evaluator: Callable[[Mapping[Symbol, Number]], Number] | None = evaluator(expression)
        except NotRational:
            self._evaluator = None
            try:
                self._tape = Tape([expression], self._order)
            except NotOnTape:
                pass

    @staticmethod
    def of(condition: Condition) -> Trial:
        return Trial(condition.rhs - condition.lhs, condition.relation)

    def holds(self, values: Mapping[Symbol, Number], budget: Budget) -> bool:
        """Whether it does. Raises `Undecided`, and `Undefined` where there is no real value."""
        found = self.sign(values, budget)
        return found == 0 if self.relation is None else fulfils(found, self.relation)

    def passes(self, values: Mapping[Symbol, Number], budget: Budget) -> bool:
        """The same, False where it is not defined: there nothing is solved."""
        budget.check()
        try:
            return self.holds(values, budget)
        except Undefined:
            return False

    def may_pass(self, values: Mapping[Symbol, Number], budget: Budget) -> bool:
        """Whether it is not proved to be broken."""
        try:
            return bool(self.symbols - values.keys()) or self.passes(values, budget)
        except Undecided:
            return True

    def sign(self, values: Mapping[Symbol, Number], budget: Budget) -> int:
        """The expression's sign. Raises as `holds` does."""
        try:
            if self._evaluator is not None:
                return sign_of_number(self._evaluator(values))
        except ZeroDivisionError:
            raise Undefined from None
        except NotRational:
            pass
        if self._tape is not None:  # before SymPy works out what may be large
            try:
                box = [iv.point(values[symbol], PRECISION) for symbol in self._order]
                found = iv.sign(self._tape.forward(box, PRECISION).outputs[0])
            except iv.Outside:
                raise Undefined from None
            if found is not None:
                return found
        found = sign_of(self.expression.xreplace({s: to_sympy(values[s]) for s in self._order}), budget)
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
