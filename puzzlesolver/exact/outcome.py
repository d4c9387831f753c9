"""What the exact engine hands back. Everything here travels between processes, so it holds no functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from sympy import Expr, Symbol

from puzzlesolver.answer.reasons import Reason
from puzzlesolver.answer.solution import Component, SymbolCase
from puzzlesolver.arithmetic.algebraic import AlgebraicPoint
from puzzlesolver.problem.statements import ExpressionMap


@dataclass(frozen=True, slots=True)
class ExactSolution(Component[Symbol, Expr]):
    """A component with closed forms for every unknown of the problem.

    An unknown whose closed form is too long to read is missing in `values` and stands in `point`. `evidence` is EXACT
    only where the values, put back into the equations as written, gave zero by exact arithmetic and every condition and
    domain was decided to hold; CERTIFIED where a coordinate is known only as a root of a polynomial with its isolating
    interval. `sample` is a simple point of a family, small whole numbers where there are any.
    """

    point: AlgebraicPoint | None = None
    sample: Mapping[Symbol, Expr] | None = None

    def mapped(self, change: ExpressionMap) -> Self:
        changed = {symbol: change(value) for symbol, value in self.values.items()}
        sample = self.sample and {symbol: change(value) for symbol, value in self.sample.items()}
        return replace(self, values=changed, sample=sample)

    def beside(self, other: Self) -> Self:
        samples = [one.values if one.sample is None else one.sample for one in (self, other)]
        is_family = self.sample is not None or other.sample is not None
        return replace(
            Component.beside(self, other),
            point=self.point or other.point,
            sample={**samples[0], **samples[1]} if is_family else None,
        )


@dataclass(frozen=True, slots=True)
class ExactOutcome:
    """The exact engine's whole answer; `method` is empty where no method applied.

    `complete` only with `proof`, a phrase that names it ("linear algebra over the rationals: rank 3 of 4"). No
    solutions and `complete` together mean: proved to have none. `redundant` are indices into `problem.equations`,
    `conflict` into the equations and then the conditions. `compromise` is the least-squares point of an inconsistent
    system. `reasons` say what was left undecided and why. `is_cut` says that there are more solutions than were to be
    listed. `cases` tell what is so under which conditions on the symbols of a ``solve for``.
    """

    method: str = ""
    solutions: tuple[ExactSolution, ...] = ()
    complete: bool = False
    proof: str | None = None
    conflict: tuple[int, ...] = ()
    redundant: tuple[int, ...] = ()
    compromise: Mapping[Symbol, Expr] | None = None
    reasons: tuple[Reason, ...] = ()
    cases: tuple[SymbolCase, ...] = ()
    is_cut: bool = False

    @property
    def is_isolated(self) -> bool:
        """Whether there is no family among the solutions."""
        return not any(solution.parameters for solution in self.solutions)
