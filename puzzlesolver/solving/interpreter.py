"""Fresh interpreters of this package, in a session of their own: Ctrl-C reaches only the process that started them."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SETTINGS = {
    "PYTHONHASHSEED": "0",  # SymPy's forms may follow the order of sets
    "OPENBLAS_NUM_THREADS": "1",  # small matrices; and a process with one thread may fork
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",  # which would add up in another order
    "KERAS_BACKEND": "tensorflow",
}


def launch(module: str, *arguments: str, keep: Sequence[int] = (), **pipes: Any) -> subprocess.Popen[bytes]:
    """Start ``python -m module PARENT arguments…``, its standard input a pipe, its standard error silent.

    PARENT is the process it should die with, or 0: the kernel's parent-death signal belongs to the thread that started
    the child, so that only the main thread may ask for it. `keep` are descriptors that it inherits.
    """
    environment = {**os.environ, **SETTINGS}
    environment["PYTHONPATH"] = os.pathsep.join(_search_path(environment.get("PYTHONPATH", "")))
    parent = os.getpid() if threading.current_thread() is threading.main_thread() else 0
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, str(parent), *arguments],
        stderr=subprocess.DEVNULL,
        env=environment,
        pass_fds=tuple(keep),
        start_new_session=True,
        **{"stdin": subprocess.PIPE, **pipes},
    )


def _search_path(given: str) -> list[str]:
    """Where the process finds modules besides the installed ones: this package, even when it is not installed. Not the
    folder of the user's script or the current one, whose files may bear the names of standard modules."""
    home = str(Path(__file__).resolve().parents[2])
    installed = {str(Path(folder).resolve()) for folder in site.getsitepackages()}
    return [entry for entry in (*given.split(os.pathsep), home) if entry and entry not in installed]
