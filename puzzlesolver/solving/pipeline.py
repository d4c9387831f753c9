"""The order of the steps, the shares of the time, and the seed: a `Problem` goes in, a `SolutionSet` comes out.

This runs in a process of its own, which `puzzlesolver.solving.supervision` watches. The exact engine, the search of
boxes and TensorFlow have theirs; what the search found is certified here, and `comparison` makes one answer of it all.
Independent parts of a problem go this way one at a time. What was found before the deadline, or before Ctrl-C, is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
from puzzlesolver.solving.comparison import Findings, plain, reconcile
from puzzlesolver.solving.events import Began, Doing, Kept
from puzzlesolver.solving.limits import AFTER_STARTING, EXACT, MARGIN, POLL, SEARCHING, STOPPING
from puzzlesolver.solving.service import Channel
from puzzlesolver.solving.worker import Task, get_worker

MOST_UNROLLED = 20_000
"""Statements up to which an indexed family is written out for the engines."""

MOST_SEARCHED = 250
"""Unknowns up to which every box is searched."""

MOST_RECOGNISED = 100
"""Solutions for which closed forms are guessed."""

NUMERIC = "puzzlesolver.numeric.errands"


@dataclass(frozen=True, slots=True)
class Run:
    """What one solve carries along: the options, when it has to end (`time.monotonic`), and whom to tell.

    `whole` makes the answer to the whole puzzle of a part's, so that it can be told before the last step is done.
    """

    options: Options
    deadline: float
    emit: Callable[[object], None]
    whole: Callable[[SolutionSet], SolutionSet | None] = lambda answer: answer

    def share(self, part: float) -> float:
        """The moment at which `part` of the time that is left will have passed."""
        now = time.monotonic()
        return now + part * max(0.0, self.deadline - now)

    def tell(self, words: str) -> None:
        """Say what is being done."""
        self.emit(Doing(words))

    def keep(self, answer: SolutionSet) -> None:
        """Have an answer kept, should no better one come."""
        whole = self.whole(answer)
        if whole is not None:
            self.emit(Kept(whole))

    @property
    def is_numeric(self) -> bool:
        """Whether the numeric engine takes part."""
        return self.options.method is not Method.EXACT


def conduct(channel: Channel, problem: Problem, options: Options, asked: float) -> SolutionSet:
    """Every solution of `problem` that could be found, with its evidence, and whether the list is proved complete.

    `asked` is when (`time.monotonic`) the answer was asked for, from which the time limit counts. Emits `Began`, then
    `Doing` and `Kept` as they come. Never raises for want of success.
    """
    now = time.monotonic()
    deadline = max(asked + options.time_limit, now + AFTER_STARTING * options.time_limit) - MARGIN
    channel.emit(Began(deadline))

    def finished(answer: SolutionSet) -> SolutionSet:
        return replace(answer, problem=problem, warnings=problem.warnings, digits=options.digits, seed=options.seed)

    if options.method is not Method.EXACT:
        get_worker("numeric").start()
    if options.method is not Method.NUMERIC:
        get_worker().start()
    try:
        return finished(_solve(unroll(problem, MOST_UNROLLED), Run(options, deadline, channel.emit, finished)))
    except NotSupported as error:
        return finished(_undecided(problem, Why.OUT_OF_SCOPE(error.diagnostics[0].message)))
    except KeyboardInterrupt:
        return finished(_undecided(problem, Why.INTERRUPTED()))


def _solve(problem: Problem, run: Run) -> SolutionSet:
    analysis = analyse(problem)
    asked = _with_questions(problem, run) if problem.asks else run
    match analysis.kind:
        case Kind.FIT:
            answer = _solve_fit(problem, analysis, asked)
        case Kind.OPTIMIZATION:
            answer = _solve_optimum(problem, analysis, asked)
        case Kind.PARAMETRIC:
            answer = _solve_parametric(problem, analysis, asked)
        case Kind.ASK:
            answer = SolutionSet(problem, Status.ANSWERED, complete=True)
            asked.keep(answer)
        case _:
            answer = _solve_parts(problem, analysis, asked)
    return answer_asks(problem, answer, run.options.method, run.deadline) if problem.asks else answer


def _with_questions(problem: Problem, run: Run) -> Run:
    """A run whose answers come with the values asked for, as far as the exact engine tells them."""

    def whole(answer: SolutionSet) -> SolutionSet | None:
        outer = run.whole(answer)
        return outer and answer_asks(problem, outer, Method.EXACT, run.deadline)

    return replace(run, whole=whole)


def _undecided(problem: Problem, reason: Reason) -> SolutionSet:
    return SolutionSet(problem, Status.UNDECIDED, reasons=(reason,))


# --- systems ----------------------------------------------------------------------------------------------------------


def _solve_parts(problem: Problem, analysis: Analysis, run: Run) -> SolutionSet:
    """Solve the independent parts one after the other, and combine their answers."""
    parts = split(problem, analysis)
    if len(parts) == 1:
        return _solve_part(parts[0], analysis, run)
    analyses = [analyse(part) for part in parts]
    outcomes = _exact_first(problem, parts, analyses, run)
    answers: list[SolutionSet] = []

    def whole(answer: SolutionSet) -> SolutionSet | None:
        return run.whole(combine(problem, [*answers, answer, *map(_unsolved, parts[len(answers) + 1 :])]))

    for number, (part, analysed, outcome) in enumerate(zip(parts, analyses, outcomes, strict=True)):
        share = replace(run, deadline=run.share(1 / (len(parts) - number)), whole=whole)
        answers.append(_solve_part(part, analysed, share, outcome))
        if answers[-1].status is Status.NONE:
            break  # one part without a solution leaves none for the whole
        if answers[-1].is_open_for(Why.INTERRUPTED):
            answers.extend(_undecided(other, Why.INTERRUPTED()) for other in parts[number + 1 :])
            break
    return combine(problem, answers)


def _unsolved(part: Problem) -> SolutionSet:
    return SolutionSet(part, Status.UNDECIDED)


def _exact_first(
    problem: Problem, parts: Sequence[Problem], analyses: Sequence[Analysis], run: Run
) -> list[ExactOutcome | None]:
    """The exact outcomes of all parts, as far as they are there before TensorFlow is; where all are complete, the
    answer is told."""
    outcomes: list[ExactOutcome | None] = [None] * len(parts)
    if run.options.method is not Method.AUTO:
        return outcomes
    for number, (part, analysis) in enumerate(zip(parts, analyses, strict=True)):
        task = _begin_exact(part, analysis, run)
        if task is None or not _arrives_first(task, run):
            return outcomes
        outcomes[number] = task.result(run.deadline).value
    found = [Findings(outcome=outcome) for outcome in outcomes]
    if all(finding.is_complete for finding in found):
        run.keep(combine(problem, [reconcile(part, one) for part, one in zip(parts, found, strict=True)]))
    return outcomes


def _solve_part(part: Problem, analysis: Analysis, run: Run, outcome: ExactOutcome | None = None) -> SolutionSet:
    """Both engines on one part, then the proofs that are still missing. Ctrl-C keeps what there is."""
    proofs = _Proofs(part, run, Findings(outcome=outcome))
    try:
        if outcome is None:
            proofs.exact = _begin_exact(part, analysis, run)
            if analysis.kind is Kind.TRANSCENDENTAL:
                proofs.begin_boxes()  # beside the other two; other kinds rarely need it
        if is_whole(part):
            proofs.found = _search_whole(part, proofs.exact, proofs.found, run)
            if proofs.found.is_settled:
                return reconcile(part, proofs.found)
        elif run.is_numeric and part.unknowns:
            _search_numerically(proofs)
        proofs.wait_for_exact(run.share(EXACT))
        proofs.found = _certify_candidates(part, proofs.found, run)
        proofs.wait_for_boxes()
        proofs.found = _recognise(part, proofs.found, run)
    except KeyboardInterrupt:
        proofs.found = replace(proofs.found, reasons=(*proofs.found.reasons, Why.INTERRUPTED()))
    run.keep(plain(part, proofs.found))
    return reconcile(part, proofs.found)


@dataclass(slots=True)
class _Proofs:
    """The proofs under way for one part, each in its process, and what is found so far."""

    part: Problem
    run: Run
    found: Findings
    exact: Task | None = None
    boxes: Task | None = None
    began: float = field(default_factory=time.monotonic)
    is_told: bool = False

    def begin_boxes(self) -> None:
        """Begin an exhaustive interval search, unless it is hopeless."""
        if self.run.options.method is not Method.NUMERIC and 0 < len(self.part.unknowns) <= MOST_SEARCHED:
            self.boxes = get_worker("boxes").submit(search_until, self.part, self.run.deadline - MARGIN)

    def look(self) -> bool:
        """Take in what has arrived, and tell a complete answer at once; whether anything is still under way."""
        if self.exact is not None and self.exact.arrived():
            self.wait_for_exact(self.run.deadline)
        if self.boxes is not None and self.boxes.arrived():
            self._take_boxes()
        if self.exact is not None or self.boxes is not None:
            return True
        if not self.is_told:
            self.found = _recognise(self.part, self.found, self.run)
            answer = reconcile(self.part, self.found)
            if answer.complete:
                self.is_told = True
                self.run.keep(answer)
        return False

    def wait_for_exact(self, until: float) -> None:
        """Take in the exact engine's outcome; it is stopped where it is at `until` (`time.monotonic`)."""
        if self.exact is not None:
            self.found = _take_exact(self.exact, self.found, until, self.began)
            self.exact = None
        if self.boxes is not None and self.found.is_complete:
            self.boxes.cancel()
            self.boxes = None

    def wait_for_boxes(self) -> None:
        """Take in the exhaustive interval search's result, where nothing else has proved the list complete."""
        if self.found.is_complete or self.found.search is not None:
            return
        if self.boxes is None:
            self.begin_boxes()
        if self.boxes is not None:
            self.run.tell("searching every box")
            self._take_boxes()
        elif len(self.part.unknowns) > MOST_SEARCHED:
            reason = Why.TOO_MANY_UNKNOWNS(len(self.part.unknowns))
            self.found = replace(self.found, reasons=(*self.found.reasons, reason))

    def _take_boxes(self) -> None:
        assert self.boxes is not None
        outcome, self.boxes = self.boxes.result(self.run.deadline), None
        if outcome.value is None:
            reason = Why.INTERVAL_SEARCH(outcome.reason)
            self.found = replace(self.found, reasons=(*self.found.reasons, reason))
            return
        search: BoxSearch = outcome.value
        found = self.found.between_first_few(search) if search.endless is not None else self.found
        found = replace(found, search=search).with_certificates(self.part, search.certificates)
        self.found = _timed(found, "proof", self.began)


