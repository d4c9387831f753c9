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
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact.method import Context, Solver
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.words import condition_words
from puzzlesolver.problem import AllDifferent, Condition, Problem, Relation
from puzzlesolver.problem.notation import notation
from puzzlesolver.proof.implication import follows
from puzzlesolver.proof.verdict import Verdict

METHOD = "case split"
NOTHING = "no solution"


@dataclass(frozen=True, slots=True)
class SymbolCase:
    """Conditions on the symbols, as words, and what the symbols are replaced by under them (``a`` by 0)."""

    conditions: tuple[str, ...] = ()
    values: tuple[tuple[Symbol, Expr], ...] = ()

    def under(self, *words: str) -> SymbolCase:
        return replace(self, conditions=tuple(dict.fromkeys((*self.conditions, *words))))

    def with_zero(self, expression: Expr) -> SymbolCase:
        """This case and ``expression = 0``; where that is a symbol's value, the symbol is replaced from here on."""
        case = self.under(f"{notation(expression)} = 0")
        for symbol in sorted(expression.free_symbols, key=default_sort_key):
            polynomial = Poly(expression, symbol)
            if polynomial.degree() == 1 and polynomial.LC().is_number:
                value = cancel(-polynomial.coeff_monomial(1) / polynomial.LC())
                return replace(case, values=(*case.values, (symbol, value)))
        return case

    def applied(self, expression: Expr) -> Expr:
        for symbol, value in self.values:
            expression = expression.subs(symbol, value)
        return cancel(together(expression)) if expression.is_rational_function() else expression

    @property
    def is_impossible(self) -> bool:
        """Whether it asks that something be zero and not zero."""
        return any(words.replace(" != 0", " = 0") in self.conditions for words in self.conditions if " != 0" in words)

    @property
    def words(self) -> str:
        return " and ".join(self.conditions) or "always"


