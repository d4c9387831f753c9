"""A claimed family, put back: for all parameters that its conditions admit, are its points solutions?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise, product
from math import lcm, prod

from sympy import Dummy, Expr, Integer, Poly, Pow, Rational, Symbol, pi

from puzzlesolver.problem import Condition, Relation
from puzzlesolver.verification.affine import Affine, independent
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.constants import sign_of
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.identities import is_identically_zero
from puzzlesolver.verification.inequalities import Region, TooMany, inequality
from puzzlesolver.verification.intervals import ABOVE, BELOW, WHOLE, Interval, NoValue, Outside
from puzzlesolver.verification.points import words_of
from puzzlesolver.verification.requirements import NOWHERE, POWER, requirements
from puzzlesolver.verification.shapes import CIRCULAR, determined, is_small, to_sympy
from puzzlesolver.verification.statements import Statements, fulfils
from puzzlesolver.verification.tape import enclosure
from puzzlesolver.verification.verdicts import Found, Verdict, worst

MOST_CLASSES = 48
"""So many classes of whole-number parameters are looked at one by one."""
SAMPLES = tuple(map(Fraction, ("0", "1", "-1", "1/2", "2", "-7/3", "5", "100")))
WHOLE_SAMPLES = (0, 1, -1, 2, 3, -2, -5)
MOST_SAMPLES = 60
STEPS = tuple(map(Fraction, ("-1/16", "1/16", "-1", "1")))
PRECISION = 60


class Family:
    """One entry with parameters."""

    def __init__(self, statements: Statements, entry: Entry, budget: Budget) -> None:
        self._statements, self._entry, self._budget = statements, entry, budget
        self._values = dict(entry.values)
        self._fixed, self._is_solved = determined(entry.equalities, entry.parameters)
        space = Affine.space(len(entry.parameters))
        self._region = Region.of(entry.conditions, entry.parameters, space, is_whole=entry.is_whole)
        self._needed = list(self._all_needed())
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
            found.append(self._always(self._placed(equation.residual), None, words_of(equation.origin)))
        for condition in self._needed:
            words = f"{condition.lhs} {condition.relation.value} {condition.rhs}"[:100]
            own = self._always(condition.rhs - condition.lhs, condition.relation, words)
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
        return self._always(slope, Relation.NOT_EQUAL, "").verdict is Verdict.HOLDS

    # --- the parameters ----------------------------------------------------------------------------------------------

    def _admitted(self) -> Iterator[Mapping[Symbol, Expr]]:
        """Some parameters that keep the family's conditions."""
        if self._entry.opaque:
            return
        pools = [
            list(map(to_sympy, WHOLE_SAMPLES if t in self._entry.whole else SAMPLES)) for t in self._entry.parameters
        ]
        edges = dict.fromkeys(self._near_edges(pools))
        for values in (*edges, *islice(product(*pools), 20 * MOST_SAMPLES)):
            self._budget.check()
            at = dict(zip(self._entry.parameters, values, strict=True))
            at |= {symbol: value.xreplace(at) for symbol, value in self._fixed.items()}
            if all(self._holds(c.rhs - c.lhs, c.relation, at) is True for c in self._entry.conditions):
                yield at

    def _near_edges(self, pools: Sequence[Sequence[Expr]]) -> Iterator[tuple[Expr, ...]]:
        """Points between and around the ends that conditions on a single real parameter name."""
        rows = [inequality(c, self._entry.parameters) for c in (*self._entry.conditions, *self._needed)]
        for j, parameter in enumerate(self._entry.parameters):
            own = [row for row in rows if row is not None and row.is_of_only(j)]
            ends = [] if parameter in self._entry.whole else sorted({-row.constant / row.factors[j] for row in own})
            between = [(a + b) / 2 for a, b in pairwise(ends)]
            for point in (*ends, *between, *(end + step for end in ends for step in STEPS)):
                for others in islice(product(*pools), 3):
                    yield (*others[:j], to_sympy(point), *others[j + 1 :])

    def _holds(self, expression: Expr, relation: Relation | None, at: Mapping[Symbol, Expr]) -> bool | None:
        """Whether an expression is zero, or in a relation to zero, for some parameters; None where that is open."""
        try:
            sign = sign_of(expression.xreplace(dict(at)), self._budget)
        except Outside:
            return False
        return None if sign is None else sign == 0 if relation is None else fulfils(sign, relation)

    def _independence(self) -> Found:
        """The dimension: no real parameter can be done without."""
        free = self._entry.free
        used: set[Symbol] = set()
        for value in self._values.values():
            used |= value.free_symbols
        for condition in self._entry.conditions:  # a whole number may move the ends of a parameter's range
            used |= condition.symbols - set(free)
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

    # --- what has to hold for all parameters --------------------------------------------------------------------------

    def _classes(self, expression: Expr) -> list[Expr]:
        """The expression for every class of whole-number parameters within which the angles repeat."""
        moduli = []
        for k in self._entry.whole:
            denominators = [1]
            for part in expression.atoms(*CIRCULAR):
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

    def _all_needed(self) -> Iterator[Condition]:
        for condition in (*self._statements.relations(), *self._statements.bounds()):
            sides = self._placed(condition.lhs), self._placed(condition.rhs)
            yield Condition(sides[0], condition.relation, sides[1], condition.origin)
        for value in self._values.values():
            yield from requirements(value.xreplace(self._fixed))

    def _placed(self, expression: Expr) -> Expr:
        """An expression of the puzzle at the family's points."""
        return expression.xreplace(self._values).xreplace(self._fixed)

    def _always(self, expression: Expr, relation: Relation | None, words: str) -> Found:
        """Whether an expression is zero, or in a relation to zero, for all parameters that are admitted."""
        verdict = worst(self._follows(case, relation) for case in self._classes(expression))
        if verdict is Verdict.HOLDS:
            return Found(verdict, "")
        for at in self._samples:
            if self._holds(expression, relation, at) is False:
                return Found(Verdict.FAILS, f"{words} is broken for {_shown(at)}")
        if verdict is Verdict.FAILS:
            return Found(verdict, f"{words} is broken")
        return Found(Verdict.NOT_REPROVED, f"{words} was not shown to hold for all parameters")

    def _follows(self, difference: Expr, relation: Relation | None) -> Verdict:
        """The verdict for one class of whole-number parameters."""
        if relation is None:
            return Verdict.HOLDS if is_identically_zero(difference, self._budget) else Verdict.NOT_REPROVED
        if not difference.free_symbols & set(self._entry.parameters):
            holds = self._holds(difference, relation, {})
            return Verdict.NOT_REPROVED if holds is None else Verdict.HOLDS if holds else Verdict.FAILS
        condition = Condition(Integer(0), relation, difference, NOWHERE)
        if any(_says_the_same(condition, own, self._budget) for own in self._entry.conditions):
            return Verdict.HOLDS
        try:
            row = inequality(condition, self._entry.parameters)
            if row is not None and self._region.implies(row, relation, self._budget):
                return Verdict.HOLDS
            return Verdict.HOLDS if self._by_intervals(difference, relation) else Verdict.NOT_REPROVED
        except (TooMany, NoValue):
            return Verdict.NOT_REPROVED

    def _by_intervals(self, difference: Expr, relation: Relation) -> bool:
        """The sign over the box around all admitted parameters."""
        at = {}
        for j, parameter in enumerate(self._entry.parameters):
            at[parameter] = WHOLE
            for row in self._region.rows:
                if row.is_of_only(j):
                    end = Interval.of(-row.constant / row.factors[j])
                    at[parameter] &= Interval(end.low, ABOVE) if row.factors[j] > 0 else Interval(BELOW, end.high)
        value = enclosure(difference, PRECISION, at)
        return not value.holds_zero if relation is Relation.NOT_EQUAL else fulfils(value.low, relation)

    # --- domains ------------------------------------------------------------------------------------------------------

    def _in_domain(self, name: str, value: Expr, members: Sequence[Expr] | None) -> Found:
        """Whether all values are whole numbers, or members of a list."""
        parameters = self._entry.parameters
        if not value.free_symbols & set(parameters):
            listed = any(sign_of(value - member, self._budget) == 0 for member in members or ())
            holds = isinstance(value, Integer) if members is None else listed
            return Found(Verdict.HOLDS, "") if holds else Found(Verdict.FAILS, f"{name} is outside its domain")
        if members is None and value.is_polynomial(*parameters) and not value.free_symbols & set(self._entry.free):
            if all(isinstance(c, Integer) for c in Poly(value, *parameters).coeffs()):
                return Found(Verdict.HOLDS, "")
        for at in self._samples:
            found = value.xreplace(at)
            inside = isinstance(found, Integer) if members is None else found in members
            if isinstance(found, Rational) and not inside:
                return Found(Verdict.FAILS, f"{name} is outside its domain for {_shown(at)}")
        return Found(Verdict.NOT_REPROVED, f"{name} was not shown to stay in its domain")


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


def _shown(at: Mapping[Symbol, Expr]) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in at.items())
