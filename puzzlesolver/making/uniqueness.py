"""Whether a puzzle's text has exactly one solution, proved by the exhaustive search of the finite domains.

In: a text in the puzzle language. Out: yes, no, or None where the search does not end in its time. The search works in
a process of its own, as ever: OR-Tools and TensorFlow in one process can crash each other.
"""

from __future__ import annotations

import time

from puzzlesolver.exact.whole.finite import solve_finite, whole_ranges
from puzzlesolver.language import parse
from puzzlesolver.problem.unroll import unroll
from puzzlesolver.solving.worker import get_worker

WORK = 10.0  # Work of CP-SAT's (`max_deterministic_time`) for one proof; those that are needed take a small part of it.
PATIENCE = 300.0  # Seconds after which the process is taken to be stuck.
GRACE = 10.0  # Seconds more for the process to begin and to reply.


def has_one_solution(text: str) -> bool | None:
    """Whether there is a solution and no second one."""
    problem = unroll(parse(text))
    values = whole_ranges(problem)
    if values is None:
        return None
    deadline = time.monotonic() + PATIENCE
    outcome = get_worker().submit(solve_finite, problem, values, 1, deadline, WORK).result(deadline + GRACE)
    if not outcome.done:
        return None
    if outcome.value.is_cut:
        return False
    return len(outcome.value.solutions) == 1 if outcome.value.complete else None
