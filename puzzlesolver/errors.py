"""What is wrong with a puzzle, as data: a message and the places in the text it speaks of.

Nothing here draws or prints; `puzzlesolver.report.diagnostics` turns a `Diagnostic` into a picture of the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad a diagnostic is: an error stops the solve, a warning never does."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one line of a file. Lines and columns count from 1, columns in characters.

    `end_column` is the column after the last character, so a single caret has `end_column == column + 1`.
    """

    file: str
    line: int
    column: int
    end_column: int
    source_line: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake or one doubt: what was expected and what stands there, where, and what to do.

    `place` is None only where no place exists (a missing file). `notes` are secondary places, each with its words.
    """

    severity: Severity
    message: str
    place: Place | None
    hint: str | None = None
    notes: tuple[tuple[str, Place], ...] = ()

    def __str__(self) -> str:
        """The one-line form that editors understand: ``FILE:LINE:COLUMN: error: message``."""
        where = f"{self.place.file}:{self.place.line}:{self.place.column}: " if self.place else ""
        return f"{where}{self.severity.value}: {self.message}"


class PuzzleError(ValueError):
    """The input is wrong. Catch this one; `diagnostics` holds every mistake found, in the order of the text."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics: tuple[Diagnostic, ...] = diagnostics

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)


class SyntaxMistake(PuzzleError):
    """The text does not follow the grammar."""


class MeaningMistake(PuzzleError):
    """The text is well formed and means nothing: an unknown function, a ragged grid, an index out of range."""


class NotSupported(PuzzleError):
    """The text is right and asks for something that this version does not do."""
