"""Conditions in one unknown, with or without equations: the intervals and points that fulfil them all.

In: a problem in one unknown. Out: an `ExactOutcome` of which each interval is a family with the unknown itself free,
or None where the borders of the conditions are not all proved to be found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sympy import Expr, Integer, oo

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.answer.reasons import LeftOpen, Reason, Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact import limits
from puzzlesolver.exact.inequalities.edges import is_piecewise
from puzzlesolver.exact.inequalities.line import CutLine, sample, solved_line
from puzzlesolver.exact.inequalities.period import period, repeated
from puzzlesolver.exact.linear.solver import solve_linear
from puzzlesolver.exact.method import SYSTEMS, Context, Solver
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.reductions.blocks import solve_parts
from puzzlesolver.exact.segment import Segment, fresh_integers
from puzzlesolver.exact.univariate.kernels import NotCovered
from puzzlesolver.problem import Problem
from puzzlesolver.problem.notation import notation

METHOD = "signs between borders"
MOST_NAMED = 4  # So many borders are named in the proof.


def _conditions(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    """Conditions alone, or with identities; beside other independent parts, each part by itself."""
    if len(problem.unknowns) == 1:
        identities = all(equation.residual == 0 for equation in problem.equations)
        return _solve(problem, context) if problem.conditions and identities else None
    return solve_parts(problem, analysis, context) if analysis.kind is Kind.LINEAR else None


def _pieces(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    """Equations that have different forms on different pieces of the line."""
    if not any(is_piecewise(equation.residual) for equation in problem.equations):
        return None
    return _solve(problem, context)


def _solve(problem: Problem, context: Context) -> ExactOutcome | None:
    if len(problem.unknowns) != 1:
        return None
    (unknown,) = problem.unknowns
    domain = unknown.domain
    if domain.members is not None or (domain.integer and domain.low.is_finite and domain.high.is_finite):
        return None
    real = replace(problem, unknowns=(replace(unknown, domain=replace(domain, integer=False)),))
    x, every = unknown.symbol, period(real)
    within = Segment(x) if every is None else Segment(x, Integer(0), every)
    try:
        line = solved_line(real, context, within)
        if every is not None:
            solutions = tuple(repeated(line.pieces, every, next(fresh_integers((x,)))))
        else:
            solutions = tuple(_whole(line.pieces) if domain.integer else map(_component, line.pieces))
    except NotCovered:
        return _left_open(problem, Why.MANY_BORDERS(x))
    except LeftOpen as gap:
        return _left_open(problem, gap.reason)
    return ExactOutcome(METHOD, solutions, complete=True, proof=_proof(line, within))


def _left_open(problem: Problem, reason: Reason) -> ExactOutcome | None:
    """The conditions as they are, where there are no more than conditions on a real unknown, and the reason."""
    if any(unknown.domain.integer for unknown in problem.unknowns):
        return None
    solutions = () if problem.equations else solve_linear(problem).solutions
    return ExactOutcome(METHOD, solutions, reasons=(reason,))


def _proof(line: CutLine, within: Segment) -> str:
    x, borders, period = within.symbol, line.borders, ""
    if within.high != oo:
        borders, period = (within.low, *borders), f" in one period of {notation(within.high)}"
    count = len(borders)
    if not count:
        return f"no condition changes at any {x}, and one {x} was tried"
    named = f" {', '.join(map(notation, borders))}" if count <= MOST_NAMED else ""
    return f"signs proved at and beside the {'border' if count == 1 else f'{count} borders'}{named}{period}"


def _component(piece: Segment) -> ExactSolution:
    """A piece as a solution, or as a family with the unknown free."""
    x = piece.symbol
    if piece.is_point:
        return ExactSolution({x: piece.low}, Evidence.EXACT)
    return ExactSolution({x: x}, Evidence.EXACT, free=(x,), conditions=piece.conditions(), sample={x: sample(piece)})


def _whole(pieces: Sequence[Segment]) -> Iterator[ExactSolution]:
    """The whole numbers of the pieces: listed where they are finitely many."""
    for piece in pieces:
        x = piece.symbol
        low, high = piece.whole_ends()
        if (low is None and piece.low != -oo) or (high is None and piece.high != oo):
            raise LeftOpen(Why.NOT_DECIDED_WHOLE(x))
        if low is not None and high is not None:
            if high - low >= limits.MOST_MEMBERS:
                raise LeftOpen(Why.MANY_MEMBERS(high - low + 1, x, x))
            yield from (ExactSolution({x: Integer(k)}, Evidence.EXACT) for k in range(low, high + 1))
            continue
        place: Expr = Integer(low if low is not None else high if high is not None else 0)
        yield ExactSolution(
            {x: x},
            Evidence.EXACT,
            integer_parameters=(x,),
            conditions=piece.between_whole(low, high).conditions(),
            sample={x: place},
        )


CONDITIONS = Solver(METHOD, SYSTEMS, _conditions, stands=True)
PIECES = Solver("signs between the borders of pieces", SYSTEMS, _pieces)
