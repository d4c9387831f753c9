"""One polynomial equation in one unknown whose coefficients depend on other names: is every root in the list, for every
value of these names?

The names' values fall into classes by the signs of the expressions that stand in the conditions. In each class the
equation has a known degree, and as many listed roots fulfil their conditions as it has roots: none where it is a number
that is not zero, one where it is linear, two, one or none by the sign of the discriminant where it is quadratic; above,
where it is its leading coefficient times the product of the differences from the listed roots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from sympy import Expr, Mul, Poly, Symbol, together
from sympy.polys.polyerrors import BasePolynomialError

from puzzlesolver.problem import Condition
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.constants import sign_of
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.identities import is_identically_zero
from puzzlesolver.verification.intervals import WHOLE
from puzzlesolver.verification.shapes import determined, is_small
from puzzlesolver.verification.statements import Statements, fulfils
from puzzlesolver.verification.tape import enclosure
from puzzlesolver.verification.verdicts import Found, Verdict

MOST_ATOMS = 5
MOST_OPERATIONS = 400
MOST_DEGREE = 6
PRECISION = 60
DECIDING = 2.0
"""Seconds for the sign of a constant."""


class NotAGraph(ValueError):
    """The statements or the entries are not of this kind."""


@dataclass(frozen=True, slots=True)
class Case:
    """A statement about a class of values: that every number is a solution there, or that none is."""

    conditions: tuple[Condition, ...]
    equalities: tuple[Expr, ...]
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
    names = set(polynomial.free_symbols).union(*(entry.parameters for entry in entries)) - {y}
    others = sorted(names, key=str)
    atoms = _atoms([*entries, *cases, given], others)
    for signs in product((0, 1, -1), repeat=len(atoms)):
        budget.check()
        values = _Class(dict(zip(atoms, signs, strict=True)), others)
        if not values.is_void and values.fulfils(given):
            active = [entry.values[y] for entry in entries if values.fulfils(entry)]
            every = {case.every for case in cases if values.fulfils(case)}
            if not _is_covered(polynomial, y, values, active, every, budget):
                return Found(Verdict.NOT_REPROVED, "the roots were not counted for every value of the free names")
    return Found(Verdict.HOLDS, "every class of values of the free names, by degree and discriminant")


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


def _differences(item: Entry | Case) -> Iterator[Expr]:
    yield from (condition.rhs - condition.lhs for condition in item.conditions)
    yield from item.equalities


def _atoms(items: Sequence[Entry | Case], others: Sequence[Symbol]) -> list[Expr]:
    """The expressions whose signs decide all conditions; the simplest first."""
    found: set[Expr] = set()
    for difference in (difference for item in items for difference in _differences(item)):
        if not difference.free_symbols <= set(others) or not difference.is_polynomial(*others):
            raise NotAGraph
        found.add(_canonical(difference)[0])
    atoms = [atom for atom in found if atom.free_symbols]
    if len(atoms) > MOST_ATOMS:
        raise NotAGraph
    return sorted(atoms, key=lambda e: (e.count_ops(), str(e)))


def _canonical(expression: Expr) -> tuple[Expr, int]:
    """An expression that is the same for all rational multiples, and the sign by which this one differs from it."""
    _, primitive = expression.expand().as_content_primitive()
    return (-primitive, -1) if primitive.could_extract_minus_sign() else (primitive, 1)


class _Class:
    """The values of the names at which the atoms have given signs."""

    def __init__(self, signs: dict[Expr, int], others: Sequence[Symbol]) -> None:
        self.zeros, _ = determined((atom for atom, own in signs.items() if not own), others)
        placed = [(self._placed(atom), own) for atom, own in signs.items()]
        self._signs = {}
        for atom, own in placed:
            known, sign = _canonical(atom)
            self._signs[known] = sign * own
        self.is_void = not all(_may_be(atom, own) for atom, own in placed)

    def _placed(self, expression: Expr) -> Expr:
        return expression.xreplace(self.zeros).expand()

    def coefficients(self, polynomial: Expr, y: Symbol) -> list[Expr]:
        """Those of a polynomial in y, the first not zero unless its sign is unknown."""
        found: list[Expr] = Poly(self._placed(polynomial), y).all_coeffs()
        while found and self.sign(found[0]) == 0:
            found.pop(0)
        return found

    def sign(self, expression: Expr) -> int | None:
        """The sign of a number, of an atom, or of a product of such; else None."""
        placed = self._placed(expression)
        known, own = _canonical(placed)
        if known in self._signs:
            return self._signs[known] * own
        total = 1
        for factor in Mul.make_args(placed.factor() if placed.free_symbols else placed):
            base, power = factor.as_base_exp()
            if not factor.free_symbols:
                sign = sign_of(factor, Budget.of(DECIDING))
            else:
                known, own = _canonical(base)
                is_power = known in self._signs and power.is_Integer and power > 0
                sign = (self._signs[known] * own) ** int(power) if is_power else None
            if sign is None:
                return None
            total *= sign
        return total

    def fulfils(self, item: Entry | Case) -> bool:
        """Whether conditions hold; each of them is a number or a multiple of an atom."""
        signs = [self.sign(difference) for difference in _differences(item)]
        if None in signs:
            raise NotAGraph
        relations = [condition.relation for condition in item.conditions]
        holds = all(fulfils(sign, relation) for sign, relation in zip(signs, relations, strict=False))
        return holds and not any(signs[len(relations) :])


def _may_be(expression: Expr, sign: int) -> bool:
    """Whether some values of the symbols may give an expression a sign."""
    found = enclosure(expression, PRECISION, dict.fromkeys(expression.free_symbols, WHOLE))
    return found.holds_zero if sign == 0 else bool((found.high if sign > 0 else -found.low) > 0)


# --- one class --------------------------------------------------------------------------------------------------------


def _is_covered(
    polynomial: Expr, y: Symbol, values: _Class, active: Sequence[Expr], every: set[bool], budget: Budget
) -> bool:
    """Whether all is in order in one class of values; `every` is what the cases say that hold there."""
    try:
        coefficients = values.coefficients(polynomial, y)
    except BasePolynomialError:
        return False
    if not coefficients:
        return every == {True}  # every number is a solution: a case has to say so
    degree = len(coefficients) - 1
    if True in every or (every and active) or values.sign(coefficients[0]) is None or degree > MOST_DEGREE:
        return False
    # The active forms are roots: are they all the real ones?
    if degree < 2:
        return degree == 0 or bool(active)
    if degree == 2:
        a, b, c = coefficients
        sign = values.sign(b**2 - 4 * a * c)
        if sign in (-1, 0):
            return sign == -1 or bool(active)
    forms = [form.xreplace(values.zeros) for form in active]
    whole = sum(c * y ** (degree - i) for i, c in enumerate(coefficients))
    product_of_all = coefficients[0] * Mul(*(y - form for form in forms))
    return len(forms) == degree and is_identically_zero(whole - product_of_all, budget)
