"""What the exact engine hands back. Everything here travels between processes, so it holds no functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr, Symbol

from puzzlesolver.answer.reasons import Reason
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.arithmetic.algebraic import AlgebraicPoint


@dataclass(frozen=True, slots=True)
class ExactSolution:
    """One solution, or one component of infinitely many, for every unknown of the problem.

    `values` holds closed forms, in the free symbols where there are any; an unknown whose closed form is too long to
    read is missing there and stands in `point`. `evidence` is EXACT only where the values, put back into the equations
    as written, gave zero by exact arithmetic and every condition and domain was decided to hold; CERTIFIED where a
    coordinate is known only as a root of a polynomial with its isolating interval. `sample` is a simple point of a
    family, small whole numbers where there are any. `conditions` are relations between the free symbols under which the
    family's points are solutions, in words of the language (``D != 0``).
    """

    values: Mapping[Symbol, Expr]
    evidence: Evidence
    point: AlgebraicPoint | None = None
    multiplicity: int | None = None
    free: tuple[Symbol, ...] = ()
    integer_parameters: tuple[Symbol, ...] = ()
    conditions: tuple[str, ...] = ()
    sample: Mapping[Symbol, Expr] | None = None

    @property
    def parameters(self) -> tuple[Symbol, ...]:
        """What a family runs over; none for a single point."""
        return (*self.free, *self.integer_parameters)


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
    cases: tuple[str, ...] = ()
    is_cut: bool = False

    @property
    def is_isolated(self) -> bool:
        """Whether there is no family among the solutions."""
        return not any(solution.parameters for solution in self.solutions)
