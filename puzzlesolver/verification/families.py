"""A claimed family, put back: for all parameters that its conditions admit, are its points solutions?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise, product
from math import lcm, prod

from sympy import Dummy, Expr, Integer, Pow, Rational, Symbol, cos, cot, csc, pi, sec, sin, tan

from puzzlesolver.problem import Condition, Relation
from puzzlesolver.verification.affine import Affine, independent
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.constants import sign_of
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.expansion import is_small
from puzzlesolver.verification.identities import is_identically_zero
from puzzlesolver.verification.inequalities import Region, TooMany, inequality
from puzzlesolver.verification.intervals import ABOVE, BELOW, WHOLE, Interval, NoValue, Outside
from puzzlesolver.verification.points import words_of
from puzzlesolver.verification.requirements import POWER, requirements
from puzzlesolver.verification.shapes import determined
from puzzlesolver.verification.statements import Statements, fulfils
from puzzlesolver.verification.tape import enclosure
from puzzlesolver.verification.verdicts import Found, Verdict, worst

MOST_CLASSES = 48
"""So many classes of whole-number parameters are looked at one by one."""
SAMPLES = tuple(map(Fraction, ("0", "1", "-1", "1/2", "2", "-7/3", "5", "100")))
WHOLE_SAMPLES = (0, 1, -1, 2, 3, -2, -5)
MOST_SAMPLES = 60
PRECISION = 60
TRIGONOMETRIC = (sin, cos, tan, cot, sec, csc)


class Family:
    """One entry with parameters."""

    def __init__(self, statements: Statements, entry: Entry, budget: Budget) -> None:
        self._statements, self._entry, self._budget = statements, entry, budget
        self._values = dict(entry.values)
        self._fixed, self._is_solved = determined(entry.equalities, entry.parameters)
        space = Affine.space(len(entry.parameters))
        self._region = Region.of(entry.conditions, entry.parameters, space, is_whole=entry.is_whole)
        self._samples = list(islice(self._admitted(), MOST_SAMPLES))

    def verdict(self) -> Found:
        """Whether every member is a solution: equations, definedness, conditions, domains, dimension."""
        if not self._is_solved:
            return Found(Verdict.NOT_REPROVED, "its conditions were not solved")
        missing = [s for s in self._statements.symbols if s not in self._values]
        if missing:
            return Found(Verdict.NOT_REPROVED, f"the closed form of {missing[0]} is missing")
        if not self._samples and not self._entry.is_unconditional:
            return Found(Verdict.NOT_REPROVED, "no member was found to try")
        found = [self._independence()]
        for equation in self._statements.equations:
            found.append(self._vanishes(equation.residual, words_of(equation.origin)))
        for condition in self._needed():
            own = self._always(condition)
            is_spare = own.verdict is Verdict.FAILS and condition.origin is POWER
            found.append(Found(Verdict.NOT_REPROVED, own.words) if is_spare else own)
        for unknown in self._statements.unknowns:
            if unknown.domain.members is not None or unknown.domain.integer:
                found.append(self._in_domain(unknown.name, self._values[unknown.symbol], unknown.domain.members))
        verdict = worst(item.verdict for item in found)
        if verdict is Verdict.HOLDS:
            return Found(verdict, "put back for all its parameters")
        return next(item for item in found if item.verdict is verdict)

    def is_simple(self) -> bool:
        """Whether the only unknown is a root of the only equation at which its derivative is nowhere zero."""
        if len(self._statements.symbols) != 1 or len(self._statements.equations) != 1 or not self._is_solved:
            return False
        slope = self._placed(self._statements.equations[0].residual.diff(self._statements.symbols[0]))
        condition = Condition(Rational(0), Relation.NOT_EQUAL, slope, self._statements.equations[0].origin)
        return self._always(condition).verdict is Verdict.HOLDS

    # --- the parameters -----------------------------------------------------------------------------------------------

    def _admitted(self) -> Iterator[Mapping[Symbol, Expr]]:
        """Some parameters that keep the family's conditions."""
        if self._entry.opaque:
            return
        pools = [[_rational(t) for t in SAMPLES]] * len(self._entry.free)
        pools += [[Integer(k) for k in WHOLE_SAMPLES]] * len(self._entry.whole)
        pools += [[_rational(t) for t in SAMPLES]] * len(self._entry.names)
        edges = self._near_edges()
        for values in (*edges, *islice(product(*pools), 20 * MOST_SAMPLES)):
            self._budget.check()
            at = dict(zip(self._entry.parameters, values, strict=True))
            at |= {symbol: value.xreplace(at) for symbol, value in self._fixed.items()}
            if all(self._holds(condition, at) is True for condition in self._entry.conditions):
                yield at

    def _near_edges(self) -> list[tuple[Expr, ...]]:
        """For a single real parameter, points between and around the ends that the conditions name."""
        if len(self._entry.parameters) != 1 or self._entry.whole:
            return []
        rows = (*self._region.rows, *self._region.unequal)
        ends = sorted({-row.constant / row.factors[0] for row in rows if row.factors[0]})
        points = [*ends, *((a + b) / 2 for a, b in pairwise(ends))]
        points += [end + step for end in ends for step in (Fraction(-1, 16), Fraction(1, 16))]
        return [(_rational(p),) for p in points]

    def _holds(self, condition: Condition, at: Mapping[Symbol, Expr]) -> bool | None:
        try:
            sign = sign_of(condition.rhs.xreplace(at) - condition.lhs.xreplace(at), self._budget)
        except Outside:
            return False
        return None if sign is None else fulfils(sign, condition.relation)

    def _independence(self) -> Found:
        """The dimension: no real parameter can be done without."""
        free = self._entry.free
        used: set[Symbol] = set()
        for value in self._values.values():
            used |= value.free_symbols
        if not set(self._entry.parameters) - set(self._entry.names) <= used:
            return Found(Verdict.FAILS, "a parameter stands in none of its values")
        if all(any(value == t for value in self._values.values()) for t in free):
            return Found(Verdict.HOLDS, "")
        family = self._entry.affine(self._statements.symbols)
        if family is None:
            return Found(Verdict.NOT_REPROVED, "the dimension was not re-proved")
        if independent(family.directions[: len(free)], self._budget):
            return Found(Verdict.HOLDS, "")
        return Found(Verdict.FAILS, "the dimension is smaller than claimed")

    # --- equations ----------------------------------------------------------------------------------------------------

    def _vanishes(self, residual: Expr, words: str) -> Found:
        placed = self._placed(residual)
        if all(is_identically_zero(case, self._budget) for case in self._classes(placed)):
            return Found(Verdict.HOLDS, "")
        for at in self._samples:
            try:
                sign = sign_of(placed.xreplace(at), self._budget)
            except Outside:
                return Found(Verdict.FAILS, f"{words} is not defined for {_shown(at)}")
            if sign:
                return Found(Verdict.FAILS, f"{words} is not fulfilled for {_shown(at)}")
        return Found(Verdict.NOT_REPROVED, f"{words} was not shown to hold for all parameters")

    def _classes(self, expression: Expr) -> list[Expr]:
        """The expression for every class of whole-number parameters within which the angles repeat."""
        moduli = []
        for k in self._entry.whole:
            denominators = [1]
            for part in expression.atoms(*TRIGONOMETRIC):
                turns = part.args[0].expand().coeff(k) / pi
                if isinstance(turns, Rational):
                    denominators.append(2 * int(turns.q))
            if any(part.base == -1 and part.exp.has(k) for part in expression.atoms(Pow)):
                denominators.append(2)
            moduli.append(lcm(*denominators))
        if prod(moduli) > MOST_CLASSES or prod(moduli) == 1:
            return [expression]
        cases = []
        for residues in product(*(range(m) for m in moduli)):
            at = {
                k: m * Dummy(str(k), integer=True) + r
                for k, m, r in zip(self._entry.whole, moduli, residues, strict=True)
                if m > 1
            }
            cases.append(expression.xreplace(at))
        return cases

    # --- conditions ---------------------------------------------------------------------------------------------------

    def _needed(self) -> Iterator[Condition]:
        for condition in (*self._statements.relations(), *self._statements.bounds()):
            yield Condition(
                self._placed(condition.lhs), condition.relation, self._placed(condition.rhs), condition.origin
            )
        for value in self._values.values():
            yield from requirements(value.xreplace(self._fixed))

    def _placed(self, expression: Expr) -> Expr:
        """An expression of the puzzle at the family's points."""
        return expression.xreplace(self._values).xreplace(self._fixed)

    def _always(self, condition: Condition) -> Found:
        """Whether a condition on the parameters follows from the family's own."""
        words = f"{condition.lhs} {condition.relation.value} {condition.rhs}"[:100]
        verdict = self._follows(condition)
        if verdict is Verdict.HOLDS:
            return Found(verdict, "")
        for at in (*self._samples, *self._where_it_breaks(condition)):
            if self._holds(condition, at) is False:
                return Found(Verdict.FAILS, f"{words} is broken for {_shown(at)}")
        if verdict is Verdict.FAILS:
            return Found(verdict, f"{words} is broken")
        return Found(Verdict.NOT_REPROVED, f"{words} was not shown to hold for all parameters")

    def _where_it_breaks(self, condition: Condition) -> Iterator[Mapping[Symbol, Expr]]:
        """Admitted members at and beside the zeros of an affine condition in a single real parameter."""
        row = inequality(condition, self._entry.parameters)
        used = [] if row is None else [j for j, factor in enumerate(row.factors) if factor]
        if row is None or len(used) != 1 or self._entry.parameters[used[0]] in self._entry.whole:
            return
        zero = -row.constant / row.factors[used[0]]
        for step in (Fraction(0), Fraction(1), Fraction(-1)):
            for sample in self._samples[:5]:
                at = {**sample, self._entry.parameters[used[0]]: _rational(zero + step)}
                if all(self._holds(own, at) is True for own in self._entry.conditions):
                    yield at

    def _follows(self, condition: Condition) -> Verdict:
        """The verdict on a condition, for every class of whole-number parameters by itself."""
        return worst(
            self._follows_plainly(Condition(Rational(0), condition.relation, case, condition.origin))
            for case in self._classes(condition.rhs - condition.lhs)
        )

    def _follows_plainly(self, condition: Condition) -> Verdict:
        difference = condition.rhs - condition.lhs
        if not difference.free_symbols & set(self._entry.parameters):
            holds = self._holds(condition, {})
            return Verdict.NOT_REPROVED if holds is None else Verdict.HOLDS if holds else Verdict.FAILS
        if any(_says_the_same(condition, own, self._budget) for own in self._entry.conditions):
            return Verdict.HOLDS
        try:
            row = inequality(condition, self._entry.parameters)
            if row is not None and self._region.implies(row, condition.relation, self._budget):
                return Verdict.HOLDS
        except TooMany:
            pass
        return Verdict.HOLDS if self._by_intervals(difference, condition.relation) else Verdict.NOT_REPROVED

    def _by_intervals(self, difference: Expr, relation: Relation) -> bool:
        """The sign over the box around all admitted parameters."""
        at = {}
        for j, parameter in enumerate(self._entry.parameters):
            at[parameter] = WHOLE
            for row in self._region.rows:
                if row.factors[j] and not any(f for i, f in enumerate(row.factors) if i != j):
                    end = Interval.of(-row.constant / row.factors[j])
                    at[parameter] &= Interval(end.low, ABOVE) if row.factors[j] > 0 else Interval(BELOW, end.high)
        try:
            value = enclosure(difference, PRECISION, at)
        except NoValue:
            return False
        if relation is Relation.NOT_EQUAL:
            return not value.holds_zero
        return fulfils(value.low, relation)

    # --- domains ------------------------------------------------------------------------------------------------------

    def _in_domain(self, name: str, value: Expr, members: Sequence[Expr] | None) -> Found:
        """Whether all values are whole numbers, or members of a list."""
        parameters = set(self._entry.parameters)
        if not value.free_symbols & parameters:
            holds = (
                any(self._is_zero(value - member) for member in members)
                if members is not None
                else (isinstance(value, Integer))
            )
            return Found(Verdict.HOLDS, "") if holds else Found(Verdict.FAILS, f"{name} is outside its domain")
        if members is None and value.is_polynomial(*parameters):
            polynomial = value.as_poly(*self._entry.parameters)
            whole = polynomial is not None and all(isinstance(c, Integer) for c in polynomial.coeffs())
            if whole and not value.free_symbols & set(self._entry.free):
                return Found(Verdict.HOLDS, "")
        for at in self._samples:
            found = value.xreplace(at)
            outside = (
                isinstance(found, Rational) and not isinstance(found, Integer)
                if members is None
                else (isinstance(found, Rational) and found not in members)
            )
            if outside:
                return Found(Verdict.FAILS, f"{name} is outside its domain for {_shown(at)}")
        return Found(Verdict.NOT_REPROVED, f"{name} was not shown to stay in its domain")

    def _is_zero(self, expression: Expr) -> bool:
        return sign_of(expression, self._budget) == 0


def _says_the_same(needed: Condition, own: Condition, budget: Budget) -> bool:
    """Whether two conditions are the same up to a positive factor, or the own one is the stricter of the two."""
    if needed.relation is not own.relation and own.relation is not Relation.LESS:
        return False
    if not is_small(needed.rhs - needed.lhs):
        return False
    one, other = (needed.rhs - needed.lhs).expand(), (own.rhs - own.lhs).expand()
    ratio = (one / other).cancel() if other != 0 else None
    if ratio is None or ratio.free_symbols:
        return False
    sign = sign_of(ratio, budget)
    return sign == 1 or (sign == -1 and needed.relation is Relation.NOT_EQUAL)


def _rational(number: Fraction) -> Rational:
    return Rational(number.numerator, number.denominator)


def _shown(at: Mapping[Symbol, Expr]) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in at.items())
