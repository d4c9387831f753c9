"""The clock of one solve. Only the deadline is the user's; the rest shares the time until then among the steps.

None of these decides what is printed as long as the deadline itself does not strike.
"""

from __future__ import annotations

import os

_SCALE = float(os.environ.get("PUZZLESOLVER_CLOCK", "1"))
"""By which the tests multiply the seconds that are no part of the deadline, to show that they decide nothing."""

MARGIN = 0.3
"""Seconds kept back from the time limit for putting the answer together."""

OVERRUN = 0.35
"""Seconds after the deadline at which the process that solves is given up, with what it has kept."""

STARTING = 60.0
"""Seconds in which that process has to be up and to have read the puzzle."""

AFTER_STARTING = 0.5
"""The share of the time limit that a puzzle has at least, however long processes took to start."""

PARTING = 0.5
"""Seconds after Ctrl-C in which what was found has to be told."""

FINISHING = 0.4
"""Seconds for wording the answer of a process that was given up."""

SEARCHING = 0.4
"""The share of the time left that the numeric search may take: what it finds has to be certified by the deadline."""

POLL = 0.02 * _SCALE
"""Seconds between two looks whether a task is done."""

EASY = 0.2 * _SCALE
"""Seconds for which an easy problem's proof is waited for: with it the numeric search is far shorter."""

GLANCE = 0.2 * _SCALE
"""Seconds between two looks at the clock while nothing is heard."""
