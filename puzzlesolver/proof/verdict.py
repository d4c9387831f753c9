"""What came of a proof, and of several together."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Verdict(Enum):
    """A claim about a point or a box: proved, disproved, or neither."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"


def conjunction(verdicts: Iterable[Verdict]) -> Verdict:
    """FAILS if one fails, which ends it; else UNDECIDED if one is undecided."""
    return _decided(verdicts, Verdict.FAILS, Verdict.HOLDS)


def disjunction(verdicts: Iterable[Verdict]) -> Verdict:
    """HOLDS if one holds, which ends it; else UNDECIDED if one is undecided."""
    return _decided(verdicts, Verdict.HOLDS, Verdict.FAILS)


def _decided(verdicts: Iterable[Verdict], decisive: Verdict, otherwise: Verdict) -> Verdict:
    for verdict in verdicts:
        if verdict is decisive:
            return verdict
        if verdict is Verdict.UNDECIDED:
            otherwise = verdict
    return otherwise
