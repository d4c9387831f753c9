"""That a box holds no solutions but the known ones, by cutting it into pieces until each says so.

A piece is done when intervals show it to hold no solution, or to hold at most one and a known one. Where neither is
seen, or where the time runs out, the question stays open. A zero that the Newton test finds and that is none of the
known ones either breaks a condition, or is a solution that was missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mpmath.libmp import finf, fninf, from_int, from_rational, fzero, mpf_abs, mpf_cmp, mpf_mul, mpf_sign
from sympy import Expr, oo

from puzzlesolver.problem import Relation
from puzzlesolver.verification import intervals as iv
from puzzlesolver.verification.budget import Budget, OutOfTime
from puzzlesolver.verification.constants import Undefined, enclosure, sign_of
from puzzlesolver.verification.intervals import Interval, Outside
from puzzlesolver.verification.newton import Box, Finding, inflated, is_injective, isolate, newton_step, refine
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.tails import has_dominant_term
from puzzlesolver.verification.tape import NotOnTape, Tape
from puzzlesolver.verification.verdicts import Found, Verdict, worst

PRECISION = 60
REFINED = 200
FARTHEST = 2**40
"""A piece that begins beyond this and still has no end is given up."""
SMALLEST = Fraction(1, 2**44)
"""A piece that is not wider, relative to its place, is given up."""
MARGIN_BITS = 4
"""A piece is tested with a margin of this part of its width."""


class Bisection:
    """One search. `known` are enclosures of solutions, each proved to hold one. Raises `NotOnTape` on making it."""

    def __init__(self, statements: Statements, known: Sequence[Sequence[Interval]], budget: Budget) -> None:
        self._statements = statements
        self._symbols = statements.symbols
        self._budget = budget
        self._tape = Tape([equation.residual for equation in statements.equations], self._symbols)
        self._zero = [iv.ZERO] * len(statements.equations)
        self._conditions = [*statements.relations(), *statements.bounds()]
        differences = [condition.rhs - condition.lhs for condition in self._conditions]
        self._condition_tape = Tape(differences, self._symbols)
        self._wanted = [
            iv.WHOLE if condition.relation is Relation.NOT_EQUAL else (fzero, finf) for condition in self._conditions
        ]
        self._known = [list(box) for box in known]
        self._excluded: list[Box] = []

    def run(self) -> Found:
        """Go through everything, or until the time is over."""
        pieces = 0
        if not all(is_injective(self._tape, inflated(box, PRECISION, 0), PRECISION) for box in self._known):
            return Found(Verdict.NOT_REPROVED, "a solution in the list is singular, and intervals do not isolate it")
        try:
            stack = [self._start()]
            while stack:
                self._budget.check()
                pieces += 1
                verdict, rest = self._look_at(stack.pop())
                if verdict is not None:
                    return Found(verdict, self._words(verdict, rest))
                stack.extend(rest)
        except OutOfTime:
            return Found(Verdict.NOT_REPROVED, f"the time ended after {pieces} boxes")
        return Found(Verdict.HOLDS, f"interval bisection of the whole domain, {pieces} boxes")

    def _start(self) -> Box:
        return [_domain_interval(unknown.domain.low, unknown.domain.high) for unknown in self._statements.unknowns]

    def _words(self, verdict: Verdict, boxes: Sequence[Box]) -> str:
        near = ""
        if boxes and all(map(iv.is_bounded, boxes[0])):
            points = (float(iv.fraction(iv.middle(x, PRECISION)[0])) for x in boxes[0])
            near = " near " + ", ".join(f"{s} = {p:.9g}" for s, p in zip(self._symbols, points, strict=True))
        if verdict is Verdict.FAILS:
            return f"there is a solution{near} that is not in the list"
        return f"intervals do not tell whether there is another solution{near}"

    def _look_at(self, piece: Box) -> tuple[Verdict | None, list[Box]]:
        """The pieces that are left of one; or a verdict on all, and the box that caused it."""
        contracted = self._contracted(piece)
        if contracted is None:
            return None, []
        if not all(map(iv.is_bounded, contracted)):
            return self._cut_infinite(contracted)
        wide = inflated(contracted, PRECISION, MARGIN_BITS)
        try:
            step = newton_step(self._tape, wide, PRECISION)
        except Outside:
            return None, []
        if step is not None:
            if any(_is_part(box, wide) for box in (*self._known, *self._excluded)):
                return None, []  # at most one zero, and it is known
            smaller = [iv.intersection(new, old) for new, old in zip(step.image, contracted, strict=True)]
            if any(x is None for x in smaller):
                return None, []
            if all(iv.is_inside(new, old) for new, old in zip(step.image, wide, strict=True)):
                return self._new_zero(wide, contracted)
            contracted = [x for x in smaller if x is not None]
        return self._halved(contracted)

    def _contracted(self, piece: Box) -> Box | None:
        for _ in range(3):
            smaller = self._tape.contract(piece, self._zero, PRECISION)
            if smaller is None:
                return None
            if self._conditions:
                smaller = self._condition_tape.contract(smaller, self._wanted, PRECISION)
                if smaller is None:
                    return None
            if smaller == piece:
                break
            piece = smaller
        return piece

    def _new_zero(self, wide: Box, piece: Box) -> tuple[Verdict | None, list[Box]]:
        """A box with exactly one zero of the equations chosen, which is none of the known ones."""
        zeros = isolate(self._tape, wide, PRECISION, self._budget)
        if zeros.finding is not Finding.ONE:
            return Verdict.NOT_REPROVED, [piece]
        box = refine(self._tape, zeros.box, REFINED, self._budget)
        if len(zeros.equations) < len(self._zero):
            others = self._tape.forward(box, REFINED).outputs
            if not all(map(iv.holds_zero, others)):
                self._excluded.append(box)
                return None, []
            return Verdict.NOT_REPROVED, [box]
        match self._keeps_conditions(box):
            case Verdict.HOLDS:
                # It may be one of the known ones whose enclosure only overlaps: then these two are the same.
                overlapping = any(_overlap(box, known) for known in self._known)
                return (Verdict.NOT_REPROVED if overlapping else Verdict.FAILS), [box]
            case Verdict.FAILS:
                self._excluded.append(box)
                return None, []
            case _:
                if self._is_excluded_end(box):
                    self._excluded.append(box)
                    return None, []
                return Verdict.NOT_REPROVED, [box]

    def _keeps_conditions(self, box: Box) -> Verdict:
        try:
            values = self._condition_tape.forward(box, REFINED).outputs
        except Outside:
            return Verdict.FAILS
        return worst(_relation_holds(c.relation, value) for c, value in zip(self._conditions, values, strict=True))

    def _is_excluded_end(self, box: Box) -> bool:
        """Whether the zero in a box is an open end of the domain of the only unknown, exactly."""
        if len(self._symbols) != 1:
            return False
        domain = self._statements.unknowns[0].domain
        for end, is_open in ((domain.low, domain.low_open), (domain.high, domain.high_open)):
            if end in (oo, -oo) or not is_open:
                continue
            try:
                inside = iv.is_within(enclosure(end, 2 * REFINED), box[0])
                placed = [e.residual.xreplace({self._symbols[0]: end}) for e in self._statements.equations]
                if inside and all(sign_of(expression, self._budget) == 0 for expression in placed):
                    return True
            except (Undefined, NotOnTape):
                continue
        return False

    # --- cutting ------------------------------------------------------------------------------------------------------

    def _cut_infinite(self, piece: Box) -> tuple[Verdict | None, list[Box]]:
        if len(piece) == 1 and self._is_outweighed(piece):
            return None, []
        number = next(i for i, x in enumerate(piece) if not iv.is_bounded(x))
        low, high = piece[number]
        if low == fninf and high == finf:
            cut = fzero
        elif high == finf:
            cut = from_int(1) if mpf_cmp(low, from_rational(1, 2, PRECISION, "n")) < 0 else _doubled(low)
        else:
            cut = from_int(-1) if mpf_cmp(high, from_rational(-1, 2, PRECISION, "n")) > 0 else _doubled(high)
        if mpf_cmp(mpf_abs(cut), from_int(FARTHEST)) > 0:
            return Verdict.NOT_REPROVED, []
        return None, _cut_at(piece, number, cut)

    def _is_outweighed(self, piece: Box) -> bool:
        """Whether one term of an equation in one unknown is larger than all the others on a half line."""
        if fninf in piece[0] and finf in piece[0]:
            return False
        residuals = [equation.residual for equation in self._statements.equations]
        return any(has_dominant_term(residual, self._symbols[0], piece[0]) for residual in residuals)

    def _halved(self, piece: Box) -> tuple[Verdict | None, list[Box]]:
        widths = [iv.width(x, PRECISION) for x in piece]
        number = 0
        for i, size in enumerate(widths):
            number = i if mpf_cmp(size, widths[number]) > 0 else number
        least = from_rational(SMALLEST.numerator, SMALLEST.denominator, PRECISION, "n")
        place = iv.largest(piece[number])
        scale = place if mpf_cmp(place, from_int(1)) > 0 else from_int(1)
        if mpf_cmp(widths[number], mpf_mul(least, scale, PRECISION, "n")) <= 0:
            return Verdict.NOT_REPROVED, [piece]
        # Off the middle, where a root of a puzzle is likelier to lie than elsewhere.
        low, high = map(iv.fraction, piece[number])
        cut = low + (high - low) * Fraction(31, 64)
        return None, _cut_at(piece, number, from_rational(cut.numerator, cut.denominator, PRECISION, "n"))


def _cut_at(piece: Box, number: int, cut: object) -> list[Box]:
    low, high = piece[number]
    below, above = list(piece), list(piece)
    below[number], above[number] = (low, cut), (cut, high)
    return [above, below]


def _doubled(end: object) -> object:
    return mpf_mul(end, from_int(2), PRECISION, "n")


def _is_part(box: Box, other: Box) -> bool:
    return all(iv.is_within(x, y) for x, y in zip(box, other, strict=True))


def _overlap(box: Box, other: Box) -> bool:
    return all(iv.intersection(x, y) is not None for x, y in zip(box, other, strict=True))


def _relation_holds(relation: Relation, difference: Interval) -> Verdict:
    """Whether ``0 relation difference`` for all numbers of an interval, for none, or neither."""
    sign = iv.sign(difference)
    if relation is Relation.NOT_EQUAL:
        if sign == 0:
            return Verdict.FAILS
        return Verdict.HOLDS if sign else Verdict.NOT_REPROVED
    if sign is not None:
        return Verdict.HOLDS if sign > 0 or (sign == 0 and relation is Relation.AT_MOST) else Verdict.FAILS
    if relation is Relation.AT_MOST and mpf_sign(difference[0]) >= 0:
        return Verdict.HOLDS
    return Verdict.FAILS if relation is Relation.LESS and mpf_sign(difference[1]) <= 0 else Verdict.NOT_REPROVED


def _domain_interval(low: Expr, high: Expr) -> Interval:
    """The closed interval around a domain."""
    below = fninf if low == -oo else enclosure(low, PRECISION)[0]
    above = finf if high == oo else enclosure(high, PRECISION)[1]
    return below, above
