"""Killable processes for everything that may run long.

In comes a module-level function with its arguments; out comes a `TaskOutcome`, by the deadline, whatever happens: a
function that runs too long, eats the memory, raises or takes the whole process down ends as a value with its reason.
Afterwards the worker is ready for the next task; a process that had to be killed is started again.

A worker is forked from the `Nursery`, where there is one; TensorFlow's is a fresh interpreter, which shares nothing.
No worker outlives the process that started it.
"""

from __future__ import annotations

import atexit
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import IO, Any

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.solving.interpreter import launch
from puzzlesolver.solving.messages import STOP, Reply, pickled, receive, send
from puzzlesolver.solving.nursery import Nursery

MEMORY_LIMIT = 4 << 30
"""A worker's address space, in bytes. TensorFlow's has no limit: it reserves far more than it uses."""

CAN_FORK = sys.platform.startswith("linux")


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
    """What a task came to. `value` is the function's value where it is DONE; otherwise the last value that it had
    emitted, or None. `reason` is None exactly where the task is DONE."""

    end: TaskEnd
    value: Any = None
    reason: Reason | None = None

    @property
    def done(self) -> bool:
        """Whether the function came to its end."""
        return self.end is TaskEnd.DONE


class Task:
    """A function at work in a `Worker`. Ask it once for its `result`; asking again gives the same outcome."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._latest: Any = None
        self._outcome: TaskOutcome | None = None

    def result(self, deadline: float) -> TaskOutcome:
        """Wait until the function is done, at most until `deadline`, a point in time of `time.monotonic()`.

        At the deadline the process is killed and what the function had emitted last is kept. A deadline in the past
        still takes an answer that has already arrived.
        """
        if not self.arrived(deadline):
            self._end(TaskEnd.DEADLINE, Why.DEADLINE_FIRST())
        assert self._outcome is not None
        return self._outcome

    @property
    def is_over(self) -> bool:
        """Whether the outcome has been taken in."""
        return self._outcome is not None

    def arrived(self, until: float = 0.0) -> bool:
        """Whether the outcome is there by `until` (`time.monotonic`), so that `result` will not wait."""
        for _ in self.emitted(until):
            pass
        return self._outcome is not None

    def emitted(self, until: float) -> Iterator[Any]:
        """The values that the function emits, as they come, until its end or until `until` (`time.monotonic`)."""
        while self._outcome is None:
            message = self._worker._next_message(until)
            if message is None:
                return
            kind, value = message
            match kind:
                case Reply.PARTIAL:
                    self._latest = value
                    yield value
                case Reply.VALUE:
                    self._settle(TaskOutcome(TaskEnd.DONE, value))
                case Reply.ERROR:
                    self._settle(TaskOutcome(TaskEnd.FAILED, self._latest, value))
                case Reply.MEMORY:
                    self._end(TaskEnd.MEMORY, Why.OUT_OF_MEMORY())
                case Reply.ENDED:
                    self._end(TaskEnd.CRASHED, value)

    def stop(self) -> None:
        """Ask the function, if it takes a channel, to come to an end."""
        if self._outcome is None:
            self._worker._send(STOP)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt inside the function."""
        pid = self._worker.pid
        if self._outcome is None and pid is not None:
            os.kill(pid, signal.SIGINT)

    def cancel(self) -> None:
        """Give the task up, and kill the process that works on it."""
        if self._outcome is None:
            self._end(TaskEnd.CANCELLED, Why.CANCELLED())

    def _settle(self, outcome: TaskOutcome) -> None:
        self._outcome = outcome
        self._worker._release(self)

    def _end(self, end: TaskEnd, reason: Reason) -> None:
        """Settle the outcome and kill the process, which is of no more use."""
        self._outcome = TaskOutcome(end, self._latest, reason)
        self._worker._abandon(self)


