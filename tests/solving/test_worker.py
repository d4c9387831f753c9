"""The worker process: whatever happens inside it ends as a value outside, and nothing of it is left over."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import pytest
from sympy import Rational

from puzzlesolver.analysis.classify import analyse
from puzzlesolver.answer.reasons import Why
from puzzlesolver.exact.engine import solve_exactly
from puzzlesolver.problem import Equation, Origin, Problem, Unknown, real_symbol
from puzzlesolver.solving.worker import TaskEnd, TaskOutcome, Worker, close_all, get_worker

ERRANDS = """
import itertools, os, sys, time

def double(number):
    print("a stray print")
    os.write(1, b"and a stray write")
    return 2 * number

def steps(channel, count, seconds):
    for number in range(count):
        channel.emit(number)
    time.sleep(seconds)
    return "done"

def until_stopped(channel):
    while not channel.is_stopped():
        time.sleep(0.01)
    return "stopped"

def until_interrupted(channel):
    try:
        channel.emit("begun")
        time.sleep(600)
    except KeyboardInterrupt:
        return "interrupted"

def fail(words):
    raise ArithmeticError(words)

def spin():
    while True:
        pass

def hog(size):
    return len(bytearray(size))

def modules():
    return sorted(sys.modules)

def spawn(channel):
    import subprocess
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    channel.emit(child.pid)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def errands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """A module of functions that the workers can import as well: those born before know nothing of it."""
    folder = tmp_path_factory.mktemp("errands")
    (folder / "errands_for_the_worker.py").write_text(ERRANDS, encoding="utf-8")
    close_all()
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.setenv("PYTHONPATH", str(folder))
        yield importlib.import_module("errands_for_the_worker")


@pytest.fixture(params=[(), ("puzzlesolver.exact.engine",)], ids=["born in the nursery", "fresh"])
def worker(request: pytest.FixtureRequest, errands: ModuleType) -> Iterator[Worker]:
    """A worker of the test's own, closed afterwards."""
    own = Worker(2 << 30, request.param)
    yield own
    own.close()


def run(worker: Worker, function: Callable[..., Any], *args: Any, seconds: float = 60.0) -> TaskOutcome:
    return worker.submit(function, *args).result(time.monotonic() + seconds)


def gone(pid: int, seconds: float = 10.0) -> bool:
    """Whether a process ends within the time given."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
            if (
                Path(f"/proc/{pid}/stat").exists()
                and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
            ):
                return True
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_values_come_back_and_the_process_is_reused(worker: Worker, errands: ModuleType) -> None:
    """A function's value is the outcome, stray prints do no harm, and one process serves many tasks."""
    assert run(worker, errands.double, 21) == TaskOutcome(TaskEnd.DONE, 42)
    pid = worker.pid
    assert run(worker, errands.double, Rational(1, 3)).value == Rational(2, 3)
    assert run(worker, dict, MappingProxyType({1: 2})).value == {1: 2}
    assert worker.pid == pid


def test_the_deadline_kills_and_the_next_task_has_a_new_process(worker: Worker, errands: ModuleType) -> None:
    """At the deadline the process is killed, and the worker goes on with another one."""
    assert run(worker, errands.double, 1).done
    pid = worker.pid
    assert pid is not None
    task = worker.submit(errands.spin)
    outcome = task.result(time.monotonic() + 0.2)
    assert outcome.end is TaskEnd.DEADLINE
    assert outcome.reason is not None
    assert task.result(time.monotonic()) is outcome
    assert gone(pid)
    assert run(worker, errands.double, 2).value == 4
    assert worker.pid != pid


def test_what_was_found_before_the_deadline_is_kept(worker: Worker, errands: ModuleType) -> None:
    """What a function has emitted arrives as it comes, and the last of it survives the function's end."""
    task = worker.submit(errands.steps, 5, 0, channel=True)
    assert list(task.emitted(time.monotonic() + 60)) == [0, 1, 2, 3, 4]
    assert task.result(time.monotonic()).value == "done"
    task = worker.submit(errands.steps, 3, 600, channel=True)
    assert [next(task.emitted(time.monotonic() + 60)) for _ in range(3)] == [0, 1, 2]
    assert not task.arrived()
    assert task.result(time.monotonic()) == TaskOutcome(TaskEnd.DEADLINE, 2, Why.DEADLINE_FIRST())


def test_failures_are_values(worker: Worker, errands: ModuleType) -> None:
    """An exception, the end of the memory, and the death of the process are outcomes with their reason."""
    failed = run(worker, errands.fail, "no good")
    assert (failed.end, failed.value, failed.reason) == (TaskEnd.FAILED, None, Why.FAILED("ArithmeticError", "no good"))
    assert run(worker, errands.hog, 3 << 30).end is TaskEnd.MEMORY
    crashed = run(worker, os.abort)
    assert (crashed.end, crashed.reason) == (TaskEnd.CRASHED, Why.DIED("SIGABRT"))
    assert run(worker, os._exit, 3).reason == Why.ENDED(3)
    unsent = run(worker, lambda: None)
    assert unsent.end is TaskEnd.FAILED
    assert run(worker, errands.double, 3).value == 6