def _begin_exact(problem: Problem, analysis: Analysis, run: Run) -> Task | None:
    if run.options.method is Method.NUMERIC:
        return None
    return get_worker().submit(outcomes, problem, analysis, run.options.limit, run.share(EXACT) - MARGIN)


def _search_whole(part: Problem, task: Task | None, found: Findings, run: Run) -> Findings:
    """Whole numbers: the exhaustive search in its process and the relaxed one with Nadam in its own; a proof ends both.

    Nobody waits for TensorFlow where the proof is there before it.
    """
    if found.outcome is not None:
        return found
    until, began = run.share(EXACT), time.monotonic()
    if run.is_numeric:
        run.tell("searching all combinations")
        if task is None or not _arrives_first(task, run):
            found = _search_relaxed(part, task, found, run)
    return _take_exact(task, found, until, began) if task is not None else found


def _search_relaxed(part: Problem, task: Task | None, found: Findings, run: Run) -> Findings:
    """The relaxed search with Nadam; what it finds is put back where there is no exhaustive search beside it."""
    until, began = run.share(SEARCHING), time.monotonic()
    if not get_worker("numeric").is_ready(run.deadline):
        return found
    options = run.options
    search = get_worker("numeric").call(
        f"{NUMERIC}:search_whole", part, options.seed, options.starts, until, channel=True
    )
    while task is not None and not search.arrived(time.monotonic() + POLL) and time.monotonic() < until:
        if task.arrived():
            search.stop()
            break
    candidates: Candidates | None = search.result(min(run.deadline, until + STOPPING)).value
    if candidates is None:
        return found
    recognised = _put_back(part, candidates) if task is None else ()
    return _timed(replace(found, candidates=candidates, recognised=recognised), "numeric", began)


