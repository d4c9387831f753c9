"""What the process that solves says before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever only passes events on need not load SymPy
    from puzzlesolver.answer.solution import SolutionSet


@dataclass(frozen=True, slots=True)
class Began:
    """The puzzle is read, and the answer will be there by `deadline` (`time.monotonic`)."""

    deadline: float


@dataclass(frozen=True, slots=True)
class Doing:
    """What is being done now, in a few words."""

    words: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known so far: the answer should no better one come. A complete one is proved, and can be told at once.

    Pickled where it only passes through a process on its way.
    """

    answer: SolutionSet | bytes
