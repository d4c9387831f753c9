"""A time limit for pure Python code, where the system can interrupt it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SOON = 1e-4
"""Seconds after which an alarm rings that was due meanwhile."""


class TimeIsUp(BaseException):
    """The limit has passed. No `Exception`, so that code which catches all of these cannot swallow it."""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise `TimeIsUp` inside the block after so many seconds. An alarm around it goes on, and may come first.

    Without limit where there are no timer signals, or outside the main thread; the worker's deadline then has to do.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeIsUp

    began = time.monotonic()
    before = signal.signal(signal.SIGALRM, ring)
    left, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    if 0 < left < seconds:
        signal.setitimer(signal.ITIMER_REAL, left)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left > 0:
            signal.setitimer(signal.ITIMER_REAL, max(began + left - time.monotonic(), SOON))
