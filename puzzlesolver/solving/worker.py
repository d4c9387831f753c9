"""A killable process for everything that may run long.

In comes a module-level function with its arguments; out comes a `TaskOutcome`, by the deadline, whatever happens: a
function that runs too long, eats the memory, raises or takes the whole process down ends as a value with its reason.
Afterwards the worker is ready for the next task; a process that had to be killed is started again.

The process is a fresh interpreter (``python -m puzzlesolver.solving.worker``) that loads SymPy and python-flint and
nothing heavier. Requests and replies are pickles with their length in front, over its standard input and output. It
lives in a session of its own, so that Ctrl-C reaches only the parent, and it never outlives the parent: end of file
on its input ends it, and so does the kernel where it can (``PR_SET_PDEATHSIG``).
"""

from __future__ import annotations

import atexit
import copyreg
import ctypes
import io
import os
import pickle
import queue
import signal
import site
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import GeneratorType, MappingProxyType
from typing import IO, Any

from puzzlesolver.answer.reasons import Reason, Why

MEMORY_LIMIT = 4 << 30
"""The worker's address space, in bytes."""

RECURSION_LIMIT = 10_000
"""Deep expressions need more than Python's default."""

_LENGTH = struct.Struct(">Q")
_PARTIAL, _VALUE, _ERROR, _MEMORY = range(4)


class TaskEnd(Enum):
    """How a task ended."""

    DONE = "done"
    DEADLINE = "deadline"
    FAILED = "failed"
    MEMORY = "out of memory"
    CRASHED = "crashed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """What a task came to. `value` is the function's value where it is DONE; otherwise the last value that a generator
    function had yielded, or None. `reason` is None exactly where the task is DONE."""

    end: TaskEnd
    value: Any = None
    reason: Reason | None = None

    @property
    def done(self) -> bool:
        """Whether the function came to its end."""
        return self.end is TaskEnd.DONE


def _read_only(entries: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(entries)


def _reduce_read_only(mapping: MappingProxyType[Any, Any]) -> tuple[Callable[..., Any], tuple[dict[Any, Any]]]:
    return _read_only, (dict(mapping),)


class _Pickler(pickle.Pickler):
    """Python's pickler, which also knows read-only mappings."""

    dispatch_table = copyreg.dispatch_table.copy()
    dispatch_table[MappingProxyType] = _reduce_read_only


def _pickled(thing: object) -> bytes:
    buffer = io.BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(thing)
    return buffer.getvalue()


def _send(stream: IO[bytes], body: bytes) -> None:
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes | None:
    """The next message, or None at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


class Task:
    """A function at work in a `Worker`. Ask it once for its `result`; asking again gives the same outcome."""

    def __init__(self, worker: Worker, messages: queue.SimpleQueue[bytes | None]) -> None:
        self._worker = worker
        self._messages = messages
        self._latest: Any = None
        self._outcome: TaskOutcome | None = None

    def result(self, deadline: float) -> TaskOutcome:
        """Wait until the function is done, at most until `deadline`, a point in time of `time.monotonic()`.

        At the deadline the process is killed and what a generator function had yielded until then is kept. A deadline
        in the past still takes an answer that has already arrived.
        """
        while self._outcome is None:
            try:
                body = self._messages.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self._end(TaskEnd.DEADLINE, Why.DEADLINE_FIRST())
                break
            except BaseException:
                self.cancel()
                raise
            self._receive(body)
        assert self._outcome is not None
        return self._outcome

    def arrived(self, until: float = 0.0) -> bool:
        """Whether the outcome is there by `until` (`time.monotonic()`), so that `result` will not wait."""
        while self._outcome is None:
            try:
                self._receive(self._messages.get(timeout=max(0.0, until - time.monotonic())))
            except queue.Empty:
                return False
        return True

    def cancel(self) -> None:
        """Give the task up, and kill the process that works on it."""
        if self._outcome is None:
            self._end(TaskEnd.CANCELLED, Why.CANCELLED())

    def _receive(self, body: bytes | None) -> None:
        """Take in one reply; None says that the process has ended."""
        if body is None:
            self._end(TaskEnd.CRASHED, self._worker._last_words())
            return
        try:
            kind, value = pickle.loads(body)
        except Exception as error:  # whatever unpickling runs, an answer that cannot be read is no answer
            self._end(TaskEnd.FAILED, Why.NOT_READ(type(error).__name__, str(error)))
            return
        if kind == _PARTIAL:
            self._latest = value
        elif kind == _VALUE:
            self._outcome = TaskOutcome(TaskEnd.DONE, value)
            self._worker._release(self)
        elif kind == _MEMORY:
            self._end(TaskEnd.MEMORY, Why.OUT_OF_MEMORY())
        else:
            self._outcome = TaskOutcome(TaskEnd.FAILED, self._latest, value)
            self._worker._release(self)

    def _end(self, end: TaskEnd, reason: Reason) -> None:
        """Settle the outcome and kill the process, which is of no more use."""
        self._outcome = TaskOutcome(end, self._latest, reason)
        self._worker._abandon(self)


class Worker:
    """One worker process, started when first needed and reused. It does one thing at a time: a new task cancels the
    one that is still running. One thread at a time may use it."""

    def __init__(self, memory_limit: int = MEMORY_LIMIT) -> None:
        self._memory_limit = memory_limit
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._task: Task | None = None
        self._owner = os.getpid()

    @property
    def pid(self) -> int | None:
        """The process's number, None where none is running."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start the process if none is running, and return at once; it loads SymPy while the caller goes on."""
        if self.pid is not None:
            return
        self.close()
        environment = dict(os.environ)
        environment["PYTHONPATH"] = os.pathsep.join(_search_path(environment.get("PYTHONPATH", "")))
        environment["PYTHONHASHSEED"] = "0"  # SymPy's forms may follow the order of sets
        main_thread = threading.current_thread() is threading.main_thread()
        # The kernel's parent-death signal belongs to the thread that started the child: only the main one may use it.
        parent = str(os.getpid() if main_thread else 0)
        command = [sys.executable, "-P", "-m", "puzzlesolver.solving.worker", parent, str(self._memory_limit)]
        pipe, silence = subprocess.PIPE, subprocess.DEVNULL
        process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=silence, env=environment, start_new_session=True
        )
        assert process.stdout is not None
        self._process, self._messages = process, queue.SimpleQueue()
        threading.Thread(target=_pump, args=(process.stdout, self._messages), daemon=True).start()
        _living.add(self)

    def submit(self, function: Callable[..., Any], *args: Any) -> Task:
        """Begin ``function(*args)``; the function must be importable by name. A generator function's yielded values
        are kept as they come, and the last one is its value."""
        if self._task is not None:
            self._task.cancel()
        try:
            body = _pickled((function, args))
        except Exception as error:  # a problem too deep to be pickled, for one
            task = Task(self, queue.SimpleQueue())
            task._outcome = TaskOutcome(TaskEnd.FAILED, None, Why.NOT_SENT(type(error).__name__, str(error)))
            return task
        self.start()
        process = self._process
        assert process is not None and process.stdin is not None
        self._task = Task(self, self._messages)
        try:
            _send(process.stdin, body)
        except OSError:  # it has just died: the end of its output tells the task so
            pass
        return self._task

    def close(self) -> None:
        """Kill the process with everything it started. The worker starts another one when it is needed again."""
        process, self._process, self._task = self._process, None, None
        _living.discard(self)
        if process is None or self._owner != os.getpid():
            return
        if process.poll() is None:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except (AttributeError, OSError):
                process.kill()
        process.wait()
        if process.stdin is not None:
            try:
                process.stdin.close()
            except OSError:
                pass

    def _release(self, task: Task) -> None:
        if self._task is task:
            self._task = None

    def _abandon(self, task: Task) -> None:
        if self._task is task:
            self.close()

    def _last_words(self) -> Reason:
        """How the process died."""
        try:
            code = self._process.wait(timeout=1.0) if self._process is not None else None
        except subprocess.TimeoutExpired:  # it has closed its output and lives on
            code = None
        if code is not None and code < 0:
            return Why.DIED(signal.Signals(-code).name)
        return Why.ENDED(code)


