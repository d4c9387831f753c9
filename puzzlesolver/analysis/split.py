"""A problem taken apart into its independent blocks, each a problem of its own."""

from __future__ import annotations

from dataclasses import replace

from sympy import Symbol

from puzzlesolver.analysis.classify import Analysis, Kind, is_whole
from puzzlesolver.problem import AllDifferent, Condition, Problem


def split(problem: Problem, analysis: Analysis) -> tuple[Problem, ...]:
    """One problem for every independent block, in the order of their first unknowns.

    A linear problem stays whole, because elimination takes it as it is, and one in whole numbers, because as many of
    its solutions are listed as are asked for. The values asked for stay with the whole.
    """
    if analysis.kind is Kind.LINEAR or len(analysis.blocks) < 2 or is_whole(problem):
        return (problem,)
    owner = {problem.symbols[index]: block for block, (unknowns, _) in enumerate(analysis.blocks) for index in unknowns}
    conditions: list[list[Condition | AllDifferent]] = [[] for _ in analysis.blocks]
    for condition in problem.conditions:
        conditions[_block(condition, owner)].append(condition)
    return tuple(
        replace(
            problem,
            unknowns=tuple(problem.unknowns[index] for index in unknowns),
            equations=tuple(problem.equations[index] for index in equations),
            conditions=tuple(conditions[block]),
            asks=(),
            layout=None,
        )
        for block, (unknowns, equations) in enumerate(analysis.blocks)
    )


def _block(condition: Condition | AllDifferent, owner: dict[Symbol, int]) -> int:
    sides = condition.members if isinstance(condition, AllDifferent) else (condition.lhs, condition.rhs)
    return next((owner[symbol] for side in sides for symbol in side.free_symbols if symbol in owner), 0)