class Worker:
    """One worker process, started when first needed and reused. It does one thing at a time: a new task cancels the
    one that is still running. One thread at a time may use it.

    `modules` are loaded in a fresh interpreter; without any, the worker is born in the nursery.
    """

    def __init__(self, memory_limit: int | None = MEMORY_LIMIT, modules: Sequence[str] = ()) -> None:
        self._memory_limit, self._modules = memory_limit, tuple(modules)
        self._companion: subprocess.Popen[bytes] | None = None
        self._handed: tuple[int, ...] = ()
        self._life: _Life | None = None
        self._task: Task | None = None
        self._owner = os.getpid()

    @classmethod
    def adopt(cls, modules: Sequence[str], requests: int, replies: int) -> Worker:
        """A worker whose process another one started and hands over with these ends of its pipes."""
        worker = cls(None, modules)
        worker._life = _Life(os.fdopen(requests, "wb"), os.fdopen(replies, "rb"))
        return worker

    def hand_over(self, modules: Sequence[str]) -> None:
        """Start a fresh interpreter that loads modules, as a worker of the process that this one starts next."""
        self._part()
        incoming, requests = os.pipe()
        replies, outgoing = os.pipe()
        self._companion = launch("puzzlesolver.solving.service", "0", *modules, stdin=incoming, stdout=outgoing)
        os.close(incoming)
        os.close(outgoing)
        self._handed = (requests, replies)

    @property
    def pid(self) -> int | None:
        """The process's number, None where none is running or it has not told it yet."""
        return None if self._life is None or self._life.is_over else self._life.pid

    def start(self) -> None:
        """Start the process if none is running, and return at once: it loads while the caller goes on."""
        if self.is_running:
            return
        self.close()
        if self._modules or not CAN_FORK:
            self._life = _fresh_life(self._modules, self._memory_limit)
        else:
            self._life = _borne_life(self._memory_limit, self._handed)
        self._handed = ()
        _living.add(self)

    def is_ready(self, until: float = 0.0) -> bool:
        """Whether the process is running and has loaded what it needs by `until` (`time.monotonic`)."""
        return self._life is not None and self._life.is_ready(until)

    @property
    def is_loading(self) -> bool:
        """Whether there is a process that is not ready yet."""
        return self.is_running and not self.is_ready()

    @property
    def is_running(self) -> bool:
        """Whether there is a process, ready or not."""
        return self._life is not None and not self._life.is_over

    def submit(self, function: Callable[..., Any], *args: Any, channel: bool = False) -> Task:
        """Begin ``function(*args)``; the function must be importable by name. With `channel` it takes a `Channel`
        first: what it emits is kept as it comes."""
        return self.call(f"{function.__module__}:{function.__qualname__}", *args, channel=channel)

    def call(self, name: str, *args: Any, channel: bool = False) -> Task:
        """Begin the function called ``module:name``, which this process need not have loaded."""
        if self._task is not None:
            self._task.cancel()
        task = Task(self)
        try:
            body = pickled((name, channel, args))
        except Exception as error:  # a problem too deep to be pickled, for one
            task._outcome = TaskOutcome(TaskEnd.FAILED, None, Why.NOT_SENT(type(error).__name__, str(error)))
            return task
        self.start()
        self._task = task
        self._send(body)
        return task

    def close(self) -> None:
        """Kill the process with everything it started. The worker starts another one when it is needed again."""
        life, self._life, self._task = self._life, None, None
        _living.discard(self)
        if life is None or self._owner != os.getpid():
            return
        life.end()
        if not self._handed:
            self._part()

    def _part(self) -> None:
        """End the process that was handed over."""
        companion, self._companion = self._companion, None
        if companion is not None:
            companion.kill()
            companion.wait()

    def _send(self, body: bytes) -> None:
        assert self._life is not None
        try:
            send(self._life.requests, body)
        except OSError:  # it has just died: the end of its output tells the task so
            pass

    def _next_message(self, until: float) -> tuple[Reply, Any] | None:
        assert self._life is not None
        return self._life.next_message(until)

    def _release(self, task: Task) -> None:
        if self._task is task:
            self._task = None

    def _abandon(self, task: Task) -> None:
        if self._task is task:
            self.close()


