"""The ranges of families: conditions on the one parameter of a family solved, and those that say nothing left out.

In: the outcome of the whole problem. Out: the same solutions. A family with one real parameter becomes one for each
interval of the parameter in which its conditions hold, and none where there is none; of one with more parameters the
conditions that follow from the others are dropped. What is not decided stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from operator import eq

from sympy import Expr, Symbol

from puzzlesolver.analysis.classify import Analysis
from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.exact import limits
from puzzlesolver.exact.inequalities.borders import is_inside
from puzzlesolver.exact.inequalities.line import sample, solved_line
from puzzlesolver.exact.method import Context
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.segment import Segment, segment
from puzzlesolver.exact.simple import shortest
from puzzlesolver.exact.univariate.kernels import NotCovered
from puzzlesolver.problem import Condition, Problem, Unknown
from puzzlesolver.proof import zero
from puzzlesolver.proof.implication import follows, put_in
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

PROOF = "ranges of parameters by the signs at their borders"


def with_ranges(problem: Problem, analysis: Analysis, outcome: ExactOutcome, context: Context) -> ExactOutcome:
    """The outcome with its families' conditions solved; a point that is left of one may lie on another."""
    if not analysis.is_system:
        return outcome
    parts = [part for solution in outcome.solutions for part in _ranged(problem, solution, context)]
    if len(parts) == len(outcome.solutions) and all(map(eq, parts, outcome.solutions)):
        return outcome
    kept: list[ExactSolution] = []
    for number, part in enumerate(parts):
        others = [*kept, *(other for other in parts[number + 1 :] if other.parameters)]
        if part.parameters or not any(_holds_point(other, part.values) for other in others):
            kept.append(part)
    return replace(outcome, solutions=tuple(kept), proof=outcome.proof and f"{outcome.proof}; {PROOF}")


def _holds_point(other: ExactSolution, point: Mapping[Symbol, Expr]) -> bool:
    """Whether a point is proved to be another solution, or to lie on a family whose parameters are unknowns."""
    if any(parameter not in point for parameter in other.parameters) or other.values.keys() != point.keys():
        return False
    at = {parameter: point[parameter] for parameter in other.parameters}
    if any(follows(one.at(at)) is not Verdict.HOLDS for one in other.conditions if isinstance(one, Condition)):
        return False
    gaps = (put_in(value, at) - point[symbol] for symbol, value in other.values.items())
    return all(zero.is_zero(gap) is Verdict.HOLDS for gap in gaps)


def _ranged(problem: Problem, solution: ExactSolution, context: Context) -> list[ExactSolution]:
    conditions = [one for one in solution.conditions if isinstance(one, Condition)]
    if not conditions or len(conditions) < len(solution.conditions) or solution.integer_parameters or solution.point:
        return [solution]
    if len(solution.free) > 1:
        return [_without_implied(solution, conditions)]
    (t,) = solution.free
    if segment(conditions, t) is not None or any(one.symbols != {t} for one in conditions):
        return [solution]
    try:
        line = solved_line(Problem((Unknown(t),), (), tuple(conditions)), context, Segment(t))
        return list(_parts(problem, solution, line.pieces))
    except (LeftOpen, NotCovered):
        return [solution]


def _parts(problem: Problem, solution: ExactSolution, pieces: tuple[Segment, ...]) -> Iterator[ExactSolution]:
    """The parts of a family on which its parameter lies in one of the pieces, each with a point of its own."""
    for piece in pieces:
        at = {piece.symbol: piece.low if piece.is_point else _place(piece, solution)}
        values = {symbol: shortest(put_in(value, at)) for symbol, value in solution.values.items()}
        if put_back(problem, values) is not Verdict.HOLDS:
            raise LeftOpen(Why.NOT_DECIDED_PIECE(piece.symbol, at[piece.symbol]))
        if piece.is_point:
            yield replace(solution, values=values, free=(), conditions=(), sample=None)
        else:
            yield replace(solution, conditions=piece.conditions(), sample=values)


def _place(piece: Segment, solution: ExactSolution) -> Expr:
    """The parameter at the family's own sample where that lies in the piece, else a simple number inside."""
    own = (solution.sample or {}).get(piece.symbol)
    return own if own is not None and is_inside(own, piece) else sample(piece)


def _without_implied(solution: ExactSolution, conditions: list[Condition]) -> ExactSolution:
    kept = list(conditions)
    if len(kept) <= limits.MOST_LINES:
        for condition in conditions:
            others = [one for one in kept if one is not condition]
            if follows(condition, others) is Verdict.HOLDS:
                kept = others
    return replace(solution, conditions=tuple(kept))
