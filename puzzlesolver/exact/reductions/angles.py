"""Unknowns that occur only as angles: their sines and cosines as the unknowns of a polynomial problem.

In: a problem in which some unknowns stand nowhere but in sines, cosines and tangents of whole-number combinations of
them. Out: its solutions, from those of the polynomial problem in ``c = cos(a)``, ``s = sin(a)`` with ``c^2 + s^2 = 1``:
such a pair is exactly one angle up to whole turns, so that the lists correspond, and a domain leaves some of the turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

from sympy import Add, Dummy, Expr, Integer, Rational, Symbol, acos, cos, expand, expand_trig, oo, pi, sin, tan

from puzzlesolver.analysis.classify import Analysis, Kind, analyse
from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact import limits
from puzzlesolver.exact.method import Context, Reduced, Reduction, Simpler
from puzzlesolver.exact.outcome import ExactSolution
from puzzlesolver.exact.segment import Segment, fresh_integers, segment
from puzzlesolver.problem import AllDifferent, Domain, Equation, Origin, Problem, Unknown
from puzzlesolver.proof import zero
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

METHOD = "angles as points of the circle"


class _Other(Exception):
    """The problem is of another kind."""


@dataclass(frozen=True, slots=True)
class _Circle:
    """The symbols that stand for an angle's cosine and sine."""

    cosine: Symbol
    sine: Symbol


def _reduce(problem: Problem, analysis: Analysis, context: Context) -> Reduced | None:
    """The polynomial form; None where the problem has no angles, or other functions besides."""
    try:
        circles, changed = _polynomial_form(problem)
    except _Other:
        return None
    case = Simpler(changed, partial(_turned_back, problem, circles))
    return Reduced([case], lambda outcomes: f"{METHOD}; {outcomes[0].proof}")


# --- there ------------------------------------------------------------------------------------------------------------


def _polynomial_form(problem: Problem) -> tuple[dict[Symbol, _Circle], Problem]:
    sides = [side for statement in problem.statements for side in statement.expressions()]
    waves = sorted(set().union(*(side.atoms(sin, cos, tan) for side in sides)), key=str)
    angles = [
        unknown.symbol
        for unknown in problem.unknowns
        if any(wave.has(unknown.symbol) for wave in waves) and not _occurs_outside(unknown.symbol, sides)
    ]
    if (
        not angles
        or len(angles) > limits.MOST_ANGLES
        or any(not _is_combination(wave.args[0], angles) for wave in waves)
    ):
        raise _Other
    circles = {angle: _Circle(Dummy(f"cos({angle})", real=True), Dummy(f"sin({angle})", real=True)) for angle in angles}

    def rewrite(expression: Expr) -> Expr:
        basic = expression.replace(tan, lambda t: sin(t) / cos(t))
        put_in = {cos(a): circle.cosine for a, circle in circles.items()}
        put_in |= {sin(a): circle.sine for a, circle in circles.items()}
        rewritten = expand_trig(basic).xreplace(put_in)
        if rewritten.has(sin, cos) and any(part.free_symbols for part in rewritten.atoms(sin, cos)):
            raise _Other
        return rewritten

    if any(isinstance(condition, AllDifferent) for condition in problem.conditions):
        raise _Other
    pairs = [symbol for circle in circles.values() for symbol in (circle.cosine, circle.sine)]
    rims = [Equation(circle.cosine**2 + circle.sine**2, Integer(1), Origin("circle")) for circle in circles.values()]
    others = (unknown for unknown in problem.unknowns if unknown.symbol not in circles)
    changed = problem.part(
        (*(statement.mapped(rewrite) for statement in problem.statements), *rims), (*map(Unknown, pairs), *others)
    )
    if analyse(changed).kind is Kind.TRANSCENDENTAL:
        raise _Other
    return circles, changed


def _occurs_outside(symbol: Symbol, sides: Sequence[Expr]) -> bool:
    """Whether an unknown occurs anywhere but in a sine, cosine or tangent."""
    return any(
        side.replace(lambda part: isinstance(part, (sin, cos, tan)), lambda part: Dummy()).has(symbol) for side in sides
    )


