"""A deadline that long computations look at themselves, and that breaks into those that do not."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

AGAIN = 0.05
"""Seconds after which a computation that has not ended is broken into again; twice as many the next time."""

GRACE = 0.25
"""Seconds beyond the deadline in which a computation may see by itself that it has passed: an exception that strikes
from outside may meet a callback of the garbage collector's, where it is lost."""
LONGEST = 3600.0
"""Seconds of one wait."""


class OutOfTime(BaseException):
    """The deadline has passed. No `Exception`, so that no library in between takes it for one of its own."""


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

    @contextmanager
    def enforced(self) -> Iterator[None]:
        """Raise `OutOfTime` in this thread when the deadline passes within the block, whatever runs in Python then."""
        self.check()
        thread = ctypes.c_ulong(threading.get_ident())
        done, wake = [False], threading.Event()

        def watch() -> None:
            pause, last = AGAIN, self.deadline + GRACE
            while not wake.wait(min(max(last - time.monotonic(), pause), LONGEST)) and not done[0]:
                if time.monotonic() > last:
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(OutOfTime))
                    pause *= 2

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done[0] = True  # a step that is not broken into
            for _ in range(2):  # one exception may be on its way, and one more about to be sent
                with suppress(OutOfTime):
                    wake.set()
                    watcher.join()
                    time.monotonic()
