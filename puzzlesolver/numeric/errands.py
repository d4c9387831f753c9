"""What the process with TensorFlow in it is asked to do; importing this module brings TensorFlow up.

A problem comes in, plain numbers go out, and nothing is proved of them. Every `deadline` is a time of
`time.monotonic`, by which the errand ends of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from sympy import Expr

from puzzlesolver.numeric import fitting, objective, whole
from puzzlesolver.numeric import search as hunting
from puzzlesolver.numeric.candidates import Candidates
from puzzlesolver.numeric.loading import tensorflow
from puzzlesolver.numeric.tape import tape_value
from puzzlesolver.problem import Problem

tensorflow()


class Stoppable(Protocol):
    """The part of a task's channel that is of use here."""

    @property
    def is_stopped(self) -> Callable[[], bool]: ...


def search(problem: Problem, seed: int, starts: int, deadline: float, known: int | None) -> Candidates:
    """Roots of a system, see `puzzlesolver.numeric.search`."""
    return hunting.search(problem, seed=seed, starts=starts, deadline=deadline, known=known)


def search_whole(channel: Stoppable, problem: Problem, seed: int, starts: int, deadline: float) -> Candidates:
    """Solutions in whole numbers, until it is told to stop, see `puzzlesolver.numeric.whole`."""
    return whole.search_whole(problem, seed=seed, starts=starts, deadline=deadline, enough=channel.is_stopped)


def fit(problem: Problem, seed: int, starts: int, deadline: float) -> Candidates:
    """Best fits, see `puzzlesolver.numeric.fitting`."""
    return fitting.fit(problem, seed=seed, starts=starts, deadline=deadline)


def minimize(problem: Problem, seed: int, starts: int, deadline: float) -> Candidates:
    """Local optima, see `puzzlesolver.numeric.objective`."""
    return objective.minimize(problem, seed=seed, starts=starts, deadline=deadline)


def tape_values(expressions: Sequence[Expr]) -> list[float | None]:
    """TensorFlow's own figure for each expression, see `puzzlesolver.numeric.tape`."""
    return [tape_value(expression) for expression in expressions]
