"""Whether a puzzle's text has exactly one solution, proved by the exhaustive search of the finite domains.

In: a text in the puzzle language. Out: yes, no, or None where the search does not end in its time.
"""

from __future__ import annotations

import time

from puzzlesolver.exact.finite import solve_finite, whole_ranges
from puzzlesolver.language import parse
from puzzlesolver.unroll import unroll

PATIENCE = 60.0
"""Seconds for one proof; those that are needed take a small part of it, so that it decides nothing."""


def has_one_solution(text: str) -> bool | None:
    """Whether there is a solution and no second one."""
    problem = unroll(parse(text))
    values = whole_ranges(problem)
    if values is None:
        return None
    outcome = solve_finite(problem, values, 1, time.monotonic() + PATIENCE)
    if outcome.is_cut:
        return False
    return len(outcome.solutions) == 1 if outcome.complete else None
