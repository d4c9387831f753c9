"""One polynomial equation in one unknown whose coefficients depend on other names: is every root in the list, for every
value of these names?

The names' values fall into classes by the signs of the expressions that stand in the conditions. In each class the
equation has a known degree, and as many listed roots fulfil their conditions as it has roots: none where it is a number
that is not zero, one where it is linear, two, one or none by the sign of the discriminant where it is quadratic; above,
where it is its leading coefficient times the product of the differences from the listed roots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from sympy import Expr, Mul, Poly, Rational, Symbol, cancel, together
from sympy.polys.polyerrors import BasePolynomialError

from puzzlesolver.problem import Condition
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.constants import sign_of
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.expansion import is_small
from puzzlesolver.verification.identities import is_identically_zero
from puzzlesolver.verification.shapes import determined
from puzzlesolver.verification.statements import Statements, fulfils
from puzzlesolver.verification.verdicts import Found, Verdict

MOST_ATOMS = 5
MOST_OPERATIONS = 400
MOST_DEGREE = 6
DECIDING = 2.0
"""Seconds for the sign of a constant."""

Signs = Mapping[Expr, int]


class NotAGraph(ValueError):
    """The statements or the entries are not of this kind."""


@dataclass(frozen=True, slots=True)
class Case:
    """A statement about a class of values: that every number is a solution there, or that none is."""

    conditions: tuple[Condition, ...]
    zeros: tuple[Expr, ...]
    every: bool


def covers_graph(statements: Statements, entries: Sequence[Entry], cases: Sequence[Case], budget: Budget) -> Found:
    """Whether the entries, and what the cases say, are all solutions. Raises `NotAGraph`."""
    y = _dependent(statements, entries)
    given = Case((*statements.relations(), *statements.bounds()), (), False)
    if len(statements.equations) != 1 or any(c.lhs.has(y) or c.rhs.has(y) for c in given.conditions):
        raise NotAGraph
    if any(u.domain.integer or u.domain.members is not None for u in statements.unknowns):
        raise NotAGraph
    polynomial = _numerator(statements.equations[0].residual)
    atoms = _atoms(entries, (*cases, given), tuple(sorted(_names(polynomial, y, entries), key=str)))
    for signs in product((0, 1, -1), repeat=len(atoms)):
        budget.check()
        found = _covered(polynomial, y, dict(zip(atoms, signs, strict=True)), entries, cases, given, budget)
        if found is not None:
            return found
    return Found(Verdict.HOLDS, "every class of values of the free names, by degree and discriminant")


def _names(polynomial: Expr, y: Symbol, entries: Sequence[Entry]) -> set[Symbol]:
    names: set[Symbol] = set(polynomial.free_symbols)
    for entry in entries:
        names.update(entry.parameters)
    return names - {y}


def _dependent(statements: Statements, entries: Sequence[Entry]) -> Symbol:
    """The unknown that is given as a function of the others and of the names."""
    if not entries:
        raise NotAGraph
    dependent: set[Symbol] = set()
    for entry in entries:
        if entry.whole or entry.opaque:
            raise NotAGraph
        rest = [s for s in statements.symbols if entry.values.get(s) != s]
        if len(rest) != 1 or rest[0] not in entry.values or set(entry.free) != set(statements.symbols) - set(rest):
            raise NotAGraph
        dependent.add(rest[0])
    if len(dependent) != 1:
        raise NotAGraph
    return dependent.pop()


def _numerator(residual: Expr) -> Expr:
    if residual.count_ops() > MOST_OPERATIONS or not is_small(residual):
        raise NotAGraph
    above, below = together(residual).as_numer_denom()
    if below.free_symbols:
        raise NotAGraph
    return above.expand()


# --- classes of values ------------------------------------------------------------------------------------------------


def _differences(entries: Sequence[Entry], cases: Sequence[Case]) -> Iterator[Expr]:
    for entry in entries:
        yield from (condition.rhs - condition.lhs for condition in entry.conditions)
        yield from entry.equalities
    for case in cases:
        yield from (condition.rhs - condition.lhs for condition in case.conditions)
        yield from case.zeros


def _atoms(entries: Sequence[Entry], cases: Sequence[Case], others: tuple[Symbol, ...]) -> list[Expr]:
    """The expressions whose signs decide all conditions; the simplest first."""
    found: list[Expr] = []
    for difference in _differences(entries, cases):
        if not difference.free_symbols <= set(others) or not difference.is_polynomial(*others):
            raise NotAGraph
        expanded = difference.expand()
        if not isinstance(expanded, Rational) and _multiple(expanded, found) is None:
            found.append(expanded)
    if len(found) > MOST_ATOMS:
        raise NotAGraph
    return sorted(found, key=lambda e: (e.count_ops(), str(e)))


def _multiple(expression: Expr, atoms: Sequence[Expr]) -> tuple[Expr, int] | None:
    """The atom of which an expression is a rational multiple, and the multiple's sign."""
    for atom in atoms:
        own = _sign_of_constant(cancel(expression / atom))
        if own:
            return atom, own
    return None


def _sign_of_number(number: Rational) -> int:
    return int(number.p > 0) - int(number.p < 0)


def _sign_of_constant(expression: Expr) -> int:
    """The sign of an expression without symbols; 0 where there are some, or it is not decided."""
    if expression.free_symbols:
        return 0
    return sign_of(expression, Budget.of(DECIDING)) or 0


