"""Is an assignment a solution of the problem as it was written? The last word before anything is called exact.

In: an unrolled `Problem` and one closed form for every unknown, which may hold free symbols (a family) that `given`
conditions restrict. Out: a `Verdict`. HOLDS is proved by exact arithmetic: at every admissible value of the free
symbols all values are real numbers, every statement is defined, the two sides of every equation are equal, and every
condition, difference and domain is kept. FAILS is proved too: at some admissible value (for a constant assignment:
there) one of them is broken. Nothing is taken over from whoever found the assignment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import (
    Add,
    Derivative,
    Dummy,
    Expr,
    I,
    Integer,
    Integral,
    Mul,
    Poly,
    Pow,
    Product,
    Rational,
    Subs,
    Sum,
    Symbol,
    acos,
    asin,
    log,
    nan,
    oo,
    zoo,
)
from sympy.polys.polyerrors import PolynomialError

from puzzlesolver.problem import AllDifferent, Condition, Domain, Equation, Problem, Relation, Statement
from puzzlesolver.proof import zero
from puzzlesolver.proof.implication import NoValue, follows, put_in, vanishes_identically
from puzzlesolver.proof.verdict import Verdict, conjunction, disjunction

_TOTAL_FUNCTIONS = frozenset(
    ("exp", "sin", "cos", "atan", "sinh", "cosh", "tanh", "Abs", "sign", "Max", "Min", "floor")
)
"""Functions, by SymPy's name of them, that have a real value at every real number."""


def put_back(problem: Problem, values: Mapping[Symbol, Expr], given: Sequence[Condition] = ()) -> Verdict:
    """The verdict on `values`, one closed form for each of the problem's unknowns.

    Free symbols of the values range over the reals, or over the whole numbers where they are SymPy integers or unknowns
    with a whole-number domain that stand for themselves; `given` restricts them further. Other symbols of the problem
    (those beside the targets of ``solve for``) are free symbols too.
    """
    if not problem.is_unrolled or any(symbol not in values for symbol in problem.symbols):
        return Verdict.UNDECIDED
    whole = {
        unknown.symbol: Dummy(unknown.name, integer=True)
        for unknown in problem.unknowns
        if unknown.domain.integer and values[unknown.symbol] == unknown.symbol
    }
    point = {symbol: value.xreplace(whole) for symbol, value in values.items()}
    return conjunction(_Check(point, tuple(one.at(whole) for one in given)).verdicts(problem))


def settled(problem: Problem) -> tuple[Problem, Verdict]:
    """The problem without the statements that hold no unknown, and whether these hold.

    An equation whose unknowns cancel leaves behind what must hold for it to be defined.
    """
    unknowns = set(problem.symbols)
    alone: list[Statement] = []
    left: list[Statement] = []
    for statement in problem.statements:
        pieces: tuple[Statement, ...] = (statement,)
        if isinstance(statement, Equation) and not statement.residual.free_symbols & unknowns:
            pieces = (Equation(statement.residual, Integer(0), statement.origin), *statement.defined)
        for piece in pieces:
            (left if piece.symbols & unknowns else alone).append(piece)
    return problem.part(left, problem.unknowns), put_back(Problem().part(alone), {})


