"""SymPy expressions → stages of few, long array operations; expressions come in, a `StagedProgram` goes out.

A summand is ``coefficient × product of factors``. All the sums of a stage become one gather, one product and one
segment sum, and all applications of one function become one gather and one call, over every equation at once. What
has to be traced therefore depends on how the expressions nest and on which functions occur, never on how many there
are: that is the program's `structure`. Coefficients, exponents, data and indices are arrays beside it.

A program computes a growing vector of *values*: the number one, the unknowns (padded to `width`), the constants,
then what each stage adds. Every factor and argument is the index of an earlier value. Stages alternate between sums
and function applications; the last stage's sums are the residuals, in the order they were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import sympy
from sympy import Expr, Symbol

from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.arithmetic.arrays import FloatArray, IntArray
from puzzlesolver.numeric import limits
from puzzlesolver.numeric.operations import BY_CLASS, OPERATIONS

Structure = tuple[tuple[str | int, ...], ...]


class NotComputable(LeftOpen):
    """An expression that the numeric engine cannot evaluate."""


@dataclass(frozen=True, slots=True)
class MonomialStage:
    """``coefficients[t] · Π_d values[factors[t, d]]``, added to the sum `sums[t]` of its stage.

    `factors` is ``[terms, degree]`` with a power of two as degree; missing factors point at the number one.
    """

    coefficients: FloatArray
    factors: IntArray
    sums: IntArray


@dataclass(frozen=True, slots=True)
class Sums:
    """A stage that adds `count` values, each a sum of monomials, the monomials grouped by degree (ascending)."""

    count: int
    groups: tuple[MonomialStage, ...]

    @property
    def references(self) -> int:
        return sum(group.factors.size for group in self.groups)

    @property
    def structure(self) -> tuple[str | int, ...]:
        return ("sum", *(group.factors.shape[1] for group in self.groups))


@dataclass(frozen=True, slots=True)
class Applications:
    """A stage that adds one value for every function application: `arguments` is ``[applications, arity]``."""

    groups: tuple[tuple[str, IntArray], ...]

    @property
    def count(self) -> int:
        return sum(len(arguments) for _, arguments in self.groups)

    @property
    def references(self) -> int:
        return sum(arguments.size for _, arguments in self.groups)

    @property
    def structure(self) -> tuple[str | int, ...]:
        return ("apply", *(name for name, _ in self.groups))


@dataclass(frozen=True, slots=True)
class StagedProgram:
    """Expressions compiled to stages. `unknowns` of the `width` places are in use; the last stage is `Sums`."""

    unknowns: int
    width: int
    constants: FloatArray
    stages: tuple[Sums | Applications, ...]

    @property
    def structure(self) -> Structure:
        """What a traced function of this program depends on, and nothing else of it does."""
        return tuple(stage.structure for stage in self.stages)

    @property
    def residuals(self) -> int:
        """How many expressions it computes."""
        return self.stages[-1].count

    @property
    def references(self) -> int:
        """How many factors and arguments there are in all: what an evaluation costs."""
        return sum(stage.references for stage in self.stages)

    @property
    def first_stage_value(self) -> int:
        """The index of the first value that a stage adds."""
        return 1 + self.width + len(self.constants)


def bucket(size: int, least: int = 4) -> int:
    """The smallest power of two that is at least `size` and `least`."""
    return max(least, 1 << max(size - 1, 0).bit_length())


def compile_expressions(unknowns: Sequence[Symbol], expressions: Iterable[Sequence[Expr]]) -> StagedProgram:
    """A program for expressions in `unknowns`; each is given by its parts ``(lhs, rhs)`` and means lhs - rhs.

    A single part is itself. Linear in the size of the expressions. Raises `NotComputable`.
    """
    try:
        builder = _Builder(unknowns)
        residuals = [list(builder.residual_terms(parts)) for parts in expressions]
    except RecursionError as error:
        raise NotComputable(Why.DEEP_NEST()) from error
    return builder.finish(residuals)


Term = tuple[float, tuple[int, ...]]


@dataclass(slots=True)
class _Node:
    """A value in the making. `level` is its stage; `terms` of a sum, `name` and `arguments` of an application."""

    level: int
    terms: list[Term] | None = None
    name: str = ""
    arguments: tuple[int, ...] = ()
    constant: float | None = None


class _Builder:
    """Turns expressions into nodes, equal ones into one node, and nodes into stages.

    A node is known by its handle: 0 is the number one, then come the unknowns, then the nodes as they are met. Level
    0 holds unknowns and constants, sums have odd levels, applications even ones; each is as low as its inputs allow.
    """

    def __init__(self, unknowns: Sequence[Symbol]) -> None:
        self._unknowns = len(unknowns)
        self._nodes = [_Node(0) for _ in range(1 + len(unknowns))]
        self._handles: dict[Expr, int] = {symbol: i for i, symbol in enumerate(unknowns, 1)}
        self._constants: dict[float, int] = {1.0: 0}
        self._applied: dict[tuple[str, tuple[int, ...]], int] = {}

    # --- expressions to nodes

    def residual_terms(self, parts: Sequence[Expr]) -> Iterator[Term]:
        sign = 1.0
        for part in parts:
            yield from self._terms(part, sign)
            sign = -1.0

    def _terms(self, expression: Expr, scale: float) -> Iterator[Term]:
        """The summands of an expression; a number times a sum is multiplied out, nothing else is."""
        for summand in expression.args if expression.is_Add else (expression,):
            coefficient, factors = self._split(summand)
            coefficient *= scale
            if len(factors) == 1 and factors[0].is_Add:
                yield from self._terms(factors[0], coefficient)
            else:
                yield coefficient, self._factor_handles(factors)

    def _split(self, summand: Expr) -> tuple[float, list[Expr]]:
        """A summand as its numeric coefficient and its other factors."""
        if summand.is_Symbol:
            return 1.0, [summand]
        coefficient, factors = 1.0, []
        for factor in summand.args if summand.is_Mul else (summand,):
            if factor.is_Symbol or factor.free_symbols:
                factors.append(factor)
            else:
                coefficient *= number(factor)
        return coefficient, factors

    def _factor_handles(self, factors: Iterable[Expr]) -> tuple[int, ...]:
        handles: list[int] = []
        for factor in factors:
            base, exponent = (factor.base, factor.exp) if factor.is_Pow else (factor, sympy.S.One)
            if exponent.is_Integer and 1 <= exponent <= limits.DEGREE_LIMIT:
                handles.extend([self._value(base)] * int(exponent))
            elif exponent.is_Rational and exponent.q <= 2 and abs(exponent.p) <= limits.DEGREE_LIMIT:
                root = self._value(base) if exponent.q == 1 else self._apply("sqrt", self._value(base))
                handles.extend([root if exponent > 0 else self._apply("reciprocal", root)] * abs(exponent.p))
            else:
                handles.append(self._value(factor))
        while len(handles) > limits.DEGREE_LIMIT:
            handles = [
                self._sum([(1.0, tuple(handles[i : i + limits.DEGREE_LIMIT]))])
                for i in range(0, len(handles), limits.DEGREE_LIMIT)
            ]
        return tuple(handles)

    def _value(self, expression: Expr) -> int:
        """The handle of an expression's value."""
        handle = self._handles.get(expression)
        if handle is None:
            handle = self._handles[expression] = self._new_value(expression)
        return handle

    def _new_value(self, expression: Expr) -> int:
        if not expression.free_symbols:
            return self._constant(number(expression))
        if expression.is_Symbol:
            raise NotComputable(Why.NO_UNKNOWN(expression))
        if expression.is_Add or expression.is_Mul:
            return self._sum(list(self._terms(expression, 1.0)))
        if expression.is_Pow:
            handles = self._power(expression)
            return handles[0] if len(handles) == 1 else self._sum([(1.0, handles)])
        name = BY_CLASS.get(type(expression).__name__)
        if name is None:
            done = expression.doit()
            if done == expression:
                raise NotComputable(Why.UNKNOWN_FUNCTION(expression.func))
            return self._value(done)
        handles = tuple(self._value(argument) for argument in expression.args)
        arity = OPERATIONS[name].arity
        while len(handles) > arity == 2:  # Min, Max and gcd take any number: in pairs, as a balanced tree
            pairs = [handles[i : i + 2] for i in range(0, len(handles), 2)]
            handles = tuple(self._apply(name, *pair) if len(pair) == 2 else pair[0] for pair in pairs)
        if len(handles) != arity:
            raise NotComputable(Why.UNKNOWN_ARITY(expression.func, len(handles)))
        return self._apply(name, *handles)

    def _power(self, expression: Expr) -> tuple[int, ...]:
        base, exponent = expression.base, expression.exp
        if exponent.is_Rational and exponent.q <= 2 and abs(exponent.p) <= limits.DEGREE_LIMIT:
            return self._factor_handles([expression])
        if base == sympy.E:
            return (self._apply("exp", self._value(exponent)),)
        return (self._apply("pow", self._value(base), self._value(exponent)),)

    # --- nodes

    def _add(self, node: _Node) -> int:
        self._nodes.append(node)
        return len(self._nodes) - 1

    def _constant(self, value: float) -> int:
        if value not in self._constants:
            self._constants[value] = self._add(_Node(0, constant=value))
        return self._constants[value]

    def _sum(self, terms: list[Term]) -> int:
        return self._add(_Node(self._level_after(h for _, handles in terms for h in handles), terms=terms))

    def _apply(self, name: str, *arguments: int) -> int:
        key = (name, arguments)
        if key not in self._applied:
            level = (max(self._nodes[h].level for h in arguments) + 2) // 2 * 2  # the lowest even level above all
            self._applied[key] = self._add(_Node(level, name=name, arguments=arguments))
        return self._applied[key]

    def _level_after(self, handles: Iterable[int]) -> int:
        """The lowest odd level above all of these."""
        return (max((self._nodes[h].level for h in handles), default=0) + 1) | 1

    # --- nodes to stages

    def finish(self, residuals: list[list[Term]]) -> StagedProgram:
        """The stages, with every handle replaced by the index of its value."""
        width = bucket(self._unknowns)
        constants = [h for h, node in enumerate(self._nodes) if node.constant is not None]
        index = np.zeros(len(self._nodes), np.int32)
        index[1 : 1 + self._unknowns] = np.arange(1, 1 + self._unknowns)
        index[constants] = 1 + width + np.arange(len(constants))
        size = 1 + width + len(constants)
        levels: dict[int, list[int]] = {}
        for handle, node in enumerate(self._nodes):
            if node.level:
                levels.setdefault(node.level, []).append(handle)
        stages: list[Sums | Applications] = []
        for level in sorted(levels):
            members = levels[level]
            if level % 2:
                stages.append(_sums([self._nodes[h].terms or [] for h in members], index))
            else:
                members.sort(key=lambda h: self._nodes[h].name)  # stable: equal names stay in order
                stages.append(self._applications(members, index))
            index[members] = size + np.arange(len(members))
            size += len(members)
        stages.append(_sums(residuals, index))
        values = np.array([self._nodes[h].constant for h in constants], np.float64)
        return StagedProgram(self._unknowns, width, values, tuple(stages))

    def _applications(self, members: list[int], index: IntArray) -> Applications:
        by_name: dict[str, list[tuple[int, ...]]] = {}
        for handle in members:
            by_name.setdefault(self._nodes[handle].name, []).append(self._nodes[handle].arguments)
        return Applications(tuple((name, index[np.array(rows)]) for name, rows in by_name.items()))


