"""What a verification says: one `Check` for every claim of an answer, and the verdict on the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What became of one claim: proved again, proved wrong, or neither."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_REPROVED = "not re-proved"


class Overall(Enum):
    """What became of the answer: every claim proved again, all but some of them, or one proved wrong."""

    CONFIRMED = "confirmed"
    IN_PART = "confirmed in part"
    REFUSED = "refused"


OVERALL = {
    Verdict.HOLDS: Overall.CONFIRMED,
    Verdict.NOT_REPROVED: Overall.IN_PART,
    Verdict.FAILS: Overall.REFUSED,
}
EXIT_STATUS = {Overall.CONFIRMED: 0, Overall.REFUSED: 1, Overall.IN_PART: 3}
"""What a command line returns for each; 2 is for input that is wrong."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """One that fails, else one that is not re-proved, else `HOLDS`."""
    every = set(verdicts)
    return next((v for v in (Verdict.FAILS, Verdict.NOT_REPROVED) if v in every), Verdict.HOLDS)


@dataclass(frozen=True, slots=True)
class Check:
    """One claim: what it is about (``solution 2``), its verdict, and why."""

    subject: str
    verdict: Verdict
    words: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.verdict.value} — {self.words}"


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict, and how it was seen, or what is missing."""

    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Every check that was made of an answer, in the order of the answer."""

    checks: tuple[Check, ...]

    @property
    def overall(self) -> Overall:
        """Refused where one claim fails; confirmed only where every one holds."""
        if not self.checks:
            return Overall.IN_PART
        return OVERALL[worst(check.verdict for check in self.checks)]

    @property
    def exit_status(self) -> int:
        """0 confirmed, 1 refused, 3 confirmed in part."""
        return EXIT_STATUS[self.overall]

    def __str__(self) -> str:
        """The verdict on the whole, and the checks behind it."""
        match self.overall:
            case Overall.REFUSED:
                failing = [check.subject for check in self.checks if check.verdict is Verdict.FAILS]
                head = f"REFUSED: {_listed(failing)}"
            case Overall.IN_PART:
                left = [check.subject for check in self.checks if check.verdict is Verdict.NOT_REPROVED]
                head = f"CONFIRMED IN PART: not re-proved: {_listed(left)}"
            case _:
                head = "CONFIRMED"
        return "\n".join([head, *(f"  {check}" for check in self.checks)])


MOST_NAMED = 4
"""So many subjects are named in the head line."""


def _listed(subjects: list[str]) -> str:
    names = list(dict.fromkeys(subjects))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
