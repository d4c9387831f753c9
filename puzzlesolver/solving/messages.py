"""What travels between processes: pickles with their length in front, over pipes.

A request is a function's name with its arguments; `STOP` asks the task at work to come to an end. Replies are pairs of
a `Reply` and a value. End of file on either pipe says that the other side is gone.
"""

from __future__ import annotations

import copyreg
import io
import pickle
import struct
from enum import IntEnum
from types import MappingProxyType
from typing import IO, Any

_LENGTH = struct.Struct(">Q")

STOP = b""
"""A request without a body."""


class Reply(IntEnum):
    """What a worker process says."""

    READY = 0
    """It has loaded what it needs, and waits; the value is its process number."""

    PARTIAL = 1
    VALUE = 2
    ERROR = 3
    MEMORY = 4
    ENDED = 5
    """The process has ended; the value is its exit code, negative for a signal, or a `Reason`."""


def _read_only(entries: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(entries)


def _reduce_read_only(mapping: MappingProxyType[Any, Any]) -> tuple[Any, tuple[dict[Any, Any]]]:
    return _read_only, (dict(mapping),)


class _Pickler(pickle.Pickler):
    """Python's pickler, which also knows read-only mappings."""

    dispatch_table = copyreg.dispatch_table.copy()
    dispatch_table[MappingProxyType] = _reduce_read_only


def pickled(thing: object) -> bytes:
    """`thing` as bytes. Raises what the pickler raises, RecursionError for what is nested too deeply."""
    buffer = io.BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(thing)
    return buffer.getvalue()


def send(stream: IO[bytes], body: bytes) -> None:
    """Write one message. Raises OSError where nobody reads any more."""
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message, or None at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None
