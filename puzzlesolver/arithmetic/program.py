"""A `Dag` made ready for arrays of boxes: nodes of one operation that do not need each other are worked out together.

In: nodes of a `Dag`. Out: a `Program`, which evaluates them over many boxes at once (`forward`), and which narrows the
boxes to where the nodes' values can lie in given ranges (`backward`): together the forward-backward contractor HC4
(F. Benhamou et al., Revising hull and box consistency, 1999). Nothing that fulfils the ranges is ever lost.

Boxes are columns: ``low[i, b]`` and ``high[i, b]`` are the ends of variable i in box b.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from puzzlesolver.arithmetic.dag import Dag, Op, reachable
from puzzlesolver.arithmetic.intervals import (
    FORWARD,
    FORWARD_WITH_VALUE,
    Array,
    Enclosure,
    Mask,
    Pair,
    float_above,
    float_below,
    scale,
)
from puzzlesolver.arithmetic.inverse import BACKWARD, BACKWARD_WITH_VALUE

RowPlaces = slice | list[int]


@dataclass(frozen=True, slots=True)
class _Group:
    """Nodes of one operation on one level: they fill the rows `out` from the rows `args` of each argument in turn.

    `rounds` splits each argument's rows so that no row comes twice: (places in the group, rows). Constants are left
    out. `factors` are the bounds of what `SCALE` multiplies with and of its reciprocal.
    """

    op: Op
    out: slice
    args: tuple[RowPlaces, ...]
    rounds: tuple[tuple[tuple[RowPlaces, RowPlaces], ...], ...]
    value: Fraction | int = 0
    factors: tuple[Array, Array, Array, Array] | None = None

    def forward(self, low: Array, high: Array) -> Pair | Enclosure:
        ends = [end for rows in self.args for end in (low[rows], high[rows])]
        if self.factors is not None:
            return scale(ends[0], ends[1], self.factors[0], self.factors[1])
        if self.op in FORWARD_WITH_VALUE:
            return FORWARD_WITH_VALUE[self.op](*ends, self.value)
        return FORWARD[self.op](*ends)

    def backward(self, low: Array, high: Array) -> tuple[Pair, ...]:
        ends = [end for rows in self.args for end in (low[rows], high[rows])]
        z = low[self.out], high[self.out]
        if self.factors is not None:
            return (scale(z[0], z[1], self.factors[2], self.factors[3]),)
        if self.op in BACKWARD_WITH_VALUE:
            return BACKWARD_WITH_VALUE[self.op](*z, *ends, self.value)
        return BACKWARD[self.op](*z, *ends)

    @property
    def is_invertible(self) -> bool:
        return self.factors is not None or self.op in BACKWARD or self.op in BACKWARD_WITH_VALUE


@dataclass(slots=True)
class Program:
    """The first rows are the variables', the next the constants', then come the groups in the order of need."""

    dag: Dag
    roots: Sequence[int]
    rows: int = field(init=False)
    outputs: list[int] = field(init=False)
    _groups: list[_Group] = field(init=False)
    _constants: tuple[Array, Array] = field(init=False)

    def __post_init__(self) -> None:
        dag, variables = self.dag, len(self.dag.symbols)
        nodes = [node for node in reachable(dag, self.roots) if dag.ops[node] is not Op.VARIABLE]
        fixed = [node for node in nodes if dag.ops[node] in (Op.CONSTANT, Op.PI)]
        row = {dag.add(symbol): number for number, symbol in enumerate(dag.symbols)}
        row.update({node: variables + number for number, node in enumerate(fixed)})
        self._constants = _bounds(dag, fixed)
        level = dict.fromkeys(row, 0)
        batches: dict[tuple[int, int, Fraction | int], list[int]] = {}
        order = {op: number for number, op in enumerate(Op)}
        for node in nodes:
            if node not in level:
                op = dag.ops[node]
                level[node] = 1 + max((level[arg] for arg in dag.args[node]), default=0)
                apart = dag.values[node] if op in FORWARD_WITH_VALUE else 0
                batches.setdefault((level[node], order[op], apart), []).append(node)
        self._groups = []
        next_row = variables + len(fixed)
        for _, members in sorted(batches.items(), key=lambda item: item[0]):
            for node in members:
                row[node] = next_row
                next_row += 1
            self._groups.append(_group(dag, members, row, variables, len(fixed)))
        self.rows = next_row
        self.outputs = [row[root] for root in self.roots]

    def forward(self, low: Array, high: Array) -> tuple[Array, Array, Mask]:
        """The ends of all rows over boxes ``[variables, b]``, and which boxes are proved to hold no point at which
        everything is defined."""
        variables, boxes = low.shape
        lows, highs = np.empty((self.rows, boxes)), np.empty((self.rows, boxes))
        lows[:variables], highs[:variables] = low, high
        fixed = slice(variables, variables + len(self._constants[0]))
        lows[fixed], highs[fixed] = self._constants
        dead = np.zeros(boxes, dtype=np.bool_)
        for group in self._groups:
            found = group.forward(lows, highs)
            lows[group.out], highs[group.out] = found[0], found[1]
            if len(found) == 3 and found[2] is not None and found[2].any():
                dead |= found[2].any(axis=0)
        return lows, highs, dead

    def backward(self, lows: Array, highs: Array) -> None:
        """Narrow the rows, in place, from the last to the first, so that each agrees with what it is used for."""
        for group in reversed(self._groups):
            if not group.is_invertible:
                continue
            for rounds, (low, high) in zip(group.rounds, group.backward(lows, highs), strict=True):
                for places, rows in rounds:
                    lows[rows] = np.fmax(lows[rows], low[places])
                    highs[rows] = np.fmin(highs[rows], high[places])


def _bounds(dag: Dag, nodes: Sequence[int]) -> tuple[Array, Array]:
    """The constants' ends, as columns."""
    low, high = np.empty((len(nodes), 1)), np.empty((len(nodes), 1))
    for place, node in enumerate(nodes):
        if dag.ops[node] is Op.PI:
            low[place], high[place] = np.pi, np.nextafter(np.pi, 4.0)
        else:
            exact = Fraction(dag.values[node])
            low[place], high[place] = float_below(exact), float_above(exact)
    return low, high


