"""The real line cut at the borders of some statements in one unknown, and the pieces where all of them hold.

In: a problem in one unknown. Out: `Segment`s from left to right that touch nowhere, points among them: every solution
and no other number. Raises `LeftOpen` where a border, a sign or an end is not proved, and `NotCovered`.

Statement by statement the pieces left are cut at the statement's edges (`edges`), so that it holds everywhere or
nowhere in each; a simple number inside, put back into the statement, tells which. At the end every border itself is put
back into the whole problem, and so is a number of every piece kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sympy import Expr, Rational, Symbol, oo

from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.arithmetic.elimination import sympy_rational
from puzzlesolver.exact import limits
from puzzlesolver.exact.inequalities.borders import is_inside, zeros_between
from puzzlesolver.exact.inequalities.edges import edges, in_form_at
from puzzlesolver.exact.method import Context
from puzzlesolver.exact.segment import Segment
from puzzlesolver.exact.univariate.branches import distinct
from puzzlesolver.problem import Equation, Problem, Restriction, Unknown
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict


@dataclass(frozen=True, slots=True)
class CutLine:
    """The pieces kept, from left to right, and the borders at which the line was cut."""

    pieces: tuple[Segment, ...]
    borders: tuple[Expr, ...]


def solved_line(problem: Problem, context: Context, within: Segment) -> CutLine:
    """All solutions of a problem in one unknown, a real one, `within` some ends, of which the lower belongs to it."""
    (x,) = problem.symbols
    pieces, borders = [within], list[Expr]()
    for statement in _in_order(problem):
        for edge in edges(statement.lhs, statement.rhs, x):
            pieces = list(_cut(pieces, edge, borders, context))
        alone = problem.part([replace(statement, defined=())], [Unknown(x)])
        pieces = [piece for piece in pieces if _holds(alone, x, sample(piece))]
    points, doubts = distinct(borders)
    if doubts:
        raise LeftOpen(doubts[0])
    return CutLine(tuple(_joined(problem, within, points, pieces)), tuple(points))


def sample(piece: Segment) -> Rational:
    """A simple number inside a piece."""
    if piece.is_point and isinstance(piece.low, Rational):
        return piece.low
    points = piece.inner_points()
    if not points:
        raise LeftOpen(Why.NOT_DECIDED_BETWEEN())
    return sympy_rational(points[0][0])


def _in_order(problem: Problem) -> Iterable[Restriction]:
    """What is asked, plain conditions first: they leave the fewest pieces to look for the zeros of the others in."""
    (x,) = problem.symbols
    asked: Sequence[Restriction] = (*problem.demands(), *problem.equations)
    return sorted(asked, key=lambda one: (isinstance(one, Equation), not (one.lhs - one.rhs).is_polynomial(x)))


def _cut(pieces: Sequence[Segment], edge: Expr, borders: list[Expr], context: Context) -> Iterator[Segment]:
    """The pieces, cut at the zeros of an edge, which are added to the borders."""
    for piece in pieces:
        form = in_form_at(edge, piece.symbol, sample(piece))
        zeros, doubts = distinct(zeros_between(form, piece, context))
        if doubts or len(pieces) + len(zeros) > limits.MOST_LINE_PIECES:
            raise LeftOpen(doubts[0] if doubts else Why.MANY_BORDERS(piece.symbol))
        borders += zeros
        ends = [piece.low, *zeros, piece.high]
        yield from (Segment(piece.symbol, low, high) for low, high in pairwise(ends))


def _holds(problem: Problem, x: Symbol, place: Expr) -> bool:
    """Whether a number is a solution."""
    verdict = put_back(problem, {x: place})
    if verdict is Verdict.UNDECIDED:
        raise LeftOpen(Why.NOT_DECIDED_PIECE(x, place))
    return verdict is Verdict.HOLDS


def _joined(problem: Problem, within: Segment, points: Sequence[Expr], kept: Sequence[Segment]) -> Iterator[Segment]:
    """The pieces kept and the borders that are solutions themselves, neighbours joined."""
    x = within.symbol
    begun: Segment | None = None
    for low, high in zip((within.low, *points), (*points, within.high), strict=True):
        if low != -oo and _holds(problem, x, low):
            begun = Segment(x, low, low, False, False) if begun is None else replace(begun, high_open=False)
        elif begun is not None:
            yield begun
            begun = None
        gap = Segment(x, low, high)
        place = sample(gap)
        if any(is_inside(place, piece) for piece in kept) and _holds(problem, x, place):
            begun = gap if begun is None else replace(begun, high=high, high_open=True)
        elif begun is not None:
            yield begun
            begun = None
    if begun is not None:
        yield begun
