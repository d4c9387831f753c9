"""Puzzles and systems of equations, written as on paper: every answer there is, each with the reason to believe it.

>>> import puzzlesolver
>>> answer = puzzlesolver.solve("x + y = 10; x - y = 4")
>>> answer.status.value, answer.complete, str(answer[0]["x"].exact)
('unique', True, '7')
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from puzzlesolver.errors import Diagnostic, MeaningMistake, NotSupported, PuzzleError, Severity, SyntaxMistake
from puzzlesolver.options import Method, Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sympy import Basic

    from puzzlesolver import problem
    from puzzlesolver.facade import Explanation, Problem, SolutionSet
    from puzzlesolver.verification import Verification

__version__ = "0.1.0"
__all__ = [
    "Explanation",
    "MeaningMistake",
    "Method",
    "NotSupported",
    "Options",
    "Problem",
    "PuzzleError",
    "SolutionSet",
    "SyntaxMistake",
    "explain",
    "load",
    "make_crossmath",
    "make_cryptarithm",
    "parse",
    "solve",
    "verify",
]


def __getattr__(name: str) -> Any:
    """The classes that need SymPy, which is loaded with the first of them."""
    if name not in ("Explanation", "Problem", "SolutionSet"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from puzzlesolver import facade

    return getattr(facade, name)


def parse(text: str, *, settings: Mapping[str, str] | None = None, data: Any = None) -> Problem:
    """The `Problem` that a puzzle's text states.

    `settings` replaces values of `let`. `data` supplies the columns of a `fit`, or a `table`: a mapping from names to
    one-dimensional sequences, or a pandas DataFrame. Raises `PuzzleError` with every mistake found.
    """
    from puzzlesolver import facade, language

    return facade.Problem.of(language.parse(text, settings=settings or {}, data=data))


def load(path: str | Path, *, settings: Mapping[str, str] | None = None) -> Problem:
    """The `Problem` in a file, whose ``data from`` is read relative to it. Raises `PuzzleError`."""
    from puzzlesolver import facade, language

    return facade.Problem.of(language.load(Path(path), settings=settings or {}))


def solve(puzzle: problem.Problem | str | Basic | Iterable[Basic], *, data: Any = None, **options: Any) -> SolutionSet:
    """Solve a `Problem`, a puzzle's text, or SymPy's equations, one or several (`Eq`, or expressions to be zero).

    The keyword arguments are the fields of `Options`. Raises `PuzzleError` on wrong input alone: a search that does
    not succeed is an answer too, with the status `undecided`.
    """
    from puzzlesolver import facade
    from puzzlesolver.problem import Problem
    from puzzlesolver.solving.supervision import begin, solve_problem

    try:
        chosen = Options(**options)
    except (TypeError, ValueError) as error:
        raise MeaningMistake(Diagnostic(Severity.ERROR, f"this is no way to solve: {error}", None)) from error
    begin(chosen)
    if isinstance(puzzle, str):
        asked: Problem = parse(puzzle, settings=chosen.settings, data=data)
    elif isinstance(puzzle, Problem):
        asked = puzzle
    else:
        asked = facade.Problem.from_sympy(puzzle)
    return facade.SolutionSet.of(solve_problem(asked, chosen))


def explain(puzzle: problem.Problem | str) -> Explanation:
    """A chain of deductions that a person can follow, for a puzzle over finitely many values; it prints as text.

    Where deductions do not suffice it says so, and goes on with suppositions as long as they are short. Raises
    `PuzzleError` on wrong input alone.
    """
    from puzzlesolver import facade
    from puzzlesolver.deduction import explain_problem

    return facade.Explanation.of(explain_problem(parse(puzzle) if isinstance(puzzle, str) else puzzle))


def make_crossmath(size: int = 3, seed: int = 0) -> str:
    """The text of a new puzzle: a grid of calculations with the digits of a square of `size`, one solution, and no
    more given results than it needs. The same size and seed give the same text.
    """
    from puzzlesolver.making import make_crossmath as make

    return make(size, seed)


def make_cryptarithm(words: Iterable[str], seed: int = 0) -> str:
    """The text of a new puzzle: a sum of some of the words that has one solution.

    Raises `MeaningMistake` where the words make no such sum.
    """
    from puzzlesolver.making import make_cryptarithm as make

    return make(tuple(words), seed)


def verify(problem: problem.Problem, answer: str, *, seconds: float = 30.0) -> Verification:
    """Check a finished answer, as `SolutionSet.to_json` writes it, by code that shares nothing with the solver's.

    Takes about `seconds` at most; what is not reached by then is said to be not proved again. Raises `MeaningMistake`
    where `answer` is no answer in that format.
    """
    from puzzlesolver.verification import verify as check

    return check(problem, answer, seconds=seconds)
