"""The order of the steps, the budgets and the seed: a `Problem` goes in, a `SolutionSet` comes out.

The exact engine works in its own process while TensorFlow loads and searches here; then what the search found is
certified, what is still open is searched exhaustively, and `comparison` makes one answer of it all. Independent parts
of a problem go this way one at a time. Every step has a deadline, and what was found before it, or before Ctrl-C, is
kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

from sympy import Integer

from puzzlesolver.analysis.classify import Analysis, Kind, analyse, is_whole
from puzzlesolver.analysis.split import split
from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.answer.solution import Evidence, SolutionSet, Status
from puzzlesolver.errors import NotSupported
from puzzlesolver.exact.engine import outcomes
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.reductions.recognition import recognise
from puzzlesolver.fit.statistics import stationarity
from puzzlesolver.numeric import engine as numeric
from puzzlesolver.numeric.candidates import Candidates
from puzzlesolver.options import Method, Options
from puzzlesolver.problem import Problem
from puzzlesolver.problem.unroll import unroll
from puzzlesolver.proof.boxes import krawczyk
from puzzlesolver.proof.boxes.box import BoxSearch
from puzzlesolver.proof.boxes.search import search_until
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict
from puzzlesolver.solving.answering import answer_asks
from puzzlesolver.solving.best import reconcile_fit, reconcile_optimum
from puzzlesolver.solving.combination import combine
from puzzlesolver.solving.comparison import Findings, reconcile
from puzzlesolver.solving.worker import Task, get_worker

MOST_UNROLLED = 20_000
"""Statements up to which an indexed family is written out for the engines."""

MARGIN = 0.3
"""Seconds kept back from the time limit for putting the answer together."""

LOADING = 4.0
"""Seconds below which a time limit leaves none for TensorFlow, whose import cannot be interrupted."""

STARTING = 0.9
"""Seconds in which a worker that is not running yet loads SymPy: they are not the puzzle's."""

COMPARING = 2.0
"""Seconds for the numeric search where the exact answer is complete and the search only has to agree."""

PATIENCE = 1.0
"""Seconds that closed forms of a transcendental problem are waited for, before and after the boxes are searched."""

RECOGNISING = 5.0
"""Seconds for guessing closed forms and putting them back."""

MOST_SEARCHED = 250
"""Unknowns up to which every box is searched."""

MOST_RECOGNISED = 100
"""Solutions for which closed forms are guessed."""

EXACT = 0.7
"""The share of the time left that the exact engine is waited for."""

POLL = 0.02
"""Seconds between two looks whether the exact engine is done, and for which an easy problem's answer is waited for."""

SEARCHING = 0.4
"""The share of the time left that the numeric search may take where nothing is proved yet."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one solve carries along: the options, when it has to end (`time.monotonic`), and whom to tell."""

    options: Options
    deadline: float
    tell: Callable[[str], None]

    def share(self, part: float) -> float:
        """The moment at which `part` of the time that is left will have passed."""
        now = time.monotonic()
        return now + part * max(0.0, self.deadline - now)


def solve_problem(
    problem: Problem, options: Options | None = None, progress: Callable[[str], None] | None = None
) -> SolutionSet:
    """Every solution of `problem` that could be found, with its evidence, and whether the list is proved complete.

    `progress` is told each stage in a few words. Never raises for want of success, and ends within the time limit.
    """
    options = options or Options()
    if options.method is Method.AUTO and options.time_limit < LOADING and not numeric.is_loaded():
        options = replace(options, method=Method.EXACT)
    worker = get_worker()
    cold = 0.0 if worker.pid is not None or options.method is Method.NUMERIC else STARTING
    run = Run(options, time.monotonic() + options.time_limit - MARGIN + cold, progress or (lambda words: None))
    if options.method is not Method.NUMERIC:
        worker.start()
    if options.method is not Method.EXACT:
        numeric.begin_loading()
    try:
        answer = _solve(unroll(problem, MOST_UNROLLED), run)
    except NotSupported as error:
        answer = SolutionSet(problem, Status.UNDECIDED, reasons=(Why.OUT_OF_SCOPE(error.diagnostics[0].message),))
    return replace(answer, problem=problem, warnings=problem.warnings, digits=options.digits, seed=options.seed)


