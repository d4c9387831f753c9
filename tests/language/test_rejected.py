"""What is wrong with a file, in words and pictures: data that cannot be read, files that are no text, one run for all.

The wrong puzzles themselves lie in ``golden/rejected``; each holds one mistake of a kind that people make.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from places import ROOT

from puzzlesolver.errors import PuzzleError
from puzzlesolver.language import load, parse
from puzzlesolver.report.diagnostics import draw

Golden = Callable[[str, Path], None]

FOLDER = ROOT / "tests" / "golden" / "rejected"
WRONG = sorted(FOLDER.glob("*.txt"))
WITH_DATA = sorted((FOLDER / "data").glob("*.txt"))
SEVERAL = {"several-mistakes": 4, "data-decimal-comma": 2, "grid-column-without-result": 2}
"""The files with more mistakes than one, and how many."""


def mistakes(text: str) -> PuzzleError:
    with pytest.raises(PuzzleError) as caught:
        parse(text)
    return caught.value


def test_there_are_wrong_files_of_many_kinds() -> None:
    """Fewer would leave out what people do."""
    assert len(WRONG) + len(WITH_DATA) >= 80


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_one_mistake_is_one_error_with_its_place(path: Path) -> None:
    """No mistake brings a second error along, and every error has a place inside the text."""
    text = path.read_text(encoding="utf-8")
    found = mistakes(text).diagnostics
    assert len(found) == SEVERAL.get(path.stem, 1)
    for diagnostic in found:
        assert diagnostic.place is not None
        assert diagnostic.place.source_line == (text.split("\n")[diagnostic.place.line - 1])
        assert len(diagnostic.message) < 200
        assert diagnostic.message[0] not in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize("path", WITH_DATA, ids=lambda path: path.stem)
def test_wrong_data(path: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with a data file is named with its row and its column."""
    monkeypatch.chdir(path.parent)
    with pytest.raises(PuzzleError) as caught:
        load(path.name)
    golden(draw(caught.value.diagnostics), path.with_suffix(".expected"))


def test_errors_of_syntax_and_of_meaning_come_together() -> None:
    """One run shows all of them, in the order of the text."""
    error = mistakes("x + = 1\ny = sqqrt(2)\nz = = 3\nn in 9..1\nlet a = 1\nlet a = 2\nw = cos(1, 2)\n")
    assert [diagnostic.place and diagnostic.place.line for diagnostic in error.diagnostics] == [1, 2, 3, 4, 6, 7]


@pytest.mark.parametrize(
    "text",
    [
        "let n = 3 +\nfor i in 1..n: x[i] = i",
        "lett n = 3\nfor i in 1..n: x[i] = i",
        "for i in 1..3\n  x[i] = i",
        "x[1..3] in 1..\nall different: x",
        "[ A ] + [ B = 3\nall different: cells",
        "grid\n? + ? = \ncells in 1..9\nall different: cells",
        "table x y\n  1 2\nall different: x",
        "fit y = a*x +\nsigma s\ndata\n  x y s\n  1 2 1",
        "fit y = a*x\ndata\n  x y\n  1 2 3",
    ],
)
def test_a_lost_definition_brings_no_error_along(text: str) -> None:
    """What leans on a statement that could not be read is not called wrong."""
    assert len(mistakes(text).diagnostics) == 1


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("let a = 1\nx = a\nlet a = 2", [1]),
        ("let f(x) = x\nlet f(y) = y\nz = f(1)", [1]),
        ("x = a\nlet a = b + 1\nlet b = c\nlet c = a", [3, 4]),
        ("let f(x) = x\ny = f(1, 2)", [1]),
        ("x[1..3] in 1..9\nx[4] = 2", [1]),
        ("n in 1..3\nn in 5..9\nn = 2", [1]),
        ("x[1] = 2\nx[1, 2] = 3", [1]),
        ("guess x = 1\nguess x = 2\nx^2 = 2", [1]),
        ("minimize x\nmaximize x", [1]),
        ("fit y = a*x\nfit y = b*x\ndata\n  x y\n  1 2", [1]),
        ("[ A ] + [ B ] = 9\n  +             -\n[ C ] - [ D ] = 1\n  =       =\n  8       2", [1, 1]),
    ],
)
def test_where_two_places_matter_both_are_shown(text: str, lines: list[int]) -> None:
    """A name that is defined twice, a circle, two readings of a grid: the note has the other place."""
    (diagnostic,) = mistakes(text).diagnostics
    assert [place.line for _, place in diagnostic.notes] == lines


def refuse(*_: object, **__: object) -> NoReturn:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operating system's refusal is told as it is (even where the tests run as root, whom nothing is refused)."""
    (tmp_path / "puzzle.txt").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "fit.txt").write_text('fit y = a*x\ndata from "points.csv"\n', encoding="utf-8")
    (tmp_path / "points.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("builtins.open", refuse)
        with pytest.raises(PuzzleError, match=r"^error: puzzle.txt cannot be read: permission denied$"):
            load("puzzle.txt")
    with monkeypatch.context() as patched:
        patched.setattr("puzzlesolver.language.data.open", refuse, raising=False)
        with pytest.raises(PuzzleError, match=r"cannot read 'points.csv': permission denied$"):
            load("fit.txt")


def test_files_that_cannot_be_puzzles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file, a folder, a device, bytes that are no text: each says so, without a place."""
    (tmp_path / "bytes.txt").write_bytes(b"x = \xff\n")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, words in {
        "missing.txt": "cannot be read: no such file or directory",
        "folder": "is a folder",
        "/dev/zero": "is no regular file",
        "bytes.txt": "is not in UTF-8: its byte 5 fits no character",
        "a\0b": "is no name of a file",
    }.items():
        with pytest.raises(PuzzleError) as caught:
            load(name)
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.place is None
        assert diagnostic.message.endswith(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3 = 4", "this says 3 = 4, which is never true"),
        ("3 = 3", "this says 3 = 3, which is always true"),
        ("tau = 6", "this says 2pi = 6, which is never true"),
        ("length*width = 24\nlenght + width = 10", "'lenght' appears once; 'length' appears once, too"),
        ("length*width = 24\nlength + width = 10\nlenght = 3", "'lenght' appears once; 'length' appears 2 times"),
        ("y = e^x; x = 1", "exp(1)"),
        ("k in 1..9; x = 2", "a domain is stated for 'k', and nothing else speaks of it"),
        ("y = f(2)", "'f(2)' is read as f times 2; no function 'f' is defined"),
        ("fit y = a*tiem\ndata\n  time y\n  1 2\n  2 3", "'tiem' is estimated, and the column 'time'"),
    ],
)
def test_a_doubt_stops_nothing(text: str, words: str) -> None:
    """What is probably a slip, and right by the rules, is a warning with its place."""
    (warning,) = parse(text).warnings
    assert warning.startswith("puzzle:")
    assert words in warning
