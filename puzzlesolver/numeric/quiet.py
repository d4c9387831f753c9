"""TensorFlow, imported once, late and in silence; nothing comes in, the module goes out.

After `tensorflow()` returns, the CPU device is up, one thread computes, operations are deterministic, and nothing of
what TensorFlow's C++ side wrote meanwhile has reached the user's stderr. `begin_loading()` starts the import in the
background, so that it overlaps with work on another core.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

_SETTINGS = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "GLOG_minloglevel": "3"}

_lock = threading.Lock()
_loaded: Any = None
_thread: threading.Thread | None = None
_detour: Any = None  # kept: whoever took hold of `sys.stderr` during the import may go on writing to it


def begin_loading() -> None:
    """Start the import in a daemon thread and return at once; later calls do nothing.

    Descriptor 2 is silenced here and not in the thread, so that nothing the caller writes is cut in two by it.
    """
    global _thread
    with _lock:
        if _thread is None and _loaded is None:
            silence = ExitStack()
            silence.enter_context(_silent_descriptor())
            _thread = threading.Thread(target=_load_unheard, args=(silence,), name="tensorflow-import", daemon=True)
            _thread.start()


def tensorflow() -> Any:
    """The module `tensorflow`, imported now, or waited for where the import is under way.

    Raises ImportError where TensorFlow cannot be loaded.
    """
    if _loaded is not None:
        return _loaded
    if _thread is not None and _thread is not threading.current_thread():
        _thread.join()
    return _load()


def is_loaded() -> bool:
    """Whether `tensorflow()` would return at once."""
    return _loaded is not None


def loaded_by(deadline: float) -> bool:
    """Whether the import is over by `deadline` (`time.monotonic`); where it cannot be waited for, it is begun."""
    begin_loading()
    if _loaded is None and _thread is not None:
        _thread.join(max(0.0, deadline - time.monotonic()))
        return not _thread.is_alive()
    return True


def _load_unheard(silence: ExitStack) -> None:
    with silence:
        try:
            _load()
        except ImportError:
            return  # whoever needs the module imports it again and gets the error


def _load() -> Any:
    global _loaded
    with _lock:
        if _loaded is None:
            for name, value in _SETTINGS.items():
                os.environ.setdefault(name, value)
            with _keras_on_tensorflow(), _silent_descriptor():
                import tensorflow as tf

                _configure(tf)
            _loaded = tf
    return _loaded


def _configure(tf: Any) -> None:
    """One thread (our graphs are many small operations), no GPU (it is float64), and the device brought up."""
    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        tf.config.set_visible_devices([], "GPU")
    except RuntimeError:
        pass  # the host program has TensorFlow running already, with settings of its own
    tf.constant(0.0)


@contextmanager
def _keras_on_tensorflow() -> Iterator[None]:
    """Keras reads its backend once, from the environment: another program's choice must not reach our optimizer."""
    before = os.environ.get("KERAS_BACKEND")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    try:
        yield
    finally:
        if before is None:
            del os.environ["KERAS_BACKEND"]
        else:
            os.environ["KERAS_BACKEND"] = before


@contextmanager
def _silent_descriptor() -> Iterator[None]:
    """Point descriptor 2 nowhere for a while, for what is written past Python's back.

    What Python itself writes to `sys.stderr` meanwhile, in whatever thread, still arrives: it goes through a copy.
    """
    try:
        kept = os.dup(2)
    except OSError:  # no descriptor 2 at all: nothing can be heard
        yield
        return
    global _detour
    stderr = sys.stderr
    if _writes_to_descriptor_2(stderr):
        stderr.flush()
        _detour = open(os.dup(kept), "w", buffering=1, encoding=stderr.encoding, errors="backslashreplace")
        sys.stderr = _detour
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        if _detour is not None and sys.stderr is _detour:
            _detour.flush()
            sys.stderr = stderr


def _writes_to_descriptor_2(stream: Any) -> bool:
    try:
        return bool(stream.fileno() == 2)
    except (AttributeError, OSError, ValueError):
        return False
