"""Single steps of a solve, each in the process that it belongs to; every one returns the findings with its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from puzzlesolver.analysis.classify import Analysis
from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact.engine import outcomes
from puzzlesolver.exact.outcome import ExactSolution
from puzzlesolver.exact.reductions.recognition import recognise
from puzzlesolver.options import Method
from puzzlesolver.problem import Problem
from puzzlesolver.solving.comparison import Findings
from puzzlesolver.solving.limits import MARGIN, POLL, SEARCHING
from puzzlesolver.solving.run import Run
from puzzlesolver.solving.worker import Task, get_worker

MOST_RECOGNISED = 100
"""Solutions for which closed forms are guessed."""

NUMERIC = "puzzlesolver.numeric.errands"


def begin_exact(problem: Problem, analysis: Analysis, run: Run) -> Task | None:
    if run.options.method is Method.NUMERIC:
        return None
    return get_worker().submit(outcomes, problem, analysis, run.options.limit, run.deadline - MARGIN)


def take_exact(task: Task, found: Findings, until: float, began: float) -> Findings:
    """The exact engine's outcome; it is stopped where it is at `until` (`time.monotonic`). It works since `began`."""
    result = task.result(until)
    reason = () if result.done else (Why.EXACT_ENGINE(result.reason),)
    return timed(replace(found, outcome=result.value, reasons=(*found.reasons, *reason)), "exact", began)


def arrives_first(task: Task, run: Run) -> bool:
    """Whether the exact engine is done before TensorFlow is loaded."""
    worker = get_worker("numeric")
    while worker.is_loading and time.monotonic() < run.deadline:
        if task.arrived(time.monotonic() + POLL):
            return True
    return task.arrived()


def searched(
    problem: Problem,
    found: Findings,
    run: Run,
    errand: str,
    *further: object,
    meanwhile: Callable[[], bool] = lambda: False,
) -> Findings:
    """The findings, with what the numeric engine comes to on an errand."""
    worker = get_worker("numeric")
    if not worker.is_ready(run.deadline):
        reason = Why.LATE_TENSORFLOW() if worker.is_running else Why.NO_TENSORFLOW()
        return replace(found, reasons=(*found.reasons, reason))
    began, until, options = time.monotonic(), run.share(SEARCHING), run.options
    task = worker.call(errand, problem, options.seed, options.starts, until, *further)
    while meanwhile() and not task.arrived(time.monotonic() + POLL) and time.monotonic() < until:
        pass
    outcome = task.result(run.deadline)
    if outcome.value is None:
        return replace(found, reasons=(*found.reasons, Why.NUMERIC_ENGINE(outcome.reason)))
    return timed(replace(found, candidates=outcome.value), "numeric", began)


def recognised(part: Problem, found: Findings, run: Run) -> Findings:
    """Closed forms for what is only certified, or not even that, where simple ones can be put back exactly."""
    if run.options.method is Method.NUMERIC or time.monotonic() > run.deadline:
        return found
    boxes = found.to_recognise(part)[:MOST_RECOGNISED]
    if not boxes:
        return found
    began = time.monotonic()
    outcome = get_worker().submit(recognise, part, boxes).result(run.deadline)
    recognised = tuple(
        ExactSolution(values, Evidence.EXACT) for values in (outcome.value if outcome.done else ()) if values
    )
    return timed(replace(found, recognised=recognised), "exact", began)


def timed(found: Findings, stage: str, began: float) -> Findings:
    seconds = {**found.seconds, stage: found.seconds.get(stage, 0.0) + time.monotonic() - began}
    return replace(found, seconds=MappingProxyType(seconds))
