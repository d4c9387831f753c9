"""A problem's equations as nodes of one `Dag`, compiled once: residuals, both sides, and the Jacobian's entries.

In: an unrolled `Problem`. Out: a `System`, the same object for the same equations and unknowns (a bounded cache).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from flint import arb
from sympy import Expr, Symbol

from puzzlesolver.arithmetic.balls import BallFunction, ball_function
from puzzlesolver.arithmetic.dag import Dag
from puzzlesolver.arithmetic.derivatives import gradient
from puzzlesolver.problem import Problem


@dataclass(frozen=True)
class System:
    """`residuals` and `sides` are nodes; `gradients` gives for every equation its variables' numbers with the nodes of
    the partial derivatives, those that are zero left out."""

    dag: Dag
    residuals: tuple[int, ...]
    sides: tuple[tuple[int, int], ...]

    @cached_property
    def gradients(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """For every equation the numbers of its variables and the nodes of the derivatives by them."""
        zero = self.dag.constant(0)
        return tuple(
            tuple((k, node) for k, node in sorted(gradient(self.dag, residual).items()) if node != zero)
            for residual in self.residuals
        )

    @cached_property
    def residual_balls(self) -> BallFunction:
        """The residuals' enclosures."""
        return ball_function(self.dag, self.residuals)

    @cached_property
    def side_balls(self) -> BallFunction:
        """The enclosures of left and right sides in turn: not finite where a side may be undefined."""
        return ball_function(self.dag, [side for pair in self.sides for side in pair])

    @cached_property
    def _gradient_balls(self) -> BallFunction:
        return ball_function(self.dag, [node for row in self.gradients for _, node in row])

    @property
    def unknowns(self) -> int:
        """How many unknowns there are."""
        return len(self.dag.symbols)

    @property
    def equations(self) -> int:
        """How many equations there are."""
        return len(self.residuals)

    def jacobian_balls(self, point: Sequence[arb]) -> list[dict[int, arb]]:
        """The rows of the Jacobian's enclosure, by the variable's number; those missing are zero."""
        entries = iter(self._gradient_balls(point))
        return [{k: next(entries) for k, _ in row} for row in self.gradients]


def system_of(problem: Problem) -> System:
    """The system of a problem's equations in its unknowns."""
    return _system(tuple((equation.lhs, equation.rhs) for equation in problem.equations), problem.symbols)


@lru_cache(maxsize=64)
def _system(equations: tuple[tuple[Expr, Expr], ...], symbols: tuple[Symbol, ...]) -> System:
    dag = Dag(symbols)
    sides = tuple((dag.add(lhs), dag.add(rhs)) for lhs, rhs in equations)
    return System(dag, tuple(dag.add(lhs - rhs) for lhs, rhs in equations), sides)