def _group(dag: Dag, members: list[int], row: dict[int, int], variables: int, constants: int) -> _Group:
    op = dag.ops[members[0]]
    first = row[members[0]]
    if op is Op.UNKNOWN:  # nothing is made of its arguments, of which each has as many as it likes
        columns = [[row[members[0]]] * len(members)]
    else:
        columns = [[row[arg] for arg in column] for column in zip(*(dag.args[node] for node in members), strict=True)]
    factors = None
    if op is Op.SCALE:
        exact = [Fraction(dag.values[node]) for node in members]
        ends = [[float_below(f) for f in exact], [float_above(f) for f in exact]]
        inverse = [[float_below(1 / f) for f in exact], [float_above(1 / f) for f in exact]]
        factors = tuple(np.array(column).reshape(-1, 1) for column in ends + inverse)
    fixed = range(variables, variables + constants)
    return _Group(
        op,
        slice(first, first + len(members)),
        tuple(_compact(column) for column in columns),
        tuple(_rounds(column, fixed) for column in columns),
        dag.values[members[0]],
        factors,  # type: ignore[arg-type]
    )


def _compact(rows: list[int]) -> RowPlaces:
    """Rows as a slice where they follow each other: a view instead of a copy."""
    if rows == list(range(rows[0], rows[0] + len(rows))):
        return slice(rows[0], rows[0] + len(rows))
    return rows


def _rounds(column: list[int], fixed: range) -> tuple[tuple[RowPlaces, RowPlaces], ...]:
    """The places of a column in as many rounds as its most frequent row needs; constants are not narrowed."""
    rounds: list[tuple[list[int], list[int]]] = []
    seen: dict[int, int] = {}
    for place, row in enumerate(column):
        if row in fixed:
            continue
        turn = seen.get(row, 0)
        seen[row] = turn + 1
        if turn == len(rounds):
            rounds.append(([], []))
        rounds[turn][0].append(place)
        rounds[turn][1].append(row)
    return tuple((_compact(places), _compact(rows)) for places, rows in rounds)