def _search_path(given: str) -> list[str]:
    """Where the worker finds modules besides the installed ones: this package, even when it is not installed. Not the
    folder of the user's script or the current one, whose files may bear the names of standard modules."""
    home = str(Path(__file__).resolve().parents[2])
    installed = {str(Path(folder).resolve()) for folder in site.getsitepackages()}
    return [entry for entry in (*given.split(os.pathsep), home) if entry and entry not in installed]


def _pump(stream: IO[bytes], messages: queue.SimpleQueue[bytes | None]) -> None:
    """Carry the replies from the pipe to the queue; None marks the end."""
    try:
        with stream:
            while (body := _receive(stream)) is not None:
                messages.put(body)
    except (OSError, ValueError, MemoryError):
        pass
    messages.put(None)


_living: set[Worker] = set()
_shared: dict[str, Worker] = {}


def get_worker(duty: str = "exact") -> Worker:
    """The worker for a duty, which everything in this process shares: one solves exactly while another one proves."""
    worker = _shared.get(duty)
    if worker is None or worker._owner != os.getpid():
        worker = _shared[duty] = Worker()
    return worker


@atexit.register
def _close_all() -> None:
    for worker in tuple(_living):
        worker.close()


# ------------------------------------------------------------------------------------------ inside the worker process


def _limit_memory(limit: int) -> None:
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):  # not a Unix: no limit
        pass


def _die_with(parent: int) -> None:
    """Ask the kernel to kill this process when the thread that started it ends; no matter where it cannot."""
    if not parent or not sys.platform.startswith("linux"):
        return
    try:
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)  # 1 is PR_SET_PDEATHSIG
    except (OSError, AttributeError):
        return
    if os.getppid() != parent:  # it was gone before the request
        os._exit(0)


def _requests(stream: IO[bytes]) -> Iterator[bytes]:
    """The requests, read by a thread of their own that ends the process with the stream, even in mid-task."""
    arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        while (body := _receive(stream)) is not None:
            arrived.put(body)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield arrived.get()


def _perform(body: bytes, replies: IO[bytes]) -> None:
    """Work one request off and send what came of it."""
    try:
        function, args = pickle.loads(body)
        value = function(*args)
        if isinstance(value, GeneratorType):
            improved, value = value, None
            for value in improved:
                _send(replies, _pickled((_PARTIAL, value)))
        reply = _pickled((_VALUE, value))
    except MemoryError:
        reply = _pickled((_MEMORY, None))
    except Exception as error:  # anything a library raises is this task's failure, not the worker's end
        reply = _pickled((_ERROR, Why.FAILED(type(error).__name__, str(error))))
    _send(replies, reply)


def serve(parent: int, memory_limit: int) -> None:
    """The worker process's life: one request after the other, until its input ends."""
    _die_with(parent)
    _limit_memory(memory_limit)
    sys.setrecursionlimit(RECURSION_LIMIT)
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)  # a stray print must not end up among the replies
    incoming = _requests(requests)
    _preload()
    for body in incoming:
        _perform(body, replies)


def _preload() -> None:
    """Load what nearly every task needs while the parent still reads the puzzle."""
    import puzzlesolver.exact.engine  # noqa: F401


if __name__ == "__main__":
    from puzzlesolver.solving import worker

    worker.serve(int(sys.argv[1]), int(sys.argv[2]))