def _sign(expression: Expr, signs: Signs, zeros: Mapping[Symbol, Expr]) -> int | None:
    """The sign of an expression in a class: that of a number, or of an atom times a positive square; else None."""
    placed = expression.xreplace(dict(zeros)).expand()
    if not placed.free_symbols:
        return sign_of(placed, Budget.of(DECIDING))
    for atom, own in signs.items():
        there = atom.xreplace(dict(zeros)).expand()
        if there.free_symbols and own:
            ratio = _sign_of_constant(cancel(placed / there))
            if ratio:
                return ratio * own
    return _sign_of_product(placed, signs)


def _sign_of_product(expression: Expr, signs: Signs) -> int | None:
    """The sign of a product of atoms, powers and numbers."""
    total = 1
    for factor in Mul.make_args(expression.factor()):
        base, power = factor.as_base_exp()
        if not factor.free_symbols:
            own = _sign_of_constant(factor)
            if not own:
                return None
            total *= own
            continue
        found = _multiple(base, list(signs))
        if found is None or not power.is_Integer or power < 0:
            return None
        own = signs[found[0]] * found[1]
        total *= own if power % 2 else own * own
    return total


def _is_void(signs: Signs, zeros: Mapping[Symbol, Expr]) -> bool:
    """Whether no values have these signs, as far as is plain to see."""
    for atom, own in signs.items():
        placed = atom.xreplace(dict(zeros)).expand()
        if isinstance(placed, Rational):
            if _sign_of_number(placed) != own:
                return True
        elif _sign_of_even(placed) == -own != 0:
            return True
    return False


def _sign_of_even(expression: Expr) -> int:
    """The only sign that a sum of even powers with factors of one sign can have besides zero; 0 of anything else."""
    symbols = sorted(expression.free_symbols, key=str)
    terms = Poly(expression, *symbols).terms()
    if any(power % 2 for powers, _ in terms for power in powers):
        return 0
    found = {_sign_of_constant(c) for _, c in terms}
    return found.pop() if len(found) == 1 else 0


# --- one class --------------------------------------------------------------------------------------------------------


def _holds(conditions: Sequence[Condition], zeros: Sequence[Expr], signs: Signs) -> bool:
    """Whether conditions hold in a class; each of them is a multiple of an atom, or a number."""
    for expression, relation in (
        *((c.rhs - c.lhs, c.relation) for c in conditions),
        *((zero, None) for zero in zeros),
    ):
        expanded = expression.expand()
        if isinstance(expanded, Rational):
            own = _sign_of_number(expanded)
        else:
            found = _multiple(expanded, list(signs))
            assert found is not None, "every condition is a multiple of an atom"
            own = signs[found[0]] * found[1]
        if not (own == 0 if relation is None else fulfils(own, relation)):
            return False
    return True


def _covered(
    polynomial: Expr,
    y: Symbol,
    signs: Signs,
    entries: Sequence[Entry],
    cases: Sequence[Case],
    given: Case,
    budget: Budget,
) -> Found | None:
    """None where all is in order in one class of values."""
    others = sorted(polynomial.free_symbols - {y}, key=str)
    zeros, _ = determined((atom for atom, own in signs.items() if not own), others)
    if _is_void(signs, zeros) or not _holds(given.conditions, (), signs):
        return None
    active = [entry for entry in entries if _holds(entry.conditions, entry.equalities, signs)]
    every = [case.every for case in cases if _holds(case.conditions, case.zeros, signs)]
    undecided = Found(Verdict.NOT_REPROVED, "the roots were not counted for every value of the free names")
    try:
        coefficients = Poly(polynomial.xreplace(zeros).expand(), y).all_coeffs()
    except BasePolynomialError:
        return undecided
    while coefficients and _sign(coefficients[0], signs, zeros) == 0:
        coefficients.pop(0)
    if not coefficients:
        # Every number is a solution: a case has to say so.
        return None if every and all(every) else undecided
    if any(every):
        return undecided
    lead = _sign(coefficients[0], signs, zeros)
    degree = len(coefficients) - 1
    if lead is None or degree > MOST_DEGREE:
        return undecided
    forms = [entry.values[y].xreplace(zeros) for entry in active]
    if _are_all(coefficients, forms, y, signs, zeros, budget):
        return None if not every or not active else undecided
    return undecided


def _are_all(
    coefficients: Sequence[Expr],
    forms: Sequence[Expr],
    y: Symbol,
    signs: Signs,
    zeros: Mapping[Symbol, Expr],
    budget: Budget,
) -> bool:
    """Whether forms, which are roots, are all real roots of a polynomial whose leading coefficient is not zero."""
    degree = len(coefficients) - 1
    if degree == 0:
        return True
    if degree == 1:
        return bool(forms)
    if degree == 2:
        a, b, c = coefficients
        sign = _sign(b**2 - 4 * a * c, signs, zeros)
        if sign == -1:
            return True
        if sign == 0:
            return bool(forms)
    if len(forms) != degree:
        return False
    whole = sum(c * y ** (degree - i) for i, c in enumerate(coefficients))
    return is_identically_zero(whole - coefficients[0] * Mul(*(y - form for form in forms)), budget)