def _solve(problem: Problem, run: Run) -> SolutionSet:
    analysis = analyse(problem)
    match analysis.kind:
        case Kind.FIT:
            answer = _solve_fit(problem, analysis, run)
        case Kind.OPTIMIZATION:
            answer = _solve_optimum(problem, analysis, run)
        case Kind.PARAMETRIC:
            answer = _solve_parametric(problem, analysis, run)
        case Kind.ASK:
            answer = SolutionSet(problem, Status.ANSWERED, complete=True)
        case _:
            answer = _solve_parts(problem, analysis, run)
    return answer_asks(problem, answer, run.options.method, run.deadline) if problem.asks else answer


def _undecided(problem: Problem, reason: Reason) -> SolutionSet:
    return SolutionSet(problem, Status.UNDECIDED, reasons=(reason,))


def _solve_parts(problem: Problem, analysis: Analysis, run: Run) -> SolutionSet:
    """Solve the independent parts one after the other, and combine their answers."""
    parts = split(problem, analysis)
    answers: list[SolutionSet] = []
    for number, part in enumerate(parts):
        share = replace(run, deadline=run.share(1 / (len(parts) - number)))
        answers.append(_solve_part(part, analyse(part) if len(parts) > 1 else analysis, share))
        if answers[-1].status is Status.NONE:
            break  # one part without a solution leaves none for the whole
        if answers[-1].is_open_for(Why.INTERRUPTED):
            answers.extend(_undecided(other, Why.INTERRUPTED()) for other in parts[number + 1 :])
            break
    return answers[0] if len(parts) == 1 else combine(problem, answers)


def _solve_part(part: Problem, analysis: Analysis, run: Run) -> SolutionSet:
    """Both engines on one part, then the proofs that are still missing. Ctrl-C keeps what there is."""
    found = Findings()
    method = run.options.method
    boxes = None
    try:
        if analysis.kind is Kind.TRANSCENDENTAL:
            boxes = _begin_boxes(part, run)  # beside the other two; other kinds rarely need it
        task = _begin_exact(part, analysis, run)
        if is_whole(part):
            found = _search_whole(part, task, found, run)
            if found.is_settled:
                return reconcile(part, found)
        elif method is not Method.EXACT and part.unknowns:
            found = _search_numerically(part, task, found, run)
        if task is not None:
            patient = analysis.kind is not Kind.TRANSCENDENTAL  # SymPy's guesses can wait until the boxes are searched
            found = _take_exact(task, found, run.share(EXACT) if patient else time.monotonic() + PATIENCE)
        found = _certify_candidates(part, found, run)
        found = _search_for_the_rest(part, boxes, found, run)
        if task is not None and found.outcome is None:
            exhausted = found.search is not None and (found.search.exhausted or found.search.endless is not None)
            found = _take_exact(task, found, time.monotonic() + PATIENCE if exhausted else run.share(EXACT), last=True)
        found = _recognise(part, found, run)
    except KeyboardInterrupt:
        found = replace(found, reasons=(*found.reasons, Why.INTERRUPTED()))
    return reconcile(part, found)


def _begin_exact(problem: Problem, analysis: Analysis, run: Run) -> Task | None:
    if run.options.method is Method.NUMERIC:
        return None
    return get_worker().submit(outcomes, problem, analysis, run.options.limit, run.share(EXACT) - MARGIN)


def _search_whole(part: Problem, task: Task | None, found: Findings, run: Run) -> Findings:
    """Whole numbers: the exhaustive search in its process and the relaxed one with Nadam here; a proof ends both.

    Nobody waits for TensorFlow where the proof is there before it.
    """
    until, submitted = run.share(EXACT), time.monotonic()
    if run.options.method is not Method.EXACT:
        run.tell("searching all combinations")
        if task is None or not _arrives_first(task, run):
            found = _search_relaxed(part, task, found, run)
    return _take_exact(task, found, until, last=True, began=submitted) if task is not None else found


def _search_relaxed(part: Problem, task: Task | None, found: Findings, run: Run) -> Findings:
    """The relaxed search with Nadam; what it finds is put back where there is no exhaustive search beside it."""
    if not numeric.finish_loading(run.deadline):
        return found
    began = time.monotonic()
    candidates = numeric.search_whole(
        part,
        seed=run.options.seed,
        starts=run.options.starts,
        deadline=run.share(SEARCHING),
        enough=task.arrived if task is not None else lambda: False,
    )
    recognised = _put_back(part, candidates) if task is None else ()
    return _timed(replace(found, candidates=candidates, recognised=recognised), "numeric", began)


