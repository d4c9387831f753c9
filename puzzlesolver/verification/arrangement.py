"""Equations that describe points, lines and planes, and whether a list of families leaves none of these out.

Equations whose factors are affine, perhaps after others have been put in, have a union of finitely many affine sets for
their solutions. Each of these, cut by the inequalities, has to be a part of a claimed family, or of several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from sympy import Add, Dummy, Expr, Mul, Poly, Pow, Rational, Symbol, factor_list, together
from sympy.polys.polyerrors import BasePolynomialError

from puzzlesolver.problem import Condition, Domain, Relation
from puzzlesolver.verification import intervals as iv
from puzzlesolver.verification.affine import (
    Affine,
    Row,
    Vector,
    independent,
    solve_rows,
)
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.constants import Undefined, sign_of
from puzzlesolver.verification.entries import Entry, affine_form
from puzzlesolver.verification.evaluation import NotRational, Number, evaluate
from puzzlesolver.verification.expansion import is_small
from puzzlesolver.verification.inequalities import Inequality, TooMany, implies, is_feasible
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.tape import NotOnTape, Tape
from puzzlesolver.verification.verdicts import Verdict

MOST_BRANCHES = 64
MOST_DEGREE = 8
MOST_UNKNOWNS = 6
MOST_FACTORED = 60
"""Terms of an equation that is factored."""
MOST_OPERATIONS = 2_000
MOST_EXPANDED = 500
"""Operations."""
SAMPLES = (0, 1, -1, 2, 3, -2, 5)
MOST_SAMPLES = 400


class NotAffine(ValueError):
    """The equations are not of this kind."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a list holds all solutions; `words` tells how it was seen, or what is missing."""

    verdict: Verdict
    words: str


# --- the equations' solutions ---------------------------------------------------------------------------------------


def branches(statements: Statements, budget: Budget) -> list[Affine]:
    """Affine sets whose union holds every real solution of the equations. Raises `NotAffine`."""
    symbols = statements.symbols
    place = {symbol: number for number, symbol in enumerate(symbols)}
    rows: list[Row] = []
    others: list[Expr] = []
    for equation in statements.equations:
        budget.check()
        for residual in _vanishing_parts(equation.residual):
            row = affine_row(residual, place)
            if row is None:
                others.append(_numerator(residual))
            else:
                rows.append(row)
    whole = solve_rows(rows, len(symbols), budget)
    if whole is None:
        return []
    found: list[Affine] = []
    _split(whole, others, symbols, found, budget)
    return found


def _vanishing_parts(residual: Expr) -> Sequence[Expr]:
    """The bases of a sum of even powers with factors of one sign: each of them has to be zero by itself."""
    small = residual.count_ops() <= MOST_EXPANDED and is_small(residual)
    for expression in (residual, residual.expand() if small else residual):
        parts = [_even_power(term) for term in Add.make_args(expression)]
        signs = {sign for sign, _ in parts}
        if len(parts) > 1 and signs in ({1}, {-1}):
            return [base for _, base in parts]
    return [residual]


def _even_power(term: Expr) -> tuple[int, Expr]:
    """The sign that a term has where it is not zero, and what is zero where it is; the sign 0 where it is not plain."""
    factor, rest = term.as_coeff_Mul(rational=True)
    for part in Mul.make_args(rest):
        even = isinstance(part, Pow) and part.exp.is_Integer and part.exp > 0 and part.exp % 2 == 0
        if part != 1 and not (even and part.base.is_real):
            return 0, term
    bases = [part.base if isinstance(part, Pow) else part for part in Mul.make_args(rest)]
    return (1 if factor > 0 else -1), Mul(*bases)


def affine_row(expression: Expr, place: dict[Symbol, int]) -> Row | None:
    """The row of an affine equation; None of any other."""
    factors: dict[int, Fraction] = {}
    constant = Fraction(0)
    for term in Add.make_args(expression):
        factor, rest = term.as_coeff_Mul(rational=True)
        number = Fraction(int(factor.p), int(factor.q))
        if rest in place:
            factors[place[rest]] = factors.get(place[rest], Fraction(0)) + number
        elif rest == 1:
            constant -= number
        else:
            symbols = tuple(sorted(expression.free_symbols & place.keys(), key=place.__getitem__))
            form = affine_form(expression, symbols)
            if form is None:
                return None
            return Row({place[s]: f for s, f in zip(symbols, form[0], strict=True) if f}, -form[1])
    return Row({i: f for i, f in factors.items() if f}, constant)


