"""Reasons are compared by their codes and read as sentences."""

from __future__ import annotations

from string import Formatter

import pytest

from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import SolutionSet, Status
from puzzlesolver.problem import Problem
from puzzlesolver.report.json import report_object


def test_every_code_has_a_sentence_of_its_own() -> None:
    """Two codes with one sentence would be listed twice; such members are one to Python."""
    assert len(Why) == len(Why.__members__)


@pytest.mark.parametrize("why", Why, ids=lambda why: why.name)
def test_a_reason_reads_as_its_sentence(why: Why) -> None:
    """The details stand in the sentence in their order; a reason is equal to another one with the same details."""
    fields = [spec or "" for _, field, spec, _ in Formatter().parse(why.value) if field is not None]
    details = tuple(1.5 if spec else f"<{number}>" for number, spec in enumerate(fields))
    assert why(*details) == why(*details) and str(why(*details)) == why.value.format(*details)


def test_a_number_of_too_many_digits_is_left_out() -> None:
    """Python prints no number of more than 4,300 digits; the sentence stands without it."""
    reason = Why.EXACT_ENGINE(Why.LARGE_VALUE(10**5000))
    answer = SolutionSet(Problem(), Status.UNDECIDED, reasons=(reason,))
    assert report_object(answer)["reasons"] == ["exact engine: … is too large to be compared"]
