"""Where the parser stopped, and what is said of it: what the rules of `slips.py` take and give."""

from __future__ import annotations

from dataclasses import dataclass

RELATIONS = ("=", "==", "<", "<=", ">", ">=", "!=", "≤", "≥", "≠")


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the parser stopped: in `text` at `at`, before `found`, where it would have accepted `accepts`."""

    text: str
    at: int
    found: str
    accepts: frozenset[str]

    @property
    def before(self) -> str:
        return self.text[: self.at]

    @property
    def rest(self) -> str:
        return self.text[self.at :]


@dataclass(frozen=True, slots=True)
class SlipExplanation:
    """A message, a hint, and the part of the text that is meant (None: what stands at the stop)."""

    message: str
    hint: str | None = None
    part: tuple[int, int] | None = None


def stands(stop: Stop) -> str:
    """What stands at the stop, in words."""
    if not stop.found:
        return "the statement ends here"
    shown = stop.found if len(stop.found) <= 30 else stop.found[:27] + "..."
    return f"'{shown}' stands here"