def _split(
    start: Affine, equations: Sequence[Expr], symbols: Sequence[Symbol], found: list[Affine], budget: Budget
) -> None:
    """Put the parametrisation into the equations left, and take them apart one after the other."""
    budget.check()
    if len(found) > MOST_BRANCHES:
        raise NotAffine
    parameters = tuple(Dummy(f"t{j}", real=True) for j in range(start.dimension))
    values = dict(zip(symbols, _parametrised(start, parameters), strict=True))
    left: list[Expr] = []
    chosen: list[Row] | None = None
    for equation in equations:
        placed = equation.xreplace({s: values[s] for s in equation.free_symbols if s in values})
        alternatives = _alternatives(placed, parameters)
        if alternatives is None or chosen is not None:
            if not is_small(placed) or placed.expand() != 0:
                left.append(equation)
        elif alternatives == [None]:
            continue  # it holds all over
        else:
            chosen = [row for row in alternatives if row is not None]
    if chosen is None:
        if left:
            raise NotAffine
        found.append(start)
        return
    for row in chosen:
        inner = solve_rows([row], start.dimension, budget)
        if inner is not None:
            _split(_composed(start, inner), left, symbols, found, budget)


def _numerator(expression: Expr) -> Expr:
    """What is zero where a quotient is. Raises `NotAffine` where it would be too large."""
    if expression.count_ops() > MOST_OPERATIONS or not is_small(expression):
        raise NotAffine
    return together(expression).as_numer_denom()[0]


def _composed(outer: Affine, inner: Affine) -> Affine:
    straight = Affine((Fraction(0),) * len(outer.offset), outer.directions)
    return Affine(outer.at(inner.offset), tuple(straight.at(direction) for direction in inner.directions))


def _parametrised(point: Affine, parameters: Sequence[Symbol]) -> list[Expr]:
    return [
        Add(
            _rational(x),
            *(_rational(d[i]) * t for t, d in zip(parameters, point.directions, strict=True) if d[i]),
        )
        for i, x in enumerate(point.offset)
    ]


def _alternatives(expression: Expr, parameters: tuple[Symbol, ...]) -> list[Row | None] | None:
    """Rows one of which holds where the expression is zero; [None] where it is zero everywhere; None: not known."""
    expression = _numerator(expression)
    used = tuple(t for t in parameters if expression.has(t))
    if not used:
        expanded = expression.expand()
        if not isinstance(expanded, Rational):
            return None
        return [None] if expanded == 0 else []
    if len(used) > MOST_UNKNOWNS or not expression.is_polynomial(*used):
        return None
    try:
        polynomial = Poly(expression, *used, domain="QQ")
    except BasePolynomialError:
        return None
    if polynomial.is_zero:
        return [None]
    if polynomial.total_degree() > MOST_DEGREE or len(polynomial.terms()) > MOST_FACTORED:
        return None
    constant, factors = factor_list(polynomial)
    if Mul(constant, *(Pow(f.as_expr(), n) for f, n in factors)).expand() != polynomial.as_expr().expand():
        return None
    rows: list[Row | None] = []
    for factor, _ in factors:
        form = affine_form(factor.as_expr(), used)
        if form is not None:
            rows.append(Row({parameters.index(t): f for t, f in zip(used, form[0], strict=True) if f}, -form[1]))
        elif not _has_no_zero(factor.as_expr(), used):
            return None
    return rows


def _has_no_zero(expression: Expr, symbols: Sequence[Symbol]) -> bool:
    try:
        run = Tape([expression], symbols).forward([iv.WHOLE] * len(symbols), 60)
    except NotOnTape:
        return False
    return not iv.holds_zero(run.outputs[0])


def _rational(number: Number) -> Rational:
    return Rational(number.numerator, number.denominator)


# --- conditions on the points of an affine set ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Region:
    """What the conditions leave of an affine set's parameters. `others` are conditions that are not affine."""

    rows: tuple[Inequality, ...]
    unequal: tuple[Inequality, ...]
    others: tuple[Condition, ...]
    is_empty: bool = False


