"""A small box that a jump runs through, taken piece by piece.

In: an unrolled `Problem` with floors, ceilings, remainders or signs, and a box in which they take few values. Out:
whether the box is proved to hold no solution. On each piece the jumping functions are constants, and the conditions
under which they have these values are added: what is left is continuous, and an ordinary search can empty it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

from flint import arb
from sympy import Expr, Integer, Mod, ceiling, floor, sign

from puzzlesolver.arithmetic.balls import ball_of, compile_balls, working_precision
from puzzlesolver.problem import Condition, Equation, Problem, Relation
from puzzlesolver.proof.boxes.box import Box

MOST_PIECES = 16
MOST_VALUES = 4
PRECISION = 128

EmptySearch = Callable[[Problem, Box], bool]
"""Whether a problem is proved to have no solution in a box."""


def is_empty_piecewise(problem: Problem, box: Box, is_empty: EmptySearch) -> bool:
    """Whether every piece of the box is proved empty by `is_empty`; False where nothing jumps or too much does."""
    plain = [equation.mapped(_as_floors) for equation in problem.equations]
    jumping = sorted(
        {atom for e in plain for side in (e.lhs, e.rhs) for atom in side.atoms(floor, sign) if atom.free_symbols},
        key=lambda atom: str(atom),
    )
    if not jumping:
        return False
    values = [_values(atom, problem, box) for atom in jumping]
    count = 1
    for possible in values:
        count *= len(possible)
    if not 0 < count <= MOST_PIECES:
        return False
    for chosen in product(*values):
        if not is_empty(_piece(problem, plain, dict(zip(jumping, chosen, strict=True))), box):
            return False
    return True


def _as_floors(expression: Expr) -> Expr:
    """Remainders and ceilings in terms of floors."""
    expression = expression.replace(Mod, lambda u, v: u - v * floor(u / v))
    return expression.replace(ceiling, lambda u: -floor(-u))


def _values(atom: Expr, problem: Problem, box: Box) -> list[Integer]:
    """The values that a jumping function may take over the box; none where there are too many to list."""
    with working_precision(PRECISION):
        (ball,) = compile_balls([atom], problem.symbols)([ball_of(box[symbol]) for symbol in problem.symbols])
        if not ball.is_finite() or ball.rad() > MOST_VALUES:
            return []
        first, last = (int(_whole(end)) for end in (ball.lower().ceil(), ball.upper().floor()))
    return [Integer(k) for k in range(first, last + 1)]


def _whole(end: arb) -> int:
    whole = end.unique_fmpz()
    return 0 if whole is None else int(whole)


def _piece(problem: Problem, equations: list[Equation], values: dict[Expr, Integer]) -> Problem:
    """The problem where each jumping function has the value given, with the conditions for that."""
    conditions: list[Condition] = []
    extra: list[Equation] = []
    for atom, value in values.items():
        inner = atom.args[0].xreplace(values)
        if isinstance(atom, floor):
            conditions.append(Condition(value, Relation.AT_MOST, inner))
            conditions.append(Condition(inner, Relation.LESS, value + 1))
        elif value == 0:
            extra.append(Equation(inner, Integer(0)))
        else:
            ends = (Integer(0), inner) if value > 0 else (inner, Integer(0))
            conditions.append(Condition(ends[0], Relation.LESS, ends[1]))
    smooth = [equation.at(values) for equation in equations]
    return replace(problem, equations=(*smooth, *extra), conditions=(*problem.conditions, *conditions))
