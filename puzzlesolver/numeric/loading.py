"""TensorFlow, imported once and late; nothing comes in, the module goes out.

It lives in a worker process of its own, whose environment keeps it quiet and Keras on TensorFlow, see
`puzzlesolver.solving.interpreter`. After `tensorflow()` returns, the CPU device is up and one thread computes.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def tensorflow() -> Any:
    """The module `tensorflow`. Raises ImportError where it cannot be loaded."""
    import tensorflow as tf

    try:  # our graphs are many small operations, and in float64
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        tf.config.set_visible_devices([], "GPU")
    except RuntimeError:
        pass  # the host program has TensorFlow running already, with settings of its own
    tf.constant(0.0)
    return tf
