"""The answers of independent parts of a problem, put together into the answer of the whole."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from sympy import Symbol

from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Engines, Evidence, Solution, SolutionSet, Status
from puzzlesolver.problem import Problem

MOST_COMBINATIONS = 100_000
"""More solutions than this are counted and not listed."""

_STRENGTH = {Evidence.NUMERIC: 0, Evidence.CERTIFIED: 1, Evidence.EXACT: 2}


def status_of(solutions: Sequence[Solution], complete: bool, *, endless: bool = False) -> Status:
    """The kind of answer that a list of solutions is: `none` and `unique` only where the list is complete.

    `endless` says that there are proved to be infinitely many, even where the list holds no family.
    """
    if endless or any(solution.free or solution.integer_parameters for solution in solutions):
        return Status.INFINITE
    if solutions:
        return Status.UNIQUE if complete and len(solutions) == 1 else Status.FINITE
    return Status.NONE if complete else Status.UNDECIDED


def combine(problem: Problem, parts: Sequence[SolutionSet]) -> SolutionSet:
    """The answer to `problem`, whose independent blocks have the answers `parts`.

    A solution of the whole is one of each part; one part proved to have none leaves none for the whole, and one part
    that is not decided leaves the whole undecided. A family of one part is a family of the whole.
    """
    impossible = next((part for part in parts if part.status is Status.NONE and part.complete), None)
    reasons = tuple(dict.fromkeys(reason for part in parts for reason in part.reasons))
    solutions: tuple[Solution, ...] = ()
    complete = impossible is not None or all(part.complete for part in parts)
    endless = next((part.proof for part in parts if part.status is Status.INFINITE and not part.complete), None)
    if any(all(solution.evidence is Evidence.NUMERIC for solution in part) for part in parts if not part.proof):
        endless = None  # one part may have no solution at all
    if impossible is None:
        count = math.prod(len(part) for part in parts)
        if count > MOST_COMBINATIONS:
            complete = False
            reasons = (*reasons, Why.UNLISTED_COMBINATIONS(count, len(parts)))
        else:
            solutions = tuple(_joined(problem, choice) for choice in itertools.product(*parts))
    return SolutionSet(
        problem=problem,
        status=status_of(solutions, complete, endless=endless is not None and impossible is None),
        solutions=solutions,
        complete=complete,
        proof=impossible.proof if impossible is not None else _joined_proof(parts) if complete else endless,
        conditions=tuple(condition for part in parts for condition in part.conditions),
        reasons=() if impossible is not None else reasons,
        conflict=impossible.conflict if impossible is not None else None,
        redundant=tuple(origin for part in parts for origin in part.redundant),
        undecided_boxes=tuple(box for part in parts for box in part.undecided_boxes),
        engines=_joined_engines(parts),
        seconds=_added([part.seconds for part in parts]),
    )


def _joined(problem: Problem, choice: Sequence[Solution]) -> Solution:
    choice = _with_own_parameters(choice)
    values = {name: value for solution in choice for name, value in solution.values.items()}
    multiplicities = [solution.multiplicity for solution in choice]
    known = [multiplicity for multiplicity in multiplicities if multiplicity is not None]
    return Solution(
        values=MappingProxyType({unknown.name: values[unknown.name] for unknown in problem.unknowns}),
        evidence=min((solution.evidence for solution in choice), key=_STRENGTH.__getitem__),
        multiplicity=math.prod(known) if len(known) == len(multiplicities) else None,
        free=tuple(symbol for solution in choice for symbol in solution.free),
        integer_parameters=tuple(symbol for solution in choice for symbol in solution.integer_parameters),
        conditions=tuple(condition for solution in choice for condition in solution.conditions),
    )


def _with_own_parameters(choice: Sequence[Solution]) -> Sequence[Solution]:
    """The solutions with whole-number parameters of different names, where two parts both count with ``k``."""
    taken: set[str] = set()
    renamed = []
    for solution in choice:
        names = {}
        for symbol in solution.integer_parameters:
            name = next(name for name in _parameter_names(str(symbol.name)) if name not in taken)
            taken.add(name)
            names[symbol] = Symbol(name, integer=True)
        values = {
            name: value if value.exact is None else replace(value, exact=value.exact.xreplace(names))
            for name, value in solution.values.items()
        }
        parameters = tuple(names[symbol] for symbol in solution.integer_parameters)
        renamed.append(replace(solution, values=MappingProxyType(values), integer_parameters=parameters))
    return renamed


def _parameter_names(first: str) -> Iterator[str]:
    yield first
    yield from (f"{first}{number}" for number in itertools.count(1))


def _joined_proof(parts: Sequence[SolutionSet]) -> str:
    return "; ".join(dict.fromkeys(part.proof for part in parts if part.proof))


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