@dataclass(frozen=True, slots=True)
class Root:
    """A value of the one target in a case. `multiplicity` is None where it depends on the symbols."""

    value: Expr
    case: SymbolCase
    multiplicity: int | None = 1


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A case without a list of roots, and what is so there. `decided` is False where it is not known."""

    case: SymbolCase
    words: str
    decided: bool = True


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
    start = SymbolCase(_conditions_on_symbols(problem))
    try:
        if len(targets) == 1 and len(problem.equations) == 1:
            found = list(_one_target(problem, targets[0], start))
        else:
            found = list(_linear(problem, targets, start))
    except PolynomialError:
        return ExactOutcome(METHOD, reasons=(Why.NOT_RATIONAL(),))
    return _outcome(problem, found)


def _outcome(problem: Problem, found: Sequence[Mapping[Symbol, Root] | Elsewhere]) -> ExactOutcome:
    solutions, cases = [], []
    for item in found:
        if isinstance(item, Elsewhere):
            cases.append(f"{item.case.words}: {item.words}")
            continue
        values = {symbol: root.value for symbol, root in item.items()}
        case = next(iter(item.values())).case
        conditions = _checked(problem, values, case)
        if conditions is None or not _put_back(problem, values, case):
            continue
        (multiplicity, *_) = (root.multiplicity for root in item.values())
        solutions.append(ExactSolution(values, Evidence.EXACT, multiplicity=multiplicity, conditions=conditions))
    elsewhere = [item for item in found if isinstance(item, Elsewhere)]
    decided = all(item.decided for item in elsewhere)
    if not solutions and any(item.words != NOTHING for item in elsewhere):
        decided = False  # "no solution" would be true of some values of the symbols only
    kept = sum(not isinstance(item, Elsewhere) for item in found) == len(solutions)
    return ExactOutcome(
        METHOD,
        solutions=tuple(solutions),
        complete=decided and kept,
        proof="a case split on the coefficients that covers every value of the symbols" if decided and kept else None,
        cases=tuple(cases),
        reasons=() if decided and kept else (Why.CASES_OF_SYMBOLS(),),
    )


def _one_target(problem: Problem, target: Symbol, start: SymbolCase) -> Iterator[Mapping[Symbol, Root] | Elsewhere]:
    top = fraction(together(problem.equations[0].residual))[0]
    for item in _roots(Poly(top, target), start):
        if isinstance(item, Root):
            yield {target: item}
        elif item.words == _every(target):
            yield replace(item, words=" ".join((item.words, *_as_far_as(problem, target, item.case))))
        else:
            yield item


def _every(target: Symbol) -> str:
    return f"every {target.name} is a solution"


def _as_far_as(problem: Problem, target: Symbol, case: SymbolCase) -> Iterator[str]:
    """What is still asked of a value that solves the equation because every value does."""
    relations = (
        Condition(case.applied(one.lhs), one.relation, case.applied(one.rhs), one.origin) for one in problem.relations()
    )
    asked = [condition_words(one) for one in relations if target in one.symbols and follows(one) is not Verdict.HOLDS]
    if asked:
        yield f"where {' and '.join(dict.fromkeys(asked))}"


def _roots(polynomial: Poly, case: SymbolCase) -> Iterator[Root | Elsewhere]:
    """The real roots of a polynomial whose coefficients are expressions in the symbols, case by case."""
    target = polynomial.gen
    if case.is_impossible:
        return
    polynomial = Poly(case.applied(polynomial.as_expr()), target)
    if polynomial.is_zero:
        yield Elsewhere(case, _every(target))
        return
    leading = factor(polynomial.LC())
    generic = case
    if leading.free_symbols:
        for part in _factors(leading):
            yield from _roots(polynomial, generic.with_zero(part))
            generic = generic.under(f"{notation(part)} != 0")
    degree = polynomial.degree()
    if degree == 0:
        yield Elsewhere(generic, NOTHING)
        return
    pieces = [(Poly(part, target), multiplicity) for part, multiplicity in factor_list(polynomial.as_expr(), target)[1]]
    pieces = [(piece, multiplicity) for piece, multiplicity in pieces if piece.degree() > 0]
    apart = all(one.resultant(other).as_expr().is_number for (one, _), (other, _) in combinations(pieces, 2))
    for piece, multiplicity in pieces:
        yield from _roots_of_factor(piece, generic, multiplicity if apart else None, alone=len(pieces) == 1)


def _roots_of_factor(
    piece: Poly, case: SymbolCase, multiplicity: int | None, *, alone: bool
) -> Iterator[Root | Elsewhere]:
    """The roots of a factor whose leading coefficient is not zero in this case; `alone` where there is no other one.

    No multiplicity where two of these roots may be the same.
    """
    coefficients = [factor(coefficient) for coefficient in piece.all_coeffs()]
    if piece.degree() == 1:
        yield Root(factor(-coefficients[1] / coefficients[0]), case, multiplicity)
        return
    equation = f"{notation(piece.as_expr())} = 0"
    if piece.degree() > 2:
        yield Elsewhere(case, f"the roots of {equation} are not written out", decided=False)
        return
    a, b, c = coefficients
    discriminant = factor(b**2 - 4 * a * c)
    if discriminant.is_number:
        if discriminant < 0:
            yield Elsewhere(case, NOTHING if alone else f"no solution of {equation}")
            return
        inside = case
    else:
        shown = notation(_without_content(discriminant))
        inside = case.under(f"{shown} >= 0")
        yield Elsewhere(case.under(f"{shown} < 0"), NOTHING if alone else f"no solution of {equation}")
    for sign in (-1, 1):
        yield Root((-b + sign * sqrt(discriminant)) / (2 * a), inside, multiplicity if discriminant.is_number else None)


def _linear(
    problem: Problem, targets: tuple[Symbol, ...], start: SymbolCase
) -> Iterator[Mapping[Symbol, Root] | Elsewhere]:
    """Cramer's rule, where the determinant is not zero; raises PolynomialError where the system is not linear."""
    tops = [Poly(fraction(together(equation.residual))[0], *targets) for equation in problem.equations]
    if len(tops) != len(targets) or any(top.total_degree() > 1 for top in tops):
        raise PolynomialError("not a square linear system")
    matrix = Matrix([[top.coeff_monomial(target) for target in targets] for top in tops])
    right = Matrix([-top.coeff_monomial(1) for top in tops])
    determinant = factor(matrix.det(method="berkowitz"))
    if determinant == 0:
        yield Elsewhere(start, "none or infinitely many solutions", decided=False)
        return
    case = start
    if determinant.free_symbols:
        case = start.under(f"{notation(determinant)} != 0")
        yield Elsewhere(start.with_zero(determinant), "none or infinitely many solutions", decided=False)
    solution = matrix.adjugate() * right
    yield {
        target: Root(factor(cancel(value / determinant)), case) for target, value in zip(targets, solution, strict=True)
    }


