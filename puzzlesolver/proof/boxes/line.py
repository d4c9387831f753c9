"""One unknown on the whole real line or a part of it: every real solution, with a proof that there are no others.

In: an unrolled `Problem` in one unknown. Out: a `BoxSearch`. Where the domain does not end, the ends of the line are
ruled out first (`tails`), or the statements are seen to be periodic; what remains is searched by branch and prune.
Where there are proved to be infinitely many (`endless`), the first few are searched.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from sympy import Expr, Symbol

from puzzlesolver.answer.reasons import Why
from puzzlesolver.arithmetic.balls import approximate
from puzzlesolver.arithmetic.intervals import float_above, float_below
from puzzlesolver.problem import Condition, Problem
from puzzlesolver.problem.notation import notation
from puzzlesolver.proof import limits
from puzzlesolver.proof.boxes.box import BoxSearch
from puzzlesolver.proof.boxes.branch import region_in_words, search_region
from puzzlesolver.proof.boxes.conditions import decide
from puzzlesolver.proof.boxes.contract import Contractor, domain_ends
from puzzlesolver.proof.boxes.endless import PERIODIC, Endless, endless, period_of
from puzzlesolver.proof.boxes.tails import T, last_possible_zero
from puzzlesolver.proof.verdict import Verdict


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
