"""Problems with infinitely many complex solutions: families, points beside them, and whether that is all.

In: a problem and its equations as integer polynomials. Out: an `ExactOutcome`. The list is complete when every piece of
the cover was understood and every condition decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flint import fmpz_mpoly, fmpz_mpoly_ctx, fmpz_poly
from sympy import fraction, together

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.arithmetic.balls import evaluate
from puzzlesolver.exact import limits
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.polynomial.cover import (
    Cover,
    FamilyPiece,
    FinitePiece,
    Leaf,
    OpenPiece,
    Piece,
    TriangularStep,
    pseudo_remainder,
)
from puzzlesolver.exact.polynomial.families import (
    ConditionalFamily,
    DiscreteFamily,
    SymbolValues,
    between,
    demands,
    parametrisations,
    restricted,
    sample,
    values_at,
    walls,
)
from puzzlesolver.exact.polynomial.finite import Disagreement, Empty, Finite, Infinite, solve_finite
from puzzlesolver.exact.polynomial.points import (
    Admission,
    Point,
    Undecided,
    admitted_points,
    as_solution,
    in_order,
    quotient_form,
)
from puzzlesolver.exact.polynomial.ring import coefficients_in, factors_of, reduces_to_zero
from puzzlesolver.problem import Problem, Relation
from puzzlesolver.proof.implication import NoValue, follows, put_in
from puzzlesolver.proof.verdict import Verdict

METHOD = "polynomial elimination"


def counted(number: int, noun: str) -> str:
    """``1 point``, ``2 points``, ``2 families``."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def infinite_outcome(problem: Problem, polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> ExactOutcome:
    """The real solutions of a system whose complex solutions are infinitely many."""
    return _Search(problem, Cover(polynomials, _nonzero(problem, context), context)).outcome()


def _nonzero(problem: Problem, context: fmpz_mpoly_ctx) -> list[fmpz_mpoly]:
    """What may not vanish at a solution: the denominators, and the differences that the puzzle excludes."""
    expressions = [fraction(together(equation.residual))[1] for equation in problem.equations]
    expressions += [c.lhs - c.rhs for c in problem.relations() if c.relation is Relation.NOT_EQUAL]
    found = []
    for expression in expressions:
        form = quotient_form(expression, problem.symbols) if expression.free_symbols else None
        if form is not None and form.top:
            found.append(context.from_dict(dict(form.top)))
    return found


@dataclass(frozen=True, slots=True)
class _Shown:
    """A family that is a part of the answer, and the piece it comes from."""

    leaf: FamilyPiece
    family: ConditionalFamily
    sample: SymbolValues


