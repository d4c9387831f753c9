"""Whether a list of families leaves out nothing of some affine sets.

Each set, cut by the inequalities, has to be a part of a claimed family, or of several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from sympy import Symbol

from puzzlesolver.problem import Condition, Domain, Relation
from puzzlesolver.verification.affine import (
    Affine,
    Row,
    Vector,
    independent,
    solve_rows,
)
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.components import affine_row, composed, to_sympy
from puzzlesolver.verification.constants import Undefined, sign_of
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.evaluation import NotRational, Number, evaluate
from puzzlesolver.verification.inequalities import Inequality, TooMany, implies, is_feasible
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.verdicts import Coverage, Verdict

SAMPLES = (0, 1, -1, 2, 3, -2, 5)
MOST_SAMPLES = 400


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
            rest.append(composed(part, inner))
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
        return to_sympy(number) in domain.members
    return not domain.integer or number.denominator == 1


def _may_be_a_solution(point: Vector, statements: Statements, budget: Budget) -> bool:
    """Whether a rational point is not seen to break a condition or a domain."""
    values = dict(zip(statements.symbols, point, strict=True))
    if not all(admits(unknown.domain, values[unknown.symbol]) for unknown in statements.unknowns):
        return False
    placed = {symbol: to_sympy(value) for symbol, value in values.items()}
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
