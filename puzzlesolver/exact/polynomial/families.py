"""Families of solutions written out: every unknown in terms of the free ones, with the conditions on these.

In: a `FamilyPiece` of `cover` and the problem's symbols. Out: `ConditionalFamily`s, one for every choice of the roots'
signs in it, with conditions on the free symbols, the problem's own among them, and a simple sample point that keeps
them all. On a curve, which has one free unknown, also the places where an inequality can begin or cease to hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, pairwise, product

from flint import fmpz_mpoly, fmpz_mpoly_ctx, fmpz_poly
from sympy import Abs, Add, Expr, Integer, Pow, Rational, Symbol, cancel, degree, fraction, sign, sqrt, together

from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.arithmetic.real_roots import isolate_real_roots
from puzzlesolver.exact import limits
from puzzlesolver.exact.polynomial.closed_forms import coordinate_polynomial
from puzzlesolver.exact.polynomial.cover import FamilyPiece, StepKind, TriangularStep
from puzzlesolver.exact.polynomial.finite import Finite, solve_subsystem
from puzzlesolver.exact.polynomial.quadratics import discriminant, square_part
from puzzlesolver.exact.polynomial.ring import coefficients_in, factors_of, to_sympy, unknowns_of
from puzzlesolver.problem import Condition, Problem, Relation
from puzzlesolver.proof.implication import NoValue, decided, follows, put_in
from puzzlesolver.proof.verdict import Verdict

SymbolValues = Mapping[Symbol, Expr]


class DiscreteFamily(LeftOpen, ArithmeticError):
    """A family with a whole-number unknown or a list of values: that takes other methods."""


@dataclass(frozen=True, slots=True)
class ConditionalFamily:
    """``symbol = values[symbol]`` for all unknowns, wherever `conditions` hold for the free symbols."""

    values: SymbolValues
    free: tuple[Symbol, ...]
    conditions: tuple[Condition, ...]


def parametrisations(family: FamilyPiece, symbols: Sequence[Symbol]) -> list[ConditionalFamily]:
    """The parametrisations of a family, over all choices of signs, with the conditions that its steps bring."""
    free = tuple(symbols[i] for i in family.piece.active)
    found = [ConditionalFamily({symbol: symbol for symbol in free}, free, ())]
    for step in reversed(family.piece.steps):
        found = [extended for partial in found for extended in _with_step(partial, step, symbols)]
    return found


def _with_step(
    partial: ConditionalFamily, step: TriangularStep, symbols: Sequence[Symbol]
) -> Iterator[ConditionalFamily]:
    """One more unknown: its value, or its two values, and when they are real numbers. None where they never are."""
    parts = coefficients_in(step.equation, step.unknown)
    exponent = max(parts)
    top, constant = (
        _simple(to_sympy(parts[k], symbols).xreplace(partial.values)) if k in parts else Integer(0)
        for k in (exponent, 0)
    )
    wanted = [
        arranged(_simple(to_sympy(factor, symbols).xreplace(partial.values)), Relation.NOT_EQUAL)
        for factor in factors_of([parts[exponent]])
    ]
    match step.kind:
        case StepKind.LINEAR:
            results = [] if top == 0 else [_simple(-constant / top)]
        case StepKind.QUADRATIC:
            root, core = _discriminant_root(step, symbols, partial.values)
            wanted.append(arranged(core, Relation.AT_MOST))
            middle = to_sympy(parts[1], symbols).xreplace(partial.values) if 1 in parts else Integer(0)
            if top == 0:
                results = []
            else:
                centre, half = _simple(-middle / (2 * top)), _simple(root / (2 * top)) * sqrt(core)
                results = [centre + half, centre - half]
        case StepKind.POWER:
            value = Integer(0) if top == 0 else _simple(-constant / top)
            if exponent % 2:
                results = [sign(value) * Pow(Abs(value), Rational(1, exponent))]
            else:
                wanted.append(arranged(value, Relation.AT_MOST))
                results = [Pow(value, Rational(1, exponent)), -Pow(value, Rational(1, exponent))]
    conditions = _without_constants((*partial.conditions, *wanted))
    if conditions is not None:
        for result in results:
            yield ConditionalFamily({**partial.values, symbols[step.unknown]: result}, partial.free, conditions)


def _without_constants(conditions: Sequence[Condition]) -> tuple[Condition, ...] | None:
    """The conditions that are not simply true, each once; None where one is simply false."""
    kept = []
    for condition in conditions:
        verdict = Verdict.UNDECIDED if condition.symbols else decided(condition)
        if verdict is Verdict.FAILS:
            return None
        if verdict is Verdict.UNDECIDED:
            kept.append(condition)
    return tuple(dict.fromkeys(kept))


def _discriminant_root(step: TriangularStep, symbols: Sequence[Symbol], values: SymbolValues) -> tuple[Expr, ...]:
    """s and q with the discriminant s²·q, the values put in."""
    square, core = square_part(discriminant(step.equation, step.unknown))
    return tuple(_simple(to_sympy(part, symbols).xreplace(values)) for part in (square, core))


def _simple(expression: Expr) -> Expr:
    """Rational functions cancelled, others left as they are."""
    return cancel(expression) if expression.is_rational_function() else expression


def arranged(expression: Expr, relation: Relation) -> Condition:
    """``0 relation expression`` in a readable form: a single symbol alone, else positive terms on both sides."""
    if not expression.is_rational_function():
        return Condition(Integer(0), relation, expression)
    top, bottom = fraction(together(expression))
    if relation is not Relation.NOT_EQUAL and bottom.free_symbols:
        return Condition(Integer(0), relation, cancel(expression))
    _, expanded = (top if relation is Relation.NOT_EQUAL else expression).expand().as_content_primitive()
    symbols = sorted(expanded.free_symbols, key=str)
    if len(symbols) == 1 and expanded.is_polynomial(*symbols) and degree(expanded, symbols[0]) == 1:
        slope, start = expanded.coeff(symbols[0], 1), expanded.coeff(symbols[0], 0)
        if relation is Relation.NOT_EQUAL or slope.is_negative:
            return Condition(symbols[0], relation, -start / slope)
        return Condition(-start / slope, relation, symbols[0])
    if relation is Relation.NOT_EQUAL:
        return Condition(expanded, relation, Integer(0))
    negative = [term for term in Add.make_args(expanded) if term.could_extract_minus_sign()]
    left = Add(*negative)
    return Condition(-left, relation, expanded - left)


# --- the problem's own conditions -------------------------------------------------------------------------------------


def demands(problem: Problem) -> list[Condition]:
    """Conditions and domains as plain relations. Raises NotSupported."""
    for unknown in problem.unknowns:
        if unknown.domain.integer or unknown.domain.members is not None:
            raise DiscreteFamily(Why.LISTED_ON_FAMILY(unknown.name))
    return list(problem.demands())


def restricted(family: ConditionalFamily, wanted: Sequence[Condition]) -> ConditionalFamily | None:
    """The family under the problem's conditions too; None where one of them fails on all of it. Raises NoValue."""
    conditions = list(family.conditions)
    for condition in wanted:
        here = condition.mapped(lambda side: put_in(side, family.values))
        difference = here.lhs - here.rhs
        if not difference.free_symbols:
            verdict = decided(here)
            if verdict is Verdict.FAILS:
                return None
            if verdict is Verdict.HOLDS:
                continue
        if follows(here, conditions) is not Verdict.HOLDS:
            conditions.append(arranged(here.rhs - here.lhs, here.relation))
    return ConditionalFamily(family.values, family.free, tuple(dict.fromkeys(conditions)))


