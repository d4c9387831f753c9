"""The nursery process: it loads what every worker needs, and forks a worker for each request.

It reports the end of a worker on that worker's own pipe, behind all that the worker wrote itself, and ends with
everything that was born in it when its standard input ends.
"""

from __future__ import annotations

import importlib
import os
import pickle
import select
import signal
import socket
import sys
from collections.abc import Sequence

from puzzlesolver.solving.messages import Reply, pickled, send
from puzzlesolver.solving.nursery import Death, Nursery
from puzzlesolver.solving.service import die_with, serve
from puzzlesolver.solving.worker import inherit

MODULES = ("puzzlesolver.exact.engine", "puzzlesolver.commands")
"""What every worker finds loaded."""

LARGEST_REQUEST = 1 << 12
"""Bytes."""

MOST_DESCRIPTORS = 8
"""Pipes' ends in one request."""


class Ward:
    """Who was born here, and the pipe on which the end of each is to be told.

    `asked` is where requests arrive; `asking` is the other end of it, for those who are born here.
    """

    def __init__(self, asking: socket.socket, asked: socket.socket) -> None:
        self._asking, self._asked = asking, asked
        self._children: dict[int, int] = {}
        self._woken, self._waker = os.pipe()
        for end in (self._woken, self._waker):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)

    def watch(self) -> None:
        """Work requests off until standard input ends."""
        while True:
            ready, _, _ = select.select([0, self._asked.fileno(), self._woken], [], [])
            if self._woken in ready:
                os.read(self._woken, LARGEST_REQUEST)
                self._bury()
            if 0 in ready:
                break
            if self._asked.fileno() in ready:
                self._take_request()
        for pid in self._children:
            _kill(pid)

    def _take_request(self) -> None:
        body, descriptors, _, _ = socket.recv_fds(self._asked, LARGEST_REQUEST, MOST_DESCRIPTORS)
        request = pickle.loads(body)
        if isinstance(request, Death):
            if request.pid in self._children:
                _kill(request.pid)
            return
        requests, replies, *further = descriptors
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self._leave()
                inherit(Nursery(self._asking), further)
                serve(requests, replies, modules=(), memory_limit=request.memory_limit, parent=parent)
            finally:
                os._exit(1)
        self._children[pid] = replies
        for descriptor in (requests, *further):
            os.close(descriptor)

    def _leave(self) -> None:
        """In a child: a session of its own, and nothing kept of what is the nursery's alone."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor in (self._woken, self._waker, *self._children.values()):
            os.close(descriptor)
        self._asked.close()
        silence = os.open(os.devnull, os.O_RDONLY)
        os.dup2(silence, 0)
        os.close(silence)

    def _bury(self) -> None:
        """Tell the end of every child that has ended."""
        for pid in tuple(self._children):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                try:
                    with os.fdopen(self._children.pop(pid), "wb") as replies:
                        send(replies, pickled((Reply.ENDED, os.waitstatus_to_exitcode(status))))
                except OSError:  # nobody listens any more
                    pass


def _kill(pid: int) -> None:
    for end in (os.killpg, os.kill):  # its session, and itself where it has none yet
        try:
            end(pid, signal.SIGKILL)
        except OSError:
            pass


def main(arguments: Sequence[str]) -> None:
    """``python -m puzzlesolver.solving.ward PARENT ASKING ASKED``, the last two being descriptors."""
    parent, asking, asked = map(int, arguments)
    die_with(parent)
    for module in MODULES:
        importlib.import_module(module)
    Ward(socket.socket(fileno=asking), socket.socket(fileno=asked)).watch()


if __name__ == "__main__":
    from puzzlesolver.solving import ward  # under its own name, so that what is pickled is found

    ward.main(sys.argv[1:])
