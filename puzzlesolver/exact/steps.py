"""A budget of steps for Python code that counts none itself, such as SymPy's: a step is a call of a Python function.

The same puzzle takes the same steps on every machine, once `forget` has emptied what earlier puzzles left behind.
Imports are not counted, for only the first of a process takes steps. To count doubles the time, or a little more.
"""

from __future__ import annotations

import importlib
import sys
from types import FrameType, TracebackType
from typing import Any, ClassVar

from sympy.core.cache import clear_cache
from sympy.core.random import seed

_IMPORT = importlib._bootstrap._find_and_load.__code__  # type: ignore[attr-defined]

_REMEMBERING = ("puzzlesolver.arithmetic.", "puzzlesolver.exact.", "puzzlesolver.proof.")
"""The parts of the package whose functions remember values and are asked by the exact engine."""


class Exhausted(BaseException):
    """The budget is spent. No `Exception`, so that code which catches all of these cannot swallow it."""


class Steps:
    """Raise `Exhausted` inside a ``with`` block after so many steps. A budget around it goes on, and may end first."""

    _taken: ClassVar[int] = 0
    _ends: ClassVar[list[int]] = []
    _import: ClassVar[FrameType | None] = None

    def __init__(self, most: int) -> None:
        self._most = most

    def __enter__(self) -> None:
        self._before = sys.getprofile()
        end = Steps._taken + self._most
        Steps._ends.append(min([end, *Steps._ends[-1:]]))
        sys.setprofile(_count)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        Steps._ends.pop()
        Steps._import = None
        sys.setprofile(self._before)


def _count(frame: FrameType, event: str, argument: Any) -> None:
    if Steps._import is not None:
        if event == "return" and frame is Steps._import:
            Steps._import = None
    elif event == "call":
        Steps._taken += 1
        if frame.f_code is _IMPORT:
            Steps._import = frame
        elif Steps._taken > Steps._ends[-1] and frame.f_code is not _EXIT:
            raise Exhausted


_EXIT = Steps.__exit__.__code__


def forget() -> None:
    """Empty SymPy's memory and our own, and let SymPy draw the same lots again: the beginning of every solve."""
    clear_cache()
    seed(0)
    for name, module in tuple(sys.modules.items()):
        if name.startswith(_REMEMBERING):
            for function in tuple(vars(module).values()):
                if hasattr(function, "cache_clear"):
                    function.cache_clear()
