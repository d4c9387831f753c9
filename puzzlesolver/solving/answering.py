"""What the file asks for with ``… = ?``: an exact value where there is one, with TensorFlow's own figure beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flint import arb
from sympy import Expr, Float, Symbol

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.answer.solution import Answer, Solution, SolutionSet, Value
from puzzlesolver.arithmetic.balls import approximate, ball_of, evaluate, interval_of
from puzzlesolver.exact.asks import answer_exactly, evaluated
from puzzlesolver.options import Method
from puzzlesolver.problem import Ask, Condition, Problem, Relation, real_symbol
from puzzlesolver.solving.worker import get_worker

TAPE_AGREES = 1e-9
"""How far TensorFlow's figure may be from the exact one, relative to its size, before the report says so."""

BITS = 128
"""The precision at which an expression of certified values is evaluated."""


def answer_asks(problem: Problem, answer: SolutionSet, method: Method, deadline: float) -> SolutionSet:
    """`answer` with the values asked for, which all its solutions must share; what cannot be told is a reason.

    A value is exact where the worker proves it by `deadline` (`time.monotonic`); else it is an interval, from certified
    solutions, or missing.
    """
    exact: tuple[Expr | None, ...] = (None,) * len(problem.asks)
    if method is not Method.NUMERIC:
        assignments = [closed for solution in answer if (closed := _closed_forms(solution)) is not None]
        if len(assignments) == len(answer):
            outcome = get_worker().submit(answer_exactly, problem, assignments).result(deadline)
            exact = outcome.value if outcome.done else exact
    tapes = _tape_values([_at_floats(ask, answer) for ask in problem.asks], method, deadline)
    answers: list[Answer] = []
    reasons: list[Reason] = []
    for ask, closed, tape in zip(problem.asks, exact, tapes, strict=True):
        value = _value(ask, closed, answer)
        if value is None:
            reasons.append(Why.NO_SINGLE_VALUE(ask.origin.text))
            continue
        if tape is not None and not abs(tape - value.approximation) <= TAPE_AGREES * max(1.0, abs(value.approximation)):
            reasons.append(Why.OTHER_VALUE(ask.origin.text, tape))
        answers.append(Answer(ask.origin.text, value, tape))
    return replace(answer, answers=tuple(answers), reasons=(*answer.reasons, *reasons))


def _tape_values(expressions: Sequence[Expr], method: Method, deadline: float) -> Sequence[float | None]:
    """TensorFlow's own figures, as far as it has any and has them by the deadline."""
    worker = get_worker("numeric")
    if method is Method.EXACT or not worker.is_ready(deadline):
        return [None] * len(expressions)
    outcome = worker.call("puzzlesolver.numeric.errands:tape_values", expressions).result(deadline)
    figures: list[float | None] = outcome.value if outcome.done else [None] * len(expressions)
    return figures


def _closed_forms(solution: Solution) -> Mapping[Symbol, Expr] | None:
    """The solution's values as expressions, None where one has no closed form."""
    forms = {real_symbol(name): value.exact for name, value in solution.values.items() if value.exact is not None}
    return forms if len(forms) == len(solution.values) else None


def _value(ask: Ask, closed: Expr | None, answer: SolutionSet) -> Value | None:
    if closed is not None:
        if closed.free_symbols:
            return None
        low, high = approximate(closed)
        return Value(closed, float((low + high) / 2))
    if len(answer) != 1 or not answer.complete:
        return None
    balls: dict[Symbol, arb] = {}
    conditions = [condition.mapped(evaluated) for condition in ask.defined]
    for symbol in ask.expression.free_symbols.union(*(condition.symbols for condition in conditions)):
        value = answer[0].values[str(symbol.name)]
        if value.exact is not None and value.exact.free_symbols:
            return None
        interval = value.refine(40) if value.refine is not None else value.interval
        if interval is None and value.exact is not None:
            interval = approximate(value.exact, 40)
        if interval is None:
            return None
        balls[symbol] = ball_of(interval)
    if not all(_surely_holds(condition, balls) for condition in conditions):
        return None
    ball = evaluate(ask.expression.doit(), balls, BITS)
    if not ball.is_finite():
        return None
    low, high = interval_of(ball)
    return Value(None, float((low + high) / 2), (low, high))


def _surely_holds(condition: Condition, balls: Mapping[Symbol, arb]) -> bool:
    """Whether a condition holds at all points of some balls."""
    gap = evaluate(condition.rhs - condition.lhs, balls, BITS)
    if condition.relation is Relation.NOT_EQUAL:
        return bool(gap != 0)
    return bool(gap > 0 or (condition.relation is Relation.AT_MOST and gap >= 0))


def _at_floats(ask: Ask, answer: SolutionSet) -> Expr:
    """The expression asked for, with the only solution's values put in where it has unknowns."""
    if len(answer) != 1:
        return ask.expression
    values = answer[0].values
    return ask.expression.xreplace(
        {symbol: Float(values[str(symbol.name)].approximation, 17) for symbol in ask.expression.free_symbols}
    )