def _sums(sums: list[list[Term]], index: IntArray) -> Sums:
    rows: dict[int, list[tuple[float, tuple[int, ...], int]]] = {}
    for i, terms in enumerate(sums):
        for coefficient, handles in terms:
            rows.setdefault(bucket(len(handles), 1), []).append((coefficient, handles, i))
    groups = []
    for degree in sorted(rows) or [1]:
        group = rows.get(degree, [])
        factors = np.zeros((len(group), degree), np.int32)
        for t, (_, handles, _) in enumerate(group):
            factors[t, : len(handles)] = handles
        groups.append(
            MonomialStage(
                np.array([c for c, _, _ in group], np.float64),
                index[factors],
                np.array([i for *_, i in group], np.int32),
            )
        )
    return Sums(len(sums), tuple(groups))


def number(expression: Expr) -> float:
    """The float64 nearest to an expression without symbols; `NotComputable` where it is no finite real number."""
    try:
        if expression.is_Rational:
            return int(expression.p) / int(expression.q)
        value = expression.evalf(20)
        if value.is_Number and value.is_finite:
            return float(value)
    except (OverflowError, ValueError, TypeError, AttributeError):
        pass
    raise NotComputable(Why.NO_ORDINARY_NUMBER(expression))


def instantiate(
    program: StagedProgram, slots: IntArray, width: int, unknowns: int, constants: FloatArray
) -> StagedProgram:
    """The program of one instance repeated for every row of `slots` ``[instances, program.unknowns]``.

    Row r says which value stands for each of the one instance's unknowns: ``1 … width`` is an unknown of the result,
    ``1 + width + k`` is ``constants[k]``. Residual e of instance r becomes residual ``r · program.residuals + e``.
    """
    instances = len(slots)
    first = 1 + width + len(constants) + len(program.constants)
    index = np.zeros((instances, 1 + program.width + len(program.constants)), np.int64)
    index[:, 1 : 1 + program.unknowns] = slots
    index[:, 1 + program.width :] = 1 + width + len(constants) + np.arange(len(program.constants))
    stages: list[Sums | Applications] = []
    for stage in program.stages:
        if isinstance(stage, Sums):
            new = np.arange(instances)[:, None] * stage.count + np.arange(stage.count)
            stages.append(
                Sums(
                    instances * stage.count,
                    tuple(
                        MonomialStage(
                            np.tile(group.coefficients, instances),
                            index[:, group.factors].reshape(-1, group.factors.shape[1]).astype(np.int32),
                            new[:, group.sums].ravel().astype(np.int32),
                        )
                        for group in stage.groups
                    ),
                )
            )
        else:
            groups, columns, done = [], [], 0
            for name, arguments in stage.groups:
                groups.append((name, index[:, arguments].reshape(-1, arguments.shape[1]).astype(np.int32)))
                columns.append(done * instances + np.arange(instances * len(arguments)).reshape(instances, -1))
                done += len(arguments)
            new = np.concatenate(columns, axis=1)
            stages.append(Applications(tuple(groups)))
        index = np.concatenate([index, first + new], axis=1)
        first += new.size
    return StagedProgram(unknowns, width, np.concatenate([constants, program.constants]), tuple(stages))