def _without_content(expression: Expr) -> Expr:
    """An expression of the same sign without its positive rational factor."""
    content, rest = expression.as_content_primitive()
    return rest if content > 0 else expression


def _factors(expression: Expr) -> list[Expr]:
    """The distinct factors that hold a symbol."""
    return [part for part, _ in factor_list(expression)[1] if part.free_symbols]


def _conditions_on_symbols(problem: Problem) -> tuple[str, ...]:
    """What the symbols must fulfil for the equations to mean anything, whatever the targets are."""
    relations = (relation for relation in problem.relations() if not _speaks_of_targets(relation, problem))
    return tuple(dict.fromkeys(_words(relation) for relation in relations))


def _speaks_of_targets(relation: Condition, problem: Problem) -> bool:
    return bool((relation.lhs.free_symbols | relation.rhs.free_symbols) & set(problem.symbols))


def _words(relation: Condition) -> str:
    if relation.relation is Relation.LESS and relation.lhs == 0:
        return f"{notation(relation.rhs)} > 0"
    return f"{notation(relation.lhs)} {relation.relation.value} {notation(relation.rhs)}"


def _checked(problem: Problem, values: Mapping[Symbol, Expr], case: SymbolCase) -> tuple[str, ...] | None:
    """The case's conditions and those that the problem's relations become for these values; None where one fails."""
    words = list(case.conditions)
    for relation in problem.relations():
        if not _speaks_of_targets(relation, problem):
            continue
        difference = case.applied((relation.rhs - relation.lhs).xreplace(dict(values)))
        if difference.is_number:
            holds = difference != 0 if relation.relation is Relation.NOT_EQUAL else None
            if relation.relation is Relation.LESS:
                holds = bool(difference > 0)
            elif relation.relation is Relation.AT_MOST:
                holds = bool(difference >= 0)
            if not holds:
                return None
        else:
            sign = {Relation.NOT_EQUAL: "!=", Relation.LESS: ">", Relation.AT_MOST: ">="}[relation.relation]
            words.append(f"{notation(factor(difference))} {sign} 0")
    return tuple(dict.fromkeys(words))


def _put_back(problem: Problem, values: Mapping[Symbol, Expr], case: SymbolCase) -> bool:
    """Whether the values satisfy the equations identically in the symbols: roots are replaced by a name whose square
    is known, and what is left is divided by that relation."""
    roots: dict[Expr, Symbol] = {}
    for value in values.values():
        for power in value.atoms(type(sqrt(Dummy()))):
            if power.exp == Rational(1, 2):
                roots.setdefault(power, Dummy("root"))
    named = {symbol: value.xreplace(roots) for symbol, value in values.items()}
    for equation in problem.equations:
        residual = case.applied(equation.residual).xreplace(named)
        top = fraction(together(residual))[0].expand()
        for power, name in roots.items():
            top = Poly(top, name).rem(Poly(name**2 - power.base, name)).as_expr()
        if cancel(top) != 0:
            return False
    return True


CASES = Solver(METHOD, (Kind.PARAMETRIC,), _solve)
