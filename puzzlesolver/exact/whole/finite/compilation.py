"""A problem's statements as constraints of a CP-SAT model.

In: a `Problem` and the values each unknown can have. Out: a `Compiled` model whose solutions, projected to the
unknowns, are the problem's. A value is a quotient of two whole-number forms, so that a division need not come out
whole. What has no form of its own is tabulated over the values of its unknowns; a combination at which a function has
no real value is forbidden, because a statement that is not defined does not hold.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from itertools import product

from sympy import Abs, Add, Expr, Integer, Max, Min, Mod, Mul, Pow, Rational, Symbol, ceiling, floor

from puzzlesolver.answer.reasons import Why
from puzzlesolver.exact import limits
from puzzlesolver.exact.whole.finite.model import ONE, BoundedForm, Model, Ratio, Unmodelled, constant
from puzzlesolver.exact.whole.finite.ranges import Values
from puzzlesolver.problem import AllDifferent, Condition, Problem, Relation
from puzzlesolver.problem.statements import Statement
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Compiled:
    """The model; `places` tells the variable of each unknown, in order, and what to divide its value by."""

    model: Model
    places: tuple[tuple[int, int], ...]


def compile_problem(problem: Problem, values: Mapping[Symbol, Values]) -> Compiled:
    """The model of a problem. Raises `Unmodelled` where it has a statement that cannot be said."""
    tabulated: set[Expr | Statement] = set()
    while True:
        compiler = _Compiler(values, frozenset(tabulated))
        try:
            for statement in problem.statements:
                compiler.require(statement)
        except _Tabulate as wanted:  # begin again, so that no variable of the failed attempt is left over
            tabulated.add(wanted.what)
        else:
            return Compiled(compiler.model, tuple(compiler.places))


def compile_objective(
    problem: Problem, values: Mapping[Symbol, Values], objective: Expr
) -> tuple[Compiled, BoundedForm]:
    """The model of a problem, and the objective as a form, up to a positive factor.

    Raises `Unmodelled` where the objective is no quotient of a whole-number form by a whole number.
    """
    compiler = _Compiler(values, frozenset())
    try:
        for statement in problem.statements:
            compiler.require(statement)
        ratio = compiler.ratio(objective)
    except _Tabulate as wanted:
        raise Unmodelled(Why.NO_WHOLE_FORM(wanted.what)) from None
    if not ratio.bottom.is_constant:
        raise Unmodelled(Why.IS_QUOTIENT(objective))
    return Compiled(compiler.model, tuple(compiler.places)), ratio.top


class _Tabulate(Exception):
    """What has no form of its own, and is to be tabulated."""

    def __init__(self, what: Expr | Statement) -> None:
        super().__init__(what)
        self.what = what


class _Compiler:
    def __init__(self, values: Mapping[Symbol, Values], tabulated: frozenset[Expr | Statement]) -> None:
        self.model = Model()
        self.places: list[tuple[int, int]] = []
        self._tables = tabulated
        self._known: dict[Expr, Ratio] = {}
        for symbol, admissible in values.items():
            common = math.lcm(*(value.denominator for value in admissible)) if len(admissible) else 1
            whole = admissible if isinstance(admissible, range) else [int(value * common) for value in admissible]
            form = self.model.variable(whole)
            self.places.append((next(iter(form.coefficients)), common))
            self._known[symbol] = Ratio(form, constant(common))

    # --- statements ---------------------------------------------------------------------------------------------------

    def require(self, statement: Statement) -> None:
        """The statement holds."""
        if statement in self._tables:
            self._allow(statement)
            return
        try:
            self._require(statement)
        except Unmodelled:
            raise _Tabulate(statement) from None

    def _require(self, statement: Statement) -> None:
        if isinstance(statement, AllDifferent):
            self._different([self.ratio(member) for member in statement.members])
            return
        for condition in statement.defined:
            self.require(condition)
        relation = statement.relation if isinstance(statement, Condition) else None
        difference = self._difference(self.ratio(statement.lhs), self.ratio(statement.rhs), relation)
        match relation:
            case None:
                self.model.require_zero(difference)
            case Relation.NOT_EQUAL:
                self.model.require_nonzero(difference)
            case Relation.AT_MOST:
                self.model.require_at_most(difference)
            case Relation.LESS:
                self.model.require_at_most(difference.shifted(1))

    def _difference(self, lhs: Ratio, rhs: Ratio, relation: Relation | None) -> BoundedForm:
        """A form with the sign of ``lhs - rhs``, or at least zero where that is."""
        one, other, bottom = self._over_common(lhs, rhs)
        top = self.model.sum([one, other.scaled(-1)])
        if relation in (None, Relation.NOT_EQUAL) or bottom.low > 0:
            return top
        return top.scaled(-1) if bottom.high < 0 else self.model.product(top, bottom)

    def _different(self, members: Sequence[Ratio]) -> None:
        common = 1
        for member in members:
            if not member.bottom.is_constant:
                raise Unmodelled(Why.QUOTIENT_DIFFERENCES())
            common = math.lcm(common, member.bottom.constant)
        tops = [member.top.scaled(common // member.bottom.constant) for member in members]
        self.model.require_different(tops)

    def _over_common(self, one: Ratio, other: Ratio) -> tuple[BoundedForm, BoundedForm, BoundedForm]:
        """Two tops over one bottom."""
        if one.bottom == other.bottom:
            return one.top, other.top, one.bottom
        if one.bottom.is_constant and other.bottom.is_constant:
            common = math.lcm(one.bottom.constant, other.bottom.constant)
            tops = [ratio.top.scaled(common // ratio.bottom.constant) for ratio in (one, other)]
            return tops[0], tops[1], constant(common)
        times = self.model.product
        bottom = times(one.bottom, other.bottom)
        return times(one.top, other.bottom), times(other.top, one.bottom), bottom

    # --- expressions --------------------------------------------------------------------------------------------------

    def ratio(self, expression: Expr) -> Ratio:
        """The value of an expression."""
        if expression not in self._known:
            if expression in self._tables:
                self._known[expression] = self._tabulated(expression)
            else:
                try:
                    self._known[expression] = self._ratio(expression)
                except Unmodelled:
                    raise _Tabulate(expression) from None
        return self._known[expression]

    def _ratio(self, expression: Expr) -> Ratio:
        match expression:
            case Rational():
                return Ratio(constant(int(expression.p)), constant(int(expression.q)))
            case Add():
                return self._added([self.ratio(part) for part in expression.args])
            case Mul():
                return reduce(self._multiplied, map(self.ratio, expression.args))
            case Pow(exp=Integer()) if abs(int(expression.exp)) <= limits.LARGEST_POWER:
                return self._power(self.ratio(expression.base), int(expression.exp))
            case Abs():
                inner = self.ratio(expression.args[0])
                return Ratio(self.model.absolute(inner.top), self.model.absolute(inner.bottom))
            case Max() | Min():
                return self._extreme([self.ratio(part) for part in expression.args], isinstance(expression, Max))
            case floor():
                return Ratio(self._floor(self.ratio(expression.args[0])))
            case ceiling():
                return Ratio(self._floor(self._negated(self.ratio(expression.args[0]))).scaled(-1))
            case Mod():
                return self._remainder(*map(self.ratio, expression.args))
            case _:
                raise Unmodelled(Why.NO_WHOLE_FORM(expression))

    def _added(self, ratios: Sequence[Ratio]) -> Ratio:
        constant_ones = [ratio for ratio in ratios if ratio.bottom.is_constant]
        common = math.lcm(*(ratio.bottom.constant for ratio in constant_ones)) if constant_ones else 1
        tops = [ratio.top.scaled(common // ratio.bottom.constant) for ratio in constant_ones]
        total = Ratio(self.model.sum(tops), constant(common))
        for ratio in ratios:
            if not ratio.bottom.is_constant:
                one, other, bottom = self._over_common(total, ratio)
                total = Ratio(self.model.sum([one, other]), bottom)
        return total

    def _multiplied(self, one: Ratio, other: Ratio) -> Ratio:
        return Ratio(self.model.product(one.top, other.top), self.model.product(one.bottom, other.bottom))

    def _power(self, base: Ratio, exponent: int) -> Ratio:
        if exponent < 0:
            self.model.require_nonzero(base.top)
            if base.top.is_constant and not base.top.constant:  # nothing divides by zero: the model has no solution
                return Ratio(ONE)
            base, exponent = Ratio(base.bottom, base.top), -exponent
        result = Ratio(constant(1))
        while exponent:
            if exponent & 1:
                result = self._multiplied(result, base)
            exponent >>= 1
            if exponent:
                base = self._multiplied(base, base)
        return result

    def _negated(self, ratio: Ratio) -> Ratio:
        return Ratio(ratio.top.scaled(-1), ratio.bottom)

    def _floor(self, ratio: Ratio) -> BoundedForm:
        if ratio.is_whole:
            return ratio.top
        if ratio.bottom.high < 0:
            ratio = Ratio(ratio.top.scaled(-1), ratio.bottom.scaled(-1))
        return self.model.quotient(ratio.top, ratio.bottom)[0]

    def _remainder(self, left: Ratio, right: Ratio) -> Ratio:
        """``left - right*floor(left/right)``."""
        quotient = self._floor(self._multiplied(left, Ratio(right.bottom, right.top)))
        return self._added([left, self._negated(self._multiplied(right, Ratio(quotient)))])

    def _extreme(self, ratios: Sequence[Ratio], greatest: bool) -> Ratio:
        if not all(ratio.bottom.is_constant for ratio in ratios):
            raise Unmodelled(Why.QUOTIENT_EXTREMES())
        common = math.lcm(*(ratio.bottom.constant for ratio in ratios))
        tops = [ratio.top.scaled(common // ratio.bottom.constant) for ratio in ratios]
        return Ratio(self.model.extreme(tops, greatest=greatest), constant(common))

    # --- functions and statements by their tables ---------------------------------------------------------------------

    def _tabulated(self, expression: Expr) -> Ratio:
        """The value as a sum over all combinations of the arguments' values, one of which is the case."""
        places, points = self._combinations(expression.free_symbols)
        outcomes = {whole: value for whole, at in points if (value := _value(expression, at)) is not None}
        common = math.lcm(*(int(value.q) for value in outcomes.values()))
        chosen = self._chosen(places, list(outcomes))
        numbers = [int(value * common) for value in outcomes.values()] or [0]
        total = self.model.sum([flag.scaled(number) for flag, number in zip(chosen, numbers, strict=False)])
        return Ratio(BoundedForm(total.coefficients, total.constant, min(numbers), max(numbers)), constant(common))

    def _chosen(self, places: Sequence[int], rows: list[tuple[int, ...]]) -> list[BoundedForm]:
        """The variables have the values of one row: for every row, a variable that is 1 where it is the one."""
        if len(places) > 1:
            return self.model.chosen_row(places, rows)
        self.model.require_one_of(places[0], [value for (value,) in rows])
        flags = self.model.indicators(places[0])
        return [flags[value] for (value,) in rows]

    def _allow(self, statement: Statement) -> None:
        """Only those combinations of values with which the statement is proved to hold, or may hold."""
        alone = Problem().part((statement,))
        places, points = self._combinations(statement.symbols)
        rows = [whole for whole, at in points if put_back(alone, at) is not Verdict.FAILS]
        self.model.require_row(places, rows)

    def _combinations(
        self, free: Set[Symbol]
    ) -> tuple[list[int], Iterator[tuple[tuple[int, ...], dict[Symbol, Rational]]]]:
        """The places of some unknowns, and all combinations of their values: as the model has them, and as they are."""
        symbols = sorted(free, key=str)
        if not symbols or not all(symbol in self._known for symbol in symbols):
            raise Unmodelled(Why.NO_WHOLE_FORM_IN(", ".join(map(str, symbols))))
        places = [next(iter(self._known[symbol].top.coefficients)) for symbol in symbols]
        bottoms = [self._known[symbol].bottom.constant for symbol in symbols]
        columns = [self.model.values_of(place) for place in places]
        if math.prod(map(len, columns)) > limits.MOST_TABULATED:
            raise Unmodelled(Why.TABLE_TOO_LARGE(", ".join(map(str, symbols))))
        points = (
            (whole, {s: Rational(value, q) for s, value, q in zip(symbols, whole, bottoms, strict=True)})
            for whole in product(*columns)
        )
        return places, points


def _value(expression: Expr, at: Mapping[Symbol, Rational]) -> Rational | None:
    """The rational value at a point, None where the expression has no real value. Raises `Unmodelled` for another."""
    try:
        value = expression.xreplace(dict(at))
    except ZeroDivisionError:  # a remainder of a division by zero
        return None
    except (ArithmeticError, TypeError, ValueError) as error:
        raise Unmodelled(Why.NO_VALUE_SOMEWHERE(expression)) from error
    if isinstance(value, Rational):
        return value
    if value.is_finite is False or value.is_extended_real is False:
        return None
    raise Unmodelled(Why.IRRATIONAL_VALUES(expression))
