"""Solve published systems with known answers and tabulate what comes out: ``python benchmarks/corpus.py [SET ...]``.

A set is a folder that holds ``cases.json`` (systems as lists of equations) or ``facts.json`` (puzzle files and what is
true of each). One line a system: unknowns, complex roots where they are known, real solutions found and known, status,
evidence, seconds; then the totals: right, open (nothing false is claimed, and not everything is decided), wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whole_numbers import Verdict, alphametics, grids

import puzzlesolver
from puzzlesolver.answer.solution import Evidence, Solution, SolutionSet, Status

HERE = Path(__file__).resolve().parent
RIGHT, MORE, OPEN, WRONG = "right", "more", "open", "WRONG"
"""MORE: everything that the list holds, and proved solutions beside it that the list lacks."""

CONSTANTS = {
    "E": "exp(1)",
    "TribonacciConstant": "((1 + cbrt(19 - 3sqrt(33)) + cbrt(19 + 3sqrt(33)))/3)",
    "Max": "max",
}
Judge = Callable[[SolutionSet], str]


@dataclass(frozen=True, slots=True)
class Case:
    """A puzzle's text, how to judge its answer, and what is known of it for the table."""

    name: str
    text: str
    judge: Judge
    known: str = ""
    complex_roots: str = ""
    folder: Path | None = None


def as_puzzle(expression: str) -> str:
    """An expression in Python's syntax, in the language's: ``%`` is ``mod``, and a few constants have other names."""
    expression = re.sub(r"\b(\d+)\.(?=[eE])", r"\1.0", expression)
    for name, ours in CONSTANTS.items():
        expression = re.sub(rf"\b{name}\b", ours, expression)
    return expression.replace("%", " mod ")


def is_decided(answer: SolutionSet) -> bool:
    """Complete, and every solution proved."""
    return answer.complete and all(solution.evidence is not Evidence.NUMERIC for solution in answer)


def near(solution: Solution, point: dict[str, float], digits: float = 1e-6) -> bool:
    """Whether a solution has these values, to `digits` relative to their size."""
    return all(
        name in solution.values and abs(float(solution[name].approximation) - value) <= digits * max(1.0, abs(value))
        for name, value in point.items()
    )


def count_judge(known: int | None) -> Judge:
    """Right when decided with the known number of real solutions; without a number, when decided at all.

    Published lists hold isolated solutions only; those that lie in families beside them are not counted.
    """

    def judge(answer: SolutionSet) -> str:
        if not is_decided(answer):
            return OPEN
        isolated = sum(not solution.free and not solution.integer_parameters for solution in answer)
        return RIGHT if known is None or isolated == known else WRONG

    return judge


def longer_list_judge(known: int | None, listed: list[dict[str, float]]) -> Judge:
    """The same where the source's list may be short: it counts some kinds of root only, or comes from floating point.

    A longer list than the source's is MORE when every solution that the source lists is on it.
    """
    plain = count_judge(known)

    def judge(answer: SolutionSet) -> str:
        verdict = plain(answer)
        isolated = [one for one in answer if not one.free and not one.integer_parameters]
        if verdict is not WRONG or known is None or len(isolated) < known:
            return verdict
        return MORE if all(any(near(one, point) for one in isolated) for point in listed) else WRONG

    return judge


def polysys(cases: list[dict[str, Any]], folder: Path) -> Iterator[Case]:
    for case in cases:
        known = case.get("real_roots")
        yield Case(
            case["name"],
            "\n".join(map(as_puzzle, case["equations"])),
            longer_list_judge(known, case.get("real_solutions") or []),
            "?" if known is None else str(known),
            str(case.get("complex_roots", "")),
        )


def boxes(cases: list[dict[str, Any]], folder: Path) -> Iterator[Case]:
    for case in cases:
        known = case.get("real_in_box") if str(case.get("trust", "")).startswith("complete search") else None
        lines = [
            f"{name} in {'integer' if name in case['integer_variables'] else f'[{as_puzzle(low)}, {as_puzzle(high)}]'}"
            + (f"; {as_puzzle(low)} <= {name} <= {as_puzzle(high)}" if name in case["integer_variables"] else "")
            for name, (low, high) in case["box"].items()
        ]
        lines += map(as_puzzle, [*case["equations"], *case["inequalities"]])
        yield Case(case["name"], "\n".join(lines), count_judge(known), "?" if known is None else str(known))


