"""Real solutions one at a time: exact signs, digits, and values in closed form.

In: branches of conjugate solutions. Out: `Point`s, at which the sign of any rational expression in the unknowns is
decided exactly, and the sign of any other expression as far as balls can tell it; and those of them that the puzzle
admits, its conditions and domains decided at each. What cannot be decided is raised, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from flint import arb, fmpz, fmpz_poly
from sympy import Expr, Poly, Rational, Symbol, fraction, oo, together
from sympy.polys.polyerrors import PolynomialError

from puzzlesolver.answer.reasons import LeftOpen, Reason, Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.arithmetic.algebraic import AlgebraicPoint
from puzzlesolver.arithmetic.balls import evaluate
from puzzlesolver.arithmetic.real_roots import isolate_real_roots
from puzzlesolver.exact import limits
from puzzlesolver.exact.outcome import ExactSolution
from puzzlesolver.exact.polynomial.closed_forms import closed_form, coordinate_polynomial, root_index
from puzzlesolver.exact.polynomial.finite import Finite
from puzzlesolver.exact.polynomial.representation import Branch, MonomialTerms
from puzzlesolver.problem import Condition, Problem, Relation, Unknown
from puzzlesolver.proof import zero


class Undecided(LeftOpen, ArithmeticError):
    """The sign of an expression at a point could not be told."""


@dataclass(frozen=True, slots=True)
class PolynomialQuotient:
    """An expression as a quotient of integer polynomials in all the unknowns."""

    top: MonomialTerms
    bottom: MonomialTerms


def quotient_form(expression: Expr, symbols: Sequence[Symbol]) -> PolynomialQuotient | None:
    """The quotient, None for what is no rational function over the rational numbers."""
    if not expression.is_rational_function(*symbols):
        return None
    top, bottom = (_terms(part, symbols) for part in fraction(together(expression)))
    return None if top is None or bottom is None else PolynomialQuotient(top, bottom)


def _terms(expression: Expr, symbols: Sequence[Symbol]) -> MonomialTerms | None:
    """The terms times a positive number that makes them integer."""
    try:
        polynomial = Poly(expression, *symbols)
    except PolynomialError:
        return None
    if not (polynomial.domain.is_ZZ or polynomial.domain.is_QQ):
        return None
    _, cleared = polynomial.clear_denoms()
    return {exponents: fmpz(int(c)) for exponents, c in cleared.terms() if c}


class Conjugates:
    """A branch with the problem's symbols, and what was found out about it so far (a cache, nothing else)."""

    def __init__(self, branch: Branch, symbols: Sequence[Symbol]) -> None:
        self.branch = branch
        self.symbols = tuple(symbols)
        self._zeros: dict[frozenset[tuple[tuple[int, ...], int]], bool] = {}
        self._minimal: dict[int, fmpz_poly | None] = {}

    def vanishes(self, terms: MonomialTerms) -> bool:
        """Whether a polynomial is zero at these solutions."""
        key = frozenset((exponents, int(c)) for exponents, c in terms.items())
        if key not in self._zeros:
            self._zeros[key] = self.branch.vanishes(terms)
        return self._zeros[key]

    def minimal_polynomial(self, unknown: int) -> fmpz_poly | None:
        """The minimal polynomial of a coordinate, None where it is too large to be read."""
        if unknown not in self._minimal:
            self._minimal[unknown] = coordinate_polynomial(self.branch, unknown)
        return self._minimal[unknown]

    def points(self) -> list[Point]:
        """The real ones, by their θ."""
        return [Point(self, self._point(number)) for number in range(len(self.branch.roots))]

    def _point(self, number: int) -> AlgebraicPoint:
        branch = self.branch
        return AlgebraicPoint(
            tuple(int(c) for c in branch.polynomial.coeffs()),
            branch.roots[number],
            {
                symbol: tuple(Fraction(int(c)) for c in numerator.coeffs())
                for symbol, numerator in zip(self.symbols, branch.numerators, strict=True)
            },
            tuple(int(c) for c in branch.denominator.coeffs()),
        )


@dataclass(frozen=True, slots=True)
class Point:
    """One real solution."""

    conjugates: Conjugates
    algebraic: AlgebraicPoint
    _values: dict[Symbol, Expr | None] = field(default_factory=dict, compare=False, repr=False)

    def value(self, symbol: Symbol) -> Expr | None:
        """A coordinate in closed form, None where there is none that is short."""
        if symbol not in self._values:
            self._values[symbol] = self._value(symbol)
        return self._values[symbol]

    def _value(self, symbol: Symbol) -> Expr | None:
        minimal = self.conjugates.minimal_polynomial(self.conjugates.symbols.index(symbol))
        if minimal is None:
            return None
        if minimal.degree() == 1:
            return Rational(-int(minimal[0]), int(minimal[1]))
        return closed_form(minimal, root_index(self.algebraic, symbol, isolate_real_roots(minimal)))

    def is_integer(self, symbol: Symbol) -> bool:
        """Whether a coordinate is a whole number."""
        minimal = self.conjugates.minimal_polynomial(self.conjugates.symbols.index(symbol))
        return minimal is not None and minimal.degree() == 1 and abs(minimal[1]) == 1

    def sign(self, expression: Expr, form: PolynomialQuotient | None) -> int:
        """The sign of an expression, whose quotient is `form` where it has one. Raises Undecided."""
        if form is not None:
            if self.conjugates.vanishes(form.bottom):
                raise Undecided(Why.DIVIDES_BY_ZERO(expression))
            if self.conjugates.vanishes(form.top):
                return 0
        bits = 64
        while form is not None or bits <= limits.MOST_BITS:
            ball = evaluate(expression, self._balls(expression, bits), bits + 32)
            if ball > 0:
                return 1
            if ball < 0:
                return -1
            bits *= 2
        values = {symbol: self.value(symbol) for symbol in expression.free_symbols}
        if all(value is not None for value in values.values()):
            found = zero.sign(expression.xreplace(values))
            if found is not None:
                return found
        raise Undecided(Why.SIGN(expression))

    def place(self) -> list[float]:
        """The coordinates as floating-point numbers, for sorting."""
        return [float(sum(self.algebraic.interval(symbol, 15)) / 2) for symbol in self.conjugates.symbols]

    def _balls(self, expression: Expr, bits: int) -> Mapping[Symbol, arb]:
        return {symbol: self.algebraic.ball(symbol, bits) for symbol in expression.free_symbols}


def as_solution(point: Point) -> ExactSolution:
    """A point in closed form as far as that is short, and by its root where it is not."""
    values = {symbol: point.value(symbol) for symbol in point.conjugates.symbols}
    closed = {symbol: value for symbol, value in values.items() if value is not None}
    whole = len(closed) == len(values)
    return ExactSolution(
        values=closed,
        evidence=Evidence.EXACT if whole else Evidence.CERTIFIED,
        point=None if whole else point.algebraic,
        multiplicity=point.conjugates.branch.multiplicity,
    )


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
