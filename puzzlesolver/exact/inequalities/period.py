"""Conditions that repeat themselves: their period, and their solutions in one period made those of the whole line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from sympy import Expr, Integer, Rational, Symbol, cos, cot, csc, expand, ilcm, pi, sec, sin, tan

from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact.inequalities.line import sample
from puzzlesolver.exact.outcome import ExactSolution
from puzzlesolver.exact.segment import Segment
from puzzlesolver.problem import Problem
from puzzlesolver.proof import zero
from puzzlesolver.proof.verdict import Verdict

_WAVES = {sin: 2 * pi, cos: 2 * pi, sec: 2 * pi, csc: 2 * pi, tan: pi, cot: pi}


def period(problem: Problem) -> Expr | None:
    """A period of all that is asked of one unknown; None where it stands elsewhere than in waves, or these have none in
    common."""
    (x,) = problem.symbols
    periods: list[Expr] = []
    for expression in chain.from_iterable(statement.expressions() for statement in problem.statements):
        if not _collect(expression, x, periods):
            return None
    if not periods or not problem.unknowns[0].domain.is_real_line:
        return None
    ratios = [one / periods[0] for one in periods]
    if not all(isinstance(ratio, Rational) for ratio in ratios):
        return None
    common = ilcm(*(ratio.q for ratio in ratios), 1)
    return periods[0] * Rational(ilcm(*(int(ratio * common) for ratio in ratios), 1), common)


def _collect(expression: Expr, x: Symbol, periods: list[Expr]) -> bool:
    """Whether x stands in waves of linear arguments alone, whose periods are added."""
    if x not in expression.free_symbols:
        return True
    if expression.func in _WAVES:
        slope = expand(expression.args[0]).diff(x)
        if slope.free_symbols or zero.sign(slope) in (0, None):
            return False
        periods.append(_WAVES[expression.func] / (slope * zero.sign(slope)))
        return True
    return bool(expression.args) and all(_collect(part, x, periods) for part in expression.args)


def repeated(pieces: Sequence[Segment], every: Expr, k: Symbol) -> Iterator[ExactSolution]:
    """The solutions of the whole line, of which these `pieces` lie from 0 to the period (the former with it)."""
    turned = _around(list(pieces), every)
    if len(turned) == 1 and turned[0].low == 0 and turned[0].high == every and not turned[0].low_open:
        (x,) = {piece.symbol for piece in turned}
        yield ExactSolution({x: x}, Evidence.EXACT, free=(x,), sample={x: Integer(0)})
        return
    count = next((n for n in range(len(turned), 1, -1) if _is_repeated(turned, every / n, n)), 1)
    for piece in turned[: len(turned) // count]:
        yield _family(piece, every / count, k)


def _around(pieces: list[Segment], every: Expr) -> list[Segment]:
    """The pieces, the last joined with the first where they meet at the period's end."""
    if len(pieces) < 2 or pieces[0].low != 0 or pieces[0].low_open or pieces[-1].high != every:
        return pieces
    first, last = pieces[0], pieces[-1]
    joined = replace(first, low=expand(last.low - every), low_open=last.low_open)
    return [joined, *pieces[1:-1]]


def _is_repeated(pieces: Sequence[Segment], shift: Expr, count: int) -> bool:
    """Whether the pieces are those of a `count`-th of the period, again and again."""
    if len(pieces) % count:
        return False
    step = len(pieces) // count
    return all(
        (one.low_open, one.high_open) == (other.low_open, other.high_open)
        and zero.is_zero(other.low - one.low - shift) is Verdict.HOLDS
        and zero.is_zero(other.high - one.high - shift) is Verdict.HOLDS
        for one, other in zip(pieces, pieces[step:], strict=False)
    )


def _family(piece: Segment, every: Expr, k: Symbol) -> ExactSolution:
    x = piece.symbol
    if piece.is_point:
        return ExactSolution({x: piece.low + every * k}, Evidence.EXACT, integer_parameters=(k,), sample={x: piece.low})
    moved = replace(piece, low=piece.low + every * k, high=piece.high + every * k)
    return ExactSolution(
        {x: x},
        Evidence.EXACT,
        free=(x,),
        integer_parameters=(k,),
        conditions=moved.conditions(),
        sample={x: sample(piece)},
    )
