"""From a puzzle's text to what is printed of its answer, in the process that solves.

In: a puzzle and the manner of showing it. Out: what to print, piece by piece as it is known, and the exit status. The
process that prints need not know what an answer is.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from puzzlesolver import language
from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.answer.solution import SolutionSet
from puzzlesolver.errors import PuzzleError
from puzzlesolver.options import Options
from puzzlesolver.report.json import report_json
from puzzlesolver.report.text import report_head, report_tail, report_text
from puzzlesolver.showing import ANSWERED, INTERRUPTED, STATUSES, Manner, Printed, Puzzle, Rejected, Shown, Warned
from puzzlesolver.solving.events import Kept
from puzzlesolver.solving.messages import pickled
from puzzlesolver.solving.pipeline import conduct
from puzzlesolver.solving.service import Channel


def solve_text(channel: Channel, puzzle: Puzzle, options: Options, manner: Manner, asked: float) -> Rejected | Shown:
    """Read a puzzle, solve it, and say what to print; see `puzzlesolver.solving.pipeline.conduct`.

    Emits `Warned` and `Printed` besides, where the answer is not to be JSON.
    """
    try:
        problem = language.parse(puzzle.text, name=puzzle.name, settings=options.settings, folder=puzzle.folder)
    except PuzzleError as error:
        return Rejected(error.diagnostics)
    if problem.warnings and not manner.as_json:
        channel.emit(Warned(problem.warnings))
    teller = _Teller(channel.emit, manner)
    answer = conduct(Channel(teller.take, channel.is_stopped), problem, options, asked)
    return teller.rest(answer)


def finish(manner: Manner, kept: bytes, reason: Reason) -> Shown:
    """What to print where the process that solved was given up or died: what it had kept, and why there is no more."""
    answer = pickle.loads(kept)
    return _Teller(lambda event: None, manner).rest(replace(answer, reasons=(*answer.reasons, reason)))


@dataclass(slots=True)
class _Teller:
    """Passes events on; the first proved answer is worded at once, and only the rest of it follows later."""

    emit: Callable[[object], None]
    manner: Manner
    told: bool = False

    def take(self, event: object) -> None:
        """Pass an event on."""
        if not isinstance(event, Kept):
            self.emit(event)
            return
        answer = event.answer
        assert isinstance(answer, SolutionSet)
        self.emit(Kept(pickled(answer)))
        if answer.complete and not self.told and not self.manner.as_json and not _waits_for_the_search(answer):
            self.told = True
            head = self._dressed(report_head(answer, verbose=self.manner.verbose), answer)
            self.emit(Printed(head, status_of(answer)))

    def rest(self, answer: SolutionSet) -> Shown:
        """What is still to be printed of the final answer."""
        if self.manner.as_json:
            return Shown(report_json(answer), status_of(answer))
        worded = report_tail if self.told else report_text
        text = worded(answer, verbose=self.manner.verbose)
        return Shown(self._dressed(text, answer) if text else None, status_of(answer))

    def _dressed(self, text: str, answer: SolutionSet) -> Any:
        if not self.manner.colour:
            return text
        from puzzlesolver.report.colour import coloured

        return coloured(text, answer)


def _waits_for_the_search(answer: SolutionSet) -> bool:
    """Whether the report begins with what only the numeric search can tell: the nearest miss of a conflict."""
    return answer.conflict is not None and answer.conflict.compromise is None


def status_of(answer: SolutionSet) -> int:
    """The exit status that an answer means."""
    if answer.is_open_for(Why.INTERRUPTED):
        return INTERRUPTED
    return STATUSES.get(answer.status.value, ANSWERED)