def _put_back(part: Problem, candidates: Candidates) -> tuple[ExactSolution, ...]:
    """The points of whole numbers that solve the puzzle as written, by exact arithmetic."""
    points = [dict(zip(part.symbols, map(Integer, map(int, point)), strict=True)) for point in candidates.points]
    return tuple(ExactSolution(p, Evidence.EXACT) for p in points if put_back(part, p) is Verdict.HOLDS)


def _search_numerically(part: Problem, task: Task | None, found: Findings, run: Run) -> Findings:
    """Multistart Nadam. Where the exact answer is complete by the time TensorFlow is loaded, it only has to agree."""
    run.tell("searching with Nadam")
    if not numeric.finish_loading(run.deadline):
        return replace(found, reasons=(*found.reasons, Why.LATE_TENSORFLOW()))
    began = time.monotonic()
    until, known = run.share(SEARCHING), None
    if task is not None and task.arrived(began + POLL):
        found = _take_exact(task, found, run.deadline)
        if found.outcome is not None and found.outcome.complete:
            until = min(until, began + COMPARING)
            known = sum(not one.free and not one.integer_parameters for one in found.outcome.solutions)
    options = run.options
    candidates = numeric.search(part, seed=options.seed, starts=options.starts, deadline=until, known=known)
    return _timed(replace(found, candidates=candidates), "numeric", began)


def _take_exact(
    task: Task, found: Findings, until: float, *, last: bool = False, began: float | None = None
) -> Findings:
    """The exact engine's outcome, if it comes by `until`; at its `last` chance the engine is stopped where it is.

    Its time is counted from `began`, or from now: what passes while the numeric engine is at work is not waited for.
    """
    began = time.monotonic() if began is None else began
    if found.outcome is not None or not (task.arrived(until) or last):
        return found
    outcome, reason = _outcome_of(task, until)
    return _timed(replace(found, outcome=outcome, reasons=(*found.reasons, *reason)), "exact", began)


def _outcome_of(task: Task, deadline: float) -> tuple[ExactOutcome | None, tuple[Reason, ...]]:
    result = task.result(deadline)
    outcome: ExactOutcome | None = result.value
    return outcome, () if result.done else (Why.EXACT_ENGINE(result.reason),)


def _certify_candidates(part: Problem, found: Findings, run: Run) -> Findings:
    """The Krawczyk test on every candidate; where the exact answer is complete, on those that it does not explain."""
    began = time.monotonic()
    if found.candidates is None:
        return found
    certificates = []
    for point in found.unexplained(part):
        if time.monotonic() > run.deadline:
            found = replace(found, reasons=(*found.reasons, Why.UNTESTED_CANDIDATES()))
            break
        certificate = krawczyk.certify(part, point.tolist())
        if certificate is not None:
            certificates.append(certificate)
    return _timed(found.with_certificates(part, certificates), "proof", began)


def _begin_boxes(part: Problem, run: Run) -> Task | None:
    """Begin an exhaustive interval search in a process of its own, unless it is hopeless."""
    if run.options.method is Method.NUMERIC or not 0 < len(part.unknowns) <= MOST_SEARCHED:
        return None
    return get_worker("proof").submit(search_until, part, run.deadline - MARGIN)


def _search_for_the_rest(part: Problem, boxes: Task | None, found: Findings, run: Run) -> Findings:
    """The exhaustive interval search's result, where nothing else has proved the list complete."""
    boxes = boxes or (None if found.is_complete else _begin_boxes(part, run))
    if boxes is None or found.is_complete:
        if boxes is not None:
            boxes.cancel()
        elif len(part.unknowns) > MOST_SEARCHED and not found.is_complete:
            reason = Why.TOO_MANY_UNKNOWNS(len(part.unknowns))
            return replace(found, reasons=(*found.reasons, reason))
        return found
    began = time.monotonic()
    run.tell("searching every box")
    outcome = boxes.result(run.deadline)
    if outcome.value is None:
        return replace(found, reasons=(*found.reasons, Why.INTERVAL_SEARCH(outcome.reason)))
    search: BoxSearch = outcome.value
    if search.endless is not None:
        found = found.between_first_few(search)
    return _timed(replace(found, search=search).with_certificates(part, search.certificates), "proof", began)


