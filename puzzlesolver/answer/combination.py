"""The answers of independent parts of a problem, put together: every choice of one solution of each.

In: a problem and its parts' answers, from either engine. Out: `Combined`. A part that is proved to have no solution
leaves none for the whole; one that is undecided leaves the whole undecided; a family of one is a family of the whole.
Parameters of different parts never share a name, nor does one bear the name of another part's unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from itertools import count, product
from typing import Any, Generic, Protocol, TypeVar

from sympy import Symbol

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.answer.solution import Component
from puzzlesolver.problem import Problem, real_symbol

MOST_COMBINATIONS = 100_000  # More solutions than this are counted and not listed.

Found = TypeVar("Found", bound=Component[Any, Any])
Found_co = TypeVar("Found_co", bound=Component[Any, Any], covariant=True)


class PartAnswer(Protocol[Found_co]):
    """The answer to a part of a problem."""

    @property
    def solutions(self) -> tuple[Found_co, ...]: ...
    @property
    def complete(self) -> bool: ...
    @property
    def proof(self) -> str | None: ...
    @property
    def reasons(self) -> tuple[Reason, ...]: ...


@dataclass(frozen=True, slots=True)
class Combined(Generic[Found]):
    """The whole's solutions, whether they are all, with the proof, and reasons where not."""

    solutions: tuple[Found, ...]
    complete: bool
    proof: str | None
    reasons: tuple[Reason, ...]


def combined(problem: Problem, parts: Sequence[PartAnswer[Found]]) -> Combined[Found]:
    """The answer to `problem`, whose independent parts have these answers."""
    impossible = next((part for part in parts if part.complete and not part.solutions), None)
    if impossible is not None:
        return Combined((), True, impossible.proof, ())
    reasons = tuple(dict.fromkeys(reason for part in parts for reason in part.reasons))
    number = math.prod(len(part.solutions) for part in parts)
    if number > MOST_COMBINATIONS:
        unlisted = Why.UNLISTED_COMBINATIONS(number, len(parts))
        return Combined((), False, None, (*reasons, unlisted))
    complete = all(part.complete for part in parts)
    symbols = _symbols(problem)
    choices = product(*(part.solutions for part in parts))
    return Combined(
        solutions=tuple(reduce(lambda one, other: one.beside(other), _apart(choice, symbols)) for choice in choices),
        complete=complete,
        proof="; ".join(dict.fromkeys(part.proof for part in parts if part.proof)) if complete else None,
        reasons=reasons,
    )


def with_own_names(problem: Problem, solutions: Sequence[Found]) -> tuple[Found, ...]:
    """The same solutions, no parameter called as an unknown of the problem that it does not stand for."""
    symbols = _symbols(problem) if any(solution.parameters for solution in solutions) else set()
    return tuple(next(_apart([solution], symbols)) for solution in solutions)


def _symbols(problem: Problem) -> set[Symbol]:
    return {symbol for statement in problem.statements for symbol in statement.symbols}.union(problem.symbols)


def _apart(choice: Sequence[Found], symbols: Set[Symbol]) -> Iterator[Found]:
    """The same components, no parameter's name in two of them. Unknowns that are parameters themselves keep theirs."""
    taken = {str(symbol.name) for symbol in symbols}
    for component in choice:
        names = {}
        for parameter in component.parameters:
            if parameter not in symbols:
                name = next(name for name in _names(str(parameter.name)) if name not in taken)
                taken.add(name)
                names[parameter] = Symbol(name, integer=True) if parameter.is_integer else real_symbol(name)
        yield component.renamed(names) if any(old != new for old, new in names.items()) else component


def _names(first: str) -> Iterator[str]:
    yield first
    yield from (f"{first}{number}" for number in count(1))
