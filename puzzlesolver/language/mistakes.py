"""Mistakes on their way from where they are found to where all of a file's are gathered."""

from __future__ import annotations

from collections.abc import Iterable

from puzzlesolver.errors import Diagnostic, MeaningMistake, NotSupported, PuzzleError, SyntaxMistake
from puzzlesolver.language.limits import MAX_ERRORS
from puzzlesolver.language.source import Source, Span


class Mistake(Exception):
    """One mistake of the writer's, not yet placed in a source. Never leaves `puzzlesolver.language`."""

    kind: type[PuzzleError] = MeaningMistake

    def __init__(
        self, span: Span, message: str, hint: str | None = None, notes: tuple[tuple[str, Span], ...] = ()
    ) -> None:
        super().__init__(message)
        self.span, self.message, self.hint, self.notes = span, message, hint, notes

    def diagnostic(self, source: Source) -> Diagnostic:
        """The mistake with its place in the text."""
        return source.error(self.span, self.message, self.hint, self.notes)


class BadSyntax(Mistake):
    """The text does not follow the grammar."""

    kind = SyntaxMistake


class TooMuch(Mistake):
    """One of the limits is passed."""


class Unsupported(Mistake):
    """Right, and beyond this version."""

    kind = NotSupported


class Mistakes:
    """All the mistakes of one text, until they are raised together."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: list[tuple[int, type[PuzzleError], Diagnostic]] = []

    def add(self, mistake: Mistake) -> None:
        """Note a mistake; the same one at the same place counts once."""
        entry = (mistake.span.start, mistake.kind, mistake.diagnostic(self._source))
        if entry not in self._found:
            self._found.append(entry)

    @property
    def full(self) -> bool:
        """Whether there are so many that looking for more helps nobody."""
        return len(self._found) >= MAX_ERRORS

    def __len__(self) -> int:
        return len(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_all(self) -> None:
        """Raise what was found, in the order of the text; nothing happens where nothing was found."""
        if self._found:
            found = sorted(self._found, key=lambda entry: entry[0])
            kinds = [kind for _, kind, _ in found]
            kind = SyntaxMistake if SyntaxMistake in kinds else kinds[0]
            raise kind(*(diagnostic for _, _, diagnostic in found))


def counted(number: int) -> str:
    """A number of things behind `and …`: ``is one``, ``are 3``."""
    return "is one" if number == 1 else f"are {number}"


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that `word` is probably a slip of: Damerau's distance, at most a third of the letters (and two)."""
    allowed = 0 if len(word) < 2 else 1 if len(word) < 6 else 2
    best: tuple[int, str] | None = None
    for other in words:
        if other == word or abs(len(other) - len(word)) > allowed:
            continue
        edits = 0 if other.lower() == word.lower() else distance(word, other)
        if edits <= allowed and edits < min(len(word), len(other)) and (best is None or edits < best[0]):
            best = (edits, other)
    return best[1] if best else None


def distance(first: str, second: str) -> int:
    """Edits from one word to the other: a letter more, less or changed, or two neighbours swapped."""
    rows = [list(range(len(second) + 1))]
    for i, letter in enumerate(first, 1):
        above, row = rows[-1], [i]
        for j, other in enumerate(second, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other)))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                row[j] = min(row[j], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]