class _Search:
    """The pieces of one problem, sorted into what is shown, what is known already, and what is left open."""

    def __init__(self, problem: Problem, cover: Cover) -> None:
        self.problem = problem
        self.cover = cover
        self.families: list[_Shown] = []
        self.finite: list[FinitePiece] = []
        self.reasons: list[Reason] = []

    def outcome(self) -> ExactOutcome:
        leaves = self.cover.run(self.cover.whole)
        pending = list(leaves)
        while pending:
            pending += self._take(pending.pop(0))
        self.families = [shown for number, shown in enumerate(self.families) if not self._is_inside(number)]
        points = self._points()
        solutions = [
            *(replace(as_solution(point), multiplicity=None) for point in points),
            *(self._as_solution(shown) for shown in self.families),
        ]
        reasons = tuple(dict.fromkeys(self.reasons))
        means = "case splits and sums of squares" if self.cover.used_squares else "case splits"
        if solutions:
            parts = (counted(len(leaves), "case"), counted(len(self.families), "family"), counted(len(points), "point"))
            proof = f"elimination with {means}: {', '.join(parts)}"
        else:
            proof = f"elimination with {means}: no case has a solution"
        if reasons:
            reasons = (Why.INFINITELY_MANY_COMPLEX(), *reasons)
        return ExactOutcome(
            METHOD, tuple(solutions), complete=not reasons, proof=None if reasons else proof, reasons=reasons
        )

    def _take(self, leaf: Leaf) -> list[Leaf]:
        """Sort one leaf; the leaves that come of it where it has to be split once more."""
        if isinstance(leaf, FinitePiece):
            self.finite.append(leaf)
            return []
        if isinstance(leaf, OpenPiece):
            self.reasons.append(leaf.reason)
            return []
        if not all(_follows(polynomial, leaf.piece) for polynomial in self.cover.originals):
            raise Disagreement(Why.FAMILY_FAILS())
        try:
            wanted = demands(self.problem)
            signs = [restricted(choice, wanted) for choice in parametrisations(leaf, self.problem.symbols)]
        except (DiscreteFamily, NoValue) as error:
            self.reasons.append(error.reason)
            return []
        further: list[Leaf] = []
        for family in signs:
            if (
                family is not None
                and max(len(str(value)) for value in family.values.values()) > limits.MOST_FAMILY_LETTERS
            ):
                self.reasons.append(Why.LONG_FAMILY())
            elif family is not None:
                further += self._show(leaf, family)
        return further

    def _show(self, leaf: FamilyPiece, family: ConditionalFamily) -> list[Leaf]:
        """Keep a family if it has a point; if it provably has at most single points, look for those."""
        found = sample(family)
        if found is None:
            places = self._walls(leaf)
            tried = [] if places is None else [values_at(family, numbers) for numbers in between(places)]
            found = next((values for values in tried if not isinstance(values, Verdict)), None)
            if found is None and places is not None and all(verdict is Verdict.FAILS for verdict in tried):
                return [part for place in places for part in self._points_above(leaf, place)]
        if found is not None:
            self.families.append(_Shown(leaf, family, found))
        else:
            self.reasons.append(Why.FAMILY_CONDITIONS())
        return []

    def _walls(self, leaf: FamilyPiece) -> list[fmpz_poly] | None:
        """Where, on a curve, a condition can begin or cease to hold."""
        if len(leaf.piece.active) != 1:
            return None
        polynomials: list[fmpz_mpoly] = []
        for condition in demands(self.problem):
            form = quotient_form(condition.lhs - condition.rhs, self.problem.symbols)
            if form is None:
                return None
            polynomials += [self.cover.context.from_dict(dict(terms)) for terms in (form.top, form.bottom)]
        return walls(leaf, polynomials, self.cover.context)

    def _points_above(self, leaf: FamilyPiece, place: fmpz_poly) -> list[Leaf]:
        """The points of a curve at which the free unknown is a root of a polynomial."""
        free = self.cover.context.gens()[leaf.piece.active[0]]
        value = self.cover.context.constant(0)
        for c in reversed(place.coeffs()):
            value = value * free + c
        return self.cover.points(leaf.piece, (value,))

    def _points(self) -> tuple[Point, ...]:
        """The points of the finite pieces that no family and no earlier piece holds."""
        found: list[Point] = []
        for number, leaf in enumerate(self.finite):
            points, reasons = admitted_points(self.problem, leaf.finite)
            self.reasons += reasons
            for point in points:
                earlier = self.finite[:number]
                if not self._is_on_family(point) and not any(_lies_in(other, point) for other in earlier):
                    found.append(point)
        return in_order(found)

    def _is_on_family(self, point: Point) -> bool:
        """Whether a point is proved to be a member of a family that is shown.

        A point that the family's steps lead to is on one of the branches that the choices of signs give: on those
        that are not proved to be elsewhere.
        """
        for leaf in {id(shown.leaf): shown.leaf for shown in self.families}.values():
            if not _is_parametrised(leaf, point):
                continue
            shown = [family.family for family in self.families if family.leaf is leaf]
            here = [
                branch.values
                for branch in parametrisations(leaf, self.problem.symbols)
                if not _is_elsewhere(branch.values, point)
            ]
            if here and all(
                any(family.values == values and self._keeps(family, point) for family in shown) for values in here
            ):
                return True
        return False

    def _keeps(self, family: ConditionalFamily, point: Point) -> bool:
        """Whether a family's own conditions are known to hold at a point of it."""
        admission = Admission(self.problem)
        try:
            return all(admission.holds(condition, point) for condition in family.conditions)
        except Undecided:
            return False

    def _is_inside(self, number: int) -> bool:
        """Whether another family is known to hold all of this one."""
        own = self.families[number]
        solved: Empty | Finite | Infinite | None = None
        for leaf in {id(shown.leaf): shown.leaf for shown in self.families}.values():
            if len(leaf.piece.active) <= len(own.leaf.piece.active) or not self._admits(leaf, own.family):
                continue
            solved = solved or solve_finite(own.leaf.piece.equations, self.cover.context)
            divisors = set(map(str, factors_of([_leading(step) for step in own.leaf.piece.steps])))
            if (
                isinstance(solved, Infinite)
                and all(reduces_to_zero(step.equation, solved.basis, self.cover.context) for step in leaf.piece.steps)
                and set(map(str, factors_of([_leading(step) for step in leaf.piece.steps]))) <= divisors
            ):
                return True
        return False

    def _admits(self, leaf: FamilyPiece, family: ConditionalFamily) -> bool:
        """Whether all branches of a leaf are shown, and the conditions on them hold everywhere on a family."""
        shown = [other.family for other in self.families if other.leaf is leaf]
        if len(shown) < len(parametrisations(leaf, self.problem.symbols)):
            return False
        conditions = {condition for branch in shown for condition in branch.conditions}
        try:
            return all(
                follows(condition.mapped(lambda side: put_in(side, family.values)), family.conditions) is Verdict.HOLDS
                for condition in conditions
            )
        except NoValue:
            return False

    def _as_solution(self, shown: _Shown) -> ExactSolution:
        return ExactSolution(
            values={symbol: shown.family.values[symbol] for symbol in self.problem.symbols},
            evidence=Evidence.EXACT,
            free=shown.family.free,
            conditions=shown.family.conditions,
            sample={symbol: shown.sample[symbol] for symbol in self.problem.symbols},
        )


