"""The loop that a user writes today for examples/grid.txt: four variables, a tape, a thousand steps of Nadam.

Prints the four numbers that it ends at. `measure` is what benchmarks/run.py times within one process.
"""

from __future__ import annotations

import os
import random
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf

STEPS = 1_000


def solve() -> list[float]:
    """Four numbers near a solution of the grid."""
    a, b, c, d = (tf.Variable(random.random()) for _ in range(4))
    optimizer = tf.keras.optimizers.Nadam(learning_rate=0.1)
    for _ in range(STEPS):
        with tf.GradientTape() as tape:
            y1 = a + b - 9
            y2 = c - d - 1
            y3 = a + c - 8
            y4 = b - d - 2
            loss = y1 * y1 + y2 * y2 + y3 * y3 + y4 * y4
        gradients = tape.gradient(loss, [a, b, c, d])
        optimizer.apply_gradients(zip(gradients, [a, b, c, d], strict=True))
    return [float(variable.numpy()) for variable in (a, b, c, d)]


def measure() -> float:
    """Seconds that the loop takes, TensorFlow loaded."""
    began = time.perf_counter()
    solve()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(*solve())
