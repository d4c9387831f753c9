"""Puzzles over whole numbers as corpus cases: cryptarithms, printed grids, KenKen, sudoku, survo.

A case's answer is right when it is complete and is the known list of solutions, or has the known number of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from puzzlesolver.answer.solution import SolutionSet

Verdict = Callable[[SolutionSet], str | None]
"""None where the answer is right, else what is the matter; "" where it is open."""


def expecting(solutions: Sequence[Mapping[str, int]], count: int | None) -> Verdict:
    """The known solutions, as far as they are listed, and their number."""

    def verdict(answer: SolutionSet) -> str | None:
        if not answer.complete:
            return ""
        if count is not None and len(answer) != count:
            return f"{len(answer)} solutions"
        found = [{name: value.exact for name, value in solution.values.items()} for solution in answer]
        for known in solutions:
            if not any(all(one.get(name) == number for name, number in known.items()) for one in found):
                return f"{known} is missing"
        return None

    return verdict


def alphametics(cases: list[dict[str, Any]]) -> Iterator[tuple[str, str, Verdict, str]]:
    """Cryptarithms: name, text, judge, known number of solutions."""
    for case in cases:
        puzzle = re.sub(r"'(\d+)'", r"\1", case["puzzle"].replace("==", "=")).replace("&&", " and ")
        text = f"cryptarithm: {puzzle}"
        if case["kind"].startswith("no-zero"):
            letters = sorted(set(re.findall("[A-Z]", puzzle)))
            text += f"\n{', '.join(letters)} in 1..9"
        listed = case["solutions"] if len(case["solutions"]) == case["n_solutions"] else []
        yield puzzle[:34], text, expecting(listed, case["n_solutions"]), str(case["n_solutions"])


def grids(folder: Path) -> Iterator[tuple[str, str, Verdict, str]]:
    """Every file of printed grids that is there."""
    readers = {"numbers": numbers, "words": words, "kenken": kenken, "sudoku": sudoku, "survo": survo, "misc": misc}
    for name, reader in readers.items():
        path = folder / f"{name}.json"
        if path.exists():
            for number, case in enumerate(json.loads(path.read_text(encoding="utf-8"))):
                for text, verdict, known in reader(case):
                    yield f"{name}-{number:02}", text, verdict, known


Read = Iterator[tuple[str, Verdict, str]]


def numbers(case: dict[str, Any]) -> Read:
    answers = {f"r{int(name[1]) + 1}c{int(name[2]) + 1}": value for name, value in case["answers"].items()}
    if case["consistent"]:
        yield f"grid\n{case['grid']}", _rational(answers), "1"


def _rational(answers: Mapping[str, str]) -> Verdict:
    def verdict(answer: SolutionSet) -> str | None:
        if not answer.complete:
            return ""
        if len(answer) != 1:
            return f"{len(answer)} solutions"
        wrong = [name for name, value in answers.items() if str(answer[0][name].exact) != value]
        return f"{wrong[0]} is {answer[0][wrong[0]].exact}" if wrong else None

    return verdict


def words(case: dict[str, Any]) -> Read:
    text = f"grid cryptarithm\n{case['grid']}" if case["grid"] else f"cryptarithm: {' and '.join(case['equations'])}"
    yield text, expecting([case["solution"]], case["n_solutions"]), "1"


def _table(rows: Sequence[Sequence[int]]) -> dict[str, int]:
    return {f"x[{i}, {j}]": value for i, row in enumerate(rows, 1) for j, value in enumerate(row, 1)}


def kenken(case: dict[str, Any]) -> Read:
    n = case["size"]
    lines = [
        f"x[1..{n}, 1..{n}] in 1..{n}",
        f"for i in 1..{n}: all different: x[i, 1..{n}]",
        f"for j in 1..{n}: all different: x[1..{n}, j]",
    ]
    for cage in case["cages"]:
        cells = [f"x[{cell // n + 1}, {cell % n + 1}]" for cell in cage["cells"]]
        sign = cage["operation"]
        if sign in ("-", "/"):
            one, other = cells
            lines.append(f"max({one}, {other}) {sign} min({one}, {other}) = {cage['value']}")
        else:
            lines.append(f"{(sign or '+').join(cells)} = {cage['value']}")
    yield "\n".join(lines), expecting([_table(case["solution"])], 1), "1"


def sudoku(case: dict[str, Any]) -> Read:
    rows = [case["puzzle"][i : i + 9] for i in range(0, 81, 9)]
    table = "\n".join("  " + " ".join("." if digit == "0" else digit for digit in row) for row in rows)
    text = (
        "x[1..9, 1..9] in 1..9\nfor i in 1..9: all different: x[i, 1..9]\n"
        "for j in 1..9: all different: x[1..9, j]\n"
        "for a in 0..2, b in 0..2: all different: x[3a+1..3a+3, 3b+1..3b+3]\n"
        f"table x\n{table}"
    )
    count = case["n_solutions"]
    known = [] if count != 1 else [_table([[int(d) for d in case["solution"][i : i + 9]] for i in range(0, 81, 9)])]
    yield text, expecting(known, count), str(count)


def survo(case: dict[str, Any]) -> Read:
    rows, columns = case["rows"], case["cols"]
    lines = [f"x[1..{rows}, 1..{columns}] in 1..{rows * columns}", "all different: x"]
    lines += [f"sum(x[{i}, j] for j in 1..{columns}) = {total}" for i, total in enumerate(case["row_sums"], 1)]
    lines += [f"sum(x[i, {j}] for i in 1..{rows}) = {total}" for j, total in enumerate(case["col_sums"], 1)]
    given = [(i, j, v) for i, row in enumerate(case["given"], 1) for j, v in enumerate(row, 1) if v]
    lines += [f"x[{i}, {j}] = {value}" for i, j, value in given]
    yield "\n".join(lines), expecting([_table(case["solution"])], case["n_solutions"]), str(case["n_solutions"])


def misc(case: dict[str, Any]) -> Read:
    if case.get("rule", "").startswith("1..16"):
        text = f"grid\n{case['grid']}\n\ncells in 1..16\nall different: cells"
        yield text, expecting(case["solution"], case["n_solutions"]), str(case["n_solutions"])
    elif "equations" in case:
        yield "\n".join(case["equations"]), expecting([case["solution"]], 1), "1"
