"""``solve for``: answers in terms of the other names, with the cases in which each of them holds.

In: a problem whose `targets` are its unknowns; every other name is a real symbol that stays. Out: an `ExactOutcome`,
each solution with the conditions on the symbols under which it is one, and `cases` for what happens elsewhere.
A polynomial in one target is split on its leading coefficients, so that the cases cover every value of the symbols;
linear systems are solved where the determinant is not zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sympy import (
    Dummy,
    Expr,
    Integer,
    Matrix,
    Poly,
    Rational,
    Symbol,
    cancel,
    default_sort_key,
    factor,
    factor_list,
    fraction,
    sqrt,
    together,
)
from sympy.polys.polyerrors import PolynomialError

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Claim, Evidence, SymbolCase
from puzzlesolver.exact.method import Context, Solver
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.problem import AllDifferent, Condition, Equation, Problem, Relation, Restriction
from puzzlesolver.proof.implication import decided, follows
from puzzlesolver.proof.verdict import Verdict

METHOD = "case split"


@dataclass(frozen=True, slots=True)
class Assumed:
    """Conditions on the symbols, and what the symbols are replaced by under them (``a`` by 0)."""

    conditions: tuple[Restriction, ...] = ()
    values: tuple[tuple[Symbol, Expr], ...] = ()

    def under(self, condition: Restriction) -> Assumed:
        return replace(self, conditions=tuple(dict.fromkeys((*self.conditions, condition))))

    def with_zero(self, expression: Expr) -> Assumed:
        """This and ``expression = 0``; where that is a symbol's value, the symbol is replaced from here on."""
        assumed = self.under(Equation(expression, Integer(0)))
        for symbol in sorted(expression.free_symbols, key=default_sort_key):
            polynomial = Poly(expression, symbol)
            if polynomial.degree() == 1 and polynomial.LC().is_number:
                value = cancel(-polynomial.coeff_monomial(1) / polynomial.LC())
                return replace(assumed, values=(*assumed.values, (symbol, value)))
        return assumed

    def applied(self, expression: Expr) -> Expr:
        for symbol, value in self.values:
            expression = expression.subs(symbol, value)
        return cancel(together(expression)) if expression.is_rational_function() else expression

    @property
    def is_impossible(self) -> bool:
        """Whether it asks that something be zero and not zero."""
        zeros = {one.lhs for one in self.conditions if isinstance(one, Equation)}
        return any(
            isinstance(one, Condition) and one.relation is Relation.NOT_EQUAL and one.rhs == 0 and one.lhs in zeros
            for one in self.conditions
        )


@dataclass(frozen=True, slots=True)
class Root:
    """A value of the one target in a case. `multiplicity` is None where it depends on the symbols."""

    value: Expr
    assumed: Assumed
    multiplicity: int | None = 1


