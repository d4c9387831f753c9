"""The choices a caller has, in one frozen record with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType


class Method(Enum):
    """Which engines run: both and compared, or one of them alone."""

    AUTO = "auto"
    NUMERIC = "numeric"
    EXACT = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to solve.

    `settings` replaces the values of `let` (name → a number as text, exact). `digits` is how many correct significant
    digits decimals show. `seed` decides every random choice. `starts` is how many points one round of the numeric
    search begins from. `limit` is how many solutions in finite domains are listed. `time_limit` is in seconds of wall
    time, for one problem.
    """

    settings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    digits: int = 10
    seed: int = 0
    starts: int = 64
    limit: int = 100
    time_limit: float = 30.0
    method: Method = Method.AUTO

    def __post_init__(self) -> None:
        object.__setattr__(self, "method", Method(self.method))  # its word will do: method="numeric"
        if self.digits < 1 or self.starts < 1 or self.limit < 1 or not self.time_limit > 0:
            raise ValueError("digits, starts and the limit are at least 1, and the time limit is above 0")
