"""Multistart Nadam: many starting points go downhill at once, as one variable of one Keras optimizer.

Starting points come in, the best point that each of them passed goes out. Nadam works element by element, so points
in one variable do not disturb each other. Its steps are of the size of the learning rate whatever the loss is
measured in; measuring every point in units of its own start makes them relative, and a start of size 1e6 travels as
well as one of size 1e-9. Method: T. Dozat, Incorporating Nesterov momentum into Adam, ICLR workshop 2016.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.numeric import limits
from puzzlesolver.numeric.box import SearchBox
from puzzlesolver.numeric.loading import tensorflow
from puzzlesolver.numeric.residual import Residual, count_trace, packed_signature, residual_of, traced, unpack
from puzzlesolver.numeric.templates import Structure, bucket

LEARNING_RATE = 0.1
CHUNK = 25  # Steps between two looks at the clock and at the losses.
NEAR = 1e-6  # A weighted loss at which a point is in the hands of the second-order polish anyway.
LARGE = 1024  # Unknowns from which on a point too many in the variable is worth avoiding.
STRAGGLERS = 1 / 8  # The share of points that need not get near: they are polished from where they are.


@dataclass(frozen=True, slots=True)
class Merit:
    """What is minimised: ``Σ square·r² + linear·r + hinge·max(r, 0)²`` over the residuals r.

    Each is ``[points, residuals]``; the last two are given together or not at all.
    """

    square: FloatArray
    linear: FloatArray | None = None
    hinge: FloatArray | None = None

    @property
    def fields(self) -> list[FloatArray]:
        """The arrays that there are."""
        return [field for field in (self.square, self.linear, self.hinge) if field is not None]


def descend(
    residual: Residual, starts: FloatArray, merit: Merit, box: SearchBox, deadline: float
) -> tuple[FloatArray, FloatArray]:
    """The best point ``[starts, unknowns]`` of every start's descent, and its merit ``[starts]`` (inf: never finite).

    Points stay within the box. Stops at `deadline` (`time.monotonic()`), or once most points
    that were ever finite are near a root.
    """
    tf = tensorflow()
    count, width = len(starts), residual.program.width
    places = bucket(count, 4 if width < LARGE else 1)
    fields = [tf.constant(_padded(field, places).T) for field in merit.fields]
    origin = _padded(starts, places)
    size = np.abs(origin)
    scale = np.maximum(size, 0.1 * size.max(axis=1, keepdims=True, initial=0.0))
    scale[scale == 0.0] = 1.0
    scaled = [residual.columns(array / scale) for array in (origin, box.low, box.high)]
    walker = _walker(width, places)
    walker.place(scaled[0])
    run = _descent(residual.program.structure, width, places, len(fields))
    best, losses = scaled[0], tf.fill([places], tf.constant(np.inf, tf.float64))
    fixed = [residual.columns(scale), *scaled[1:]]
    chunk = CHUNK if width * places <= 1 << 16 else 5
    for _ in range(0, limits.NADAM_STEPS, chunk):
        best, losses = run(*residual.inputs, best, losses, *fixed, tf.constant(chunk), *fields)
        found = losses.numpy()[:count]
        finite = np.isfinite(found)
        if time.monotonic() > deadline or np.count_nonzero(found[finite] > NEAR) <= STRAGGLERS * finite.sum():
            break
    return best.numpy()[: residual.unknowns, :count].T * scale[:count], found


def _padded(array: FloatArray, places: int) -> FloatArray:
    """The rows, repeated from the first on until there are `places` of them."""
    return array[np.arange(places) % len(array)]


class _Walker:
    """The points as one variable ``[width, places]``, with the optimizer that moves it."""

    def __init__(self, width: int, places: int) -> None:
        tf = tensorflow()
        self.points = tf.Variable(np.zeros((width, places)))
        rate = tf.keras.optimizers.schedules.CosineDecay(LEARNING_RATE, limits.NADAM_STEPS, alpha=0.01)
        self.optimizer = tf.keras.optimizers.Nadam(rate)
        self.optimizer.build([self.points])
        self._fresh = [(variable, variable.numpy()) for variable in self.optimizer.variables]

    def place(self, points: Any) -> None:
        """Begin again at other points, with an optimizer as good as new."""
        self.points.assign(points)
        for variable, value in self._fresh:
            variable.assign(value)


@lru_cache(maxsize=32)
def _walker(width: int, places: int) -> _Walker:
    return _Walker(width, places)


@lru_cache(maxsize=256)
def _descent(structure: Structure, width: int, places: int, fields: int) -> Any:
    """The traced function that makes some steps with the walker and keeps the best of every point's way."""
    tf = tensorflow()
    walker = _walker(width, places)
    columns = tf.TensorSpec([width, places], tf.float64)
    row = tf.TensorSpec([places], tf.float64)
    merits = tf.TensorSpec([None, places], tf.float64)

    def run(
        integers: Any, floats: Any, sizes: Any, best: Any, losses: Any,
        scale: Any, low: Any, high: Any, steps: Any, *merit: Any,
    ) -> tuple[Any, Any]:  # fmt: skip
        count_trace()
        program = unpack(tf, structure, integers, floats, sizes)

        def step(i: Any, best: Any, losses: Any) -> tuple[Any, Any, Any]:
            points = walker.points.value()
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(points)
                r = residual_of(tf, program, points * scale)
                terms = merit[0] * tf.square(r)
                if fields > 1:
                    terms += merit[1] * r + merit[2] * tf.square(tf.nn.relu(r))
                loss = tf.reduce_sum(terms, axis=0)
            gradient = tape.gradient(loss, points, unconnected_gradients=tf.UnconnectedGradients.ZERO)
            better = loss < losses
            best, losses = tf.where(better, points, best), tf.where(better, loss, losses)
            usable = tf.math.is_finite(loss) & tf.reduce_all(tf.math.is_finite(gradient), axis=0)
            walker.optimizer.apply([tf.where(usable, gradient, tf.zeros_like(gradient))], [walker.points])
            # a point that left the function's domain goes back to the best one it had
            moved = tf.clip_by_value(walker.points.value(), low, high)
            walker.points.assign(tf.where(usable, moved, best))
            return i + 1, best, losses

        _, best, losses = tf.while_loop(lambda i, *_: i < steps, step, [tf.constant(0), best, losses])
        return best, losses

    kinds = [columns, row, columns, columns, columns, tf.TensorSpec([], tf.int32), *[merits] * fields]
    return traced(tf, run, [*packed_signature(tf), *kinds])
