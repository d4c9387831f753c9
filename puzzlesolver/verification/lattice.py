"""Whether one family in whole-number parameters holds every whole-number point of affine sets."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from puzzlesolver.verification.affine import Affine, Row, has_whole_point, independent, is_saturated, solve_rows
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.inequalities import Region, TooMany, inequality
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.verdicts import Found, Verdict


def covers_lattice(parts: Sequence[Affine], statements: Statements, entries: Sequence[Entry], budget: Budget) -> Found:
    """The same where every unknown is a whole number and one family in whole-number parameters is claimed."""
    if not entries and all(_has_no_whole_point(part, budget) for part in parts):
        return Found(Verdict.HOLDS, "the linear equations have no whole-number solution")
    undecided = Found(Verdict.NOT_REPROVED, "the whole-number families were not matched with the equations")
    if len(parts) != 1 or len(entries) != 1 or entries[0].free or entries[0].opaque:
        return undecided
    part, entry = parts[0], entries[0]
    family = entry.affine(statements.symbols)
    if family is None or family.dimension != part.dimension or not independent(family.directions, budget):
        return undecided
    whole = all(x.denominator == 1 for x in family.offset)
    if any(unknown.domain.members is not None for unknown in statements.unknowns) or not whole:
        return undecided
    if not (family.holds(part, budget) and is_saturated(family.directions)):
        return undecided
    inside = Region.of((*statements.relations(), *statements.bounds()), statements.symbols, family, is_whole=True)
    try:
        for condition in entry.conditions:
            row = inequality(condition, entry.parameters)
            if row is None or not inside.implies(row, condition.relation, budget):
                return undecided
    except TooMany:
        return undecided
    return Found(Verdict.HOLDS, "every whole-number point of the equations' solutions is in the lattice")


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
