"""What the process that prints and the process that solves say to each other; nothing heavy is loaded for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from puzzlesolver.errors import Diagnostic

ANSWERED, NONE, WRONG_INPUT, UNDECIDED, UNWRITTEN, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""Exit statuses."""

STATUSES = {"none": NONE, "undecided": UNDECIDED}
"""By the status of the answer; every other one is an answer."""


NOTHING_FOUND = "undecided: no solution found, and none proved impossible"
"""The report where there is nothing to tell but reasons."""


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A puzzle as it was given: its text, what messages call it, and the folder that its data are relative to."""

    text: str
    name: str
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How to show answers."""

    as_json: bool
    verbose: bool
    colour: bool


@dataclass(frozen=True, slots=True)
class Rejected:
    """The puzzle is wrong."""

    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """What the reader doubts, a line each."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """The beginning of the report, a string, or Rich's text where it is coloured; and the exit status it means."""

    text: Any
    status: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The rest of the report, None where there is none, and the exit status."""

    text: Any
    status: int
