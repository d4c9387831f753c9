"""``make bench``: the command and the loop written by hand, side by side, alternating, in one run.

Prints medians and their ratios as a table, and whether the goals are met; exits 1 where one is not.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).parent
GRID = HERE.parent / "examples" / "grid.txt"
ROUNDS = 5
WARM = 20
"""Solves in one process after the first."""

SECOND_GRID = """\
[ A ] + [ B ] = 11
  +       -
[ C ] - [ D ] = 2
  =       =
  9       0
"""

COMMANDS: dict[str, Sequence[str]] = {
    "puzzlesolve examples/grid.txt": [sys.executable, "-m", "puzzlesolver", str(GRID)],
    "import tensorflow": [sys.executable, "-c", "import tensorflow"],
    "the loop by hand": [sys.executable, str(HERE / "by_hand.py")],
}
PROCESS_GOALS = {"import tensorflow": 1.5, "the loop by hand": 0.25}
WARM_GOAL = 1 / 200


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def whole_processes() -> dict[str, list[float]]:
    """Each command `ROUNDS` times, in turn, so that a change of the machine's mood meets all of them."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as on any user's machine, modules are compiled once
    for command in COMMANDS.values():  # the first run reads the disk for the others
        subprocess.run(command, capture_output=True, check=True, env=environment)
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            times[name].append(
                seconds(
                    lambda command=command: subprocess.run(command, capture_output=True, check=True, env=environment)
                )
            )
    return times


def one_process() -> tuple[list[float], list[float]]:
    """Further grids of a shape that has been solved before, alternating with the loop by hand."""
    import by_hand

    import puzzlesolver

    puzzlesolver.solve(GRID.read_text(encoding="utf-8"))
    warm: list[float] = []
    loop: list[float] = []
    for _ in range(ROUNDS):
        for number in range(WARM // ROUNDS):
            text = SECOND_GRID.replace("11", str(11 + 2 * number)).replace("9 ", f"{9 + 2 * number} ")
            warm.append(seconds(lambda text=text: puzzlesolver.solve(text)))
        loop.append(by_hand.measure())
    return warm, loop


def row(name: str, times: Sequence[float], ratio: float | None = None, goal: float | None = None) -> str:
    """A line of the table."""
    cells = f"{name:<44} {statistics.median(times):9.4f} {min(times):9.4f} {max(times):9.4f}"
    if ratio is None or goal is None:
        return cells
    return f"{cells} {ratio:9.4f} {goal:9.4f}  {'met' if ratio <= goal else 'MISSED'}"


def main() -> int:
    print(f"{'seconds':<44} {'median':>9} {'least':>9} {'most':>9} {'ratio':>9} {'goal':>9}")
    times = whole_processes()
    ours = statistics.median(times["puzzlesolve examples/grid.txt"])
    missed = False
    for name, measured in times.items():
        goal = PROCESS_GOALS.get(name)
        ratio = ours / statistics.median(measured)
        print(row(name, measured, ratio if goal else None, goal), flush=True)
        missed |= goal is not None and ratio > goal
    warm, loop = one_process()
    ratio = statistics.median(warm) / statistics.median(loop)
    print(row("the loop by hand, TensorFlow loaded", loop))
    print(row("a further grid of the same shape", warm, ratio, WARM_GOAL))
    return int(missed or ratio > WARM_GOAL)


if __name__ == "__main__":
    sys.exit(main())
