"""What kind of problem is it, and which independent blocks has it? Decided once, before any engine is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sympy import Symbol

from puzzlesolver.arithmetic.elimination import numerator
from puzzlesolver.problem import Problem, Statement


class Kind(Enum):
    """The kinds of problem, from the one with the strongest methods to the one with the weakest."""

    ASK = "values asked for"
    LINEAR = "linear"
    POLYNOMIAL = "polynomial"
    TRANSCENDENTAL = "transcendental"
    FIT = "fit"
    OPTIMIZATION = "optimization"
    PARAMETRIC = "parametric"


@dataclass(frozen=True, slots=True)
class Analysis:
    """The kind, and the independent blocks: for each, the indices of its unknowns and of its equations.

    `degree` is the largest total degree of a polynomial problem's equations, else None.
    """

    kind: Kind
    blocks: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    degree: int | None = None

    @property
    def is_system(self) -> bool:
        """Whether it is equations and conditions on unknowns that are numbers."""
        return self.kind in (Kind.LINEAR, Kind.POLYNOMIAL, Kind.TRANSCENDENTAL)


def is_whole(problem: Problem) -> bool:
    """Whether every unknown is a whole number or has a list of values."""
    return all(unknown.domain.integer or unknown.domain.members is not None for unknown in problem.unknowns)


def independent_blocks(problem: Problem) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """The connected components of the graph of unknowns and equations, in the order of the unknowns.

    Two unknowns belong together when an equation or a condition holds both. Equations without unknowns belong to the
    first block. Linear time: union-find over the unknowns.
    """
    index = {symbol: number for number, symbol in enumerate(problem.symbols)}
    parent = list(range(len(index)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def join(symbols: set[Symbol]) -> None:
        numbers = [index[symbol] for symbol in symbols if symbol in index]
        for number in numbers[1:]:
            parent[root(number)] = root(numbers[0])

    for statement in problem.statements:
        join(statement.symbols)

    unknowns: dict[int, list[int]] = {}
    for number in range(len(parent)):
        unknowns.setdefault(root(number), []).append(number)
    equations: dict[int, list[int]] = {key: [] for key in unknowns}
    first = next(iter(unknowns), 0)
    for number, equation in enumerate(problem.equations):
        free = [index[symbol] for symbol in equation.symbols if symbol in index]
        equations.setdefault(root(free[0]) if free else first, []).append(number)
    return tuple((tuple(unknowns.get(key, ())), tuple(equations[key])) for key in equations)


def analyse(problem: Problem) -> Analysis:
    """Classify an unrolled problem and split it into independent blocks."""
    blocks = independent_blocks(problem)
    if problem.fit is not None:
        return Analysis(Kind.FIT, blocks)
    if problem.objective is not None:
        return Analysis(Kind.OPTIMIZATION, blocks)
    if problem.targets is not None:
        return Analysis(Kind.PARAMETRIC, blocks)
    if not problem.equations and not problem.unknowns:
        return Analysis(Kind.ASK, blocks)
    degrees, symbols = [], problem.symbols
    for equation in problem.equations:
        present = equation.residual.free_symbols  # a polynomial ring of every unknown costs too much for each equation
        polynomial = numerator(equation.residual, tuple(symbol for symbol in symbols if symbol in present))
        if polynomial is None:
            return Analysis(Kind.TRANSCENDENTAL, blocks)
        degrees.append(polynomial.total_degree())
    degree = max(degrees, default=0)
    return Analysis(Kind.LINEAR if degree <= 1 else Kind.POLYNOMIAL, blocks, degree)


def split(problem: Problem, analysis: Analysis) -> tuple[Problem, ...]:
    """One problem for every independent block, in the order of their first unknowns.

    A linear problem stays whole, because elimination takes it as it is (unless a part is conditions on one unknown and
    nothing else), and one in whole numbers, because as many of its solutions are listed as are asked for. The values
    asked for stay with the whole.
    """
    if len(analysis.blocks) < 2 or is_whole(problem):
        return (problem,)
    if analysis.kind is Kind.LINEAR and not _has_lone_conditions(problem, analysis):
        return (problem,)
    owner = {problem.symbols[index]: block for block, (unknowns, _) in enumerate(analysis.blocks) for index in unknowns}
    conditions: list[list[Statement]] = [[] for _ in analysis.blocks]
    for condition in problem.conditions:
        conditions[next((owner[symbol] for symbol in condition.symbols if symbol in owner), 0)].append(condition)
    return tuple(
        problem.part(
            (*(problem.equations[index] for index in equations), *conditions[block]),
            (problem.unknowns[index] for index in unknowns),
        )
        for block, (unknowns, equations) in enumerate(analysis.blocks)
    )


def _has_lone_conditions(problem: Problem, analysis: Analysis) -> bool:
    alone = {
        problem.symbols[unknowns[0]] for unknowns, equations in analysis.blocks if len(unknowns) == 1 > len(equations)
    }
    return any(not alone.isdisjoint(condition.symbols) for condition in problem.conditions)