# --- samples ----------------------------------------------------------------------------------------------------------


def sample(family: ConditionalFamily) -> SymbolValues | None:
    """A simple point of the family at which every inequality is strict: around it the family has its full dimension."""
    best: tuple[tuple[int, ...], SymbolValues] | None = None
    for numbers in islice(_parameters(len(family.free)), limits.MOST_SAMPLES):
        values = values_at(family, numbers)
        if isinstance(values, Verdict):
            continue
        rank = _plainness(values)
        if best is None or rank < best[0]:
            best = rank, values
        if best[0][:2] == (0, 0) or (best[0][0] == 0 and sum(map(abs, numbers)) > 6) or len(family.free) > 3:
            break
    return best[1] if best is not None else None


def values_at(family: ConditionalFamily, numbers: Sequence[Rational]) -> SymbolValues | Verdict:
    """All values at a point of the free symbols, where every inequality is strict; FAILS where one is proved not to be.

    UNDECIDED where that could not be told.
    """
    point = dict(zip(family.free, numbers, strict=True))
    try:
        verdicts = []
        for condition in family.conditions:
            relation = Relation.LESS if condition.relation is Relation.AT_MOST else condition.relation
            verdicts.append(decided(replace(condition, relation=relation).mapped(lambda side: put_in(side, point))))
        if Verdict.FAILS in verdicts:
            return Verdict.FAILS
        values = {symbol: put_in(value, point) for symbol, value in family.values.items()}
    except NoValue:
        return Verdict.UNDECIDED
    sound = all(value.is_finite and value.is_real for value in values.values())
    return values if sound and Verdict.UNDECIDED not in verdicts else Verdict.UNDECIDED


