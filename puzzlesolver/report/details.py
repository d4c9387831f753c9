"""What ``--verbose`` adds to the report: what each engine did and found, how they were compared, and the times.

In: a `SolutionSet`. Out: lines. Unlike the report itself these hold floats and times and differ from run to run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from puzzlesolver.answer.solution import SolutionSet
from puzzlesolver.arithmetic.decimals import decimal_of_float
from puzzlesolver.report.givens import given_tables
from puzzlesolver.report.values import ABOUT, asked

MOST_CANDIDATES = 40
MOST_UNKNOWNS = 12
INDENT = "  "


def details(answer: SolutionSet) -> Iterator[str]:
    """What was given of the tables, then the stages of the solve."""
    yield from given_tables(answer)
    engines = answer.engines
    yield f"exact engine: {engines.method or 'not run'}"
    if engines.optimizer is None:
        yield "numeric engine: not run"
    else:
        loss = "" if engines.loss is None else f", least loss {engines.loss:.3g}"
        yield f"numeric engine: {engines.optimizer}, {engines.starts} starts{loss}, seed {answer.seed}"
        if engines.nadam is not None:
            yield f"{INDENT}Nadam found {_point(engines.nadam, answer.digits)}"
        shown = engines.candidates[:MOST_CANDIDATES]
        for point in shown:
            yield f"{INDENT}after the polish {_point(point, answer.digits)}"
        if len(shown) < len(engines.candidates):
            yield f"{INDENT}… and {len(engines.candidates) - len(shown)} more"
    for item in answer.answers:
        if item.tape is not None:
            yield f"TensorFlow's own figure for {asked(item.ask)}: {item.tape!r}"
    if engines.ledger:
        yield "comparison:"
        yield from (INDENT + line for line in engines.ledger)
    if answer.undecided_boxes:
        yield "regions undecided:"
        for box in answer.undecided_boxes[:MOST_CANDIDATES]:
            ends = (f"{name} in [{float(low):.9g}, {float(high):.9g}]" for name, (low, high) in box.items())
            yield INDENT + ", ".join(ends)
    if answer.seconds:
        yield "seconds: " + ", ".join(f"{stage} {seconds:.3f}" for stage, seconds in answer.seconds.items())


def _point(point: Mapping[str, float], digits: int) -> str:
    values = [f"{name} {ABOUT} {decimal_of_float(value, digits)}" for name, value in point.items()]
    if len(values) > MOST_UNKNOWNS:
        values = [*values[: MOST_UNKNOWNS // 2], "…", *values[-MOST_UNKNOWNS // 2 :]]
    return ", ".join(values)
