"""One solve, seen from outside: it happens in a process of its own, and ends by its deadline whatever happens there.

In: a function that solves, called by name, and its arguments. Out: its events as they come, and in the end its value;
or, where its process was given up or died, what it had kept, and why. Nothing heavy is loaded here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.options import Method, Options
from puzzlesolver.solving.events import Began, Doing, Kept
from puzzlesolver.solving.limits import GLANCE, OVERRUN, PARTING, STARTING
from puzzlesolver.solving.worker import CAN_FORK, TENSORFLOW, Task, TaskEnd, TaskOutcome, Worker, get_worker

if TYPE_CHECKING:
    from puzzlesolver.answer.solution import SolutionSet
    from puzzlesolver.problem import Problem

CONDUCT = "puzzlesolver.solving.pipeline:conduct"


def solve_problem(
    problem: Problem, options: Options | None = None, progress: Callable[[str], None] | None = None
) -> SolutionSet:
    """Every solution of `problem` that could be found, with its evidence, and whether the list is proved complete.

    `progress` is told each stage in a few words. Never raises for want of success, and ends within the time limit.
    """
    options = options or Options()
    solve = Supervised(solver(options).call(CONDUCT, problem, options, time.monotonic(), channel=True))
    for event in solve.events():
        if isinstance(event, Doing) and progress is not None:
            progress(event.words)
    if solve.outcome.done:
        answer: SolutionSet = solve.outcome.value
        return replace(answer, problem=problem)
    return given_up(problem, solve, options)


def given_up(problem: Problem, solve: Supervised, options: Options) -> SolutionSet:
    """The answer of a solve whose process was given up or died: what it had kept, and why there is no more."""
    from puzzlesolver.answer.solution import SolutionSet, Status

    answer: SolutionSet | None = solve.kept
    if answer is None:
        nothing = SolutionSet(problem, Status.UNDECIDED, warnings=problem.warnings)
        answer = replace(nothing, digits=options.digits, seed=options.seed)
    return replace(answer, problem=problem, reasons=(*answer.reasons, solve.reason))


def begin(options: Options) -> None:
    """Start the processes that a solve will need, and return at once."""
    solver(options).start()


def solver(options: Options) -> Worker:
    """The worker in which puzzles are solved.

    TensorFlow's process is started with it and handed over, so that it loads from the first moment on.
    """
    worker = get_worker("solve")
    if not worker.is_running and CAN_FORK and options.method is not Method.EXACT:
        worker.hand_over(TENSORFLOW)
    return worker


@dataclass(slots=True)
class Supervised:
    """A solve under way; afterwards `outcome` says how it ended, and `kept` the answer that it had kept last."""

    task: Task
    kept: Any = None
    was_interrupted: bool = False
    until: float = 0.0

    def events(self) -> Iterator[Any]:
        """What the process says, as it comes. The first Ctrl-C asks it to come to an end, a second one is raised."""
        self.until = time.monotonic() + STARTING
        while not self.task.is_over and time.monotonic() < self.until:
            try:
                for event in self.task.emitted(min(self.until, time.monotonic() + GLANCE)):
                    match event:
                        case Began():
                            self.until = event.deadline + OVERRUN
                        case Kept():
                            self.kept = event.answer
                        case _:
                            yield event
            except KeyboardInterrupt:
                self.interrupt()

    def interrupt(self) -> None:
        """Ask the process to come to an end soon, as Ctrl-C does; at the second time KeyboardInterrupt is raised."""
        if self.was_interrupted:
            self.task.cancel()
            raise KeyboardInterrupt
        self.was_interrupted = True
        self.until = min(self.until, time.monotonic() + PARTING)
        self.task.interrupt()

    @property
    def reason(self) -> Reason:
        """Why there is no more than what was kept."""
        reason = self.outcome.reason
        assert reason is not None
        if self.was_interrupted:
            return Why.INTERRUPTED()
        return Why.INTERNAL_ERROR(reason) if self.outcome.end is TaskEnd.FAILED else reason

    @property
    def outcome(self) -> TaskOutcome:
        """How it ended; its process is killed where it has not."""
        return self.task.result(0.0)
