"""The language: a puzzle's text made into a `Problem`. The only place that knows Lark.

`parse` takes a text, `load` a file. Both raise `PuzzleError` with every mistake of the text, each with its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from puzzlesolver.language.limits import MAX_LINE
from puzzlesolver.language.lowering import lower
from puzzlesolver.language.mistakes import BadSyntax, Mistakes, TooMuch
from puzzlesolver.language.parsing import parse_puzzle
from puzzlesolver.language.source import Source, Span
from puzzlesolver.problem import Problem
from puzzlesolver.reading import MAX_SOURCE, read_text

__all__ = ["load", "parse"]

_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


def parse(
    text: str,
    *,
    name: str = "puzzle",
    settings: Mapping[str, str] = _NO_SETTINGS,
    folder: Path | None = None,
    data: Any = None,
) -> Problem:
    """The problem that a text states.

    `name` stands in front of its errors. `settings` replaces values of `let`, as exact numbers in text form. A relative
    ``data from "FILE"`` is sought in `folder` (None: the current one). `data` gives the columns of a `fit`, and the
    rows of a `table` that has none below it: a `Data`, or a mapping from names to sequences (a pandas DataFrame, too).
    """
    if len(text) > MAX_SOURCE:
        beginning = Mistakes(Source.of(text[:MAX_LINE], name))
        beginning.add(TooMuch(Span(0, 1), f"the text is longer than {MAX_SOURCE} characters"))
        beginning.raise_all()
    source = Source.of(text, name)
    mistakes = Mistakes(source)
    puzzle = parse_puzzle(source, mistakes)
    if not puzzle.statements and not mistakes:
        mistakes.add(BadSyntax(Span(0, 0), "a puzzle is expected, and the text states nothing", "x + y = 10"))
    if not puzzle.is_whole:
        mistakes.raise_all()
    problem = lower(puzzle, source, mistakes, settings=settings, folder=folder, data=data)
    if problem == Problem(parameters=problem.parameters, name=problem.name):
        said = "a puzzle is expected, and the text only defines names"
        mistakes.add(BadSyntax(puzzle.statements[-1].span, said, "write '= ?' to ask for a value"))
        mistakes.raise_all()
    return problem


def load(path: str | Path, *, settings: Mapping[str, str] = _NO_SETTINGS, data: Any = None) -> Problem:
    """The problem in a file. ``data from`` is read relative to the file's folder."""
    path = Path(path)
    return parse(read_text(path), name=str(path), settings=settings, folder=path.parent, data=data)
