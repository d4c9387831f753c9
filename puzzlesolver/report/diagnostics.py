"""Draws mistakes: ``FILE:LINE:COLUMN: error: …``, the line of source, a caret under the place, a hint, further places.

In: `Diagnostic`s, which are data. Out: plain text, the same in colours for a terminal, or JSON. Nothing is printed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from puzzlesolver.errors import Diagnostic, Place, Severity
from puzzlesolver.report.terminal import shown, width

if TYPE_CHECKING:
    from rich.text import Text

Stretch = tuple[str, str]
"""A piece of the drawing and its Rich style."""

LINE_WIDTH = 100  # A longer source line is cut to so many columns around the place.
BEFORE = 40  # Of which so many at least stand before the place.
LONGEST_WORD = 300  # A longer message is cut in the middle.
ELLIPSIS = "…"
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}


def draw(diagnostics: Iterable[Diagnostic]) -> str:
    """The diagnostics as plain text, one after the other, ending in a line end."""
    return "".join(text for diagnostic in diagnostics for text, _ in _segments(diagnostic))


def draw_coloured(diagnostics: Iterable[Diagnostic]) -> Text:
    """The same for a terminal, as Rich's text."""
    from rich.text import Text

    return Text.assemble(*(segment for diagnostic in diagnostics for segment in _segments(diagnostic)))


def diagnostics_json(file: str, diagnostics: Iterable[Diagnostic]) -> str:
    """The diagnostics of one file as one JSON object on one line; lines and columns count from 1, in characters."""
    errors = [
        {
            "line": diagnostic.place.line if diagnostic.place else None,
            "column": diagnostic.place.column if diagnostic.place else None,
            "end_column": diagnostic.place.end_column if diagnostic.place else None,
            "message": diagnostic.message,
            "hint": diagnostic.hint,
        }
        for diagnostic in diagnostics
    ]
    return json.dumps({"format": "puzzlesolver/1", "file": file, "errors": errors}, ensure_ascii=False)


def _segments(diagnostic: Diagnostic) -> Iterator[Stretch]:
    style = _STYLES[diagnostic.severity]
    if diagnostic.place:
        yield _where(diagnostic.place), "bold"
    yield f"{diagnostic.severity.value}: ", style
    yield _cut(diagnostic.message) + "\n", "bold"
    if diagnostic.place:
        yield from _picture(diagnostic.place, style)
    if diagnostic.hint:
        yield "  hint: ", "bold cyan"
        yield _cut(diagnostic.hint) + "\n", ""
    for words, place in diagnostic.notes:
        yield "  note: ", "bold cyan"
        yield f"{_where(place)}{_cut(words)}\n", ""
        yield from _picture(place, "bold cyan")


def _where(place: Place) -> str:
    return f"{shown(place.file)}:{place.line}:{place.column}: "


def _cut(words: str) -> str:
    words = shown(words)
    if len(words) <= LONGEST_WORD:
        return words
    return f"{words[: LONGEST_WORD // 2]} {ELLIPSIS} {words[-LONGEST_WORD // 2 :]}"


def _picture(place: Place, style: str) -> Iterator[Stretch]:
    """The source line and the carets under the place; a very long line is cut around it."""
    start = min(max(place.column - 1, 0), len(place.source_line))
    end = min(max(place.end_column - 1, start), len(place.source_line))
    # Only what may be seen is looked at: a line may be a megabyte long.
    first, last = max(start - LINE_WIDTH, 0), start + LINE_WIDTH
    whole = shown(place.source_line[first:last])
    before = shown(place.source_line[first:start])
    marked = width(shown(place.source_line[first : min(end, last)])) - width(before)

    dropped = 0
    if first > 0 or width(whole) > LINE_WIDTH:
        while width(before[dropped:]) > BEFORE:
            dropped += 1
    front = ELLIPSIS if first > 0 or dropped else ""
    line = whole[dropped:]
    room = LINE_WIDTH
    back = ""
    if width(line) > room or last < len(place.source_line):
        while width(line) > room:
            line = line[:-1]
        back = ELLIPSIS
    column = width(front + before[dropped:])
    carets = max(min(marked, width(front + line) - column), 1)

    margin = f"{place.line} "
    yield f"  {margin}| ", "blue"
    yield f"{front}{line}{back}\n", ""
    yield f"  {' ' * len(margin)}| ", "blue"
    yield f"{' ' * column}{'^' * carets}\n", style
