"""The order of the steps, the shares of the time, and the seed: a `Problem` goes in, a `SolutionSet` comes out.

This runs in a process of its own, which `puzzlesolver.solving.supervision` watches. The exact engine, the search of
boxes and TensorFlow have theirs; what the search found is certified here, and `comparison` makes one answer of it all.
Independent parts of a problem go this way one at a time. What was found before the deadline, or before Ctrl-C, is kept.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from puzzlesolver.analysis.classify import Analysis, Kind, analyse, split
from puzzlesolver.answer.precision import digits_apart
from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.answer.solution import Conflict, SolutionSet, Status
from puzzlesolver.errors import NotSupported
from puzzlesolver.exact.engine import outcomes
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.fit.stationarity import stationarity
from puzzlesolver.options import Method, Options
from puzzlesolver.problem import AllDifferent, Condition, Equation, Problem, Statement
from puzzlesolver.problem.functions import decide
from puzzlesolver.problem.unroll import unroll
from puzzlesolver.proof.boxes import krawczyk
from puzzlesolver.proof.putback import settled
from puzzlesolver.proof.verdict import Verdict
from puzzlesolver.solving.answering import answer_asks
from puzzlesolver.solving.best import reconcile_fit, reconcile_optimum
from puzzlesolver.solving.combination import combine
from puzzlesolver.solving.comparison import Findings, reconcile
from puzzlesolver.solving.events import Began
from puzzlesolver.solving.known import with_known, without_known
from puzzlesolver.solving.limits import AFTER_STARTING, MARGIN
from puzzlesolver.solving.run import Run
from puzzlesolver.solving.service import Channel
from puzzlesolver.solving.steps import NUMERIC, arrives_first, begin_exact, searched, take_exact, timed
from puzzlesolver.solving.system import solve_part
from puzzlesolver.solving.worker import get_worker

FALSE = "a condition without unknowns is false"
NEVER = "this has no real value for any values of its unknowns"

MOST_UNROLLED = 20_000
"""Statements up to which an indexed family is written out for the engines."""


def conduct(channel: Channel, problem: Problem, options: Options, asked: float) -> SolutionSet:
    """Every solution of `problem` that could be found, with its evidence, and whether the list is proved complete.

    `asked` is when (`time.monotonic`) the answer was asked for, from which the time limit counts. Emits `Began`, then
    `Doing` and `Kept` as they come. Never raises for want of success.
    """
    now = time.monotonic()
    deadline = max(asked + options.time_limit, now + AFTER_STARTING * options.time_limit) - MARGIN
    channel.emit(Began(deadline))

    def finished(answer: SolutionSet) -> SolutionSet:
        digits = digits_apart(answer.solutions, options.digits)
        return replace(answer, problem=problem, warnings=problem.warnings, digits=digits, seed=options.seed)

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
    false = _false_statement(problem)
    if false is not None:
        line, proof = Conflict((false.origin,), None), NEVER if false.symbols else FALSE
        answer = SolutionSet(problem, Status.NONE, complete=True, proof=proof, conflict=line)
        asked.keep(answer)
        return answer
    match analysis.kind:
        case Kind.FIT:
            answer = _solve_fit(problem, analysis, asked)
        case Kind.OPTIMIZATION:
            answer = _solve_optimum(problem, asked)
        case Kind.PARAMETRIC:
            answer = _solve_parametric(problem, analysis, asked)
        case Kind.ASK:
            answer = SolutionSet(problem, Status.ANSWERED, complete=True)
            asked.keep(answer)
        case _:
            answer = _solve_parts(problem, analysis, asked)
    return answer_asks(problem, answer, run.options.method, run.deadline) if problem.asks else answer


def _false_statement(problem: Problem) -> Statement | None:
    """The first condition without unknowns that is proved to be false, or statement that is nowhere defined."""
    asked = None if problem.objective is None else problem.objective.origin
    for statement in problem.statements:
        needed = () if isinstance(statement, AllDifferent) else statement.defined
        if isinstance(statement, Condition) and statement.origin == asked:
            needed = (statement,)  # without it, what is to be best has no value
        if any(decide((one.lhs, one.relation, one.rhs)) is False for one in needed):
            return statement
        if not statement.symbols and not isinstance(statement, Equation):
            if settled(Problem().part([statement]))[1] is Verdict.FAILS:
                return statement
    return None


def _with_questions(problem: Problem, run: Run) -> Run:
    """A run whose answers come with the values asked for, as far as the exact engine tells them."""

    def whole(answer: SolutionSet) -> SolutionSet | None:
        outer = run.whole(answer)
        return None if outer is None else answer_asks(problem, outer, Method.EXACT, run.deadline)

    return replace(run, whole=whole)


def _undecided(problem: Problem, reason: Reason) -> SolutionSet:
    return SolutionSet(problem, Status.UNDECIDED, reasons=(reason,))


# --- systems ----------------------------------------------------------------------------------------------------------


def _solve_parts(problem: Problem, analysis: Analysis, run: Run) -> SolutionSet:
    """Solve the independent parts one after the other, and combine their answers."""
    parts = split(problem, analysis)
    if len(parts) == 1:
        return solve_part(parts[0], analysis, run)
    analyses = [analyse(part) for part in parts]
    outcomes = _exact_first(problem, parts, analyses, run)
    answers: list[SolutionSet] = []

    def whole(answer: SolutionSet) -> SolutionSet | None:
        return run.whole(combine(problem, [*answers, answer, *map(_unsolved, parts[len(answers) + 1 :])]))

    for number, (part, analysed, outcome) in enumerate(zip(parts, analyses, outcomes, strict=True)):
        share = replace(run, deadline=run.share(1 / (len(parts) - number)), whole=whole)
        answers.append(solve_part(part, analysed, share, outcome))
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
        task = begin_exact(part, analysis, run)
        if task is None or not arrives_first(task, run):
            return outcomes
        outcomes[number] = task.result(run.deadline).value
    found = [Findings(outcome=outcome) for outcome in outcomes]
    if all(finding.is_complete for finding in found):
        run.keep(combine(problem, [reconcile(part, one) for part, one in zip(parts, found, strict=True)]))
    return outcomes


# --- the best there is, and terms in other names ----------------------------------------------------------------------


def _solve_fit(problem: Problem, analysis: Analysis, run: Run) -> SolutionSet:
    """Nadam's estimate beside the exact least-squares solution, or beside the certified root of the gradient."""
    found, began = Findings(), time.monotonic()
    task = begin_exact(problem, analysis, run)
    try:
        if task is not None and (not run.is_numeric or arrives_first(task, run)):
            found, task = take_exact(task, found, run.deadline, began), None
        if found.is_complete:
            run.keep(reconcile_fit(problem, found))
        if run.is_numeric:
            run.tell("fitting with Nadam")
            found = searched(problem, found, run, f"{NUMERIC}:fit")
        if task is not None:
            found = take_exact(task, found, run.deadline, began)
        if not found.is_complete and found.candidates is not None and len(found.candidates.points):
            run.keep(reconcile_fit(problem, found))
            began = time.monotonic()
            system = stationarity(problem)
            certificate = krawczyk.certify(system, found.candidates.points[0].tolist()) if system is not None else None
            if system is not None and certificate is not None:
                found = timed(found.with_certificates(system, [certificate]), "proof", began)
    except KeyboardInterrupt:
        found = replace(found, reasons=(*found.reasons, Why.INTERRUPTED()))
    return reconcile_fit(problem, found)


