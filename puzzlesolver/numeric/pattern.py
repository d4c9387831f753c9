"""Where a program's Jacobian is not zero, and along which products its entries come about: sparse forward mode.

A program comes in, its `Pattern` goes out. Every stage's partial derivatives (of each term by each factor, of each
application by each argument) are numbers that one reverse pass gives; an entry ∂value/∂unknown is the sum, over the
stage's references, of partial × entry of the value referred to. Which products those are depends on the program
alone, so they are worked out once, as index arrays (Griewank and Walther, Evaluating Derivatives, 2008, chapter 7).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from puzzlesolver.arithmetic.arrays import IntArray
from puzzlesolver.numeric.templates import StagedProgram, Sums


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
