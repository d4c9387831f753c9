"""Whether a list of families leaves out nothing of some affine sets.

Each set, cut by the inequalities, has to be a part of a claimed family, or of several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sympy import Symbol

from puzzlesolver.problem import Condition, Relation
from puzzlesolver.verification.affine import (
    Affine,
    Row,
    Vector,
    independent,
    solve_rows,
)
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.components import affine_row, composed
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.inequalities import Inequality, TooMany, implies, is_feasible
from puzzlesolver.verification.statements import Statements, fulfils
from puzzlesolver.verification.trials import Trial, admits
from puzzlesolver.verification.verdicts import Found, Verdict
from puzzlesolver.verification.witness import combinations, missing_point

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
        elif not fulfils(found.constant, condition.relation):
            return Region((), (), (), is_empty=True)
    return Region(tuple(rows), tuple(unequal), tuple(others))


def on_parameters(row: Row, part: Affine, relation: Relation) -> Inequality:
    """``Σ factors·x - constant`` at the points of `part`, as an expression in its parameters."""
    factors = tuple(
        sum((f * direction[i] for i, f in row.factors.items()), Fraction(0)) for direction in part.directions
    )
    constant = sum((f * part.offset[i] for i, f in row.factors.items()), -row.constant)
    return Inequality(factors, constant, relation is Relation.LESS)


def same_zeros(one: Inequality, other: Inequality) -> bool:
    """Whether two affine expressions are multiples of each other."""
    a, b = one.normalized(), other.normalized()
    negated = tuple(-f for f in b.factors), -b.constant
    return (a.factors, a.constant) in ((b.factors, b.constant), negated)


# --- coverage ---------------------------------------------------------------------------------------------------------


def covers(parts: Sequence[Affine], statements: Statements, entries: Sequence[Entry], budget: Budget) -> Found:
    """Whether the entries hold every point of the parts that fulfils the conditions."""
    conditions = (*statements.relations(), *statements.bounds())
    for part in parts:
        found = _covered(part, statements, conditions, entries, budget, 0)
        if found.verdict is not Verdict.HOLDS:
            return found
    return Found(Verdict.HOLDS, "linear algebra over the rationals")


def _covered(
    part: Affine,
    statements: Statements,
    conditions: Sequence[Condition],
    entries: Sequence[Entry],
    budget: Budget,
    depth: int,
) -> Found:
    symbols = statements.symbols
    if not part.dimension and not _may_be_a_solution(part.offset, statements, budget):
        return Found(Verdict.HOLDS, "")
    inside = region(part, conditions, symbols, budget)
    try:
        if inside.is_empty or not is_feasible(inside.rows, part.dimension, budget):
            return Found(Verdict.HOLDS, "")
        for entry in entries:
            rest = _outside(part, inside, entry, symbols, budget)
            if rest is not None and depth < 4:
                found = [_covered(smaller, statements, conditions, entries, budget, depth + 1) for smaller in rest]
                if all(item.verdict is Verdict.HOLDS for item in found):
                    return Found(Verdict.HOLDS, "")
    except TooMany:
        return Found(Verdict.NOT_REPROVED, "too many inequalities to eliminate")
    points = (part.at([Fraction(t) for t in parameters]) for parameters in combinations(part.dimension))
    witness = missing_point(statements, (dict(zip(symbols, point, strict=True)) for point in points), entries, budget)
    if witness is not None:
        return Found(Verdict.FAILS, witness)
    return Found(Verdict.NOT_REPROVED, "a part of the equations' solutions was not matched with the list")


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


def _may_be_a_solution(point: Vector, statements: Statements, budget: Budget) -> bool:
    """Whether a rational point is not seen to break a condition or a domain."""
    values = dict(zip(statements.symbols, point, strict=True))
    conditions = map(Trial.of, (*statements.relations(), *statements.bounds()))
    return all(admits(unknown.domain, values[unknown.symbol]) for unknown in statements.unknowns) and all(
        trial.may_pass(values, budget) for trial in conditions
    )
