"""A program on TensorFlow: the residual and its Jacobian at many points at once, in float64.

Points come in as ``[points, unknowns]``. One traced function per program structure serves every program of that
structure, whatever its size: indices, coefficients, constants and lengths are its inputs, packed into three arrays.
Inside, the points are the last axis, so that a gather copies whole rows. The Jacobian is by sparse forward mode: which
products make up its entries depends on the program alone, and is worked out once as index arrays, its `Pattern`
(Griewank and Walther, Evaluating Derivatives, 2008, chapter 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from puzzlesolver.arithmetic.arrays import FloatArray, IntArray
from puzzlesolver.numeric.loading import tensorflow
from puzzlesolver.numeric.operations import OPERATIONS
from puzzlesolver.numeric.templates import StagedProgram, Structure, Sums


@dataclass(frozen=True, slots=True)
class Paths:
    """One stage: entry `targets[k]` of the stage gains ``partials[sources[k]] · entries[earlier[k]]``.

    Partials are numbered group by group, reference by reference (row-major); `entries` counts over all stages
    before this one, the unknowns' own ones first. `count` is how many entries the stage has.
    """

    sources: IntArray
    earlier: IntArray
    targets: IntArray
    count: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """The paths of every stage; the last stage's entries are the Jacobian's, at `rows`, `columns` (sorted)."""

    paths: tuple[Paths, ...]
    rows: IntArray
    columns: IntArray


def jacobian_pattern(program: StagedProgram) -> Pattern:
    """The pattern of the program's residuals; as large as the number of products it takes to fill the Jacobian."""
    width = program.width
    # entries so far, sorted by value: those of value v are start[v] … start[v + 1], each in a column
    per_value = np.zeros(program.first_stage_value, np.int64)
    per_value[1 : 1 + program.unknowns] = 1
    columns = np.arange(program.unknowns, dtype=np.int64)
    all_paths = []
    rows = np.zeros(0, np.int64)
    for stage in program.stages:
        start = np.concatenate([[0], np.cumsum(per_value)])
        if isinstance(stage, Sums):
            references = np.concatenate([group.factors.ravel() for group in stage.groups])
            owners = np.concatenate([np.repeat(group.sums, group.factors.shape[1]) for group in stage.groups])
        else:
            references = np.concatenate([arguments.ravel() for _, arguments in stage.groups])
            arities = np.concatenate([np.full(len(arguments), arguments.shape[1]) for _, arguments in stage.groups])
            owners = np.repeat(np.arange(stage.count), arities)
        lengths = per_value[references]
        sources = np.repeat(np.arange(len(references)), lengths)
        offsets = np.arange(len(sources)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        earlier = start[references][sources] + offsets
        keys, targets = np.unique(owners[sources].astype(np.int64) * width + columns[earlier], return_inverse=True)
        rows = keys // width
        all_paths.append(Paths(_int32(sources), _int32(earlier), _int32(targets), len(keys)))
        per_value = np.concatenate([per_value, np.bincount(rows, minlength=stage.count)])
        columns = np.concatenate([columns, keys % width])
    return Pattern(tuple(all_paths), _int32(rows), _int32(columns[len(columns) - len(rows) :]))


def _int32(array: np.typing.NDArray[np.integer]) -> IntArray:
    return array.astype(np.int32)


_traces = 0


def trace_count() -> int:
    """How many graphs TensorFlow has traced for this engine in this process."""
    return _traces


def count_trace() -> None:
    """To be called in the body of every traced function: the body runs in Python only while it is traced."""
    global _traces
    _traces += 1


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A residual at ``points`` points.

    `residual` is ``[points, residuals]``; `magnitude` the sum of its terms' absolute values; `error` the first-order
    bound of what rounding may have done to it, in units of the machine epsilon: running error analysis (Higham,
    Accuracy and Stability of Numerical Algorithms, 2002, section 3.3), with every unknown itself uncertain by one
    rounding. `entries` is ``[points, entries]``, the Jacobian where it is not zero by structure.
    """

    residual: FloatArray
    magnitude: FloatArray
    error: FloatArray
    entries: FloatArray

    @property
    def loss(self) -> FloatArray:
        """The sum of squared residuals, ``[points]``; inf where it is no number."""
        with np.errstate(all="ignore"):
            loss: FloatArray = np.einsum("pm,pm->p", self.residual, self.residual)
        return np.where(np.isfinite(loss), loss, np.inf)

    def __getitem__(self, which: Any) -> Evaluation:
        return Evaluation(self.residual[which], self.magnitude[which], self.error[which], self.entries[which])


class Residual:
    """A program ready to be evaluated; the arrays it needs are TensorFlow's already."""

    def __init__(self, program: StagedProgram) -> None:
        self.program = program
        self.pattern: Pattern = jacobian_pattern(program)
        self.inputs = _pack(program, self.pattern)
        self._evaluate = _evaluator(program.structure)

    @property
    def unknowns(self) -> int:
        return self.program.unknowns

    @property
    def residuals(self) -> int:
        return self.program.residuals

    def columns(self, points: FloatArray) -> Any:
        """Numbers ``[points, unknowns]`` as the traced functions take them: a tensor ``[width, points]``."""
        columns = np.zeros((self.program.width, len(points)))
        columns[: self.program.unknowns] = points.T
        return tensorflow().constant(columns)

    def evaluate(self, points: FloatArray) -> Evaluation:
        """Residual, its sizes and its Jacobian's entries at ``[points, unknowns]``."""
        return Evaluation(*(output.numpy().T for output in self._evaluate(*self.inputs, self.columns(points))))

    def jacobian(self, entries: FloatArray) -> FloatArray:
        """The dense Jacobians ``[points, residuals, unknowns]`` for ``[points, entries]``."""
        dense = np.zeros((len(entries), self.residuals * self.unknowns))
        dense[:, self.pattern.rows * self.unknowns + self.pattern.columns] = entries
        return dense.reshape(len(entries), self.residuals, self.unknowns)


# --- the traced side


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage's inputs as tensors; `references` are index tensors ``[terms, factors]`` group by group."""

    names: tuple[str, ...]
    references: list[Any]
    coefficients: list[Any]
    sums: Any
    count: Any
    paths: tuple[Any, Any, Any, Any]

    def outputs(self, tf: Any, leaves: list[Any]) -> tuple[Any, list[Any]]:
        """The stage's new values, and its terms group by group, from leaves ``[terms, factors, points]``."""
        if self.names:
            terms = [
                OPERATIONS[name].compute(tf, *tf.unstack(leaf, num=OPERATIONS[name].arity, axis=1))
                for name, leaf in zip(self.names, leaves, strict=True)
            ]
            return join(tf, terms), terms
        terms = [
            coefficient[:, None] * _product(tf, leaf)
            for coefficient, leaf in zip(self.coefficients, leaves, strict=True)
        ]
        return tf.math.unsorted_segment_sum(join(tf, terms), self.sums, self.count), terms


def _product(tf: Any, factors: Any) -> Any:
    """The product over the middle axis, a power of two long, by halves: few operations, and zeros do not matter."""
    while factors.shape[1] > 1:
        left, right = tf.split(factors, 2, axis=1)
        factors = left * right
    return tf.squeeze(factors, axis=1)


def join(tf: Any, parts: list[Any]) -> Any:
    """The parts one below the other."""
    return parts[0] if len(parts) == 1 else tf.concat(parts, axis=0)


def constants_and_stages(program: StagedProgram) -> tuple[Any, list[Stage]]:
    """The unpacked program, as `residual_of` takes it outside of traced functions."""
    tf = tensorflow()
    return unpack(tf, program.structure, *_pack(program, jacobian_pattern(program)))


def residual_of(tf: Any, program: tuple[Any, list[Stage]], x: Any) -> Any:
    """The residuals ``[residuals, points]`` of an unpacked program at `x` ``[width, points]``, differentiable."""
    constants, stages = program
    take = _differentiable_gather(tf)
    values = first_values(tf, constants, x)
    for i, stage in enumerate(stages, 1):
        outputs, _ = stage.outputs(tf, [take(values, indices) for indices in stage.references])
        if i == len(stages):
            return outputs
        values = tf.concat([values, outputs], axis=0)
    raise AssertionError("a program has a last stage")


def _differentiable_gather(tf: Any) -> Any:
    """`tf.gather` whose gradient is dense at once: the stock one warns of the conversion."""

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def take(values: Any, indices: Any) -> Any:
        size = tf.shape(values)[0]
        return tf.gather(values, indices), lambda upstream: (
            tf.math.unsorted_segment_sum(upstream, indices, size),
            None,
        )

    return take


def first_values(tf: Any, constants: Any, x: Any) -> Any:
    """The values before the first stage: one, the unknowns, the constants."""
    ones = tf.ones_like(x[:1])
    return tf.concat([ones, x, constants[:, None] * ones], axis=0)


@lru_cache(maxsize=256)
def _evaluator(structure: Structure) -> Any:
    """The traced function (packed inputs, x ``[width, points]``) → residual, magnitude, error, entries."""
    tf = tensorflow()

    def evaluate(integers: Any, floats: Any, sizes: Any, x: Any) -> tuple[Any, Any, Any, Any]:
        count_trace()
        constants, stages = unpack(tf, structure, integers, floats, sizes)
        values = first_values(tf, constants, x)
        errors = tf.concat([tf.zeros_like(values[:1]), tf.abs(values[1:])], axis=0)
        watched, targets, kept = [], [], []
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            for stage in stages:
                leaves = [tf.gather(values, indices) for indices in stage.references]
                tape.watch(leaves)
                outputs, terms = stage.outputs(tf, leaves)
                watched.append(leaves)
                targets.extend(terms)
                kept.append((stage, terms))
                # each stage stands alone under the tape: one reverse pass gives every term's own partials
                values = tf.stop_gradient(tf.concat([values, outputs], axis=0))
        partials = tape.gradient(targets, watched, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        entries = tf.ones([tf.shape(x)[0], tf.shape(x)[1]], tf.float64)[: sizes[-1]]
        for (stage, terms), derivatives in zip(kept, partials, strict=True):
            terms = [tf.abs(term) for term in terms]
            inherited = [
                tf.reduce_sum(tf.math.multiply_no_nan(tf.abs(derivative), tf.gather(errors, indices)), axis=1)
                for derivative, indices in zip(derivatives, stage.references, strict=True)
            ]
            new = join(tf, [term + other for term, other in zip(terms, inherited, strict=True)])
            magnitude = join(tf, terms)
            if not stage.names:
                new = tf.math.unsorted_segment_sum(new, stage.sums, stage.count)
                magnitude = tf.math.unsorted_segment_sum(magnitude, stage.sums, stage.count)
            errors = tf.concat([errors, new], axis=0)
            flat = join(tf, [tf.reshape(d, [-1, tf.shape(x)[1]]) for d in derivatives])
            sources, earlier, goals, size = stage.paths
            last = tf.math.unsorted_segment_sum(tf.gather(flat, sources) * tf.gather(entries, earlier), goals, size)
            entries = tf.concat([entries, last], axis=0)
        return outputs, magnitude, new, last

    return traced(tf, evaluate, [*packed_signature(tf), tf.TensorSpec([None, None], tf.float64)])


def traced(tf: Any, function: Any, signature: list[Any]) -> Any:
    """The function as a graph, traced here and now for tensors of these types, and for no others ever after.

    Its arguments must be tensors. Autograph, which rewrites Python's control flow, has nothing to do and is slow.
    """
    return tf.function(function, input_signature=signature, autograph=False).get_concrete_function()


def packed_signature(tf: Any) -> list[Any]:
    """The types of a program's packed inputs."""
    return [tf.TensorSpec([None], kind) for kind in (tf.int32, tf.float64, tf.int32)]


def _pack(program: StagedProgram, pattern: Pattern) -> tuple[Any, Any, Any]:
    """All index arrays end to end, all coefficients end to end, and the lengths and counts that part them again."""
    tf = tensorflow()
    integers: list[IntArray] = []
    floats: list[FloatArray] = [program.constants]
    counts = []
    for stage, paths in zip(program.stages, pattern.paths, strict=True):
        if isinstance(stage, Sums):
            integers += [group.factors.ravel() for group in stage.groups]
            integers.append(np.concatenate([group.sums for group in stage.groups]))
            floats += [group.coefficients for group in stage.groups]
        else:
            integers += [arguments.ravel() for _, arguments in stage.groups]
        integers += [paths.sources, paths.earlier, paths.targets]
        counts += [stage.count, paths.count]
    lengths = [*map(len, integers), *map(len, floats)]
    sizes = np.array([*lengths, *counts, program.unknowns], np.int32)
    return tf.constant(np.concatenate(integers)), tf.constant(np.concatenate(floats)), tf.constant(sizes)


def unpack(tf: Any, structure: Structure, integers: Any, floats: Any, sizes: Any) -> tuple[Any, list[Stage]]:
    """The constants and the stages, from packed inputs: `_pack` undone in the graph."""
    index_parts = sum(len(stage) - 1 + 3 + (stage[0] == "sum") for stage in structure)
    float_parts = 1 + sum(len(stage) - 1 for stage in structure if stage[0] == "sum")
    indices = iter(tf.split(integers, sizes[:index_parts], num=index_parts))
    numbers = iter(tf.split(floats, sizes[index_parts : index_parts + float_parts], num=float_parts))
    counts = iter(tf.unstack(sizes[index_parts + float_parts :], num=2 * len(structure) + 1))
    constants = next(numbers)
    stages = []
    for kind, *groups in structure:
        is_sum = kind == "sum"
        arities = [group if isinstance(group, int) else OPERATIONS[group].arity for group in groups]
        references = [tf.reshape(next(indices), [-1, arity]) for arity in arities]
        stages.append(
            Stage(
                names=() if is_sum else tuple(str(group) for group in groups),
                references=references,
                sums=next(indices) if is_sum else None,
                coefficients=[next(numbers) for _ in groups] if is_sum else [],
                count=next(counts),
                paths=(next(indices), next(indices), next(indices), next(counts)),
            )
        )
    return constants, stages