def mgh(cases: list[dict[str, Any]], folder: Path) -> Iterator[Case]:
    def judge(answer: SolutionSet) -> str:
        proved = any(solution.evidence is not Evidence.NUMERIC for solution in answer)
        return RIGHT if proved else WRONG if answer.status is Status.NONE else OPEN

    for case in cases:
        if case["kind"] == "square system":
            yield Case(case["name"], "\n".join(map(as_puzzle, case["equations"])), judge, "≥1")


def sympy_tests(cases: list[dict[str, Any]], folder: Path) -> Iterator[Case]:
    from sympy.parsing.sympy_parser import parse_expr  # the corpus's own answers; the package itself never does this

    for number, case in enumerate(cases):
        lines = [as_puzzle(equation) for equation in case["equations"]]
        lines += [f"{name} > 0" for name, facts in case["assumptions"].items() if facts.get("positive")]
        expected = [{name: complex(parse_expr(text).evalf()) for name, text in one.items()} for one in case["expected"]]
        real = [
            {name: value.real for name, value in point.items()}
            for point in expected
            if all(abs(value.imag) < 1e-12 for value in point.values())
        ]
        partial_point = any(len(point) < len(case["unknowns"]) for point in expected)
        yield Case(f"sympy-{number:02}", "\n".join(lines), sympy_judge(real, partial_point), str(case["n_real"]))


def sympy_judge(real: list[dict[str, float]], families: bool) -> Judge:
    def judge(answer: SolutionSet) -> str:
        if not is_decided(answer):
            return OPEN
        missing = [point for point in real if not any(near(solution, point) for solution in answer)]
        if families:  # a point of which not every coordinate is fixed
            return RIGHT if answer.status is Status.INFINITE else WRONG
        return WRONG if missing else RIGHT

    return judge


def wordproblems(cases: list[dict[str, Any]], folder: Path) -> Iterator[Case]:
    for case in cases:
        lines = [as_puzzle(equation) for equation in case["equations"]]
        for condition in case["side_conditions"]:
            match = re.fullmatch(r"is_integer\((\w+)\)", condition)
            lines.append(f"{match[1]} in integer" if match else as_puzzle(condition))
        asked = case["asked"] or case["unknowns"]
        lines += [f"{as_puzzle(text)} = ?" for text in asked if text not in case["unknowns"]]
        yield Case(str(case["id"])[-28:], "\n".join(lines), word_judge(case, asked), str(case["n_solutions_found"]))


def word_judge(case: dict[str, Any], asked: list[str]) -> Judge:
    """The stated answers, as sets, among our solutions; compared to the digits stated (three at least)."""

    def judge(answer: SolutionSet) -> str:
        if not is_decided(answer):
            return OPEN
        names = [name for name in asked if name in case["unknowns"]]
        for stated in case["answers"]:
            if len(names) != len(asked):
                continue  # values of expressions, which only a unique solution has
            if not any(same_numbers([solution[name].approximation for name in names], stated) for solution in answer):
                return WRONG
        return RIGHT

    return judge


def same_numbers(found: list[float], stated: list[float]) -> bool:
    """Whether every stated number is among those found, as a set, within half a unit of its last stated digit."""
    left = list(found)
    for number in stated:
        digits = len(str(number).partition(".")[2])
        slack = max(0.51 * 10.0**-digits, 1e-3 * abs(number))
        match = next((value for value in left if abs(value - number) <= slack), None)
        if match is None:
            return False
        left.remove(match)
    return True


def facts(entries: dict[str, Any], folder: Path) -> Iterator[Case]:
    for name, fact in entries.items():
        known = fact.get("count", len(fact["solutions"]) if "solutions" in fact else None)
        text = (folder / name).read_text(encoding="utf-8")
        yield Case(name, text, fact_judge(fact), "?" if known is None else str(known), folder=folder)


def fact_judge(fact: dict[str, Any]) -> Judge:
    def judge(answer: SolutionSet) -> str:
        if fact.get("complete") and not answer.complete:
            return OPEN
        if "status" in fact and answer.status.value != fact["status"]:
            return WRONG
        if "dimension" in fact and answer.dimension != fact["dimension"]:
            return WRONG
        count = fact.get("count", len(fact["solutions"]) if "solutions" in fact else len(answer))
        return RIGHT if len(answer) == count else WRONG

    return judge


