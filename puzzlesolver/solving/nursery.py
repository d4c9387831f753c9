"""The way to the nursery: a process from which workers are forked, and so are there in no time.

A nursery has loaded SymPy and the engines once; it has one thread and computes nothing itself, which is what makes
forking safe. Whoever holds its `Nursery` asks for workers over a socket and hands over the ends of their pipes. Linux
only; elsewhere each worker is a fresh interpreter. The process itself is `puzzlesolver.solving.ward`.
"""

from __future__ import annotations

import pickle
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from puzzlesolver.solving.interpreter import launch


@dataclass(frozen=True, slots=True)
class Birth:
    """A request for a worker; `memory_limit` is of its address space, in bytes."""

    memory_limit: int | None


@dataclass(frozen=True, slots=True)
class Death:
    """A request to kill a worker with everything that it started."""

    pid: int


class Nursery:
    """The way to a nursery process, for the process that started it and for all that are born in it."""

    def __init__(self, way: socket.socket, process: subprocess.Popen[bytes] | None = None) -> None:
        self._way, self._process = way, process

    @classmethod
    def start(cls) -> Nursery:
        """Start a nursery process, and return at once: it loads while the caller goes on."""
        asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with asked:
            ends = (asking.fileno(), asked.fileno())
            process = launch("puzzlesolver.solving.ward", *map(str, ends), keep=ends, stdout=subprocess.DEVNULL)
        return cls(asking, process)

    @property
    def is_alive(self) -> bool:
        """Whether workers can still be born."""
        return self._process is None or self._process.poll() is None

    def bear(self, descriptors: Sequence[int], memory_limit: int | None) -> None:
        """Have a worker born that lives between the first two descriptors, reading the one and writing the other.

        Any further ones it inherits. The caller may close its own copies. Raises OSError where the nursery is gone.
        """
        socket.send_fds(self._way, [pickle.dumps(Birth(memory_limit))], list(descriptors))

    def kill(self, pid: int) -> None:
        """Have a worker killed that was born here; one that has ended already is left in peace."""
        try:
            self._way.send(pickle.dumps(Death(pid)))
        except OSError:  # the nursery is gone, and with it all that was born in it
            pass

    def close(self) -> None:
        """End the nursery process, and with it everything that was born in it."""
        self._way.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
