"""What README shows is what the program does: its commands are run, its Python too, and ``--update`` rewrites it."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from places import ROOT

Golden = Callable[[str, Path], None]

README = ROOT / "README.md"
_CONSOLE = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.DOTALL | re.MULTILINE)
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def output_of(command: str) -> str:
    """What a shown command prints."""
    program, *arguments = shlex.split(command)
    if program == "cat":
        return (ROOT / arguments[0]).read_text(encoding="utf-8")
    assert program == "puzzlesolve"
    run = subprocess.run(
        [sys.executable, "-m", "puzzlesolver", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        cwd=ROOT,
    )
    return run.stdout + run.stderr


def session(match: re.Match[str]) -> str:
    """The commands of a console block with what they really print."""
    commands = re.findall(r"^\$ (.*)$", match.group(), re.MULTILINE)
    return "".join(f"$ {command}\n{output_of(command).rstrip()}\n" for command in commands)


def test_shown_commands(golden: Golden) -> None:
    """Every command that README shows prints what README shows."""
    text = README.read_text(encoding="utf-8")
    assert _CONSOLE.search(text)
    golden(_CONSOLE.sub(session, text), README)


def test_shown_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python sessions that README shows give what README shows."""
    monkeypatch.chdir(ROOT)
    sessions = "\n".join(_PYTHON.findall(README.read_text(encoding="utf-8")))
    test = doctest.DocTestParser().get_doctest(sessions, {}, "README.md", "README.md", 0)
    assert test.examples
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=report.append)
    assert result.failed == 0, "".join(report)