def whole_numbers(puzzles: Iterator[tuple[str, str, Verdict, str]]) -> Iterator[Case]:
    """Puzzles whose solutions are all known."""

    def judge(verdict: Verdict) -> Judge:
        return lambda answer: {None: RIGHT, "": OPEN}.get(verdict(answer), WRONG)

    for name, text, verdict, known in puzzles:
        yield Case(name, text, judge(verdict), known)


def alphametic_cases(cases: list[dict[str, Any]], folder: Path) -> Iterator[Case]:
    yield from whole_numbers(alphametics(cases))


READERS: dict[str, Callable[[Any, Path], Iterator[Case]]] = {
    "alphametics": alphametic_cases,
    "polysys": polysys,
    "boxes": boxes,
    "mgh": mgh,
    "sympy": sympy_tests,
    "wordproblems": wordproblems,
}


def cases_in(folder: Path) -> Iterator[Case]:
    """The cases of a set, whichever of the two forms it has."""
    listed = folder / "cases.json"
    if listed.exists():
        yield from READERS[folder.name](json.loads(listed.read_text(encoding="utf-8")), folder)
    elif folder.name == "grids":
        yield from whole_numbers(grids(folder))
    else:
        yield from facts(json.loads((folder / "facts.json").read_text(encoding="utf-8")), folder)


def nadams_share(name: str, cases: list[Case], time_limit: float) -> None:
    """Of the puzzles over whole numbers that have a solution: how many the gradient search solves by itself."""
    found = tried = 0
    for case in cases:
        if case.known != "0":
            tried += 1
            found += len(puzzlesolver.solve(case.text, time_limit=time_limit, method="numeric")) > 0
    print(f"{name}: Nadam alone solves {found} of {tried} in {time_limit:g} s each", flush=True)


def run(name: str, cases: list[Case], time_limit: float, *, quiet: bool) -> Counter[str]:
    """Solve a set's cases one after another in this process, and print its table."""
    print(
        f"\n{name}\n{'system':34} {'n':>3} {'roots':>6} {'found':>5} {'known':>5}  {'status':9} {'':5} {'seconds':>7}"
    )
    totals: Counter[str] = Counter()
    seconds = []
    for case in cases:
        began = time.monotonic()
        try:
            answer = puzzlesolver.solve(case.text, time_limit=time_limit)
        except puzzlesolver.PuzzleError as error:
            print(f"{case.name:34} not read: {error}")
            totals[OPEN] += 1
            continue
        seconds.append(time.monotonic() - began)
        verdict = case.judge(answer)
        totals[verdict] += 1
        if not quiet or verdict is not RIGHT:
            unknowns = len(answer.problem.unknowns) + sum(array.size for array in answer.problem.arrays)
            print(
                f"{case.name:34} {unknowns:3} {case.complex_roots:>6} {len(answer):5} {case.known:>5}  "
                f"{answer.status.value:9} {verdict:5} {seconds[-1]:7.2f}  {'; '.join(map(str, answer.reasons))[:90]}",
                flush=True,
            )
    print(
        f"{name}: {totals[RIGHT]} right, {totals[MORE]} more than listed, "
        f"{totals[OPEN]} open, {totals[WRONG]} wrong of {len(cases)}; "
        f"median {statistics.median(seconds or [0.0]):.3f} s, worst {max(seconds or [0.0]):.2f} s",
        flush=True,
    )
    return totals


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", help="folders of test sets (default: those in benchmarks/data)")
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--only", default="", help="run the cases whose names contain this")
    parser.add_argument("--quiet", action="store_true", help="leave out the lines of systems that are right")
    parser.add_argument("--nadam", type=float, metavar="SECONDS", help="also how many the gradient search solves alone")
    args = parser.parse_args()
    folders = [Path(name) for name in args.sets] or sorted(path for path in (HERE / "data").iterdir() if path.is_dir())
    totals: Counter[str] = Counter()
    for folder in folders:
        cases = [case for case in cases_in(folder) if args.only in case.name]
        totals += run(folder.name, cases, args.time_limit, quiet=args.quiet)
        if args.nadam:
            nadams_share(folder.name, cases, args.nadam)
    print(f"\nall: {totals[RIGHT]} right, {totals[MORE]} more than listed, {totals[OPEN]} open, {totals[WRONG]} wrong")
    return 1 if totals[WRONG] else 0


if __name__ == "__main__":
    raise SystemExit(main())