def test_a_new_task_cancels_the_old_one(worker: Worker, errands: ModuleType) -> None:
    """A worker does one thing at a time."""
    old = worker.submit(errands.spin)
    assert run(worker, errands.double, 4).value == 8
    assert old.result(time.monotonic()).end is TaskEnd.CANCELLED


def test_arrival_can_be_asked_for(worker: Worker, errands: ModuleType) -> None:
    """A task tells without waiting whether its outcome is there."""
    task = worker.submit(errands.double, 5)
    while not task.arrived():
        time.sleep(0.01)
    assert task.result(time.monotonic()).value == 10


def test_a_task_can_be_asked_to_stop_and_interrupted(worker: Worker, errands: ModuleType) -> None:
    """A function that takes a channel can end by itself, with a value; the process lives on."""
    task = worker.submit(errands.until_stopped, channel=True)
    assert not task.arrived(time.monotonic() + 0.1)
    task.stop()
    assert task.result(time.monotonic() + 60).value == "stopped"
    pid = worker.pid
    task = worker.submit(errands.until_interrupted, channel=True)
    assert next(task.emitted(time.monotonic() + 60)) == "begun"
    task.interrupt()
    assert task.result(time.monotonic() + 60).value == "interrupted"
    assert run(worker, errands.double, 4).value == 8
    assert worker.pid == pid


def test_only_light_libraries_are_loaded(worker: Worker, errands: ModuleType) -> None:
    """The worker loads SymPy and python-flint, and neither TensorFlow, nor SciPy, nor OR-Tools."""
    loaded = set(run(worker, errands.modules).value)
    assert {"sympy", "flint"} <= loaded
    assert not {"tensorflow", "keras", "scipy", "ortools"} & loaded


def test_everything_it_started_dies_with_it(worker: Worker, errands: ModuleType) -> None:
    """Killing the worker kills the processes that it started."""
    task = worker.submit(errands.spawn, channel=True)
    child = next(task.emitted(time.monotonic() + 60))
    task.cancel()
    assert gone(child)


def test_a_worker_started_by_a_thread_outlives_the_thread(worker: Worker, errands: ModuleType) -> None:
    """The process belongs to the whole program, whichever thread started it."""
    thread = threading.Thread(target=worker.start)
    thread.start()
    thread.join()
    assert worker.is_ready(time.monotonic() + 60)
    pid = worker.pid
    assert run(worker, errands.double, 6).value == 12
    assert worker.pid == pid


def test_there_is_one_shared_worker() -> None:
    """Everything in a process shares one worker."""
    assert get_worker() is get_worker()


PARENT = """
import sys, time
from puzzlesolver.solving.worker import get_worker
worker = get_worker()
task = worker.submit(time.sleep, 600)
assert worker.is_ready(time.monotonic() + 60)
print(worker.pid, flush=True)
{then}
"""


@pytest.mark.parametrize(
    "then",
    ["import os; os._exit(0)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "sys.exit(0)"],
    ids=["exit", "killed", "at exit"],
)
def test_it_does_not_outlive_its_parent(then: str) -> None:
    """However the parent ends, the worker ends too, even in the middle of a task."""
    parent = subprocess.run(
        [sys.executable, "-c", PARENT.format(then=then)], stdout=subprocess.PIPE, timeout=60, check=False
    )
    assert gone(int(parent.stdout))


def test_control_c_ends_parent_and_worker() -> None:
    """Ctrl-C in the parent raises KeyboardInterrupt there at once, and takes the worker along in silence."""
    waiting = "try:\n    task.result(time.monotonic() + 600)\nexcept KeyboardInterrupt:\n    sys.exit(7)"
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.format(then=waiting)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None and parent.stderr is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.send_signal(signal.SIGINT)
        assert parent.wait(timeout=10) == 7
        assert parent.stderr.read() == b""
        assert gone(pid)


def test_the_exact_engine_works_in_it(worker: Worker) -> None:
    """A problem goes in and its outcome comes back, the same as without the worker."""
    x, y = real_symbol("x"), real_symbol("y")
    problem = Problem(
        unknowns=(Unknown(x), Unknown(y)),
        equations=(
            Equation(x + y, Rational(10), Origin("x + y = 10")),
            Equation(x - y, Rational(4), Origin("x - y = 4")),
        ),
    )
    analysis = analyse(problem)
    outcome = run(worker, solve_exactly, problem, analysis, 100, time.monotonic() + 60)
    assert outcome.done
    assert outcome.value == solve_exactly(problem, analysis, 100, time.monotonic() + 60)
    assert dict(outcome.value.solutions[0].values) == {x: 7, y: 3}
