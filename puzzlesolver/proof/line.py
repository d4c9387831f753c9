"""One unknown on the whole real line or a part of it: every real solution, with a proof that there are no others.

In: an unrolled `Problem` in one unknown. Out: a `BoxSearch`. Where the domain does not end, the ends of the line are
ruled out first (`tails`), or the statements are seen to be periodic; what remains is searched by branch and prune.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from sympy import Expr, Rational, Symbol, cos, cot, csc, pi, sec, sin, tan

from puzzlesolver.problem import Condition, Problem
from puzzlesolver.proof.boxes import BoxSearch
from puzzlesolver.proof.branch import region_in_words, search_region
from puzzlesolver.proof.contract import Contractor, domain_ends
from puzzlesolver.proof.intervals import float_above, float_below
from puzzlesolver.proof.tails import T, last_possible_zero

PERIODIC = (sin, cos, tan, cot, sec, csc)


def search_line(problem: Problem, *, deadline: float) -> BoxSearch:
    """Every solution of a problem in one unknown, up to `deadline` (a time of `time.monotonic`)."""
    (unknown,) = problem.unknowns
    low, high = domain_ends(unknown.domain)
    with np.errstate(all="ignore"):
        a, b, alive = Contractor(problem)(np.array([[low]]), np.array([[high]]))
    if not alive[0]:
        return BoxSearch((), (), region_in_words(problem), 1)
    low, high = float(a[0, 0]), float(b[0, 0])
    if np.isinf(low) and np.isinf(high) and (period := common_period(problem)) is not None:
        return _search_period(problem, period, deadline)
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
    from puzzlesolver.proof.balls import approximate

    last = float_above(approximate(period)[1])
    found = search_region(problem, [float_below(Fraction(0))], [last], deadline=deadline)
    if found.exhausted and not found.certificates:
        return replace(found, region=region_in_words(problem))
    reason = found.reason or f"what holds at {problem.symbols[0].name} holds again {period} further on, without end"
    return replace(found, reason=reason)


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
    unit = min(slopes, key=str, default=None)
    if unit is None:
        return None
    ratios = [slope / unit for slope in sorted(slopes, key=str)]
    if not all(isinstance(ratio, Rational) for ratio in ratios):
        return None
    numerator = gcd(*(abs(int(ratio.p)) for ratio in ratios))
    denominator = lcm(*(int(ratio.q) for ratio in ratios))
    return abs(2 * pi * denominator / (numerator * unit))


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
