"""What docs/language.md shows is so: every puzzle on the page is read, and what the page says of it comes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from places import ROOT

import puzzlesolver
from puzzlesolver import language
from puzzlesolver.language.text_form import problem_text
from puzzlesolver.report.diagnostics import draw
from puzzlesolver.report.text import report_text

Golden = Callable[[str, Path], None]

GUIDE = ROOT / "docs" / "language.md"
BLOCK = re.compile(r"^```puzzle\n(?P<puzzle>.*?)^```\n(?:\n^```text\n(?P<output>.*?)^```\n)?", re.DOTALL | re.MULTILINE)


def outcome(text: str) -> str:
    """What the program says about a puzzle: its mistakes, or its warnings and its answer."""
    try:
        problem = language.parse(text, folder=ROOT / "examples")
    except puzzlesolver.PuzzleError as error:
        return draw(error.diagnostics)
    return "".join(f"{line}\n" for line in (*problem.warnings, report_text(puzzlesolver.solve(problem)).rstrip("\n")))


def silent() -> list[tuple[str, str]]:
    """The puzzles with no stated output, each with the first line by which it is known."""
    found = [match["puzzle"] for match in BLOCK.finditer(GUIDE.read_text(encoding="utf-8")) if match["output"] is None]
    return [(text.splitlines()[0], text) for text in found]


@pytest.mark.parametrize("text", [text for _, text in silent()], ids=[name for name, _ in silent()])
def test_a_puzzle_of_the_guide_is_read_without_a_doubt(text: str) -> None:
    """Where the page states no output, the puzzle asks something and is beyond doubt."""
    problem = language.parse(text, folder=ROOT / "examples")
    assert problem.warnings == ()
    assert problem_text(problem)


def test_stated_outputs(golden: Golden) -> None:
    """Where the page states an output, that is the output, byte for byte."""
    page = GUIDE.read_text(encoding="utf-8")

    def rewritten(match: re.Match[str]) -> str:
        if match["output"] is None:
            return match.group()
        return f"```puzzle\n{match['puzzle']}```\n\n```text\n{outcome(match['puzzle'])}```\n"

    golden(BLOCK.sub(rewritten, page), GUIDE)


def test_every_block_is_a_puzzle() -> None:
    """No block of the page escapes the two tests above."""
    page = GUIDE.read_text(encoding="utf-8")
    fences = len(re.findall(r"^```\w", page, re.MULTILINE))
    blocks = list(BLOCK.finditer(page))
    assert fences == len(blocks) + sum(match["output"] is not None for match in blocks)
