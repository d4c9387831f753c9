"""Statements as polynomials: radicals, absolute values and algebraic constants become unknowns of their own.

Each new unknown is determined by the old ones (``r**q = b`` with ``r >= 0``), so that the real solutions of the new
system correspond one to one to those of the old; these are counted among its roots.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import Abs, Add, Dummy, Expr, Max, Min, Mul, Pow, Rational, Symbol, together

from puzzlesolver.problem import Condition, Relation, Unknown
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.intervals import Interval
from puzzlesolver.verification.real_root import RealRoot
from puzzlesolver.verification.root_set import RootSet
from puzzlesolver.verification.shapes import is_small, odd_roots, to_sympy
from puzzlesolver.verification.statements import Statements, fulfils

MOST_OPERATIONS = 5_000
LARGEST_POWER = 60
ISOLATING = 64
MOST_MEMBERS = 2_000
"""Of a domain that is a list."""


class NotPolynomial(ValueError):
    """A statement is no relation between polynomials, and cannot be made one here."""


@dataclass(frozen=True, slots=True)
class PolynomialSystem:
    """`polynomials` are zero, and each of `conditions` stands in its relation: ``0 < h``, ``0 <= h`` or ``0 != h``."""

    symbols: tuple[Symbol, ...]
    polynomials: tuple[Expr, ...]
    conditions: tuple[tuple[Relation, Expr], ...]


def polynomial_system(
    residuals: Iterable[Expr], conditions: Iterable[Condition], symbols: Sequence[Symbol]
) -> PolynomialSystem:
    """The system of ``residual = 0`` and `conditions`. Raises `NotPolynomial`."""
    builder = _Builder(symbols)
    for residual in residuals:
        builder.equation(residual)
    for condition in conditions:
        builder.condition(condition)
    return PolynomialSystem(
        tuple(builder.symbols), tuple(builder.polynomials), tuple(dict.fromkeys(builder.conditions))
    )


class _Builder:
    def __init__(self, symbols: Sequence[Symbol]) -> None:
        self.symbols = list(symbols)
        self.polynomials: list[Expr] = []
        self.conditions: list[tuple[Relation, Expr]] = []
        self._new: dict[object, Symbol] = {}

    def equation(self, residual: Expr) -> None:
        above, below = self._parts(residual)
        self._require(Relation.NOT_EQUAL, below)
        self.polynomials.append(above)

    def condition(self, condition: Condition) -> None:
        above, below = self._parts(condition.rhs - condition.lhs)
        self._require(Relation.NOT_EQUAL, below)
        # The sign of a quotient is that of the product.
        self._require(condition.relation, above if condition.relation is Relation.NOT_EQUAL else above * below)

    def _require(self, relation: Relation, h: Expr) -> None:
        if isinstance(h, Rational):
            if not fulfils(h, relation):
                self.polynomials.append(Rational(1))  # nothing fulfils it
            return
        self.conditions.append((relation, h))

    def _parts(self, expression: Expr) -> tuple[Expr, Expr]:
        """Numerator and denominator, polynomials."""
        if expression.count_ops() > MOST_OPERATIONS or not is_small(expression):
            raise NotPolynomial
        above, below = together(self._rational(expression)).as_numer_denom()
        if not (above.is_polynomial(*self.symbols) and below.is_polynomial(*self.symbols)):
            raise NotPolynomial
        if not (is_small(above) and is_small(below)):
            raise NotPolynomial
        return above, below

    def _unknown(self, key: object) -> tuple[Symbol, bool]:
        """The new unknown for `key`, and whether it is newly made."""
        if key in self._new:
            return self._new[key], False
        made = Dummy(f"r{len(self._new)}", real=True)
        self._new[key] = made
        self.symbols.append(made)
        return made, True

    def _rational(self, e: Expr) -> Expr:
        if isinstance(e, Rational):
            return e
        if isinstance(e, Symbol):
            if e not in self.symbols:
                raise NotPolynomial
            return e
        if isinstance(e, RealRoot):
            return self._constant(e)
        if isinstance(e, Add):
            return Add(*(self._rational(part) for part in e.args))
        if isinstance(e, Mul):
            return self._product(e)
        if isinstance(e, Pow) and isinstance(e.exp, Rational):
            p, q = int(e.exp.p), int(e.exp.q)
            if abs(p) > LARGEST_POWER or q > LARGEST_POWER:
                raise NotPolynomial
            inner = self._rational(e.base)
            return inner**p if q == 1 else self._root(inner, q) ** p
        if isinstance(e, Abs):
            return self._absolute(self._rational(e.args[0]))
        if isinstance(e, (Max, Min)):
            return self._extreme(e)
        raise NotPolynomial

    def _product(self, e: Expr) -> Expr:
        roots, factors = odd_roots(e)
        if any(abs(p) > LARGEST_POWER for _, p, _ in roots):
            raise NotPolynomial
        powers = [self._root(self._rational(b), q, is_odd=True) ** p for b, p, q in roots]
        return Mul(*powers, *map(self._rational, factors))

    def _root(self, inner: Expr, q: int, *, is_odd: bool = False) -> Symbol:
        """The root that is not negative, or the real one of any number."""
        root, is_new = self._unknown(("odd root" if is_odd else "root", inner, q))
        if is_new:
            self.equation(root**q - inner)
            if not is_odd:
                self.conditions.append((Relation.AT_MOST, root))
        return root

    def _absolute(self, inner: Expr) -> Symbol:
        size, is_new = self._unknown(("abs", inner))
        if is_new:
            self.equation(size**2 - inner**2)
            self.conditions.append((Relation.AT_MOST, size))
        return size

    def _extreme(self, e: Expr) -> Expr:
        largest, *others = [self._rational(part) if isinstance(e, Max) else -self._rational(part) for part in e.args]
        for other in others:
            largest = (largest + other + self._absolute(largest - other)) / 2
        return largest if isinstance(e, Max) else -largest

    def _constant(self, e: RealRoot) -> Symbol:
        root, is_new = self._unknown(e)
        if is_new:
            low, high = Interval.around(e.ball(ISOLATING)).ends
            self.polynomials.append(Add(*(c * root**i for i, c in enumerate(e.polynomial))))
            # The balls of the roots are disjoint.
            self.conditions.append((Relation.AT_MOST, root - to_sympy(low)))
            self.conditions.append((Relation.AT_MOST, to_sympy(high) - root))
        return root


# --- the solutions ----------------------------------------------------------------------------------------------------


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

    def is_near(self, number: int, box: Mapping[Symbol, Interval], precision: int) -> bool:
        """Whether a root may lie in a box."""
        return all(x.meets(self.roots.enclosure(symbol, number, precision)) for symbol, x in box.items())

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
