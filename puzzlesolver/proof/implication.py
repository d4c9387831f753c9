"""Do some conditions imply another one, for all values of the symbols in them? Is an expression zero for all of them?

In: conditions on symbols that range over the reals (SymPy integers: over the whole numbers). Out: a `Verdict`, which is
HOLDS or FAILS only with a proof: linear conditions by elimination (`polyhedron`), a few others by their form, and a
counterexample that is checked exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from fractions import Fraction
from itertools import chain, islice

from sympy import (
    Abs,
    Add,
    Expr,
    Integer,
    Mul,
    Pow,
    Rational,
    Symbol,
    cancel,
    cosh,
    exp,
    expand,
    fraction,
    nan,
    oo,
    together,
    zoo,
)

from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.arithmetic.polyhedron import HalfSpace, Polyhedron, TooManyRows, half_space
from puzzlesolver.problem import Condition, Relation
from puzzlesolver.proof import limits, zero
from puzzlesolver.proof.identities import vanishes
from puzzlesolver.proof.verdict import Verdict

_NEGATED = {Verdict.HOLDS: Verdict.FAILS, Verdict.FAILS: Verdict.HOLDS, Verdict.UNDECIDED: Verdict.UNDECIDED}


class NoValue(LeftOpen, ArithmeticError):
    """SymPy cannot put these values into this expression."""


def put_in(expression: Expr, values: Mapping[Symbol, Expr]) -> Expr:
    """An expression with values for its symbols. Raises `NoValue` where SymPy refuses (a remainder modulo zero)."""
    try:
        return expression.xreplace(values)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise NoValue(Why.OUT_OF_SCOPE(str(error))) from error


def decided(condition: Condition) -> Verdict:
    """The verdict on a relation between two constants. What has no value stands in no relation."""
    lhs, rhs = condition.lhs, condition.rhs
    if any(side in (zoo, nan) for side in (lhs, rhs)):
        return Verdict.FAILS
    if condition.relation is Relation.NOT_EQUAL:
        if any(side in (oo, -oo) for side in (lhs, rhs)):
            return Verdict.HOLDS if lhs != rhs else Verdict.FAILS
        return _differ(lhs - rhs)
    found = zero.sign(rhs - lhs) if rhs - lhs is not nan else None
    if found is None:
        return Verdict.UNDECIDED
    return Verdict.HOLDS if found > 0 or (found == 0 and condition.relation is Relation.AT_MOST) else Verdict.FAILS


def _differ(difference: Expr) -> Verdict:
    if difference.has(zoo, nan):
        return Verdict.FAILS
    verdict = zero.is_zero(difference)
    if verdict is Verdict.FAILS and zero.sign(difference) is None:
        return Verdict.UNDECIDED  # not zero because it has no value
    return _NEGATED[verdict]


def follows(condition: Condition, given: Sequence[Condition] = ()) -> Verdict:
    """Whether `condition` holds wherever all of `given` do. FAILS: a point that fulfils them all breaks it."""
    lhs, rhs = condition.lhs, condition.rhs
    if not (lhs.free_symbols or rhs.free_symbols):
        return decided(condition)
    gap = expand(rhs - lhs) if (rhs - lhs).count_ops() <= limits.MOST_IMPLICATION_OPERATIONS else rhs - lhs
    if gap.is_rational_function(*gap.free_symbols):
        top, below = fraction(cancel(gap))
        if condition.relation is Relation.NOT_EQUAL:
            gap = expand(top)  # a fraction is zero only where its numerator is
        elif below.free_symbols:
            whole = Condition(Integer(0), condition.relation, top * below, condition.origin)
            parts = follows(whole, given), follows(replace(whole, relation=Relation.NOT_EQUAL, rhs=below), given)
            if parts == (Verdict.HOLDS, Verdict.HOLDS):
                return Verdict.HOLDS
    if not gap.free_symbols:
        return decided(Condition(Integer(0), condition.relation, gap, condition.origin))
    if condition.relation is Relation.NOT_EQUAL and _misses_whole_numbers(gap):
        return Verdict.HOLDS
    if _positive_by_form(gap, condition.relation) or any(_is_implied(gap, condition.relation, one) for one in given):
        return Verdict.HOLDS
    if _follows_linearly(gap, condition.relation, given):
        return Verdict.HOLDS
    return Verdict.FAILS if _counterexample(condition, given) else Verdict.UNDECIDED


def vanishes_identically(expression: Expr, given: Sequence[Condition] = ()) -> Verdict:
    """Whether an expression is zero for all values of its symbols that `given` admits, and defined there.

    HOLDS is about the expression as far as it is defined: a fraction is zero where its numerator is.
    """
    if not expression.free_symbols:
        return zero.is_zero(expression)
    if expression.count_ops() <= limits.MOST_IMPLICATION_OPERATIONS and _is_zero_form(expression):
        return Verdict.HOLDS
    if not expression.has(zoo, nan, oo, -oo) and vanishes(expression, _is_zero_constant):
        return Verdict.HOLDS
    for point in islice(_points(expression.free_symbols, given), limits.TRIALS):
        try:
            value = put_in(expression, point)
        except NoValue:
            continue
        if zero.is_zero(value) is Verdict.FAILS and zero.sign(value) is not None:
            return Verdict.FAILS
    return Verdict.UNDECIDED


def _is_zero_constant(number: Expr) -> bool:
    return not number.free_symbols and zero.is_zero(number) is Verdict.HOLDS


def _is_zero_form(expression: Expr) -> bool:
    """Whether expanding, over one denominator, leaves only terms whose constant coefficients are all zero."""
    top = expand(expression)
    if top.has(zoo, nan):
        return False
    if top != 0:
        top = expand(fraction(together(top))[0])
    coefficients: dict[Expr, list[Expr]] = {}
    for term in Add.make_args(top):
        coefficient, monomial = term.as_independent(*expression.free_symbols, as_Add=False)
        coefficients.setdefault(monomial, []).append(coefficient)
    return all(zero.is_zero(Add(*parts)) is Verdict.HOLDS for parts in coefficients.values())


# --- by form ----------------------------------------------------------------------------------------------------------


class _Kind(IntEnum):
    """What the form of a factor tells of its sign, the stronger the larger."""

    UNKNOWN = 0
    NOT_NEGATIVE = 1
    POSITIVE = 2


def _positive_by_form(gap: Expr, relation: Relation) -> bool:
    """Whether gap > 0 (or >= 0, or is not 0): a sum of terms that are never negative, or a term that is never zero."""
    terms = Add.make_args(gap)
    if relation is Relation.NOT_EQUAL:
        if len(terms) == 1 and all(map(_never_zero, Mul.make_args(gap))):
            return True
        return _positive_by_form(gap, Relation.LESS) or _positive_by_form(-gap, Relation.LESS)
    kinds = [min(map(_kind, Mul.make_args(term))) for term in terms]
    return min(kinds) >= _Kind.NOT_NEGATIVE and (relation is Relation.AT_MOST or max(kinds) is _Kind.POSITIVE)


def _kind(factor: Expr) -> _Kind:
    if not factor.free_symbols:
        return {1: _Kind.POSITIVE, 0: _Kind.NOT_NEGATIVE}.get(zero.sign(factor) or -1, _Kind.UNKNOWN)
    if isinstance(factor, (exp, cosh)):
        return _Kind.POSITIVE
    if isinstance(factor, Pow):
        if not factor.base.free_symbols and zero.sign(factor.base) == 1:
            return _Kind.POSITIVE
        if factor.base.is_Symbol and isinstance(factor.exp, Integer) and factor.exp.p % 2 == 0:
            return _Kind.NOT_NEGATIVE
    return _Kind.NOT_NEGATIVE if isinstance(factor, Abs) else _Kind.UNKNOWN


def _never_zero(factor: Expr) -> bool:
    if isinstance(factor, Pow) and not factor.base.free_symbols and factor.exp.is_integer:
        return zero.is_zero(factor.base) is Verdict.FAILS
    return _kind(factor) is _Kind.POSITIVE or (not factor.free_symbols and zero.is_zero(factor) is Verdict.FAILS)


def _misses_whole_numbers(gap: Expr) -> bool:
    """Whether it is linear in one symbol for a whole number, and zero at a number that is not whole."""
    (symbol, *others) = gap.free_symbols
    if others or not symbol.is_integer:
        return False
    slope = gap.diff(symbol)
    if slope.free_symbols or zero.sign(slope) in (0, None):
        return False
    place = cancel(-gap.xreplace({symbol: Integer(0)}) / slope)
    whole = zero.whole_part(place)
    return whole is not None and zero.is_zero(place - whole) is Verdict.FAILS


def _is_implied(gap: Expr, relation: Relation, other: Condition) -> bool:
    """Whether another condition is this one up to a constant factor, or with a constant that makes it stronger."""
    other_gap = expand(other.rhs - other.lhs)
    if other_gap.free_symbols != gap.free_symbols or (gap / other_gap).count_ops() > limits.MOST_IMPLICATION_OPERATIONS:
        return False
    symbol = _in_order(gap.free_symbols)[0]
    factor = cancel(_moving(gap, symbol) / _moving(other_gap, symbol))
    if factor.free_symbols:
        return False
    rest = expand(gap - factor * other_gap)
    if rest.free_symbols:
        return False
    side, more = zero.sign(factor), zero.sign(rest)
    if other.relation is Relation.NOT_EQUAL:
        return relation is Relation.NOT_EQUAL and more == 0 and side in (1, -1)
    if relation is Relation.NOT_EQUAL and side == -1:
        return _is_implied(-gap, Relation.LESS, other)
    if side != 1 or more not in (0, 1):
        return False
    return relation is Relation.AT_MOST or more == 1 or other.relation is Relation.LESS


def _moving(gap: Expr, symbol: Symbol) -> Expr:
    """The terms that hold a symbol."""
    return gap.as_independent(symbol, as_Add=True)[1]


# --- linear conditions ------------------------------------------------------------------------------------------------


def linear_form(gap: Expr, symbols: Sequence[Symbol]) -> tuple[list[Rational], Rational] | None:
    """Rational coefficients and constant of ``Σ coefficient·symbol + constant``, None where it is not of this form."""
    position = {symbol: number for number, symbol in enumerate(symbols)}
    coefficients: list[Rational] = [Integer(0)] * len(position)
    constant: Rational = Integer(0)
    for term in Add.make_args(gap):
        factor, rest = term.as_coeff_Mul(rational=True)
        if rest in position:
            coefficients[position[rest]] += factor
        elif rest == 1 and isinstance(factor, Rational):
            constant += factor
        else:
            return None
    return coefficients, constant


def half_spaces(condition: Condition, symbols: Sequence[Symbol]) -> list[HalfSpace] | None:
    """A linear inequality with rational coefficients as a half-space; None where it is something else."""
    if condition.relation is Relation.NOT_EQUAL or condition.rhs == oo or condition.lhs == -oo:
        return [] if condition.relation is not Relation.NOT_EQUAL else None
    form = linear_form(expand(condition.rhs - condition.lhs), symbols)
    if form is None:
        return None
    return [_gap_at_least_zero(form, condition.relation is Relation.LESS)]


def _gap_at_least_zero(form: tuple[list[Rational], Rational], strict: bool) -> HalfSpace:
    """``coefficients·x + constant >= 0``, as ``-coefficients·x <= constant``."""
    coefficients, constant = form
    return half_space([-as_fraction(number) for number in coefficients], as_fraction(constant), strict)


def as_fraction(number: Rational) -> Fraction:
    """SymPy's rational number as Python's."""
    return Fraction(int(number.p), int(number.q))


def _in_order(symbols: Iterable[Symbol]) -> tuple[Symbol, ...]:
    return tuple(sorted(symbols, key=lambda symbol: (str(symbol.name), str(symbol))))


def _follows_linearly(gap: Expr, relation: Relation, given: Sequence[Condition]) -> bool:
    """Whether the linear ones of `given` leave no point at which gap > 0 (>= 0, not 0) is broken."""
    symbols = _in_order(gap.free_symbols.union(*(one.symbols for one in given)))
    form = linear_form(gap, symbols)
    if form is None or len(symbols) > limits.MOST_SYMBOLS:
        return False
    rows = [row for one in given for row in half_spaces(one, symbols) or ()]
    opposite = ([-number for number in form[0]], -form[1])
    rows.append(_gap_at_least_zero(opposite, strict=relation is Relation.AT_MOST))
    if relation is Relation.NOT_EQUAL:
        rows.append(_gap_at_least_zero(form, strict=False))
    try:
        return Polyhedron(rows, len(symbols)).is_empty()
    except TooManyRows:
        return False


# --- counterexamples --------------------------------------------------------------------------------------------------


def _counterexample(condition: Condition, given: Sequence[Condition]) -> bool:
    """Whether some simple admissible point breaks the condition."""
    for point in islice(_points(condition.symbols, given, condition), limits.TRIALS):
        if _verdict_at(condition, point) is Verdict.FAILS:
            return True
    return False


def _verdict_at(condition: Condition, point: Mapping[Symbol, Expr]) -> Verdict:
    """Whether a condition holds at a point."""
    try:
        return decided(condition.mapped(lambda side: put_in(side, point)))
    except NoValue:
        return Verdict.UNDECIDED


def _points(
    symbols: Iterable[Symbol], given: Sequence[Condition], broken: Condition | None = None
) -> Iterator[Mapping[Symbol, Expr]]:
    """Simple points that fulfil all of `given`: those that elimination finds (with `broken` broken), then a scatter."""
    ordered = _in_order(set(symbols).union(*(one.symbols for one in given)))
    for point in chain(_eliminated_points(ordered, given, broken), _scattered_points(len(ordered))):
        assignment = dict(zip(ordered, point, strict=True))
        if all(symbol.is_integer is not True or value.is_Integer for symbol, value in assignment.items()):
            if all(_verdict_at(one, assignment) is Verdict.HOLDS for one in given):
                yield assignment


def _eliminated_points(
    ordered: Sequence[Symbol], given: Sequence[Condition], broken: Condition | None
) -> Iterator[tuple[Rational, ...]]:
    if len(ordered) > limits.MOST_SYMBOLS:
        return
    rows = [row for one in given for row in half_spaces(one, ordered) or ()]
    attempts = [rows]
    if broken is not None and broken.relation is not Relation.NOT_EQUAL:
        relation = Relation.LESS if broken.relation is Relation.AT_MOST else Relation.AT_MOST
        opposite = half_spaces(Condition(broken.rhs, relation, broken.lhs, broken.origin), ordered)
        attempts.insert(0, rows + (opposite or []))
    elif broken is not None:
        form = linear_form(expand(broken.rhs - broken.lhs), ordered)
        if form is not None:
            both = [_gap_at_least_zero((list(form[0]), form[1]), False)]
            both.append(_gap_at_least_zero(([-number for number in form[0]], -form[1]), False))
            attempts.insert(0, rows + both)
    for attempt in attempts:
        try:
            found = Polyhedron(attempt, len(ordered)).point()
        except TooManyRows:
            continue
        if found is not None:
            yield tuple(Rational(number.numerator, number.denominator) for number in found)


def _scattered_points(dimension: int) -> Iterator[tuple[Rational, ...]]:
    """Points with small coordinates, the zero point and the diagonal's among them."""
    for shift in range(2 * limits.TRIALS):
        yield tuple(
            Integer(_SMALL[(shift + number * (1 + shift // len(_SMALL))) % len(_SMALL)]) for number in range(dimension)
        )


_SMALL = (0, 1, -1, 2, 3, -2, 5, 7, -3)
