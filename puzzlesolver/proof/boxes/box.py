"""A box, and what is proved of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Symbol

from puzzlesolver.answer.reasons import Reason
from puzzlesolver.arithmetic.interval import Interval

Box = Mapping[Symbol, Interval]
"""One closed interval with exact ends for every unknown."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A box proved to hold exactly one real solution of the equations (conditions and domains are judged apart).

    `equations` are the indices of the square subsystem that the test was run on.
    """

    box: Box
    equations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BoxSearch:
    """The end of an exhaustive search of a box: certified solutions, and what could be neither certified nor emptied.

    Every solution of the problem in the region searched lies in one of `certificates` or in one of `undecided`.
    `exhausted` says that `undecided` is empty. `region` tells in words what was searched, for the report. `endless` is
    a proof, in words, that the problem has infinitely many solutions, where that is proved: those certified are then
    the first few, and `reason` tells up to where they are all.
    """

    certificates: tuple[Certificate, ...]
    undecided: tuple[Box, ...]
    region: str
    boxes: int
    reason: Reason | None = None
    endless: str | None = None

    @property
    def exhausted(self) -> bool:
        """Whether the certified solutions are proved to be all in the region."""
        return not self.undecided and self.reason is None
