"""How often a point solution counts."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Symbol

from puzzlesolver.verification.blocks import Block
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.intervals import Interval, NoValue
from puzzlesolver.verification.newton import inflated, is_injective
from puzzlesolver.verification.places import Place
from puzzlesolver.verification.tape import Tape

PRECISION = 160


def multiplicity(blocks: Sequence[Block], place: Place, budget: Budget) -> int | None:
    """The product over the blocks; None where one of them is not known."""
    total = 1
    for block in blocks:
        budget.check()
        own = 1 if _is_simple(block, place) else _counted(block, place, budget)
        if own is None:
            return None
        total *= own
    return total


def _is_simple(block: Block, place: Place) -> bool:
    """Whether the Jacobian of a block with as many equations as unknowns is regular there."""
    equations = block.statements.equations
    if len(equations) != len(block.symbols):
        return False
    try:
        box = [place.enclosure(symbol, PRECISION) for symbol in block.symbols]
        tape = Tape([equation.residual for equation in equations], block.symbols)
    except NoValue:
        return False
    return all(x.is_bounded for x in box) and is_injective(tape, inflated(box, PRECISION, 0), PRECISION)


def _counted(block: Block, place: Place, budget: Budget) -> int | None:
    """The multiplicity as a root of the polynomial system, found by where it is."""
    algebraic = block.algebraic(budget)
    if algebraic is None:
        return None
    near = []
    for number in algebraic.solutions:
        if all(_overlaps(algebraic.roots.enclosure(s, number, PRECISION), place, s) for s in block.symbols):
            near.append(number)
    return algebraic.roots.multiplicity(near[0]) if len(near) == 1 else None


def _overlaps(box: Interval, place: Place, symbol: Symbol) -> bool:
    try:
        return box.meets(place.enclosure(symbol, PRECISION))
    except NoValue:
        return True