def region(part: Affine, conditions: Sequence[Condition], symbols: Sequence[Symbol], budget: Budget) -> Region:
    """The conditions, with the points of an affine set put in."""
    rows: list[Inequality] = []
    unequal: list[Inequality] = []
    others: list[Condition] = []
    place = {symbol: number for number, symbol in enumerate(symbols)}
    for condition in conditions:
        budget.check()
        row = affine_row(condition.rhs - condition.lhs, place)
        if row is None:
            others.append(condition)
            continue
        found = on_parameters(row, part, condition.relation)
        if any(found.factors):
            (unequal if condition.relation is Relation.NOT_EQUAL else rows).append(found)
        elif not _constant_holds(found.constant, condition.relation):
            return Region((), (), (), is_empty=True)
    return Region(tuple(rows), tuple(unequal), tuple(others))


def on_parameters(row: Row, part: Affine, relation: Relation) -> Inequality:
    """``Σ factors·x - constant`` at the points of `part`, as an expression in its parameters."""
    factors = tuple(
        sum((f * direction[i] for i, f in row.factors.items()), Fraction(0)) for direction in part.directions
    )
    constant = sum((f * part.offset[i] for i, f in row.factors.items()), -row.constant)
    return Inequality(factors, constant, relation is Relation.LESS)


def _constant_holds(number: Number, relation: Relation) -> bool:
    if relation is Relation.NOT_EQUAL:
        return number != 0
    return number > 0 or (number == 0 and relation is Relation.AT_MOST)


def same_zeros(one: Inequality, other: Inequality) -> bool:
    """Whether two affine expressions are multiples of each other."""
    a, b = one.normalized(), other.normalized()
    negated = tuple(-f for f in b.factors), -b.constant
    return (a.factors, a.constant) in ((b.factors, b.constant), negated)


# --- coverage ---------------------------------------------------------------------------------------------------------


def covers(parts: Sequence[Affine], statements: Statements, entries: Sequence[Entry], budget: Budget) -> Coverage:
    """Whether the entries hold every point of the parts that fulfils the conditions."""
    conditions = (*statements.relations(), *statements.bounds())
    for part in parts:
        found = _covered(part, statements, conditions, entries, budget, 0)
        if found.verdict is not Verdict.HOLDS:
            return found
    return Coverage(Verdict.HOLDS, "linear algebra over the rationals")


def _covered(
    part: Affine,
    statements: Statements,
    conditions: Sequence[Condition],
    entries: Sequence[Entry],
    budget: Budget,
    depth: int,
) -> Coverage:
    symbols = statements.symbols
    if not part.dimension and not _may_be_a_solution(part.offset, statements, budget):
        return Coverage(Verdict.HOLDS, "")
    inside = region(part, conditions, symbols, budget)
    try:
        if inside.is_empty or not is_feasible(inside.rows, part.dimension, budget):
            return Coverage(Verdict.HOLDS, "")
        for entry in entries:
            rest = _outside(part, inside, entry, symbols, budget)
            if rest is not None and depth < 4:
                found = [_covered(smaller, statements, conditions, entries, budget, depth + 1) for smaller in rest]
                if all(item.verdict is Verdict.HOLDS for item in found):
                    return Coverage(Verdict.HOLDS, "")
    except TooMany:
        return Coverage(Verdict.NOT_REPROVED, "too many inequalities to eliminate")
    witness = _witness(part, statements, conditions, entries, budget)
    if witness is not None:
        shown = ", ".join(f"{symbol} = {value}" for symbol, value in zip(symbols, witness, strict=True))
        return Coverage(Verdict.FAILS, f"{shown[:200]} is a solution and not in the list")
    return Coverage(Verdict.NOT_REPROVED, "a part of the equations' solutions was not matched with the list")