def _put_back(part: Problem, candidates: Candidates) -> tuple[ExactSolution, ...]:
    """The points of whole numbers that solve the puzzle as written, by exact arithmetic."""
    points = [dict(zip(part.symbols, map(Integer, map(int, point)), strict=True)) for point in candidates.points]
    return tuple(ExactSolution(p, Evidence.EXACT) for p in points if put_back(part, p) is Verdict.HOLDS)


def _search_numerically(proofs: _Proofs) -> None:
    """Multistart Nadam. Where the answer is proved by the time TensorFlow is loaded, the search only has to agree."""
    run = proofs.run
    run.tell("searching with Nadam")
    worker, easy = get_worker("numeric"), time.monotonic() + POLL
    while proofs.look() and (worker.is_loading or time.monotonic() < easy) and time.monotonic() < run.deadline:
        worker.is_ready(time.monotonic() + POLL)
    known = None
    if proofs.found.is_complete and proofs.found.outcome is not None:
        known = sum(not one.free and not one.integer_parameters for one in proofs.found.outcome.solutions)
    proofs.found = _searched(proofs.part, proofs.found, run, f"{NUMERIC}:search", known, meanwhile=proofs.look)


def _searched(
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
    outcome = task.result(min(run.deadline, until + STOPPING))
    if outcome.value is None:
        return replace(found, reasons=(*found.reasons, Why.NUMERIC_ENGINE(outcome.reason)))
    return _timed(replace(found, candidates=outcome.value), "numeric", began)


def _take_exact(task: Task, found: Findings, until: float, began: float) -> Findings:
    """The exact engine's outcome; it is stopped where it is at `until` (`time.monotonic`). It works since `began`."""
    result = task.result(until)
    reason = () if result.done else (Why.EXACT_ENGINE(result.reason),)
    return _timed(replace(found, outcome=result.value, reasons=(*found.reasons, *reason)), "exact", began)


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


def _recognise(part: Problem, found: Findings, run: Run) -> Findings:
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
    return _timed(replace(found, recognised=recognised), "exact", began)


# --- the best there is, and terms in other names ----------------------------------------------------------------------


def _solve_fit(problem: Problem, analysis: Analysis, run: Run) -> SolutionSet:
    """Nadam's estimate beside the exact least-squares solution, or beside the certified root of the gradient."""
    found, began = Findings(), time.monotonic()
    task = _begin_exact(problem, analysis, run)
    try:
        if task is not None and (not run.is_numeric or _arrives_first(task, run)):
            found, task = _take_exact(task, found, run.share(EXACT), began), None
        if found.is_complete:
            run.keep(reconcile_fit(problem, found))
        if run.is_numeric:
            run.tell("fitting with Nadam")
            found = _searched(problem, found, run, f"{NUMERIC}:fit")
        if task is not None:
            found = _take_exact(task, found, run.share(EXACT), began)
        if not found.is_complete and found.candidates is not None and len(found.candidates.points):
            run.keep(reconcile_fit(problem, found))
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
    found, began = Findings(), time.monotonic()
    task = _begin_exact(problem, analysis, run)
    try:
        if task is not None and (not run.is_numeric or _arrives_first(task, run)):
            found, task = _take_exact(task, found, run.share(EXACT), began), None
        if not found.is_settled and run.is_numeric:
            run.tell("searching with Nadam")
            found = _searched(problem, found, run, f"{NUMERIC}:minimize")
            if task is not None:
                found = _take_exact(task, found, run.share(EXACT), began)
    except KeyboardInterrupt:
        found = replace(found, reasons=(*found.reasons, Why.INTERRUPTED()))
    return reconcile_optimum(problem, found)


def _arrives_first(task: Task, run: Run) -> bool:
    """Whether the exact engine is done before TensorFlow is loaded."""
    until, worker = run.share(EXACT), get_worker("numeric")
    while worker.is_loading and time.monotonic() < until:
        if task.arrived(time.monotonic() + POLL):
            return True
    return task.arrived()


def _solve_parametric(problem: Problem, analysis: Analysis, run: Run) -> SolutionSet:
    """``solve for``: the exact engine alone, because there are no numbers to search with."""
    if run.options.method is Method.NUMERIC:
        return _undecided(problem, Why.NO_NUMERIC_METHOD())
    began = time.monotonic()
    task = get_worker().submit(outcomes, problem, analysis, run.options.limit, run.deadline)
    return reconcile(problem, _take_exact(task, Findings(), run.deadline, began))


def _timed(found: Findings, stage: str, began: float) -> Findings:
    seconds = {**found.seconds, stage: found.seconds.get(stage, 0.0) + time.monotonic() - began}
    return replace(found, seconds=MappingProxyType(seconds))
