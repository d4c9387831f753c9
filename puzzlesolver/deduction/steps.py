"""What an explanation is made of: steps, what each of them rules out, and where they end.

Every step is sound: it rules out a value only where no solution has it that agrees with the steps before (and, inside
a case, with what the case supposes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sympy import Symbol

from puzzlesolver.answer.reasons import Reason
from puzzlesolver.deduction.arithmetic import Number
from puzzlesolver.problem import Origin, Problem

Domains = Mapping[Symbol, tuple[Number, ...]]
"""The values that are still possible, ascending."""


class Ending(Enum):
    """Where a chain of steps leads to."""

    SOLVED = "solved"
    IMPOSSIBLE = "impossible"
    CASES = "cases"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Change:
    """The values that a step takes from one unknown, and those that are left."""

    name: str
    removed: tuple[Number, ...]
    left: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One deduction: the lines it uses, what it says in words, and what it does.

    `changes` are what the words tell; `excluded` what goes without saying: of unknowns that differ, none has a value
    that another has. In a step that supposes something and refutes it, `supposed` is the chain that does.
    """

    origins: tuple[Origin, ...]
    text: str
    changes: tuple[Change, ...] = ()
    excluded: tuple[Change, ...] = ()
    supposed: Chain | None = None

    @property
    def lines(self) -> tuple[int, ...]:
        """The numbers of the lines, ascending; none for a puzzle that is from no text."""
        return tuple(sorted({origin.line for origin in self.origins if origin.line}))


@dataclass(frozen=True, slots=True)
class Case:
    """What follows where an unknown has one of its values."""

    name: str
    value: Number
    chain: Chain


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps, one after the other, and their ending. `left` are the values at the end, `cases` those of a split."""

    steps: tuple[Step, ...]
    ending: Ending
    left: Mapping[str, tuple[Number, ...]]
    cases: tuple[Case, ...] = ()

    @property
    def length(self) -> int:
        """How many steps a reader has to follow."""
        within = sum(step.supposed.length for step in self.steps if step.supposed is not None)
        return len(self.steps) + within + sum(case.chain.length for case in self.cases)

    def solutions(self) -> list[Mapping[str, Number]] | None:
        """Every solution, where all the cases end; None where the chain ends before that."""
        match self.ending:
            case Ending.SOLVED:
                return [{name: values[0] for name, values in self.left.items()}]
            case Ending.IMPOSSIBLE:
                return []
            case Ending.STUCK:
                return None
        found: list[Mapping[str, Number]] = []
        for case in self.cases:
            within = case.chain.solutions()
            if within is None:
                return None
            found += within
        return found


@dataclass(frozen=True, slots=True)
class Explanation:
    """The chain for a puzzle; `chain` is None, and `reason` says why, where the puzzle is of another kind.

    `notes` say what the names mean that the steps use beside the puzzle's own, and which lines they make no use of.
    """

    problem: Problem
    chain: Chain | None
    reason: Reason | None = None
    notes: tuple[str, ...] = ()
