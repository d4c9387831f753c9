"""The machine-readable answer: one JSON object on one line, its keys fixed by the format ``puzzlesolver/1``.

In: a `SolutionSet`. Out: a string. More keys may be added in later versions; none changes its meaning.
"""

from __future__ import annotations

import json
from math import isfinite, nan
from typing import Any

from sympy import Expr, oo, sstr

from puzzlesolver.answer.solution import Answer, Engines, FitStatistics, Solution, SolutionSet, Value
from puzzlesolver.arithmetic.decimals import decimal_of_float, outward
from puzzlesolver.exact.segment import Segment
from puzzlesolver.problem.unroll import unknown_names
from puzzlesolver.report.conditions import case_text, condition_texts
from puzzlesolver.report.regions import Region, region_of
from puzzlesolver.report.sets import intervals
from puzzlesolver.report.values import asked

FORMAT = "puzzlesolver/1"


def report_json(answer: SolutionSet) -> str:
    """The answer as one JSON object on one line."""
    return json.dumps(report_object(answer), ensure_ascii=False, allow_nan=False)


def report_object(answer: SolutionSet) -> dict[str, Any]:
    """The same as plain Python objects."""
    free = dict.fromkeys(str(symbol) for solution in answer for symbol in solution.free)
    return {
        "format": FORMAT,
        "file": answer.problem.name,
        "status": answer.status.value,
        "complete": answer.complete,
        "dimension": answer.dimension,
        "free": list(free),
        "unknowns": unknown_names(answer.problem),
        "solutions": [_solution(solution, answer.digits) for solution in answer],
        "candidates": [_solution(candidate, answer.digits) for candidate in answer.candidates],
        "answers": [_answer(item, answer.digits) for item in answer.answers],
        "conditions": list(map(case_text, answer.conditions)),
        "proof": answer.proof,
        "reasons": [str(reason) for reason in answer.reasons],
        "warnings": list(answer.warnings),
        "conflict": _conflict(answer),
        "redundant": [{"line": origin.line or None, "text": origin.text} for origin in answer.redundant],
        "best": None if answer.best is None else _answer(answer.best, answer.digits),
        "fit": None if answer.fit is None else _fit(answer, answer.fit),
        "engines": _engines(answer.engines),
        "seed": answer.seed,
        "seconds": {stage: round(seconds, 3) for stage, seconds in answer.seconds.items()},
    }


def _solution(solution: Solution, digits: int) -> dict[str, Any]:
    region = region_of(solution)
    return {
        "evidence": solution.evidence.value,
        "multiplicity": solution.multiplicity,
        "values": {name: _value(value, digits) for name, value in solution.values.items()},
        "free": [str(symbol) for symbol in solution.free],
        "integer_parameters": [str(symbol) for symbol in solution.integer_parameters],
        "dimension": solution.dimension,
        "conditions": [text for condition in solution.conditions for text in condition_texts([condition])],
        "set": [_interval(name, piece, digits) for name, piece in intervals(solution)],
        "region": None if region is None else _region(region, digits),
    }


def _region(region: Region, digits: int) -> dict[str, Any]:
    """The ranges of the free unknowns, and the corners, where it is bounded, in their order."""
    return {
        "ranges": [_interval(str(segment.symbol), segment, digits) for segment in region.segments()],
        "corners": region.corners and [[str(number) for number in corner] for corner in region.corners],
    }


def _interval(name: str, piece: Segment, digits: int) -> dict[str, Any]:
    """An interval of an unknown's values; an end that is infinite is None."""
    return {
        "unknown": name,
        "low": None if piece.low == -oo else _bound(piece.low, digits),
        "high": None if piece.high == oo else _bound(piece.high, digits),
        "low_open": piece.low_open,
        "high_open": piece.high_open,
    }


def _bound(end: Expr, digits: int) -> dict[str, Any]:
    return _value(Value(end, nan if end.free_symbols else float(end.evalf(20))), digits)


def _value(value: Value, digits: int) -> dict[str, Any]:
    low, high = (None, None) if value.interval is None else outward(value.interval, digits)
    return {"exact": _closed_form(value.exact), "decimal": _decimal(value, digits), "low": low, "high": high}


def _closed_form(expression: Expr | None) -> str | None:
    """SymPy's printed syntax; None for a number of more digits than Python prints."""
    if expression is None:
        return None
    try:
        return str(sstr(expression))
    except ValueError:
        return None


def _decimal(value: Value, digits: int) -> str | None:
    """The decimal, None where the value has none: it depends on a symbol that stays, or is not finite."""
    closed = value.sample if value.sample is not None else value.exact
    if closed is not None and (closed.free_symbols or closed.is_finite is False):
        return None
    return value.decimal(digits)


def _answer(item: Answer, digits: int) -> dict[str, Any]:
    return {"ask": asked(item.ask), **_value(item.value, digits)}


def _conflict(answer: SolutionSet) -> dict[str, Any] | None:
    conflict = answer.conflict
    if conflict is None:
        return None
    compromise = conflict.compromise or {}
    return {
        "lines": [{"line": origin.line or None, "text": origin.text} for origin in conflict.lines],
        "compromise": {name: _value(value, answer.digits) for name, value in compromise.items()},
    }


def _fit(answer: SolutionSet, fit: FitStatistics) -> dict[str, Any]:
    values = answer[0].values if len(answer) else {}
    parameters = {
        name: {
            "estimate": float(value.decimal(answer.digits)),
            "standard_error": _number(fit.standard_errors.get(name), answer.digits),
            "confidence_interval": _ends(fit.intervals.get(name), answer.digits),
        }
        for name, value in values.items()
    }
    return {
        "parameters": parameters,
        "residual_sum_of_squares": _number(fit.residual_sum_of_squares, answer.digits),
        "degrees_of_freedom": fit.degrees_of_freedom,
        "residual_standard_deviation": _number(fit.residual_standard_deviation, answer.digits),
        "r_squared": _number(fit.r_squared, answer.digits),
    }


def _ends(interval: tuple[float, float] | None, digits: int) -> list[float | None] | None:
    return None if interval is None else [_number(end, digits) for end in interval]


def _number(value: float | None, digits: int) -> float | None:
    """A statistic without the noise of its last bits; JSON has no infinities."""
    if value is None or not isfinite(value):
        return None
    return float(decimal_of_float(value, digits))


def _engines(engines: Engines) -> dict[str, Any]:
    loss = float(engines.loss) if engines.loss is not None and isfinite(engines.loss) else None
    numeric = None
    if engines.optimizer:
        numeric = {
            "optimizer": engines.optimizer,
            "starts": engines.starts,
            "loss": loss,
            "found": engines.found,
        }
    return {
        "numeric": numeric,
        "exact": {"method": engines.method} if engines.method else None,
        "agree": engines.agree,
    }
