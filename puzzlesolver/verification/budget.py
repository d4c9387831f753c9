"""A deadline that long computations look at themselves."""

from __future__ import annotations

import time
from dataclasses import dataclass


class OutOfTime(Exception):
    """The deadline has passed."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Time until `deadline` (`time.monotonic`)."""

    deadline: float

    @classmethod
    def of(cls, seconds: float) -> Budget:
        """A budget that begins now."""
        return cls(time.monotonic() + seconds)

    def check(self) -> None:
        """Raise `OutOfTime` where the deadline has passed."""
        if time.monotonic() > self.deadline:
            raise OutOfTime

    def share(self, part: float) -> Budget:
        """A budget of `part` of what is left."""
        now = time.monotonic()
        return Budget(now + part * max(0.0, self.deadline - now))
