"""What one solve carries along."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from puzzlesolver.answer.solution import SolutionSet
from puzzlesolver.options import Method, Options
from puzzlesolver.solving.events import Doing, Kept


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
