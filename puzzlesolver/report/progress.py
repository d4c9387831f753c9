"""One line on a terminal that says what a long solve is doing, and is gone when it is done.

In: a stream and words. Out: nothing that stays. On anything but a terminal nothing is written at all.
"""

from __future__ import annotations

import os
import threading
import time
from types import TracebackType
from typing import TextIO

PATIENCE = 1.0  # Seconds before the line appears: a quick solve shows none.
INTERVAL = 0.2
_ERASE = "\r\x1b[K"
LONGEST = 60


class Progress:
    """A context; inside it `tell` says what is being done. A thread keeps the seconds running."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._words = "reading"
        self._done = threading.Event()
        self._drawn = False
        self._thread: threading.Thread | None = None

    def tell(self, words: str) -> None:
        """What is being done now, in a few words."""
        self._words = words

    def __enter__(self) -> Progress:
        if self._stream.isatty() and os.environ.get("TERM", "dumb") != "dumb":
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()
        self.erase()

    def erase(self) -> None:
        """Remove the line, if there is one."""
        if self._drawn:
            self._drawn = False
            self._stream.write(_ERASE)
            self._stream.flush()

    def _run(self) -> None:
        began = time.monotonic()
        pause = PATIENCE
        while not self._done.wait(pause):
            pause = INTERVAL
            self._stream.write(f"{_ERASE}{self._words[:LONGEST]} ({time.monotonic() - began:.0f} s)")
            self._stream.flush()
            self._drawn = True
