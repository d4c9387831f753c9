"""Which of the solutions of the equations the puzzle admits: conditions and domains, decided exactly at each point.

In: a problem and a real solution of its equations' numerators. Out: whether every quotient is defined there, and every
condition and domain is kept. What cannot be decided is raised, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Symbol, fraction, oo, together

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.exact.polynomial.finite import Finite
from puzzlesolver.exact.polynomial.points import Conjugates, Point, PolynomialQuotient, Undecided, quotient_form
from puzzlesolver.problem import Condition, Problem, Relation, Unknown


def admitted_points(problem: Problem, found: Finite) -> tuple[tuple[Point, ...], tuple[Reason, ...]]:
    """The points that keep every condition and domain, sorted, and what could not be decided."""
    admission = Admission(problem)
    admitted, reasons = [], []
    for branch in found.branches:
        for point in Conjugates(branch, problem.symbols).points():
            try:
                if admission.admits(point):
                    admitted.append(point)
            except Undecided as error:
                reasons.append(Why.NOT_DECIDED(error.reason))
    return in_order(admitted), tuple(dict.fromkeys(reasons))


def in_order(points: Sequence[Point]) -> tuple[Point, ...]:
    """Sorted by the values of the unknowns in their order."""
    return tuple(sorted(points, key=Point.place))


class Admission:
    """The tests that a point has to pass, prepared once for all the points of a problem."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._demands = tuple(problem.demands())
        self._symbols: Sequence[Symbol] = problem.symbols
        self._forms: dict[Expr, PolynomialQuotient | None] = {}
        residuals = (fraction(together(equation.residual))[1] for equation in problem.equations)
        self._denominators = [bottom for bottom in residuals if bottom.free_symbols]

    def admits(self, point: Point) -> bool:
        """Whether the point is a solution of the problem. Raises Undecided."""
        return (
            all(self._sign(bottom, point) != 0 for bottom in self._denominators)
            and all(self._lies_in_domain(unknown, point) for unknown in self._problem.unknowns)
            and all(self.holds(condition, point) for condition in self._demands)
        )

    def _sign(self, expression: Expr, point: Point) -> int:
        if expression not in self._forms:
            self._forms[expression] = quotient_form(expression, self._symbols)
        return point.sign(expression, self._forms[expression])

    def holds(self, condition: Condition, point: Point) -> bool:
        """Whether a relation holds at a point, and is defined there. Raises Undecided."""
        if not all(self.holds(other, point) for other in condition.defined):
            return False
        if condition.relation is not Relation.NOT_EQUAL and oo in (condition.rhs, -condition.lhs):
            return True
        found = self._sign(condition.lhs - condition.rhs, point)
        match condition.relation:
            case Relation.NOT_EQUAL:
                return found != 0
            case Relation.LESS:
                return found < 0
            case Relation.AT_MOST:
                return found <= 0

    def _lies_in_domain(self, unknown: Unknown, point: Point) -> bool:
        """Whether a value is a whole number, or one of a list, where that is asked."""
        if unknown.domain.integer and not point.is_integer(unknown.symbol):
            return False
        members = unknown.domain.members
        return members is None or any(self._sign(unknown.symbol - member, point) == 0 for member in members)