def _recognise(part: Problem, found: Findings, run: Run) -> Findings:
    """Closed forms for what is only certified, or not even that, where simple ones can be put back exactly."""
    if run.options.method is Method.NUMERIC or time.monotonic() > run.deadline:
        return found
    boxes = found.to_recognise(part)[:MOST_RECOGNISED]
    if not boxes:
        return found
    began = time.monotonic()
    outcome = get_worker().submit(recognise, part, boxes).result(min(run.deadline, began + RECOGNISING))
    recognised = tuple(
        ExactSolution(values, Evidence.EXACT) for values in (outcome.value if outcome.done else ()) if values
    )
    return _timed(replace(found, recognised=recognised), "exact", began)


def _solve_fit(problem: Problem, analysis: Analysis, run: Run) -> SolutionSet:
    """Nadam's estimate beside the exact least-squares solution, or beside the certified root of the gradient."""
    method = run.options.method
    began = time.monotonic()
    found = Findings()
    task = _begin_exact(problem, analysis, run)
    try:
        if method is not Method.EXACT:
            run.tell("fitting with Nadam")
            candidates = numeric.fit(
                problem, seed=run.options.seed, starts=run.options.starts, deadline=run.share(SEARCHING)
            )
            found = _timed(replace(found, candidates=candidates), "numeric", began)
        if task is not None:
            outcome, reason = _outcome_of(task, run.share(EXACT))
            found = _timed(replace(found, outcome=outcome, reasons=reason), "exact", began)
        if not found.is_complete and found.candidates is not None and len(found.candidates.points):
            began = time.monotonic()
            system = stationarity(problem)
            certificate = krawczyk.certify(system, found.candidates.points[0].tolist()) if system is not None else None
            if system is not None and certificate is not None:
                found = _timed(found.with_certificates(system, [certificate]), "proof", began)
    except KeyboardInterrupt:
        found = replace(found, reasons=(*found.reasons, Why.INTERRUPTED()))
    return reconcile_fit(problem, found)


def _solve_optimum(problem: Problem, analysis: Analysis, run: Run) -> SolutionSet:
    """The best value proved, or else the best point that Nadam and its polish come to."""
    began = time.monotonic()
    found = Findings()
    task = _begin_exact(problem, analysis, run)
    try:
        if task is not None and (run.options.method is Method.EXACT or _arrives_first(task, run)):
            found = _take_exact(task, found, run.share(EXACT), last=True)
        if not found.is_settled and run.options.method is not Method.EXACT:
            run.tell("searching with Nadam")
            candidates = numeric.minimize(
                problem, seed=run.options.seed, starts=run.options.starts, deadline=run.share(SEARCHING)
            )
            found = _timed(replace(found, candidates=candidates), "numeric", began)
            if task is not None:
                found = _take_exact(task, found, run.share(EXACT), last=True)
    except KeyboardInterrupt:
        found = replace(found, reasons=(*found.reasons, Why.INTERRUPTED()))
    return reconcile_optimum(problem, found)


def _arrives_first(task: Task, run: Run) -> bool:
    """Whether the exact engine is done before TensorFlow is loaded."""
    until = run.share(EXACT)
    while not numeric.is_loaded() and time.monotonic() < until:
        if task.arrived(time.monotonic() + POLL):
            return True
    return task.arrived()


def _solve_parametric(problem: Problem, analysis: Analysis, run: Run) -> SolutionSet:
    """``solve for``: the exact engine alone, because there are no numbers to search with."""
    if run.options.method is Method.NUMERIC:
        return _undecided(problem, Why.NO_NUMERIC_METHOD())
    began = time.monotonic()
    task = get_worker().submit(outcomes, problem, analysis, run.options.limit, run.deadline)
    outcome, reason = _outcome_of(task, run.deadline)
    found = Findings(outcome=outcome, reasons=reason)
    return reconcile(problem, _timed(found, "exact", began))


def _timed(found: Findings, stage: str, began: float) -> Findings:
    seconds = {**found.seconds, stage: found.seconds.get(stage, 0.0) + time.monotonic() - began}
    return replace(found, seconds=MappingProxyType(seconds))
