"""The inside of a worker process: one request after the other, until its input ends.

In: a pipe of requests. Out: a pipe of replies; whatever a function raises, prints or eats up ends as a reply. The
process ends with its input, even in the middle of a task, and with its parent where the kernel can see to that.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import pickle
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType, GeneratorType
from typing import IO, Any

from puzzlesolver.answer.reasons import Why
from puzzlesolver.solving.messages import STOP, Reply, pickled, receive, send

RECURSION_LIMIT = 10_000
"""Frames: deep expressions need more than Python's default."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What a task that takes a channel can do besides returning a value: say something at once, and ask whether it was
    told to stop."""

    emit: Callable[[object], None]
    is_stopped: Callable[[], bool]


class _Interrupts:
    """SIGINT raises KeyboardInterrupt once in a task, and never while a reply is written: then a moment later."""

    def __init__(self) -> None:
        self._is_open = self._is_held = self._is_pending = False
        signal.signal(signal.SIGINT, self._take)

    def _take(self, number: int, frame: FrameType | None) -> None:
        self._is_pending = self._is_held
        if self._is_open:
            self._is_open = False  # one is enough: what follows it is the orderly end
            raise KeyboardInterrupt

    def open(self) -> None:
        """Take one from here on."""
        self._is_open = True

    def close(self) -> None:
        """Take none from here on."""
        self._is_open = self._is_held = self._is_pending = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Take none inside the block, but the one that was to be taken behind it."""
        self._is_held, self._is_open = self._is_open, False
        yield
        self._is_held, self._is_open = False, self._is_held
        if self._is_pending:
            self.close()
            raise KeyboardInterrupt


def serve(requests: int, replies: int, *, modules: Sequence[str], memory_limit: int | None, parent: int) -> None:
    """Live as a worker process between two descriptors; the modules are loaded before anything else.

    `memory_limit` is of the address space, in bytes. `parent` is the process to die with, 0 for none. Returns
    only where a module cannot be loaded.
    """
    die_with(parent)
    _limit_memory(memory_limit)
    sys.setrecursionlimit(RECURSION_LIMIT)
    interrupts = _Interrupts()
    with os.fdopen(requests, "rb") as incoming, os.fdopen(replies, "wb") as outgoing:
        bodies, stopped = _arriving(incoming)
        try:
            for module in modules:
                importlib.import_module(module)
        except ImportError as error:
            send(outgoing, pickled((Reply.ENDED, Why.FAILED(type(error).__name__, str(error)))))
            return
        send(outgoing, pickled((Reply.READY, os.getpid())))
        for body in bodies:
            _perform(body, outgoing, interrupts, stopped)


def _arriving(stream: IO[bytes]) -> tuple[Iterator[bytes], threading.Event]:
    """The requests, read by a thread of their own that ends the process with the stream, even in mid-task."""
    arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    stopped = threading.Event()

    def read() -> None:
        while (body := receive(stream)) is not None:
            if body == STOP:
                stopped.set()
            else:
                stopped.clear()
                arrived.put(body)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return iter(arrived.get, None), stopped


def _perform(body: bytes, replies: IO[bytes], interrupts: _Interrupts, stopped: threading.Event) -> None:
    """Work one request off and send what came of it."""

    def emit(value: object) -> None:
        with interrupts.held():
            send(replies, pickled((Reply.PARTIAL, value)))

    try:
        name, takes_channel, args = pickle.loads(body)
        function = named(name)
        interrupts.open()
        value = function(Channel(emit, stopped.is_set), *args) if takes_channel else function(*args)
        if isinstance(value, GeneratorType):
            steps, value = value, None
            for value in steps:
                emit(value)
        interrupts.close()
        reply = pickled((Reply.VALUE, value))
    except MemoryError:
        reply = pickled((Reply.MEMORY, None))
    except KeyboardInterrupt:
        reply = pickled((Reply.ERROR, Why.INTERRUPTED()))
    except Exception as error:  # anything a library raises is this task's failure, not the worker's end
        reply = pickled((Reply.ERROR, Why.FAILED(type(error).__name__, str(error))))
    finally:
        interrupts.close()
    send(replies, reply)


def named(name: str) -> Callable[..., Any]:
    """The function that a request calls ``module:function``."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when the thread that started it ends; no matter where it cannot."""
    if not parent or not sys.platform.startswith("linux"):
        return
    try:
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)  # 1 is PR_SET_PDEATHSIG
    except (OSError, AttributeError):
        return
    if os.getppid() != parent:  # it was gone before the request
        os._exit(0)


def _limit_memory(limit: int | None) -> None:
    try:
        import resource

        if limit is not None:
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):  # not a Unix: no limit
        pass


def own_pipes() -> tuple[int, int]:
    """The standard input and output as descriptors of their own; a stray print then ends nowhere."""
    requests, replies = os.dup(0), os.dup(1)
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)
    return requests, replies


def main() -> None:
    """``python -m puzzlesolver.solving.service PARENT MEMORY MODULE…``: a worker in a fresh interpreter."""
    parent, memory, *modules = sys.argv[1:]
    requests, replies = own_pipes()
    serve(requests, replies, modules=modules, memory_limit=int(memory) or None, parent=int(parent))


if __name__ == "__main__":
    from puzzlesolver.solving import service  # under its own name, so that what is pickled is found

    service.main()