@dataclass(frozen=True, slots=True)
class _Check:
    """An assignment, and the conditions on its free symbols."""

    values: Mapping[Symbol, Expr]
    given: tuple[Condition, ...]

    def verdicts(self, problem: Problem) -> Iterator[Verdict]:
        """One verdict for each thing that has to be so."""
        for symbol in problem.symbols:
            yield self.is_real(self.values[symbol])
        for unknown in problem.unknowns:
            if not unknown.domain.is_real_line:
                yield self.lies_in(self.values[unknown.symbol], unknown.domain)
        for statement in problem.statements:
            try:
                yield self.statement(statement)
            except NoValue:
                yield Verdict.UNDECIDED

    def statement(self, statement: Statement) -> Verdict:
        if isinstance(statement, Equation):
            return self.equation(statement)
        return self.all_different(statement) if isinstance(statement, AllDifferent) else self.condition(statement)

    def at(self, expression: Expr) -> Expr:
        """An expression with the values put in. Raises `NoValue` where that cannot be done."""
        if expression.has(Derivative, Integral, Product, Subs, Sum):
            expression = expression.doit()
        return put_in(expression, self.values)

    def equation(self, equation: Equation) -> Verdict:
        verdict = conjunction(self.condition(one) for one in equation.defined)
        if verdict is Verdict.FAILS:
            return verdict
        lhs, rhs = self.at(equation.lhs), self.at(equation.rhs)
        if any(side.has(zoo, nan, oo, -oo) for side in (lhs, rhs)):
            return Verdict.FAILS
        if lhs.has(I) or rhs.has(I):
            return Verdict.UNDECIDED
        return conjunction((verdict, vanishes_identically(lhs - rhs, self.given)))

    def condition(self, condition: Condition) -> Verdict:
        verdict = conjunction(self.condition(one) for one in condition.defined)
        if verdict is Verdict.FAILS:
            return verdict
        here = Condition(self.at(condition.lhs), condition.relation, self.at(condition.rhs), condition.origin)
        return conjunction((verdict, follows(here, self.given)))

    def all_different(self, condition: AllDifferent) -> Verdict:
        members = [self.at(member) for member in condition.members]
        if all(isinstance(member, Rational) for member in members):
            return Verdict.HOLDS if len(set(members)) == len(members) else Verdict.FAILS
        return conjunction(follows(pair, self.given) for pair in AllDifferent(tuple(members), condition.origin).pairs())

    def related(self, lhs: Expr, relation: Relation, rhs: Expr) -> Verdict:
        return follows(Condition(lhs, relation, rhs), self.given)

    def lies_in(self, value: Expr, domain: Domain) -> Verdict:
        """Whether a value lies in a domain."""
        if domain.members is not None:
            return self.is_member(value, domain.members)
        verdicts = [follows(bound, self.given) for bound in domain.bounds(value)]
        if domain.integer:
            verdicts.append(self.is_whole(value))
        return conjunction(verdicts)

    def is_member(self, value: Expr, members: Sequence[Expr]) -> Verdict:
        if value.free_symbols:
            same = [vanishes_identically(value - member, self.given) for member in members]
            return Verdict.HOLDS if Verdict.HOLDS in same else Verdict.UNDECIDED
        return disjunction(zero.is_zero(value - member) for member in members)

    def is_whole(self, value: Expr) -> Verdict:
        """Whether a value is a whole number: for a family, one with whole coefficients in whole symbols."""
        if isinstance(value, Rational):
            return Verdict.HOLDS if value.q == 1 else Verdict.FAILS
        if not value.free_symbols:
            whole = zero.whole_part(value)
            return Verdict.UNDECIDED if whole is None else zero.is_zero(value - Integer(whole))
        if not all(symbol.is_integer for symbol in value.free_symbols):
            return Verdict.UNDECIDED
        try:
            coefficients = Poly(value, *value.free_symbols).coeffs()
        except PolynomialError:
            return Verdict.UNDECIDED
        return Verdict.HOLDS if all(isinstance(one, Integer) for one in coefficients) else Verdict.UNDECIDED

    def is_real(self, value: Expr) -> Verdict:
        """Whether a value is a real number, for all values of its free symbols."""
        if value.has(oo, -oo, zoo, nan):
            return Verdict.FAILS
        if not value.free_symbols:
            return Verdict.HOLDS if zero.is_real(value) else Verdict.UNDECIDED
        if value.has(I):
            return Verdict.UNDECIDED
        return conjunction(self.is_defined(value))

    def is_defined(self, value: Expr) -> Iterator[Verdict]:
        """One verdict for each place in a family's value where it might not be a real number."""
        if not value.free_symbols:
            yield self.is_real(value)
            return
        if value.is_Symbol:
            yield Verdict.HOLDS if value.is_extended_real else Verdict.UNDECIDED
            return
        for part in value.args:
            yield from self.is_defined(part)
        if isinstance(value, Pow):
            yield self.power_is_defined(value.base, value.exp)
        elif isinstance(value, log):
            yield self.related(Integer(0), Relation.LESS, value.args[0])
        elif isinstance(value, (asin, acos)):
            yield self.related(value.args[0], Relation.AT_MOST, Integer(1))
            yield self.related(Integer(-1), Relation.AT_MOST, value.args[0])
        elif not isinstance(value, (Add, Mul)) and value.func.__name__ not in _TOTAL_FUNCTIONS:
            yield Verdict.UNDECIDED

    def power_is_defined(self, base: Expr, exponent: Expr) -> Verdict:
        if isinstance(exponent, Integer):
            return Verdict.HOLDS if exponent > 0 else self.related(base, Relation.NOT_EQUAL, Integer(0))
        if isinstance(exponent, Rational) and exponent > 0:
            return self.related(Integer(0), Relation.AT_MOST, base)
        return self.related(Integer(0), Relation.LESS, base)