def _solve_optimum(problem: Problem, run: Run) -> SolutionSet:
    """The best value proved, or else the best point that Nadam and its polish come to, of what is not stated."""
    rest, known = without_known(problem)
    return with_known(problem, known, _best_of(rest, run)) if known else _best_of(problem, run)


def _best_of(problem: Problem, run: Run) -> SolutionSet:
    found, began = Findings(), time.monotonic()
    task = begin_exact(problem, analyse(problem), run)
    try:
        if task is not None and (not run.is_numeric or arrives_first(task, run)):
            found, task = take_exact(task, found, run.deadline, began), None
        if not found.is_settled and run.is_numeric:
            run.tell("searching with Nadam")
            found = searched(problem, found, run, f"{NUMERIC}:minimize")
            if task is not None:
                found = take_exact(task, found, run.deadline, began)
    except KeyboardInterrupt:
        found = replace(found, reasons=(*found.reasons, Why.INTERRUPTED()))
    return reconcile_optimum(problem, found)


def _solve_parametric(problem: Problem, analysis: Analysis, run: Run) -> SolutionSet:
    """``solve for``: the exact engine alone, because there are no numbers to search with."""
    if run.options.method is Method.NUMERIC:
        return _undecided(problem, Why.NO_NUMERIC_METHOD())
    began = time.monotonic()
    task = get_worker().submit(outcomes, problem, analysis, run.options.limit, run.deadline)
    return reconcile(problem, take_exact(task, Findings(), run.deadline, began))