def _lies_in(leaf: FinitePiece, point: Point) -> bool:
    """Whether a solution is one of a leaf's points."""
    return all(_vanishes(polynomial, point) for polynomial in (*leaf.piece.equations, *leaf.extra)) and not any(
        _vanishes(polynomial, point) for polynomial in leaf.piece.nonzero
    )


def _is_parametrised(leaf: FamilyPiece, point: Point) -> bool:
    """Whether a family's steps lead to a point: their equations hold, and what they divide by is not zero."""
    steps = leaf.piece.steps
    return all(_vanishes(step.equation, point) for step in steps) and not any(
        _vanishes(_leading(step), point) for step in steps
    )


def _leading(step: TriangularStep) -> fmpz_mpoly:
    parts = coefficients_in(step.equation, step.unknown)
    return parts[max(parts)]


def _vanishes(polynomial: fmpz_mpoly, point: Point) -> bool:
    return point.conjugates.vanishes(dict(polynomial.to_dict()))


def _is_elsewhere(values: SymbolValues, point: Point) -> bool:
    """Whether balls prove that a branch does not go through a point."""
    for symbol, value in values.items():
        balls = {free: point.algebraic.ball(free, limits.COMPARING) for free in value.free_symbols}
        here = evaluate(value, balls, limits.COMPARING)
        if here.is_finite() and not here.overlaps(point.algebraic.ball(symbol, limits.COMPARING)):
            return True
    return False


def _follows(polynomial: fmpz_mpoly, piece: Piece) -> bool:
    """Whether a polynomial is zero wherever the steps' equations are: its pseudo-remainders end in zero."""
    for step in piece.steps:
        polynomial = pseudo_remainder(polynomial, step.equation, step.unknown)
    return bool(polynomial.is_zero())