def _solve(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    """The targets in terms of the other names."""
    targets = problem.symbols
    if problem.targets is None:
        return None
    if not problem.equations:
        return ExactOutcome(METHOD, reasons=(Why.NO_EQUATION(),))
    if any(not unknown.domain.is_real_line for unknown in problem.unknowns) or any(
        isinstance(condition, AllDifferent) for condition in problem.conditions
    ):
        return ExactOutcome(METHOD, reasons=(Why.DOMAINS_OF_SYMBOLS(),))
    start = Assumed(_conditions_on_symbols(problem))
    try:
        if len(targets) == 1 and len(problem.equations) == 1:
            found = list(_one_target(problem, targets[0], start))
        else:
            found = list(_linear(problem, targets, start))
    except PolynomialError:
        return ExactOutcome(METHOD, reasons=(Why.NOT_RATIONAL(),))
    return _outcome(problem, found)


def _outcome(problem: Problem, found: Sequence[Mapping[Symbol, Root] | SymbolCase]) -> ExactOutcome:
    solutions = []
    cases = tuple(item for item in found if isinstance(item, SymbolCase))
    for item in found:
        if isinstance(item, SymbolCase):
            continue
        values = {symbol: root.value for symbol, root in item.items()}
        (first, *_) = item.values()
        conditions = _checked(problem, values, first.assumed)
        if conditions is not None and _put_back(problem, values, first.assumed):
            solutions.append(
                ExactSolution(values, Evidence.EXACT, multiplicity=first.multiplicity, conditions=conditions)
            )
    decided = all(case.claim in (Claim.NOTHING, Claim.EVERYTHING) for case in cases)
    if not solutions and any(case.claim is not Claim.NOTHING or case.equation for case in cases):
        decided = False  # "no solution" would be true of some values of the symbols only
    complete = decided and len(solutions) + len(cases) == len(found)
    return ExactOutcome(
        METHOD,
        solutions=tuple(solutions),
        complete=complete,
        proof="a case split on the coefficients that covers every value of the symbols" if complete else None,
        cases=cases,
        reasons=() if complete else (Why.CASES_OF_SYMBOLS(),),
    )


def _one_target(problem: Problem, target: Symbol, start: Assumed) -> Iterator[Mapping[Symbol, Root] | SymbolCase]:
    top = fraction(together(problem.equations[0].residual))[0]
    for item in _roots(problem, Poly(top, target), start):
        yield {target: item} if isinstance(item, Root) else item


def _every(problem: Problem, target: Symbol, assumed: Assumed) -> SymbolCase:
    """Every value solves the equation; what is still asked of one that does."""
    relations = (Condition(one.lhs, one.relation, one.rhs).mapped(assumed.applied) for one in problem.relations())
    asked = [one for one in relations if target in one.symbols and follows(one) is not Verdict.HOLDS]
    return SymbolCase(assumed.conditions, Claim.EVERYTHING, target=target, where=tuple(dict.fromkeys(asked)))


def _roots(problem: Problem, polynomial: Poly, assumed: Assumed) -> Iterator[Root | SymbolCase]:
    """The real roots of a polynomial whose coefficients are expressions in the symbols, case by case."""
    target = polynomial.gen
    if assumed.is_impossible:
        return
    polynomial = Poly(assumed.applied(polynomial.as_expr()), target)
    if polynomial.is_zero:
        yield _every(problem, target, assumed)
        return
    leading = factor(polynomial.LC())
    for part in _factors(leading):
        yield from _roots(problem, polynomial, assumed.with_zero(part))
        assumed = assumed.under(Condition(part, Relation.NOT_EQUAL, Integer(0)))
    if polynomial.degree() == 0:
        yield SymbolCase(assumed.conditions, Claim.NOTHING)
        return
    pieces = [(Poly(part, target), multiplicity) for part, multiplicity in factor_list(polynomial.as_expr(), target)[1]]
    pieces = [(piece, multiplicity) for piece, multiplicity in pieces if piece.degree() > 0]
    apart = all(one.resultant(other).as_expr().is_number for (one, _), (other, _) in combinations(pieces, 2))
    for piece, multiplicity in pieces:
        yield from _roots_of_factor(piece, assumed, multiplicity if apart else None, alone=len(pieces) == 1)


def _roots_of_factor(
    piece: Poly, assumed: Assumed, multiplicity: int | None, *, alone: bool
) -> Iterator[Root | SymbolCase]:
    """The roots of a factor whose leading coefficient is not zero in this case; `alone` where there is no other one.

    No multiplicity where two of these roots may be the same.
    """
    coefficients = [factor(coefficient) for coefficient in piece.all_coeffs()]
    if piece.degree() == 1:
        yield Root(factor(-coefficients[1] / coefficients[0]), assumed, multiplicity)
        return
    equation = Equation(piece.as_expr(), Integer(0))
    if piece.degree() > 2:
        yield SymbolCase(assumed.conditions, Claim.NOT_WRITTEN_OUT, equation)
        return
    a, b, c = coefficients
    discriminant = factor(b**2 - 4 * a * c)
    if discriminant.free_symbols:
        size = _without_content(discriminant)
        outside = assumed.under(Condition(size, Relation.LESS, Integer(0)))
        yield SymbolCase(outside.conditions, Claim.NOTHING, None if alone else equation)
        assumed = assumed.under(Condition(Integer(0), Relation.AT_MOST, size))
    elif discriminant < 0:
        yield SymbolCase(assumed.conditions, Claim.NOTHING, None if alone else equation)
        return
    for sign in (-1, 1):
        root = (-b + sign * sqrt(discriminant)) / (2 * a)
        yield Root(root, assumed, None if discriminant.free_symbols else multiplicity)


def _linear(
    problem: Problem, targets: tuple[Symbol, ...], start: Assumed
) -> Iterator[Mapping[Symbol, Root] | SymbolCase]:
    """Cramer's rule, where the determinant is not zero; raises PolynomialError where the system is not linear."""
    tops = [Poly(fraction(together(equation.residual))[0], *targets) for equation in problem.equations]
    if len(tops) != len(targets) or any(top.total_degree() > 1 for top in tops):
        raise PolynomialError("not a square linear system")
    matrix = Matrix([[top.coeff_monomial(target) for target in targets] for top in tops])
    right = Matrix([-top.coeff_monomial(1) for top in tops])
    determinant = factor(matrix.det(method="berkowitz"))
    if determinant == 0:
        yield SymbolCase(start.conditions, Claim.NONE_OR_MANY)
        return
    if determinant.free_symbols:
        yield SymbolCase(start.with_zero(determinant).conditions, Claim.NONE_OR_MANY)
        start = start.under(Condition(determinant, Relation.NOT_EQUAL, Integer(0)))
    solution = matrix.adjugate() * right
    yield {
        target: Root(factor(cancel(value / determinant)), start)
        for target, value in zip(targets, solution, strict=True)
    }


def _without_content(expression: Expr) -> Expr:
    """An expression of the same sign without its positive rational factor."""
    content, rest = expression.as_content_primitive()
    return rest if content > 0 else expression


def _factors(expression: Expr) -> list[Expr]:
    """The distinct factors that hold a symbol."""
    return [part for part, _ in factor_list(expression)[1] if part.free_symbols]


def _conditions_on_symbols(problem: Problem) -> tuple[Condition, ...]:
    """What the symbols must fulfil for the equations to mean anything, whatever the targets are."""
    relations = (one for one in problem.relations() if not one.symbols.intersection(problem.symbols))
    return tuple(dict.fromkeys(Condition(one.lhs, one.relation, one.rhs) for one in relations))


def _checked(problem: Problem, values: Mapping[Symbol, Expr], assumed: Assumed) -> tuple[Restriction, ...] | None:
    """The case's conditions and those that the problem's relations become for these values; None where one fails."""
    conditions = list(assumed.conditions)
    for one in problem.relations():
        if one.symbols.intersection(problem.symbols):
            difference = factor(assumed.applied((one.rhs - one.lhs).xreplace(dict(values))))
            sides = (difference, Integer(0)) if one.relation is Relation.NOT_EQUAL else (Integer(0), difference)
            here = Condition(sides[0], one.relation, sides[1])
            if here.symbols:
                conditions.append(here)
            elif decided(here) is not Verdict.HOLDS:
                return None
    return tuple(dict.fromkeys(conditions))


def _put_back(problem: Problem, values: Mapping[Symbol, Expr], assumed: Assumed) -> bool:
    """Whether the values satisfy the equations identically in the symbols: roots are replaced by a name whose square
    is known, and what is left is divided by that relation."""
    roots: dict[Expr, Symbol] = {}
    for value in values.values():
        for power in value.atoms(type(sqrt(Dummy()))):
            if power.exp == Rational(1, 2):
                roots.setdefault(power, Dummy("root"))
    named = {symbol: value.xreplace(roots) for symbol, value in values.items()}
    for equation in problem.equations:
        residual = assumed.applied(equation.residual).xreplace(named)
        top = fraction(together(residual))[0].expand()
        for power, name in roots.items():
            top = Poly(top, name).rem(Poly(name**2 - power.base, name)).as_expr()
        if cancel(top) != 0:
            return False
    return True


CASES = Solver(METHOD, (Kind.PARAMETRIC,), _solve)
