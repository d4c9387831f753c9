"""The answers of independent parts of a problem, put together into the answer of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from puzzlesolver.answer.combination import combined
from puzzlesolver.answer.solution import Engines, Evidence, Solution, SolutionSet, Status
from puzzlesolver.problem import Problem


def status_of(solutions: Sequence[Solution], complete: bool, *, endless: bool = False) -> Status:
    """The kind of answer that a list of solutions is: `none` and `unique` only where the list is complete.

    `endless` says that there are proved to be infinitely many, even where the list holds no family.
    """
    if endless or any(solution.parameters for solution in solutions):
        return Status.INFINITE
    if solutions:
        return Status.UNIQUE if complete and len(solutions) == 1 else Status.FINITE
    return Status.NONE if complete else Status.UNDECIDED


def combine(problem: Problem, parts: Sequence[SolutionSet]) -> SolutionSet:
    """The answer to `problem`, whose independent blocks have the answers `parts`.

    A solution of the whole is one of each part; one part proved to have none leaves none for the whole, and one part
    that is not decided leaves the whole undecided. A family of one part is a family of the whole.
    """
    whole = combined(problem, parts)
    impossible = next((part for part in parts if part.complete and not part.solutions), None)
    endless = next((part.proof for part in parts if part.status is Status.INFINITE and not part.complete), None)
    if any(not part.solutions for part in parts if not part.proof):
        endless = None  # one part may have no solution at all
    in_order = [unknown.name for unknown in problem.unknowns]

    def ordered(found: Sequence[Solution]) -> tuple[Solution, ...]:
        rows = (MappingProxyType({name: solution.values[name] for name in in_order}) for solution in found)
        return tuple(replace(solution, values=values) for solution, values in zip(found, rows, strict=True))

    return SolutionSet(
        problem=problem,
        status=status_of(whole.solutions, whole.complete, endless=endless is not None and impossible is None),
        solutions=ordered(whole.solutions),
        candidates=() if impossible is not None else ordered(_candidates(problem, parts)),
        complete=whole.complete,
        proof=whole.proof if whole.complete else endless,
        conditions=tuple(condition for part in parts for condition in part.conditions),
        reasons=whole.reasons,
        conflict=impossible.conflict if impossible is not None else None,
        redundant=tuple(origin for part in parts for origin in part.redundant),
        undecided_boxes=tuple(box for part in parts for box in part.undecided_boxes),
        engines=_joined_engines(parts),
        seconds=_added([part.seconds for part in parts]),
    )


def _candidates(problem: Problem, parts: Sequence[SolutionSet]) -> tuple[Solution, ...]:
    """Points of the whole with at least one part's candidate in them."""
    if not any(part.candidates for part in parts):
        return ()
    every = [replace(part, solutions=(*part.solutions, *part.candidates), complete=False) for part in parts]
    points = combined(problem, every).solutions
    return tuple(point for point in points if point.evidence is Evidence.NUMERIC)


def _joined_engines(parts: Sequence[SolutionSet]) -> Engines:
    engines = [part.engines for part in parts]
    opinions = [engine.agree for engine in engines if engine.agree is not None]
    losses = [engine.loss for engine in engines if engine.loss is not None]
    return Engines(
        optimizer=next((engine.optimizer for engine in engines if engine.optimizer), None),
        starts=sum(engine.starts for engine in engines),
        loss=sum(losses) if losses else None,
        found=sum(engine.found for engine in engines),
        candidates=tuple(candidate for engine in engines for candidate in engine.candidates),
        method=", ".join(dict.fromkeys(engine.method for engine in engines if engine.method)) or None,
        agree=all(opinions) if opinions else None,
        ledger=tuple(line for engine in engines for line in engine.ledger),
    )


def _added(all_seconds: Sequence[Mapping[str, float]]) -> Mapping[str, float]:
    total: dict[str, float] = {}
    for seconds in all_seconds:
        for stage, figure in seconds.items():
            total[stage] = total.get(stage, 0.0) + figure
    return MappingProxyType(total)