def _is_combination(argument: Expr, angles: Sequence[Symbol]) -> bool:
    """Whether an argument is a sum of whole multiples of the angles and a constant."""
    constant, moving = expand(argument).as_independent(*angles, as_Add=True)
    if constant.free_symbols:
        return False
    terms = (term.as_coeff_Mul(rational=True) for term in Add.make_args(moving))
    return all(isinstance(factor, Integer) and part in angles for factor, part in terms if factor != 0)


# --- and back ---------------------------------------------------------------------------------------------------------


def _turned_back(problem: Problem, circles: Mapping[Symbol, _Circle], found: ExactSolution) -> list[ExactSolution]:
    """The solutions that one point of the circles stands for."""
    if found.parameters or found.point is not None:
        raise LeftOpen(Why.ANGLES_UNWORKED())
    others = {
        unknown.symbol: found.values[unknown.symbol] for unknown in problem.unknowns if unknown.symbol not in circles
    }
    fresh = fresh_integers(problem.symbols)
    choices = []
    for unknown in problem.unknowns:
        if unknown.symbol in circles:
            circle = circles[unknown.symbol]
            angle = _angle(found.values[circle.cosine], found.values[circle.sine])
            choices.append([(unknown.symbol, *turn) for turn in _turns(angle, unknown.domain, fresh)])
    solutions = []
    for choice in product(*choices):
        chosen = {symbol: value for symbol, value, _, _ in choice}
        values = {symbol: chosen.get(symbol, others.get(symbol)) for symbol in problem.symbols}
        solutions.append(_checked(problem, values, [(k, where) for _, _, k, where in choice if k is not None]))
    return solutions


def _angle(cosine: Expr, sine: Expr) -> Expr:
    """The angle from -pi to pi with this cosine and sine."""
    side = zero.sign(sine)
    if side is None:
        raise LeftOpen(Why.QUADRANT())
    return acos(cosine) if side >= 0 else -acos(cosine)


_Turn = tuple[Expr, Symbol | None, Segment | None]


def _turns(angle: Expr, domain: Domain, fresh: Iterator[Symbol]) -> list[_Turn]:
    """The angle plus whole turns, as far as the domain admits them: one by one, or with a whole-number symbol."""
    k = Symbol("k", integer=True)
    value = angle + 2 * pi * k
    if domain.integer or domain.members is not None:
        raise LeftOpen(Why.WHOLE_ANGLES())
    where = segment(list(domain.bounds(value)), k)
    if where is None:
        raise LeftOpen(Why.TURNS())
    if where.is_empty:
        return []
    low, high = where.whole_ends()
    if (low is None and where.low != -oo) or (high is None and where.high != oo):
        raise LeftOpen(Why.TURNS())
    if low is None or high is None:
        name = next(fresh)
        return [(value.xreplace({k: name}), name, replace(where.between_whole(low, high), symbol=name))]
    if high - low > limits.MOST_TURNS:
        raise LeftOpen(Why.MANY_TURNS(limits.MOST_TURNS))
    return [(angle + 2 * pi * turn, None, None) for turn in range(low, high + 1)]


def _checked(
    problem: Problem, values: Mapping[Symbol, Expr], turns: Sequence[tuple[Symbol, Segment | None]]
) -> ExactSolution:
    """A solution that has been put back."""
    given = [condition for _, where in turns if where is not None for condition in where.conditions()]
    if put_back(problem, values, given) is not Verdict.HOLDS:
        raise LeftOpen(Why.ANGLE_NOT_PUT_BACK())
    if not turns:
        return ExactSolution(values, Evidence.EXACT)
    start = {k: _simple_member(where) for k, where in turns if where is not None}
    return ExactSolution(
        values,
        Evidence.EXACT,
        integer_parameters=tuple(k for k, _ in turns),
        conditions=tuple(given),
        sample={symbol: value.xreplace(start) for symbol, value in values.items()},
    )


def _simple_member(where: Segment) -> Rational:
    """The whole number nearest to zero, of a range without one of its ends."""
    low, high = where.whole_ends()
    return Integer(max(low, 0) if low is not None else min(high, 0) if high is not None else 0)


ANGLES = Reduction(METHOD, (Kind.TRANSCENDENTAL,), _reduce, steps=limits.ANGLE_STEPS)
