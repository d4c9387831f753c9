"""What users see: the plain data of the layers below, with the words of those above.

Each class here is the data class of the same name that also prints; `of` makes one of the other. A copy that
`dataclasses.replace` makes prints, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Self

from sympy import Basic, Symbol

from puzzlesolver.answer import solution
from puzzlesolver.deduction import steps
from puzzlesolver.language.from_sympy import problem_from_sympy
from puzzlesolver.language.text_form import problem_text
from puzzlesolver.problem import Domain, problem
from puzzlesolver.report.explanation import explanation_text
from puzzlesolver.report.json import report_json
from puzzlesolver.report.text import report_text


class _Shown:
    """A data class that can be made of the plain one with the same fields."""

    __slots__ = ()

    @classmethod
    def of(cls, plain: Any) -> Self:
        """The same with words; `plain` is of the data class that this one extends."""
        return cls(**{field.name: getattr(plain, field.name) for field in fields(plain)})


class Problem(_Shown, problem.Problem):
    """What a puzzle asks; it prints in the puzzle language."""

    __slots__ = ()

    @classmethod
    def from_sympy(
        cls,
        equations: Basic | bool | Iterable[Basic | bool],
        domains: Mapping[Symbol | str, Domain] | None = None,
        *,
        name: str = "puzzle",
    ) -> Self:
        """The problem that SymPy's relations state; a plain expression is to be zero (see `problem_from_sympy`)."""
        return cls.of(problem_from_sympy(equations, domains, name=name))

    def __str__(self) -> str:
        """The problem in the puzzle language, which reads it back (see `text_form`)."""
        return problem_text(self)


class SolutionSet(_Shown, solution.SolutionSet):
    """The whole answer; it prints as the report."""

    __slots__ = ()

    def __str__(self) -> str:
        return report_text(self)

    def to_json(self) -> str:
        """The answer as one JSON object on one line; the keys are described in the documentation's page on JSON."""
        return report_json(self)


class Explanation(_Shown, steps.Explanation):
    """The chain of deductions for a puzzle; it prints as the steps."""

    __slots__ = ()

    def __str__(self) -> str:
        return explanation_text(self)