def _parameters(dimension: int) -> Iterator[tuple[Rational, ...]]:
    """Parameter values: small whole numbers, then simple fractions."""
    scale = [Integer(k) for k in (1, 2, 0, 3, -1, 4, 5, -2, -3, 6, 7, 8, -4, -5, 10, 12)]
    parts = [Rational(p, q) for q in (2, 3, 4, 5, 10) for p in range(-2 * q, 2 * q + 1) if Rational(p, q).q == q]
    few = scale[: 16 if dimension == 1 else 7 if dimension == 2 else 4]
    yield from sorted(product(few, repeat=dimension), key=lambda numbers: sum(map(abs, numbers)))
    yield from product(parts if dimension == 1 else parts[:6] + few, repeat=dimension)


def _plainness(values: SymbolValues) -> tuple[int, ...]:
    """What makes a point simple: no roots, whole, without negative numbers, small."""
    numbers = list(values.values())
    rational = all(number.is_Rational for number in numbers)
    whole = all(number.is_Integer for number in numbers)
    size = sum(abs(int(number)) for number in numbers) if whole else 0
    return int(not rational), int(not whole), int(any(number.is_negative for number in numbers)), size


def walls(family: FamilyPiece, polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> list[fmpz_poly] | None:
    """The polynomials in the free unknown; None where there may be infinitely many such places, or too large ones.

    A place is the y of a point where one of `polynomials` vanishes, or where a step's leading coefficient or
    discriminant vanishes on the curve of the steps after it. Between two neighbouring places every branch of the curve
    is either defined and continuous or nowhere defined, and no sign changes along it: so one rational y out of every
    such interval decides about all the points but finitely many.
    """
    steps = family.piece.steps
    questions = [(polynomial, steps) for polynomial in polynomials]
    for number, step in enumerate(steps):
        questions += [(polynomial, steps[number + 1 :]) for polynomial in _own_walls(step)]
    found: list[fmpz_poly] = []
    for polynomial, later in questions:
        if polynomial.is_constant():
            continue
        places = _places(polynomial, later, family.piece.active[0], context)
        if places is None:
            return None
        found += places
    return found


def between(polynomials: Sequence[fmpz_poly]) -> Iterator[tuple[Rational]]:
    """A rational number out of every interval that the real roots leave."""
    product = fmpz_poly([1])
    for polynomial in polynomials:
        product *= polynomial
    squarefree = product // product.gcd(product.derivative()) if product.degree() > 0 else product
    ends = sorted({end for interval in isolate_real_roots(squarefree) for end in interval}) or [Fraction(0)]
    middles = [(a + b) / 2 for a, b in pairwise(ends)]
    for number in sorted([ends[0] - 1, *ends, *middles, ends[-1] + 1]):
        yield (Rational(number.numerator, number.denominator),)


def _own_walls(step: TriangularStep) -> list[fmpz_mpoly]:
    parts = coefficients_in(step.equation, step.unknown)
    bounds = [parts[max(parts)]]
    if step.kind is StepKind.QUADRATIC:
        bounds.append(discriminant(step.equation, step.unknown))
    if step.kind is StepKind.POWER and 0 in parts:
        bounds.append(parts[0])
    return bounds


def _places(
    polynomial: fmpz_mpoly, steps: Sequence[TriangularStep], free: int, context: fmpz_mpoly_ctx
) -> list[fmpz_poly] | None:
    """The polynomials of the y at which a polynomial vanishes on the curve of some steps."""
    unknowns = sorted({free, *(step.unknown for step in steps)})
    if not set(unknowns_of([polynomial])) <= set(unknowns):
        return None
    leading = []
    for step in steps:
        parts = coefficients_in(step.equation, step.unknown)
        if not parts[max(parts)].is_constant():
            leading.append(parts[max(parts)])
    found = solve_subsystem([*(step.equation for step in steps), polynomial], unknowns, leading, context)
    if isinstance(found, tuple):
        return None
    if not isinstance(found, Finite):
        return []
    places = [
        coordinate_polynomial(branch, unknowns.index(free), limits.MOST_CURVE_DEGREE)
        for branch in found.branches
        if branch.roots
    ]
    known = [place for place in places if place is not None]
    return known if len(known) == len(places) else None
