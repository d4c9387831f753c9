"""What came of a proof."""

from __future__ import annotations

from enum import Enum


class Verdict(Enum):
    """A claim about a point or a box: proved, disproved, or neither."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"