class _Life:
    """One process between two pipes; a thread carries its replies to a queue."""

    def __init__(
        self,
        requests: IO[bytes],
        replies: IO[bytes],
        process: subprocess.Popen[bytes] | None = None,
        nursery: Nursery | None = None,
    ) -> None:
        self.requests = requests
        self.pid: int | None = None if process is None else process.pid
        self._process, self._nursery = process, nursery
        self._ready = self._over = False
        self._first: tuple[Reply, Any] | None = None  # what it said instead of being ready
        self._messages: queue.SimpleQueue[tuple[Reply, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._carry, args=(replies,), daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether the process has ended."""
        return self._over

    def is_ready(self, until: float) -> bool:
        """Whether it has said by `until` that it is ready; READY is the first thing that a process says."""
        if not self._ready and self._first is None:
            self._first = self._take(until)
        return self._ready

    def next_message(self, until: float) -> tuple[Reply, Any] | None:
        """The next reply, None where none comes by `until` (`time.monotonic`)."""
        if not self.is_ready(until) and self._first is None:
            return None
        first, self._first = self._first, None
        return first or self._take(until)

    def _take(self, until: float) -> tuple[Reply, Any] | None:
        try:
            kind, value = self._messages.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return None
        if kind is not Reply.READY:
            return kind, value
        self._ready, self.pid = True, value
        return None

    def end(self) -> None:
        """Kill the process."""
        self._over = True
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (AttributeError, OSError):
                self._process.kill()
            self._process.wait()
        elif self.pid is not None and self._nursery is not None:
            self._nursery.kill(self.pid)
        try:
            self.requests.close()  # a process that is not born yet, or was handed over, ends by this
        except OSError:
            pass

    def _carry(self, replies: IO[bytes]) -> None:
        """Carry the replies from the pipe to the queue, and the end of the process as the last of them."""
        code: int | Reason | None = None
        try:
            with replies:
                while (body := receive(replies)) is not None:
                    message = _unpickled(body)
                    if message[0] is Reply.ENDED:
                        code = message[1]
                    else:
                        self._messages.put(message)
        except (OSError, ValueError, MemoryError):
            pass
        if self._process is not None and code is None:
            try:
                code = self._process.wait(timeout=1.0)
            except subprocess.TimeoutExpired:  # it has closed its output and lives on
                pass
        self._over = True
        self._messages.put((Reply.ENDED, _last_words(code)))


def _unpickled(body: bytes) -> tuple[Reply, Any]:
    try:
        kind, value = pickle.loads(body)
    except Exception as error:  # whatever unpickling runs, an answer that cannot be read is no answer
        return Reply.ERROR, Why.NOT_READ(type(error).__name__, str(error))
    return kind, value


def _last_words(code: int | Reason | None) -> Reason:
    """How a process died, by its exit code or in its own words."""
    if isinstance(code, Reason):
        return code
    if code is not None and code < 0:
        return Why.DIED(signal.Signals(-code).name)
    return Why.GONE() if code is None else Why.ENDED(code)


def _fresh_life(modules: Sequence[str], memory_limit: int | None) -> _Life:
    process = launch("puzzlesolver.solving.service", str(memory_limit or 0), *modules, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    return _Life(process.stdin, process.stdout, process=process)


def _borne_life(memory_limit: int | None, handed: Sequence[int]) -> _Life:
    incoming, requests = os.pipe()
    replies, outgoing = os.pipe()
    nursery = _nursery()
    try:
        nursery.bear((incoming, outgoing, *handed), memory_limit)
    except OSError:  # it has just died: the end of the pipe tells so
        pass
    for descriptor in (incoming, outgoing, *handed):
        os.close(descriptor)
    return _Life(os.fdopen(requests, "wb"), os.fdopen(replies, "rb"), nursery=nursery)


# ------------------------------------------------------------------------------------- what this process has of others

TENSORFLOW = ("puzzlesolver.numeric.errands",)
"""What the worker for the numeric search loads."""

_living: set[Worker] = set()
_shared: dict[str, Worker] = {}
_nurseries: list[tuple[int, Nursery]] = []


def get_worker(duty: str = "exact") -> Worker:
    """The worker for a duty, which everything in this process shares: one solves exactly while another one proves.

    The duty ``numeric`` is TensorFlow's.
    """
    worker = _shared.get(duty)
    if worker is None or worker._owner != os.getpid():
        worker = _shared[duty] = Worker(None, TENSORFLOW) if duty == "numeric" else Worker()
    return worker


def inherit(nursery: Nursery, descriptors: Sequence[int]) -> None:
    """In a process that was born in a nursery: more can be born there; two descriptors are TensorFlow's worker."""
    _nurseries.append((os.getpid(), nursery))
    if len(descriptors) == 2:
        _shared["numeric"] = Worker.adopt(TENSORFLOW, *descriptors)


def _nursery() -> Nursery:
    if not _nurseries or _nurseries[-1][0] != os.getpid() or not _nurseries[-1][1].is_alive:
        _nurseries.append((os.getpid(), Nursery.start()))
    return _nurseries[-1][1]


@atexit.register
def close_all() -> None:
    """End every process that this one has started; new ones are started when they are needed again."""
    for worker in tuple(_living):
        worker.close()
    for owner, nursery in _nurseries:
        if owner == os.getpid():
            nursery.close()
