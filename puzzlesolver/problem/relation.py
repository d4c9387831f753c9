"""The relations that are no equations."""

from __future__ import annotations

from enum import Enum


class Relation(Enum):
    """The relations that are no equations; ``>`` and ``>=`` are written with their sides exchanged."""

    LESS = "<"
    AT_MOST = "<="
    NOT_EQUAL = "!="
