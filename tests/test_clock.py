"""Budgets are steps: the clock is read to compare it with a deadline, and decides nothing else that is printed."""

from __future__ import annotations

import ast
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import ROOT

import puzzlesolver
from puzzlesolver.answer.solution import Status

PACKAGE = Path(puzzlesolver.__file__).parent

CLOCKS = {"monotonic", "perf_counter", "process_time", "time", "time_ns", "monotonic_ns", "thread_time"}
ALARMS = {"setitimer", "alarm", "SIGALRM"}

DEADLINES_BEGIN = {"solving", "verification", "report", "making", "cli.py"}
"""Where a deadline is set or a time is shown. Everything else is told its deadline."""


def _is_deadline(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name == "deadline"


def _other_uses(tree: ast.AST) -> Iterator[str]:
    """The lines that read a clock and do anything but ask whether, or how soon, the deadline comes."""
    allowed: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=ast.Call() as clock, ops=[ast.Gt() | ast.Lt()], comparators=[end]) if _is_deadline(
                end
            ):
                allowed.add(clock)
            case ast.BinOp(left=end, op=ast.Sub(), right=ast.Call() as clock) if _is_deadline(end):
                allowed.add(clock)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("time"), attr=name)) if name in CLOCKS:
                if node not in allowed:
                    yield f"{node.lineno}: {ast.unparse(node)}"
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in ALARMS:
                yield f"{node.lineno}: {name}"
            case ast.ImportFrom(module="time"):
                yield f"{node.lineno}: {ast.unparse(node)}"


def test_methods_read_the_clock_for_their_deadline_alone() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{use}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in DEADLINES_BEGIN
        for use in _other_uses(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found


@pytest.mark.parametrize(
    "line",
    ["time.monotonic() + 1.5", "began = time.monotonic()", "time.monotonic() > end", "signal.setitimer(0, 1)"],
)
def test_other_readings_are_found(line: str) -> None:
    assert list(_other_uses(ast.parse(line)))


def _be_busy() -> None:
    while True:
        pass


CASES = {
    "x^2 + y^2 = 1\nx = y*z\nx^2 + y^2 = 2\nz^2 + x = 3\nx*y*z > -10": [1, 3],
    "exp(x) = 2\ny = x^2\nexp(x) = 3\nz = y + 1\nz > 0": [1, 3],
    "(x - 1)^2 + (y - 2)^2 = 4\nx*z = y\nx > 4\nz^2 = y\ny > -3": [1, 3],
}


@pytest.mark.parametrize("busy", [0, 6])
def test_a_busy_machine_names_the_same_lines(busy: int) -> None:
    """With seconds for a budget, the lines named were these on an idle machine and all of them on a busy one."""
    beside = [multiprocessing.get_context("spawn").Process(target=_be_busy, daemon=True) for _ in range(busy)]
    for process in beside:
        process.start()
    try:
        for text, lines in CASES.items():
            answer = puzzlesolver.solve(text, method="exact", time_limit=120)
            assert answer.status is Status.NONE and answer.conflict is not None
            assert [origin.line for origin in answer.conflict.lines] == lines
    finally:
        for process in beside:
            process.kill()
            process.join()


REPORTS = """
import sys
from pathlib import Path
import puzzlesolver
for path in map(Path, sys.argv[1:]):
    print(f"== {path.stem}")
    print(puzzlesolver.solve(puzzlesolver.load(path), time_limit=120))
"""


@pytest.mark.parametrize("scale", [1 / 50, 50])
def test_seconds_decide_nothing_that_is_printed(scale: float) -> None:
    """With the seconds that are no part of the deadline 50 times less or more, the golden reports are the same."""
    golden = sorted((ROOT / "tests" / "golden" / "examples").glob("*.expected"))
    examples = [str(ROOT / "examples" / f"{path.stem}.txt") for path in golden]
    run = subprocess.run(
        [sys.executable, "-c", REPORTS, *examples],
        capture_output=True, text=True, timeout=600, env={**os.environ, "PUZZLESOLVER_CLOCK": str(scale)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout == "".join(f"== {path.stem}\n{path.read_text(encoding='utf-8')}" for path in golden)
