"""One unknown that stands only in sines, cosines and tangents: all solutions, counted within one period.

With ``c = cos(w x)`` and ``s = sin(w x)`` the equations become polynomials on the circle ``c**2 + s**2 = 1``, the real
points of which are the x of one period. Claimed families ``x = a + b*k`` are counted there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, lcm

from flint import ctx
from sympy import Add, Dummy, Expr, Rational, Symbol, cos, expand_trig, pi, simplify, sin

from puzzlesolver.problem import Condition
from puzzlesolver.verification.algebra import NotPolynomial, admitted, polynomial_system
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.intervals import NoValue
from puzzlesolver.verification.root_set import RootSet
from puzzlesolver.verification.shapes import CIRCULAR, affine_in, is_small
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.tape import enclosure
from puzzlesolver.verification.verdicts import Found, Verdict

MOST_MULTIPLE = 24
MOST_RESIDUES = 200
PRECISION = 120


class NotPeriodic(ValueError):
    """The statements are not of this kind."""


def covers_periods(statements: Statements, entries: Sequence[Entry], budget: Budget) -> Found:
    """Whether the entries hold every solution. Raises `NotPeriodic`, and what counting the roots raises."""
    if len(statements.unknowns) != 1 or not statements.unknowns[0].domain.is_real_line:
        raise NotPeriodic
    x = statements.symbols[0]
    expressions = [equation.residual for equation in statements.equations]
    if not all(map(is_small, expressions)):
        raise NotPeriodic
    conditions = list(statements.relations())
    frequency = _frequency([*expressions, *(c.rhs - c.lhs for c in conditions)], x)
    circle = _Circle(x, frequency)
    try:
        system = polynomial_system(
            [*(circle.placed(e) for e in expressions), circle.c**2 + circle.s**2 - 1],
            [Condition(circle.placed(c.lhs), c.relation, circle.placed(c.rhs), c.origin) for c in conditions],
            (circle.c, circle.s),
        )
    except NotPolynomial:
        raise NotPeriodic from None
    count = sum(1 for _ in admitted(RootSet(system.polynomials, system.symbols, budget), system))
    residues = _residues(entries, x, 2 * pi / frequency)
    if residues is None or not _are_distinct(residues):
        return Found(Verdict.NOT_REPROVED, "the families were not counted within one period")
    if len(residues) < count:
        return Found(
            Verdict.FAILS, f"there are {count} solutions in each period, and the families hold {len(residues)}"
        )
    if len(residues) > count:
        return Found(Verdict.NOT_REPROVED, "the families hold more than the solutions of one period")
    return Found(Verdict.HOLDS, f"{count} solutions in each period, counted on the circle by exact algebra")


def _frequency(expressions: Sequence[Expr], x: Symbol) -> Expr:
    """The positive w of which every angle's factor is a whole multiple."""
    factors = []
    for expression in expressions:
        for part in expression.atoms(*CIRCULAR):
            if part.has(x):
                factor, _ = _angle(part.args[0], x)
                factors.append(factor)
    if not factors:
        raise NotPeriodic
    first = factors[0]
    ratios = [simplify(factor / first) for factor in factors]
    if not all(isinstance(ratio, Rational) for ratio in ratios):
        raise NotPeriodic
    common = lcm(*(int(ratio.q) for ratio in ratios))
    divisor = gcd(*(int(ratio * common) for ratio in ratios))
    frequency = first * Rational(divisor, common)
    if not (frequency.is_positive or frequency.is_negative):
        raise NotPeriodic
    return frequency if frequency.is_positive else -frequency


def _angle(argument: Expr, x: Symbol) -> tuple[Expr, Expr]:
    """Factor and constant of an angle that is affine in x."""
    form = affine_in(argument, x)
    if form is None:
        raise NotPeriodic
    return form


class _Circle:
    """Trigonometric expressions as polynomials in ``c = cos(w x)`` and ``s = sin(w x)``."""

    def __init__(self, x: Symbol, frequency: Expr) -> None:
        self.x, self._frequency = x, frequency
        self.c, self.s, self._turn = (Dummy(name, real=True) for name in ("c", "s", "t"))

    def placed(self, expression: Expr) -> Expr:
        plain = expression.rewrite(CIRCULAR, cos)
        found = plain.xreplace({part: self._of(part) for part in plain.atoms(sin, cos) if part.has(self.x)})
        if found.has(self.x, self._turn):
            raise NotPeriodic
        return found

    def _of(self, part: Expr) -> Expr:
        factor, constant = _angle(part.args[0], self.x)
        multiple = simplify(factor / self._frequency)
        if not multiple.is_Integer or abs(multiple) > MOST_MULTIPLE:
            raise NotPeriodic
        on_circle = {cos(self._turn): self.c, sin(self._turn): self.s}
        return expand_trig(part.func(multiple * self._turn + constant)).xreplace(on_circle)


def _residues(entries: Sequence[Entry], x: Symbol, period: Expr) -> list[Expr] | None:
    """One value for every solution that the families hold in one period; None where they are not of the kind."""
    residues: list[Expr] = []
    for entry in entries:
        if entry.free or len(entry.whole) != 1 or not entry.is_unconditional or x not in entry.values:
            return None
        form = affine_in(entry.values[x], entry.whole[0])
        if form is None or form[0] == 0:
            return None
        step, start = form
        times = simplify(period / step)
        if not times.is_Integer or abs(times) > MOST_RESIDUES:
            return None
        residues += [Add(start, step * j) / period for j in range(abs(int(times)))]
        if len(residues) > MOST_RESIDUES:
            return None
    return residues


def _are_distinct(turns: Sequence[Expr]) -> bool:
    """Whether no two of these differ by a whole number."""
    try:
        boxes = [enclosure(turn, PRECISION) for turn in turns]
    except NoValue:
        return False
    with ctx.workprec(PRECISION):
        differences = [one - other for number, one in enumerate(boxes) for other in boxes[:number]]
    return not any(not difference.is_bounded or difference.whole_numbers for difference in differences)