def _outside(
    part: Affine, inside: Region, entry: Entry, symbols: tuple[Symbol, ...], budget: Budget
) -> list[Affine] | None:
    """The affine parts of `part` that an entry may not hold; None where it may lack more than that."""
    if entry.whole or entry.opaque:
        return None
    family = entry.affine(symbols)
    if family is None or not independent(family.directions, budget) or not family.holds(part, budget):
        return None
    offset = family.parameters_of(part.offset, budget)
    assert offset is not None
    origin = Affine((Fraction(0),) * len(symbols), family.directions)
    directions = [origin.parameters_of(direction, budget) for direction in part.directions]
    own = Affine(offset, tuple(d for d in directions if d is not None))
    rest: list[Affine] = []
    place = {symbol: number for number, symbol in enumerate(entry.parameters)}
    for condition in entry.conditions:
        row = affine_row(condition.rhs - condition.lhs, place)
        if row is None:
            return None
        needed = on_parameters(row, own, condition.relation)
        if condition.relation is not Relation.NOT_EQUAL:
            if not implies(inside.rows, needed, budget):
                return None
        elif not any(needed.factors):
            if not needed.constant:
                return None
        elif not any(same_zeros(needed, other) for other in inside.unequal):
            inner = solve_rows(
                [Row({j: f for j, f in enumerate(needed.factors) if f}, -needed.constant)], part.dimension, budget
            )
            assert inner is not None
            rest.append(_composed(part, inner))
    return rest


def _witness(
    part: Affine, statements: Statements, conditions: Sequence[Condition], entries: Sequence[Entry], budget: Budget
) -> Vector | None:
    """A rational point of `part` that fulfils the conditions and that no entry holds."""
    for number, parameters in enumerate(_samples(part.dimension)):
        budget.check()
        if number > MOST_SAMPLES:
            return None
        point = part.at(parameters)
        values = dict(zip(statements.symbols, point, strict=True))
        if (
            all(admits(unknown.domain, values[unknown.symbol]) for unknown in statements.unknowns)
            and all(holds_at(condition, values) for condition in conditions)
            and all(_misses(entry, statements.symbols, point, budget) for entry in entries)
        ):
            return point
    return None


def admits(domain: Domain, number: Number) -> bool:
    """Whether a number is whole, or in the list, where that is asked; the ends of the domain are not looked at."""
    if domain.members is not None:
        return _rational(number) in domain.members
    return not domain.integer or number.denominator == 1


def _may_be_a_solution(point: Vector, statements: Statements, budget: Budget) -> bool:
    """Whether a rational point is not seen to break a condition or a domain."""
    values = dict(zip(statements.symbols, point, strict=True))
    if not all(admits(unknown.domain, values[unknown.symbol]) for unknown in statements.unknowns):
        return False
    placed = {symbol: _rational(value) for symbol, value in values.items()}
    for condition in (*statements.relations(), *statements.bounds()):
        try:
            sign = sign_of(condition.rhs.xreplace(placed) - condition.lhs.xreplace(placed), budget)
        except Undefined:
            return False
        if sign is not None and not _constant_holds(Fraction(sign), condition.relation):
            return False
    return True


def _samples(dimension: int) -> Iterator[Vector]:
    if dimension > 6:
        for j in range(dimension):
            yield tuple(Fraction(int(i == j)) for i in range(dimension))
        return
    yield from (tuple(map(Fraction, values)) for values in product(SAMPLES, repeat=dimension))


def holds_at(condition: Condition, values: dict[Symbol, Fraction]) -> bool:
    """Whether a condition is seen to hold at rational numbers."""
    try:
        number = evaluate(condition.rhs - condition.lhs, values)
    except (NotRational, ZeroDivisionError):
        return False
    return _constant_holds(number, condition.relation)


def _misses(entry: Entry, symbols: tuple[Symbol, ...], point: Vector, budget: Budget) -> bool:
    """Whether a rational point is proved not to be in an entry."""
    family = entry.affine(symbols)
    if family is None or entry.opaque or entry.whole:
        return False
    parameters = family.parameters_of(point, budget)
    if parameters is None:
        return True
    if not independent(family.directions, budget):
        return False
    values = dict(zip(entry.parameters, parameters, strict=True))
    return any(_is_broken(condition, values) for condition in entry.conditions)


def _is_broken(condition: Condition, values: dict[Symbol, Fraction]) -> bool:
    try:
        number = evaluate(condition.rhs - condition.lhs, values)
    except NotRational:
        return False
    except ZeroDivisionError:
        return True
    return not _constant_holds(number, condition.relation)
