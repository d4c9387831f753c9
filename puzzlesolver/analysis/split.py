"""A problem taken apart into its independent blocks, each a problem of its own."""

from __future__ import annotations

from puzzlesolver.analysis.classify import Analysis, Kind, is_whole
from puzzlesolver.problem import Problem, Statement


def split(problem: Problem, analysis: Analysis) -> tuple[Problem, ...]:
    """One problem for every independent block, in the order of their first unknowns.

    A linear problem stays whole, because elimination takes it as it is, and one in whole numbers, because as many of
    its solutions are listed as are asked for. The values asked for stay with the whole.
    """
    if analysis.kind is Kind.LINEAR or len(analysis.blocks) < 2 or is_whole(problem):
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
