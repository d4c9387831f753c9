"""How many real solutions a polynomial system with conditions has, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sympy import Rational, Symbol

from puzzlesolver.problem import Relation
from puzzlesolver.verification.algebra import NotPolynomial, PolynomialSystem, polynomial_system
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.root_set import RootSet
from puzzlesolver.verification.statements import Statements

MOST_MEMBERS = 2_000


def count_real_roots(system: PolynomialSystem, budget: Budget) -> int:
    """The number of distinct real roots that fulfil the conditions. Raises what `RootSet` raises."""
    roots = RootSet(system.polynomials, system.symbols, budget)
    return sum(1 for _ in admitted(roots, system))


def admitted(roots: RootSet, system: PolynomialSystem) -> Iterator[int]:
    """The numbers of the roots that fulfil the conditions."""
    for number in range(len(roots.roots)):
        if all(_holds(relation, roots.sign(h, number)) for relation, h in system.conditions):
            yield number


def _holds(relation: Relation, sign: int) -> bool:
    match relation:
        case Relation.LESS:
            return sign > 0
        case Relation.AT_MOST:
            return sign >= 0
        case _:
            return sign != 0


class Algebraic:
    """The real solutions of statements that are polynomial. Raises `NotPolynomial` and what `RootSet` raises."""

    def __init__(self, statements: Statements, budget: Budget) -> None:
        self._statements = statements
        conditions = (*statements.relations(), *statements.bounds())
        self._system = polynomial_system(
            [equation.residual for equation in statements.equations], conditions, statements.symbols
        )
        self.roots = RootSet(self._system.polynomials, self._system.symbols, budget)
        self.solutions = [number for number in admitted(self.roots, self._system) if self._is_in_domains(number)]

    def _is_in_domains(self, number: int) -> bool:
        for unknown in self._statements.unknowns:
            domain = unknown.domain
            if domain.members is not None:
                if len(domain.members) > MOST_MEMBERS or not all(isinstance(m, Rational) for m in domain.members):
                    raise NotPolynomial
                if all(self.roots.sign(unknown.symbol - member, number) for member in domain.members):
                    return False
            elif domain.integer and not self._is_whole(unknown.symbol, number):
                return False
        return True

    def _is_whole(self, symbol: Symbol, number: int) -> bool:
        low, high = self.roots.enclosure(symbol, number, Fraction(1, 4))
        candidate = high.__floor__()
        return candidate >= low and self.roots.sign(symbol - Rational(candidate), number) == 0
