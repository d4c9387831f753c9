"""The real solutions of statements that are polynomial, exactly."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Rational

from puzzlesolver.problem import Unknown
from puzzlesolver.verification.algebra import NotPolynomial, PolynomialSystem, polynomial_system
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.root_set import RootSet
from puzzlesolver.verification.statements import Statements, fulfils

MOST_MEMBERS = 2_000


def admitted(roots: RootSet, system: PolynomialSystem) -> Iterator[int]:
    """The numbers of the roots that fulfil the conditions."""
    for number in range(len(roots)):
        if all(fulfils(roots.sign(h, number), relation) for relation, h in system.conditions):
            yield number


class Algebraic:
    """The real solutions of statements that are polynomial. Raises `NotPolynomial` and what `RootSet` raises."""

    def __init__(self, statements: Statements, budget: Budget) -> None:
        conditions = (*statements.relations(), *statements.bounds())
        residuals = [equation.residual for equation in statements.equations]
        system = polynomial_system(residuals, conditions, statements.symbols)
        self.roots = RootSet(system.polynomials, system.symbols, budget)
        with budget.enforced():
            self.solutions = [
                number
                for number in admitted(self.roots, system)
                if all(self._is_in_domain(unknown, number) for unknown in statements.unknowns)
            ]

    def _is_in_domain(self, unknown: Unknown, number: int) -> bool:
        """Whether a root's coordinate is whole, or a member, where that is asked."""
        domain, symbol = unknown.domain, unknown.symbol
        if domain.members is not None:
            if len(domain.members) > MOST_MEMBERS or not all(isinstance(m, Rational) for m in domain.members):
                raise NotPolynomial
            return any(self.roots.sign(symbol - member, number) == 0 for member in domain.members)
        if not domain.integer:
            return True
        candidates = self.roots.enclosure(symbol, number, 64).whole_numbers
        return any(self.roots.sign(symbol - candidate, number) == 0 for candidate in candidates[-1:])
