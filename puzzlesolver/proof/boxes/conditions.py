"""Does a certified solution keep the domains and conditions? Decided in balls, at rising precision.

In: an unrolled `Problem` and a `Certificate`. Out: a `Verdict` on everything that the certificate does not say itself:
that all statements are defined, the equations outside its square subsystem, conditions, differences and domains.
Where two sides are equal, balls can never tell; a solution that turns out to be a rational point is put back exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from math import ceil

from flint import arb
from sympy import Rational

from puzzlesolver.arithmetic.balls import ball_of, compile_balls, working_precision
from puzzlesolver.problem import AllDifferent, Condition, Domain, Problem, Relation, Unknown
from puzzlesolver.proof import limits
from puzzlesolver.proof.boxes.box import Box, Certificate
from puzzlesolver.proof.boxes.refinement import refine
from puzzlesolver.proof.boxes.system import system_of
from puzzlesolver.proof.verdict import Verdict, conjunction

DIGITS = (15, 50, 150)  # To so many digits the solution is refined, one after the other, until every sign is sure.


def decide(problem: Problem, certificate: Certificate) -> Verdict:
    """Whether the certified solution of the equations is one of the whole problem."""
    box = certificate.box
    for digits in DIGITS:
        box = refine(problem, Certificate(box, certificate.equations), digits)
        verdict = judge(problem, box, certificate.equations, 64 + 4 * digits)
        if verdict is Verdict.UNDECIDED and digits == 50:
            verdict = _decided_exactly(problem, box, certificate.equations)
        if verdict is not Verdict.UNDECIDED:
            return verdict
    return Verdict.UNDECIDED


def _decided_exactly(problem: Problem, box: Box, equations: tuple[int, ...]) -> Verdict:
    """The verdict where the solution is a rational point: the one in the box that solves the certified equations."""
    from puzzlesolver.proof.putback import put_back

    values = {symbol: simplest_fraction(*box[symbol]) for symbol in problem.symbols}
    if any(value.denominator > limits.LARGEST_DENOMINATOR for value in values.values()):
        return Verdict.UNDECIDED
    exact = {symbol: Rational(value.numerator, value.denominator) for symbol, value in values.items()}
    certified = Problem(
        unknowns=tuple(Unknown(symbol) for symbol in problem.symbols),
        equations=tuple(problem.equations[k] for k in equations),
    )
    return put_back(problem, exact) if put_back(certified, exact) is Verdict.HOLDS else Verdict.UNDECIDED


def simplest_fraction(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of least denominator in a closed interval (by continued fractions)."""
    whole = ceil(low)
    if whole <= high:
        return Fraction(whole)
    rest = simplest_fraction(1 / (high - (whole - 1)), 1 / (low - (whole - 1)))
    return whole - 1 + 1 / rest


def judge(problem: Problem, box: Box, equations: tuple[int, ...], precision: int) -> Verdict:
    """The verdict that one evaluation over the box gives; `equations` are known to hold at the solution in it."""
    with working_precision(precision):
        balls = [ball_of(box[symbol]) for symbol in problem.symbols]
        verdicts = [*_equations(problem, balls, equations), *_conditions(problem, balls)]
        verdicts += [_in_domain(u.domain, ball) for u, ball in zip(problem.unknowns, balls, strict=True)]
    return conjunction(verdicts)


def _equations(problem: Problem, balls: list[arb], known: tuple[int, ...]) -> Iterator[Verdict]:
    sides = iter(system_of(problem).side_balls(balls))
    for number, (left, right) in enumerate(zip(sides, sides, strict=True)):
        if not (left.is_finite() and right.is_finite()):
            yield Verdict.UNDECIDED
        elif number in known:
            yield Verdict.HOLDS
        else:
            yield Verdict.UNDECIDED if left.overlaps(right) else Verdict.FAILS


def _conditions(problem: Problem, balls: list[arb]) -> Iterator[Verdict]:
    for relation in problem.relations():
        yield _related(relation, compile_balls((relation.lhs, relation.rhs), problem.symbols)(balls))
    for condition in problem.conditions:
        if isinstance(condition, AllDifferent):
            values = compile_balls(condition.members, problem.symbols)(balls)
            for one, other in combinations(values, 2):
                yield _decided(one != other, one == other)


def _related(condition: Condition, sides: list[arb]) -> Verdict:
    left, right = sides
    match condition.relation:
        case Relation.LESS:
            return _decided(left < right, left >= right)
        case Relation.AT_MOST:
            return _decided(left <= right, left > right)
        case Relation.NOT_EQUAL:
            return _decided(left != right, left == right)


def _in_domain(domain: Domain, ball: arb) -> Verdict:
    verdicts = []
    for end, is_open, above in ((domain.low, domain.low_open, True), (domain.high, domain.high_open, False)):
        if end.is_infinite:
            continue
        (bound,) = compile_balls((end,), ())([])
        gap = ball - bound if above else bound - ball
        verdicts.append(_decided(gap > 0, gap <= 0) if is_open else _decided(gap >= 0, gap < 0))
    if domain.members is not None:
        members = compile_balls(domain.members, ())([])
        verdicts.append(Verdict.UNDECIDED if any(ball.overlaps(member) for member in members) else Verdict.FAILS)
    if domain.integer:
        verdicts.append(Verdict.UNDECIDED if ball.contains_integer() else Verdict.FAILS)
    return conjunction(verdicts)


def _decided(holds: bool, fails: bool) -> Verdict:
    return Verdict.HOLDS if holds else Verdict.FAILS if fails else Verdict.UNDECIDED
