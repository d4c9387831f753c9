"""One unknown on the whole real line or a part of it: every real solution, with a proof that there are no others.

In: an unrolled `Problem` in one unknown. Out: a `BoxSearch`. Where the domain does not end, the ends of the line are
ruled out first (`tails`), or the statements are seen to be periodic; what remains is searched by branch and prune.
Where there are proved to be infinitely many (`endless`), the first few are searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

import numpy as np
from flint import arb
from sympy import (
    Add,
    Expr,
    Integer,
    Mul,
    Pow,
    Rational,
    Symbol,
    cos,
    cot,
    csc,
    exp,
    log,
    pi,
    sec,
    sin,
    sqrt,
    tan,
    together,
)

from puzzlesolver.answer.reasons import Why
from puzzlesolver.arithmetic.balls import approximate, compile_balls, working_precision
from puzzlesolver.arithmetic.intervals import float_above, float_below
from puzzlesolver.problem import Condition, Problem, Relation
from puzzlesolver.problem.notation import notation
from puzzlesolver.proof import limits
from puzzlesolver.proof.boxes.box import BoxSearch
from puzzlesolver.proof.boxes.branch import region_in_words, search_region
from puzzlesolver.proof.boxes.conditions import decide
from puzzlesolver.proof.boxes.contract import Contractor, domain_ends
from puzzlesolver.proof.boxes.tails import (
    MARKS,
    PRECISION,
    T,
    is_continuous,
    last_possible_zero,
    never_zero,
    positive,
    unfolded,
)
from puzzlesolver.proof.verdict import Verdict

PERIODIC = (sin, cos, tan, cot, sec, csc)
FORMS: tuple[Expr, ...] = (T, -T, 1 / T, -1 / T, sqrt(T), -sqrt(T), log(T), -log(T), exp(T), -exp(T), exp(-T), -exp(-T))
"""The unknown as a strictly monotone function of t > 1."""

PLACES = 16  # So many points of a period are tried for signs.
FAR = (2**20, 2**30)  # Where signs are looked at before anything is proved.


@dataclass(frozen=True, slots=True)
class Endless:
    """Why there are infinitely many solutions, and where to look for the first of them.

    With x = `form`, a function of `T`, what the solutions follow from has the period `length` in t.
    """

    words: str
    form: Expr
    length: float

    def first(self, periods: int) -> tuple[float, float]:
        """The part of the line of the first few periods; of t from zero on, on either side if t is x or -x."""
        last = periods * self.length
        if self.form in (T, -T):
            return -last, last
        low, high = sorted(float(self.form.xreplace({T: Rational(t)}).evalf()) for t in (self.length / 4, last))
        return low, high


def endless(problem: Problem) -> Endless | None:
    """A proof that an equation in one unknown has infinitely many solutions, where one is found.

    The unknown is written as x = g(t) such that the arguments of all sines and cosines are linear in t, with a common
    period P (x = t, x = -t, and others such as x = 1/t for ``sin(1/x)``). At t = P*k + c these functions keep their
    values whatever the whole number k is, so that what is left is a function without waves, whose sign from some t on
    `tails` proves. Where the signs at two numbers c differ, and the difference of the sides is continuous between them,
    every period holds a solution (intermediate value theorem). Poles of tangents are multiplied away; that none of the
    zeros found is such a pole is proved: where a cosine is zero, the sine is 1 or -1.
    """
    if len(problem.unknowns) != 1 or len(problem.equations) != 1:
        return None
    (unknown,), (equation,) = problem.unknowns, problem.equations
    domain = unknown.domain
    relations = tuple(problem.relations())
    if domain.integer or domain.members is not None:
        return None
    if not all(isinstance(condition, Condition) for condition in problem.conditions):
        return None
    if not equation.residual.has(*PERIODIC) or equation.residual.count_ops() > limits.MOST_ENDLESS_OPERATIONS:
        return None
    ends = [replace(bound, relation=Relation.LESS) for bound in domain.bounds(unknown.symbol)]
    for form in FORMS:
        sides = [side.xreplace({unknown.symbol: form}) for side in (equation.lhs, equation.rhs)]
        gaps = [(one.relation, (one.rhs - one.lhs).xreplace({unknown.symbol: form})) for one in (*ends, *relations)]
        period = period_of(_slopes(sides))
        if period is None:
            continue
        found = _Waves(sides, gaps, period).proof()
        if found is not None:
            return Endless(_words(unknown.symbol, form, period, found), form, float(approximate(period)[1]))
    return None


def period_of(slopes: set[Expr] | None) -> Expr | None:
    """A common period of sines and cosines of these frequencies, None where there is none."""
    if not slopes:
        return None
    ordered = sorted(slopes, key=str)
    ratios = [slope / ordered[0] for slope in ordered]
    if not all(isinstance(ratio, Rational) for ratio in ratios):
        return None
    numerator = gcd(*(abs(int(ratio.p)) for ratio in ratios))
    denominator = lcm(*(int(ratio.q) for ratio in ratios))
    return abs(2 * pi * denominator / (numerator * ordered[0]))


def _slopes(sides: Sequence[Expr]) -> set[Expr] | None:
    """The frequencies of the waves; None where an argument is not linear."""
    slopes: set[Expr] = set()
    for wave in (wave for side in sides for wave in side.atoms(*PERIODIC) if wave.has(T)):
        slope = wave.args[0].diff(T)
        if slope == 0 or not slope.is_number or not slope.is_real:
            return None
        slopes.add(slope)
    return slopes


# --- the proof --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """For t = period*k + c with the c of `between`, the sign changes, for every t from `mark` on."""

    mark: int
    between: tuple[Fraction, Fraction]


class _Waves:
    """One equation and its conditions in `T`, all waves of one period."""

    def __init__(self, sides: Sequence[Expr], gaps: Sequence[tuple[Relation, Expr]], period: Expr) -> None:
        self._sides, self._period = sides, period
        self._poles = {pole for side in sides for pole in _poles(side)}
        self._gaps = []
        for relation, gap in gaps:
            wave = gap.as_coeff_Mul()[1]
            if relation is Relation.NOT_EQUAL and _is_wave(wave):
                self._poles.add(wave)
            else:
                self._gaps.append((relation, gap))
        self._top, self._below = together(_without_tangents(sides[0] - sides[1])).as_numer_denom()

    def proof(self) -> _Found | None:
        """Where the sign changes in every period, if that is proved."""
        low, high = approximate(self._period)
        step = (low + high) / (2 * PLACES)
        places = [(k * step).limit_denominator(limits.FINEST) for k in range(PLACES)]
        signs = [self._sign_far_out(place) for place in places]
        changes = [
            (one, other)
            for (one, first), (other, second) in pairwise(zip(places, signs, strict=True))
            if one < other < low and first * second < 0
        ]
        if not changes:
            return None
        for mark in MARKS:
            if not self._is_fit(mark):
                continue
            for one, other in changes:
                ends = [_frozen(self._top, place) for place in (one, other)]
                for sign in (1, -1):
                    if all(positive(unfolded(s * end), mark) for s, end in zip((sign, -sign), ends, strict=True)):
                        return _Found(mark, (one, other))
        return None

    def _is_fit(self, mark: int) -> bool:
        """From `mark` on: sides and conditions hold what they must, and no zero of the numerator is a pole."""
        return (
            all(_is_defined(side, mark) for side in self._sides)
            and is_continuous(self._top, mark)
            and all(self._divides_nothing(factor, mark) for factor in Mul.make_args(self._below))
            and all(self._is_no_pole(pole, mark) for pole in self._poles)
            and all(self._holds(relation, gap, mark) for relation, gap in self._gaps)
        )

    def _divides_nothing(self, factor: Expr, mark: int) -> bool:
        """Whether a factor of the denominator is nowhere zero but at the poles."""
        base = factor.as_base_exp()[0]
        return base in self._poles or never_zero(base, mark)

    def _is_no_pole(self, pole: Expr, mark: int) -> bool:
        """Whether the numerator is not zero where `pole`, a sine or a cosine, is: the other one is 1 or -1 there."""
        (angle,) = pole.args
        other = sin(angle) if isinstance(pole, cos) else cos(angle)
        return all(
            never_zero(self._top.xreplace({pole: Integer(0), other: Integer(value)}).doit(), mark) for value in (1, -1)
        )

    def _holds(self, relation: Relation, gap: Expr, mark: int) -> bool:
        """Whether a condition, ``gap > 0`` or not zero, holds from `mark` on."""
        return never_zero(gap, mark) if relation is Relation.NOT_EQUAL else positive(unfolded(gap), mark)

    def _sign_far_out(self, place: Fraction) -> int:
        """The sign at t = period*k + place for large k, 0 where it is not the same; a guide only."""
        function = compile_balls((_frozen(self._top, place),), (T,))
        with working_precision(PRECISION):
            values = [function([arb(far)])[0] for far in FAR]
        return 1 if all(value > 0 for value in values) else -1 if all(value < 0 for value in values) else 0


def _frozen(expression: Expr, place: Fraction) -> Expr:
    """The expression at ``t + place``, for t a multiple of the period, with t called `T`."""
    shift = Rational(place.numerator, place.denominator)
    waves = {wave: wave.func(wave.args[0].xreplace({T: shift})) for wave in expression.atoms(sin, cos) if wave.has(T)}
    moved = expression.xreplace({wave: Symbol(f"wave{n}", real=True) for n, wave in enumerate(waves)})
    moved = moved.xreplace({T: T + shift})
    return moved.xreplace({Symbol(f"wave{n}", real=True): value for n, value in enumerate(waves.values())})


def _is_wave(expression: Expr) -> bool:
    return isinstance(expression, (sin, cos)) and expression.has(T)


def _poles(expression: Expr) -> Iterator[Expr]:
    """The sines and cosines at whose zeros an expression is not defined, as far as they stand by themselves."""
    for wave in expression.atoms(tan, sec, cot, csc):
        if wave.has(T):
            yield (cos if isinstance(wave, (tan, sec)) else sin)(wave.args[0])
    for power in expression.atoms(Pow):
        if power.exp.is_Integer and power.exp.is_negative and _is_wave(power.base):
            yield power.base


def _without_tangents(expression: Expr) -> Expr:
    return (
        expression.replace(tan, lambda u: sin(u) / cos(u))
        .replace(cot, lambda u: cos(u) / sin(u))
        .replace(sec, lambda u: 1 / cos(u))
        .replace(csc, lambda u: 1 / sin(u))
    )


def _is_defined(e: Expr, mark: int) -> bool:
    """Whether an expression is defined and continuous for all t >= mark but for poles of waves."""
    if isinstance(e, (tan, cot, sec, csc)):
        return is_continuous(e.args[0], mark)
    if isinstance(e, (Add, Mul)):
        return all(_is_defined(arg, mark) for arg in e.args)
    if isinstance(e, Pow) and e.exp.is_Integer and (e.exp.is_positive or _is_wave(e.base)):
        return _is_defined(e.base, mark)
    return is_continuous(e, mark)


# --- for the report ---------------------------------------------------------------------------------------------------


def _words(unknown: Symbol, form: Expr, period: Expr, found: _Found) -> str:
    k, t = Symbol("k"), Symbol("t")
    first = int(Fraction(found.mark) / approximate(period)[0]) + 1
    ends = [period * k + Rational(end.numerator, end.denominator) for end in found.between]
    if form in (T, -T):
        name, ends = unknown.name, [end if form == T else -end for end in ends]
        where = ""
    else:
        name, where = "t", f" (with {unknown.name} = {notation(form.xreplace({T: t}))})"
    low, high = (notation(end) for end in ends)
    return (
        f"infinitely many: for every whole number k >= {first} the difference of the sides changes sign "
        f"between {name} = {low} and {name} = {high}{where}"
    )


def search_line(problem: Problem, *, deadline: float) -> BoxSearch:
    """Every solution of a problem in one unknown, up to `deadline` (a time of `time.monotonic`)."""
    (unknown,) = problem.unknowns
    low, high = domain_ends(unknown.domain)
    with np.errstate(all="ignore"):
        a, b, alive = Contractor(problem)(np.array([[low]]), np.array([[high]]))
    if not alive[0]:
        return BoxSearch((), (), region_in_words(problem), 1)
    low, high = float(a[0, 0]), float(b[0, 0])
    everywhere = np.isinf(low) and np.isinf(high) and not unknown.domain.integer
    if everywhere and (period := common_period(problem)) is not None:
        return _search_period(problem, period, deadline)
    if (proof := endless(problem)) is not None:
        return _search_first(problem, proof, deadline)
    if np.isinf(high):
        high = _end(problem, unknown.symbol, 1, low)
    if np.isinf(low):
        low = -_end(problem, unknown.symbol, -1, -high)
    found = search_region(problem, [low], [high], deadline=deadline)
    return replace(found, region=region_in_words(problem))


def _end(problem: Problem, symbol: Symbol, direction: int, start: float) -> float:
    """A number beyond which, in one direction, there is no solution; infinite where none is known."""
    minimum = Fraction(start) if 0 < start < np.inf else Fraction(0)
    best = np.inf
    for equation in problem.equations:
        mark = last_possible_zero(equation.residual.subs(symbol, direction * T), minimum)
        if mark is not None:
            best = min(best, float(mark))
    return best


def _search_period(problem: Problem, period: Expr, deadline: float) -> BoxSearch:
    """One period in place of the line: nothing there is nothing anywhere; otherwise the solutions go on for ever."""
    last = float_above(approximate(period)[1])
    found = search_region(problem, [float_below(Fraction(0))], [last], deadline=deadline)
    if found.exhausted and not found.certificates:
        return replace(found, region=region_in_words(problem))
    name = problem.symbols[0].name
    further = f"what holds at {name} holds again {notation(period)} further on, without end"
    sure = any(decide(problem, certificate) is Verdict.HOLDS for certificate in found.certificates)
    return replace(
        found,
        reason=found.reason or Why.ONE_PERIOD(name, notation(period)),
        endless=f"infinitely many: {further}" if sure else None,
    )


def _search_first(problem: Problem, proof: Endless, deadline: float) -> BoxSearch:
    """The first few of infinitely many solutions."""
    for periods in limits.PERIODS:
        low, high = proof.first(periods)
        found = search_region(problem, [low], [high], deadline=deadline)
        if found.certificates or found.reason is not None:
            break
    why = Why.FIRST_FEW if found.exhausted else Why.SOME_OF_FIRST_FEW
    return replace(found, reason=why(problem.symbols[0].name, low, high), endless=proof.words)


def common_period(problem: Problem) -> Expr | None:
    """A common period of all the statements, where the unknown stands only in trigonometric functions of multiples of
    itself that are commensurable; None where there is none to be seen."""
    (symbol,) = problem.symbols
    statements = [side for equation in problem.equations for side in (equation.lhs, equation.rhs)]
    for condition in problem.relations():
        statements += [condition.lhs, condition.rhs]
    if not all(isinstance(condition, Condition) for condition in problem.conditions):
        return None
    slopes: set[Expr] = set()
    for statement in statements:
        if not _collect_slopes(statement, symbol, slopes):
            return None
    return period_of(slopes)


def _collect_slopes(expression: Expr, symbol: Symbol, slopes: set[Expr]) -> bool:
    """Gather the slopes of the trigonometric arguments; False where the symbol stands elsewhere."""
    if symbol not in expression.free_symbols:
        return True
    if isinstance(expression, PERIODIC):
        slope = expression.args[0].diff(symbol)
        if slope == 0 or not slope.is_number:
            return False
        slopes.add(slope)
        return True
    return bool(expression.args) and all(_collect_slopes(arg, symbol, slopes) for arg in expression.args)
