"""That a box holds no solutions but the known ones, by cutting it into pieces until each says so.

A piece is done when intervals show it to hold no solution, or to hold at most one and a known one. Where neither is
seen, or where the time runs out, the question stays open. A zero that the Newton test finds and that is none of the
known ones either breaks a condition, or is a solution that was missed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import arb, ctx
from sympy import Expr, oo

from puzzlesolver.problem import Relation
from puzzlesolver.verification.budget import Budget, OutOfTime
from puzzlesolver.verification.constants import sign_of
from puzzlesolver.verification.intervals import ABOVE, BELOW, FROM_ZERO, WHOLE, ZERO, Interval, NoValue, Outside
from puzzlesolver.verification.newton import Box, Finding, inflated, is_injective, isolate, newton_step, refine
from puzzlesolver.verification.statements import Statements, fulfils
from puzzlesolver.verification.tails import has_dominant_term
from puzzlesolver.verification.tape import Tape, enclosure
from puzzlesolver.verification.verdicts import Found, Verdict, worst

PRECISION = 60
REFINED = 200
FARTHEST = 2**40
"""A piece that begins beyond this and still has no end is given up."""
SMALLEST = arb(2) ** -44
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
        self._zero = [ZERO] * len(statements.equations)
        self._conditions = [*statements.relations(), *statements.bounds()]
        differences = [condition.rhs - condition.lhs for condition in self._conditions]
        self._condition_tape = Tape(differences, self._symbols)
        self._wanted = [
            WHOLE if condition.relation is Relation.NOT_EQUAL else FROM_ZERO for condition in self._conditions
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
        if boxes and all(x.is_bounded for x in boxes[0]):
            points = (float(x.middle.ends[0]) for x in boxes[0])
            near = " near " + ", ".join(f"{s} = {p:.9g}" for s, p in zip(self._symbols, points, strict=True))
        if verdict is Verdict.FAILS:
            return f"there is a solution{near} that is not in the list"
        return f"intervals do not tell whether there is another solution{near}"

    def _look_at(self, piece: Box) -> tuple[Verdict | None, list[Box]]:
        """The pieces that are left of one; or a verdict on all, and the box that caused it."""
        contracted = self._contracted(piece)
        if contracted is None:
            return None, []
        if not all(x.is_bounded for x in contracted):
            return self._cut_infinite(contracted)
        wide = inflated(contracted, PRECISION, MARGIN_BITS)
        try:
            step = newton_step(self._tape, wide, PRECISION)
            if step is not None:
                if any(_all(Interval.is_within, box, wide) for box in (*self._known, *self._excluded)):
                    return None, []  # at most one zero, and it is known
                contracted = [new & old for new, old in zip(step.image, contracted, strict=True)]
        except Outside:
            return None, []
        if step is not None and _all(Interval.is_inside, step.image, wide):
            return self._new_zero(wide, contracted)
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
            if not all(value.holds_zero for value in others):
                self._excluded.append(box)
                return None, []
            return Verdict.NOT_REPROVED, [box]
        match self._keeps_conditions(box):
            case Verdict.HOLDS:
                # It may be one of the known ones whose enclosure only overlaps: then these two are the same.
                overlapping = any(_all(Interval.meets, box, known) for known in self._known)
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
                inside = enclosure(end, 2 * REFINED).is_within(box[0])
                placed = [e.residual.xreplace({self._symbols[0]: end}) for e in self._statements.equations]
                if inside and all(sign_of(expression, self._budget) == 0 for expression in placed):
                    return True
            except NoValue:
                continue
        return False

    # --- cutting ------------------------------------------------------------------------------------------------------

    def _cut_infinite(self, piece: Box) -> tuple[Verdict | None, list[Box]]:
        if len(piece) == 1 and self._is_outweighed(piece[0]):
            return None, []
        number = next(i for i, x in enumerate(piece) if not x.is_bounded)
        x = piece[number]
        if x == WHOLE:
            cut = arb(0)
        elif x.low.is_finite():
            cut = arb(1) if x.low < 0.5 else 2 * x.low
        else:
            cut = arb(-1) if x.high > -0.5 else 2 * x.high
        if abs(cut) > FARTHEST:
            return Verdict.NOT_REPROVED, []
        return None, _cut_at(piece, number, cut)

    def _is_outweighed(self, tail: Interval) -> bool:
        """Whether one term of an equation in one unknown is larger than all the others on a half line."""
        residuals = [equation.residual for equation in self._statements.equations]
        return tail != WHOLE and any(has_dominant_term(residual, self._symbols[0], tail) for residual in residuals)

    def _halved(self, piece: Box) -> tuple[Verdict | None, list[Box]]:
        number = max(range(len(piece)), key=lambda i: piece[i].width)
        x = piece[number]
        if x.width <= SMALLEST * max(x.largest, arb(1)):
            return Verdict.NOT_REPROVED, [piece]
        # Off the middle, where a root of a puzzle is likelier to lie than elsewhere.
        with ctx.workprec(PRECISION):
            return None, _cut_at(piece, number, x.low + (x.high - x.low) * 31 / 64)


def _cut_at(piece: Box, number: int, cut: arb) -> list[Box]:
    below, above, cut = list(piece), list(piece), cut.mid()
    below[number], above[number] = Interval(piece[number].low, cut), Interval(cut, piece[number].high)
    return [above, below]


def _all(test: Callable[[Interval, Interval], bool], box: Box, other: Box) -> bool:
    """Whether something holds between two boxes along every unknown."""
    return all(test(x, y) for x, y in zip(box, other, strict=True))


def _relation_holds(relation: Relation, difference: Interval) -> Verdict:
    """Whether ``0 relation difference`` for all numbers of an interval, for none, or neither."""
    ends = {fulfils(end, relation) for end in (difference.low, difference.high)}
    if len(ends) > 1 or (relation is Relation.NOT_EQUAL and difference.sign is None):
        return Verdict.NOT_REPROVED
    return Verdict.HOLDS if ends == {True} else Verdict.FAILS


def _domain_interval(low: Expr, high: Expr) -> Interval:
    """The closed interval around a domain."""
    below = BELOW if low == -oo else enclosure(low, PRECISION).low
    return Interval(below, ABOVE if high == oo else enclosure(high, PRECISION).high)
