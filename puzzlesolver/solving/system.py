"""Both engines on one system, then the proofs that are still missing."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sympy import Integer

from puzzlesolver.analysis.classify import Analysis, Kind, is_whole
from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Evidence, SolutionSet
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.numeric.candidates import Candidates
from puzzlesolver.options import Method
from puzzlesolver.problem import Problem
from puzzlesolver.proof.boxes import krawczyk
from puzzlesolver.proof.boxes.box import BoxSearch
from puzzlesolver.proof.boxes.search import search_until
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict
from puzzlesolver.solving.comparison import Findings, plain, reconcile
from puzzlesolver.solving.limits import EASY, MARGIN, POLL, SEARCHING
from puzzlesolver.solving.run import Run
from puzzlesolver.solving.steps import (
    NUMERIC,
    arrives_first,
    begin_exact,
    recognised,
    searched,
    take_exact,
    timed,
)
from puzzlesolver.solving.worker import Task, get_worker

MOST_SEARCHED = 250
"""Unknowns up to which every box is searched."""


def solve_part(part: Problem, analysis: Analysis, run: Run, outcome: ExactOutcome | None = None) -> SolutionSet:
    """Both engines on one part, then the proofs that are still missing. Ctrl-C keeps what there is."""
    proofs = Proofs(part, run, Findings(outcome=outcome))
    try:
        if outcome is None:
            proofs.exact = begin_exact(part, analysis, run)
            if analysis.kind is Kind.TRANSCENDENTAL:
                proofs.begin_boxes()  # beside the other two; other kinds rarely need it
        if is_whole(part):
            proofs.found = _search_whole(part, proofs.exact, proofs.found, run)
            if proofs.found.is_settled:
                return reconcile(part, proofs.found)
        elif run.is_numeric and part.unknowns:
            _search_numerically(proofs)
            proofs.certify_candidates()
        proofs.wait()
        proofs.found = recognised(part, proofs.found, run)
    except KeyboardInterrupt:
        proofs.found = replace(proofs.found, reasons=(*proofs.found.reasons, Why.INTERRUPTED()))
    if not proofs.found.is_complete:  # a complete answer is told at once, and as it stays
        run.keep(plain(part, proofs.found))
    return reconcile(part, proofs.found)


@dataclass(slots=True)
class Proofs:
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
            self._take_exact()
        if self.boxes is not None and self.boxes.arrived():
            self._take_boxes()
        if self.exact is not None or self.boxes is not None:
            return True
        if not self.is_told:
            self.found = recognised(self.part, self.found, self.run)
            answer = reconcile(self.part, self.found)
            if answer.complete:
                self.is_told = True
                self.run.keep(answer)
        return False

    def certify_candidates(self) -> None:
        """The Krawczyk test on every candidate that a complete answer does not explain, as long as there is none."""
        certificates, began = [], time.monotonic()
        if self.found.search is not None and self.found.search.endless is not None:
            self.found = self.found.between_first_few(self.found.search)
        for point in self.found.unexplained(self.part):
            if time.monotonic() > self.run.deadline:
                self.found = replace(self.found, reasons=(*self.found.reasons, Why.UNTESTED_CANDIDATES()))
                break
            certificate = krawczyk.certify(self.part, point.tolist())
            if certificate is not None:
                certificates.append(certificate)
        self.found = timed(self.found.with_certificates(self.part, certificates), "proof", began)

    def wait(self) -> None:
        """Wait for the exact engine, and for the search of every box where it does not prove the list complete."""
        if self.boxes is None and self.found.search is None and not self.found.is_complete:
            self.begin_boxes()  # on the other core, while the exact engine is still at work
        if self.exact is not None:
            self._take_exact()
        if self.boxes is not None:
            self.run.tell("searching every box")
            self._take_boxes()
        elif not self.found.is_complete and self.found.search is None and len(self.part.unknowns) > MOST_SEARCHED:
            reason = Why.TOO_MANY_UNKNOWNS(len(self.part.unknowns))
            self.found = replace(self.found, reasons=(*self.found.reasons, reason))

    def _take_exact(self) -> None:
        assert self.exact is not None
        self.found, self.exact = take_exact(self.exact, self.found, self.run.deadline, self.began), None
        if self.boxes is not None and self.found.is_complete:
            self.boxes.cancel()
            self.boxes = None

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
        self.found = timed(found, "proof", self.began)


def _search_whole(part: Problem, task: Task | None, found: Findings, run: Run) -> Findings:
    """Whole numbers: the exhaustive search in its process and the relaxed one with Nadam in its own; a proof ends both.

    Nobody waits for TensorFlow where the proof is there before it.
    """
    if found.outcome is not None:
        return found
    began = time.monotonic()
    if run.is_numeric:
        run.tell("searching all combinations")
        if task is None or not arrives_first(task, run):
            found = _search_relaxed(part, task, found, run)
    return take_exact(task, found, run.deadline, began) if task is not None else found


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
    candidates: Candidates | None = search.result(run.deadline).value
    if candidates is None:
        return found
    recognised = _put_back(part, candidates) if task is None else ()
    return timed(replace(found, candidates=candidates, recognised=recognised), "numeric", began)


def _put_back(part: Problem, candidates: Candidates) -> tuple[ExactSolution, ...]:
    """The points of whole numbers that solve the puzzle as written, by exact arithmetic."""
    points = [dict(zip(part.symbols, map(Integer, map(int, point)), strict=True)) for point in candidates.points]
    return tuple(ExactSolution(p, Evidence.EXACT) for p in points if put_back(part, p) is Verdict.HOLDS)


def _search_numerically(proofs: Proofs) -> None:
    """Multistart Nadam. Where the answer is proved by the time TensorFlow is loaded, the search only has to agree."""
    run = proofs.run
    run.tell("searching with Nadam")
    worker, easy = get_worker("numeric"), time.monotonic() + EASY
    while proofs.look() and (worker.is_loading or time.monotonic() < easy) and time.monotonic() < run.deadline:
        under_way = proofs.exact or proofs.boxes
        assert under_way is not None
        under_way.arrived(time.monotonic() + POLL)
    known = None
    if proofs.found.is_complete and proofs.found.outcome is not None:
        known = sum(not one.free and not one.integer_parameters for one in proofs.found.outcome.solutions)
    numeric = searched(proofs.part, Findings(), run, f"{NUMERIC}:search", known, meanwhile=proofs.look)
    proofs.found = replace(
        proofs.found,  # which may have grown meanwhile
        candidates=numeric.candidates,
        reasons=(*proofs.found.reasons, *numeric.reasons),
        seconds=MappingProxyType({**proofs.found.seconds, **numeric.seconds}),
    )
