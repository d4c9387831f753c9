"""Whether a list of families leaves out nothing of some affine sets.

Each set, cut by the inequalities, has to be a part of a claimed family, or of several. A family in whole-number
parameters holds what is whole in its span where its directions span no other whole vectors (Smith normal form).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from puzzlesolver.problem import Condition, Relation
from puzzlesolver.verification.affine import Affine, Row, Vector, has_whole_point, independent, is_saturated, solve_rows
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.components import composed
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.inequalities import Region, TooMany, inequality
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.trials import Trial, admits
from puzzlesolver.verification.verdicts import Found, Verdict
from puzzlesolver.verification.witness import combinations, missing_point


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
    if all(unknown.domain.integer for unknown in statements.unknowns) and _has_no_whole_point(part, budget):
        return Found(Verdict.HOLDS, "")
    if not part.dimension and not _may_be_a_solution(part.offset, statements, budget):
        return Found(Verdict.HOLDS, "")
    inside = Region.of(conditions, symbols, part)
    try:
        if not inside.is_feasible(budget):
            return Found(Verdict.HOLDS, "")
        for entry in entries:
            rest = _outside(part, inside, entry, statements, budget)
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


def _outside(part: Affine, inside: Region, entry: Entry, statements: Statements, budget: Budget) -> list[Affine] | None:
    """The affine parts of `part` that an entry may not hold; None where it may lack more than that."""
    symbols = statements.symbols
    family = None if entry.opaque or entry.equalities else entry.affine(symbols)
    if family is None or not independent(family.directions, budget) or not family.holds(part, budget):
        return None
    if entry.whole:
        return [] if _holds_what_is_whole(family, entry, statements, budget) else None
    offset = family.parameters_of(part.offset, budget)
    assert offset is not None
    origin = Affine((Fraction(0),) * len(symbols), family.directions)
    directions = [origin.parameters_of(direction, budget) for direction in part.directions]
    own = Affine(offset, tuple(d for d in directions if d is not None))
    rest: list[Affine] = []
    for condition in entry.conditions:
        row = inequality(condition, entry.parameters)
        if row is None:
            return None
        needed = row.along(own)
        if inside.implies(needed, condition.relation, budget):
            continue
        if condition.relation is not Relation.NOT_EQUAL or not any(needed.factors):
            return None
        zero = Row({j: f for j, f in enumerate(needed.factors) if f}, -needed.constant)
        inner = solve_rows([zero], part.dimension, budget)
        assert inner is not None
        rest.append(composed(part, inner))
    return rest


def _holds_what_is_whole(family: Affine, entry: Entry, statements: Statements, budget: Budget) -> bool:
    """Whether a family in whole-number parameters holds every whole-number solution in its span."""
    if not entry.is_whole or not all(u.domain.integer and u.domain.members is None for u in statements.unknowns):
        return False
    if not all(x.denominator == 1 for x in family.offset) or not is_saturated(family.directions):
        return False
    inside = Region.of((*statements.relations(), *statements.bounds()), statements.symbols, family, is_whole=True)
    rows = [(inequality(condition, entry.parameters), condition.relation) for condition in entry.conditions]
    return all(row is not None and inside.implies(row, relation, budget) for row, relation in rows)


def _has_no_whole_point(part: Affine, budget: Budget) -> bool:
    """Whether no point of an affine set has whole coordinates."""
    along = [Row(dict(enumerate(direction)), Fraction(0)) for direction in part.directions]
    across = solve_rows(along, len(part.offset), budget)
    assert across is not None
    rows = [
        Row(dict(enumerate(normal)), sum((f * x for f, x in zip(normal, part.offset, strict=True)), Fraction(0)))
        for normal in across.directions
    ]
    return not has_whole_point(rows, len(part.offset))


def _may_be_a_solution(point: Vector, statements: Statements, budget: Budget) -> bool:
    """Whether a rational point is not seen to break a condition or a domain."""
    values = dict(zip(statements.symbols, point, strict=True))
    conditions = map(Trial.of, (*statements.relations(), *statements.bounds()))
    return all(admits(unknown.domain, values[unknown.symbol]) for unknown in statements.unknowns) and all(
        trial.may_pass(values, budget) for trial in conditions
    )
