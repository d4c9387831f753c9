"""An explanation as people read it: a numbered step a line, its line of the puzzle first, what it comes to last.

In: an `Explanation`. Out: text, or one JSON object on one line. What is supposed stands further to the right, and what
the steps prove stands below them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from puzzlesolver.answer.solution import Status
from puzzlesolver.deduction.arithmetic import Number
from puzzlesolver.deduction.explanation import answer_of
from puzzlesolver.deduction.steps import Chain, Ending, Explanation, Step
from puzzlesolver.deduction.words import either
from puzzlesolver.report.solutions import INDENT
from puzzlesolver.report.text import report_text

FORMAT = "puzzlesolver-steps/1"

MOST_LEFT = 40  # Unknowns of which what is left is told.


def explanation_text(explanation: Explanation) -> str:
    """The explanation, without a line end at its end."""
    if explanation.chain is None:
        return f"no steps: {explanation.reason}"
    lines = [*explanation.notes, *([""] if explanation.notes else []), *_chain(explanation.chain, "", True)]
    answer = answer_of(explanation)
    return "\n".join([*lines, *(["", report_text(answer)] if answer is not None else [])])


def explanation_json(explanation: Explanation) -> str:
    """The explanation as one JSON object on one line."""
    answer, chain = answer_of(explanation), explanation.chain
    status = Status.UNDECIDED if answer is None else answer.status
    return json.dumps(
        {
            "format": FORMAT,
            "file": explanation.problem.name,
            "status": status.value,
            "reason": None if explanation.reason is None else str(explanation.reason),
            "notes": list(explanation.notes),
            **({} if chain is None else _object(chain)),
        },
        ensure_ascii=False,
    )


def _object(chain: Chain) -> dict[str, Any]:
    return {
        "steps": [_step(step) for step in chain.steps],
        "ending": chain.ending.value,
        "left": {name: [str(value) for value in values] for name, values in chain.left.items()},
        "cases": [{"suppose": {case.name: str(case.value)}, **_object(case.chain)} for case in chain.cases],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "lines": list(step.lines),
        "text": step.text,
        "rules_out": {change.name: [str(value) for value in change.removed] for change in step.changes},
        "leaves": {change.name: [str(value) for value in change.left] for change in step.changes},
        "supposed": None if step.supposed is None else _object(step.supposed),
    }


def _chain(chain: Chain, indent: str, first_guess: bool) -> Iterator[str]:
    widest = len(str(len(chain.steps)))
    for number, step in enumerate(chain.steps, 1):
        if step.supposed is not None:
            if first_guess:
                yield f"{indent}from here on a guess is needed"
                first_guess = False
            name = step.changes[0].name
            yield f"{indent}{number:>{widest}}. suppose {name} = {step.changes[0].removed[0]}:"
            yield from _chain(step.supposed, indent + INDENT * 3, False)
            yield f"{indent}{' ' * widest}  so {_told(step)}"
        else:
            yield f"{indent}{number:>{widest}}. {sentence(step)}"
    yield from _ending(chain, indent, first_guess)


def sentence(step: Step) -> str:
    """A step as one sentence, its lines first."""
    lines = step.lines
    where = "" if not lines else f"{'line' if len(lines) == 1 else 'lines'} {_numbers(lines)}: "
    return where + step.text


def _told(step: Step) -> str:
    return step.text.rpartition(", so ")[2]


def _numbers(lines: Sequence[int]) -> str:
    """``3``, ``2, 4``, ``6-14`` for more than two in a row."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def _ending(chain: Chain, indent: str, first_guess: bool) -> Iterator[str]:
    match chain.ending:
        case Ending.SOLVED:
            yield f"{indent}solved"
        case Ending.IMPOSSIBLE:
            yield f"{indent}impossible"
        case Ending.CASES:
            options = either([case.value for case in chain.cases])
            begin = "from here on a guess is needed: " if first_guess else ""
            yield f"{indent}{begin}{chain.cases[0].name} is {options}"
            for case in chain.cases:
                yield f"{indent}{INDENT}suppose {case.name} = {case.value}:"
                yield from _chain(case.chain, indent + INDENT * 2, False)
        case Ending.STUCK:
            begin = "from here on a guess is needed" if first_guess else "the steps end here"
            yield f"{indent}{begin}; what is left:"
            left = [(name, values) for name, values in chain.left.items() if len(values) > 1]
            for name, values in left[:MOST_LEFT]:
                yield f"{indent}{INDENT}{name}: {_values(values)}"
            if len(left) > MOST_LEFT:
                yield f"{indent}{INDENT}… and {len(left) - MOST_LEFT} more unknowns"


def _values(values: Sequence[Number]) -> str:
    if len(values) > 2 and values[-1] - values[0] == len(values) - 1:
        return f"{values[0]}..{values[-1]}"
    return ", ".join(map(str, values))
