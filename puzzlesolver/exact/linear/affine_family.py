"""The points of an affine family that keep the problem's domains and conditions.

In: a problem, and its equations' solutions as a `Parametrisation`. Out: a `Part`: nothing (proved), points, rays, whole
families, or what could not be decided. Bounds on one parameter are intersected exactly, whatever constants they hold;
linear conditions on several by Fourier–Motzkin elimination; whole-number parameters by lattices, and one by one where
their range is finite. Every solution has been put back into the problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from flint import fmpq
from sympy import Add, Expr, Integer, Rational, Symbol, oo

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.arithmetic.elimination import Row, rational
from puzzlesolver.arithmetic.polyhedron import HalfSpace, Polyhedron, TooManyRows
from puzzlesolver.exact import limits
from puzzlesolver.exact.linear.parametrisation import Parametrisation, simple_sample
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.segment import Segment, fresh_integers, segment
from puzzlesolver.problem import Condition, Domain, Problem, Relation
from puzzlesolver.problem.notation import statement_notation
from puzzlesolver.proof.implication import decided, follows, half_spaces
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """What became of a family: its solutions, whether they are all of them, in which words that is proved, and what was
    left undecided."""

    solutions: tuple[ExactSolution, ...] = ()
    complete: bool = True
    proof: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()

    def outcome(self, method: str, proof: str) -> ExactOutcome:
        """The outcome of a method that has come to this part of the whole, as `proof` says."""
        words = "; ".join((proof, *self.proof)) if self.complete else None
        return ExactOutcome(method, self.solutions, self.complete, words, reasons=self.reasons)


def undecided(reason: Reason) -> Part:
    """A part of which nothing is known but why."""
    return Part(complete=False, reasons=(reason,))


def union(parts: Sequence[Part], proof: str) -> Part:
    """All the parts together, which `proof` says are all there are."""
    return Part(
        tuple(solution for part in parts for solution in part.solutions),
        all(part.complete for part in parts),
        (proof,),
        tuple(dict.fromkeys(reason for part in parts for reason in part.reasons)),
    )


def restrict(problem: Problem, family: Parametrisation) -> Part:
    """The points of `family`, which solves the equations, that solve the problem. Its parameters are real."""
    if not family.dimension:
        return single_point(problem, family.values())
    listed = _listed_unknown(problem, family)
    if listed is not None:
        return _one_by_one(problem, family, listed)
    whole = [i for i, unknown in enumerate(problem.unknowns) if unknown.domain.integer]
    if whole and not family.whole:
        if len(whole) > limits.MOST_WHOLE or family.dimension > limits.MOST_WHOLE:
            return undecided(Why.WHOLE_ELSEWHERE(len(whole)))
        points = family.whole_coordinates(whole)
        if points is None:
            return Part(proof=("no whole-number point (Hermite normal form)",))
        fresh = fresh_integers(problem.symbols)
        names = [problem.symbols[whole[own]] if own is not None else next(fresh) for own in points.own]
        return _admissible(problem, family.with_whole(whole, points, names))
    return _admissible(problem, family)


def single_point(problem: Problem, values: Mapping[Symbol, Expr]) -> Part:
    """The only point that the equations leave, if it solves the problem."""
    match put_back(problem, values):
        case Verdict.HOLDS:
            return Part((ExactSolution(values, Evidence.EXACT),))
        case Verdict.FAILS:
            return Part(proof=("the only point left breaks a condition or a domain",))
        case _:
            return undecided(Why.NOT_DECIDED_ONLY_POINT())


# --- domains that list their members --------------------------------------------------------------------------------


def _listed_unknown(problem: Problem, family: Parametrisation) -> int | None:
    """An unknown that depends on a parameter and whose domain is a list with gaps."""
    lists = [
        (len(unknown.domain.members), i)
        for i, unknown in enumerate(problem.unknowns)
        if unknown.domain.members is not None and family.forms[i].coefficients and not _without_gaps(unknown.domain)
    ]
    return min(lists)[1] if lists else None


def _without_gaps(domain: Domain) -> bool:
    """Whether a list of members is a range of whole numbers, which the domain's bounds tell as well."""
    members = domain.members or ()
    if not domain.integer or not all(isinstance(member, Integer) for member in members):
        return False
    return all(later - earlier == 1 for earlier, later in pairwise(members))


def _one_by_one(problem: Problem, family: Parametrisation, number: int) -> Part:
    members = problem.unknowns[number].domain.members or ()
    form = family.forms[number]
    if not all(isinstance(member, Rational) for member in members) or len(members) > limits.MOST_FAMILY_POINTS:
        return undecided(Why.MEMBERS_UNTRIED(problem.unknowns[number].name))
    parts: list[Part] = []
    for member in members:
        narrowed = family.subject_to([Row(form.coefficients, rational(member) - form.constant)])
        if narrowed is not None:
            parts.append(restrict(problem, narrowed))
        if sum(len(part.solutions) for part in parts) > limits.MOST_FAMILY_POINTS:
            return undecided(Why.MANY_SOLUTIONS(limits.MOST_FAMILY_POINTS))
    return union(parts, "every member of a listed domain tried")


# --- conditions -----------------------------------------------------------------------------------------------------


def _admissible(problem: Problem, family: Parametrisation) -> Part:
    """The part of a family, whole numbers seen to, that keeps bounds and conditions."""
    needed = list(islice(problem.demands(family.values()), limits.MOST_CONDITIONS + 1))
    if len(needed) > limits.MOST_CONDITIONS:
        return undecided(Why.MANY_CONDITIONS(limits.MOST_CONDITIONS))
    kept: list[Condition] = []
    for condition in needed:
        verdict = follows(condition)
        if verdict is Verdict.FAILS and not condition.symbols:
            return Part(proof=(f"{condition.origin.text or statement_notation(condition)} is broken",))
        if verdict is not Verdict.HOLDS:
            kept.append(condition)
    if family.dimension == 1:
        found = segment(kept, family.parameters[0])
        if found is not None:
            return _on_segment(problem, family, found)
    return _on_polyhedron(problem, family, kept)


# --- one parameter --------------------------------------------------------------------------------------------------


def _on_segment(problem: Problem, family: Parametrisation, found: Segment) -> Part:
    if found.is_empty:
        return Part(proof=(f"no {family.parameters[0]} keeps all the bounds",))
    if family.whole:
        low, high = found.whole_ends()
        if low is None and high is None and found.low == -oo and found.high == oo:
            return _component(problem, family, found.conditions())
        if (low is None and found.low != -oo) or (high is None and found.high != oo):
            return undecided(Why.NOT_DECIDED_WHOLE(family.parameters[0]))
        if low is not None and high is not None:
            return _each(problem, family, [(k,) for k in range(low, min(high, low + limits.MOST_FAMILY_POINTS) + 1)])
        found = found.between_whole(low, high)
    elif found.is_point:
        at = {family.parameters[0]: found.low}
        return single_point(problem, {symbol: value.xreplace(at) for symbol, value in family.values().items()})
    return _component(problem, family, found.conditions(), known=found.inner_points())


# --- several parameters ---------------------------------------------------------------------------------------------


def _on_polyhedron(problem: Problem, family: Parametrisation, kept: Sequence[Condition]) -> Part:
    rows: list[HalfSpace] = []
    others: list[Condition] = []
    for condition in kept:
        found = half_spaces(condition, family.parameters)
        if found is None:
            others.append(condition)
        else:
            rows += found
    if family.dimension <= limits.MOST_PARAMETERS or not rows:
        try:
            return _in_polyhedron(problem, family, rows, others)
        except TooManyRows:
            pass
    if family.whole:
        return undecided(Why.WHOLE_PARAMETERS(family.dimension))
    conditions = [*(_as_condition(row, family.parameters) for row in dict.fromkeys(rows)), *others]
    return _component(problem, family, conditions)


def _in_polyhedron(
    problem: Problem, family: Parametrisation, rows: list[HalfSpace], others: Sequence[Condition]
) -> Part:
    region = Polyhedron(rows, family.dimension)
    if region.is_empty():
        return Part(proof=("the linear inequalities contradict each other (Fourier–Motzkin elimination)",))
    if family.whole and len(family.whole) == family.dimension:
        points = region.whole_points(limits.MOST_FAMILY_STEPS)
        if points is not None:
            return _each(problem, family, points)
        if not _is_unbounded(rows, family.dimension):
            return undecided(Why.WHOLE_POINTS_UNTRIED())
    elif not family.whole:
        tight = _implied_equations(rows, family.dimension)
        if tight:
            narrowed = family.subject_to(tight)
            assert narrowed is not None
            return restrict(problem, narrowed)
    minimal = _irredundant(rows, family.dimension)
    conditions = [*(_as_condition(row, family.parameters) for row in minimal), *others]
    first = region.point()
    known = [] if first is None else [tuple(fmpq(x.numerator, x.denominator) for x in first)]
    return _component(problem, family, conditions, known=known)


def _is_unbounded(rows: Sequence[HalfSpace], dimension: int) -> bool:
    """Whether a polyhedron that is not empty goes on for ever in some direction, and its whole points with it."""
    cone = [HalfSpace(row.normal, 0, False) for row in rows]
    for i in range(dimension):
        for sign in (1, -1):
            ahead = HalfSpace(tuple(sign if j == i else 0 for j in range(dimension)), -1, False)
            if not Polyhedron([*cone, ahead], dimension).is_empty():
                return True
    return False


def _implied_equations(rows: Sequence[HalfSpace], dimension: int) -> list[Row]:
    """The inequalities of a polyhedron that is not empty which are equations on all of it."""
    equations = []
    for number, row in enumerate(rows):
        if row.strict:
            continue
        tried = [*rows[:number], replace(row, strict=True), *rows[number + 1 :]]
        if Polyhedron(tried, dimension).is_empty():
            equations.append(Row({j: fmpq(a) for j, a in enumerate(row.normal) if a}, fmpq(row.bound)))
    return equations


def _irredundant(rows: Sequence[HalfSpace], dimension: int) -> list[HalfSpace]:
    """The rows without those that the others imply."""
    kept = list(dict.fromkeys(rows))
    for row in tuple(kept):
        others = [other for other in kept if other != row]
        opposite = HalfSpace(tuple(-a for a in row.normal), -row.bound, not row.strict)
        if Polyhedron([*others, opposite], dimension).is_empty():
            kept = others
    return kept


def _as_condition(row: HalfSpace, symbols: tuple[Symbol, ...]) -> Condition:
    """A linear inequality with positive coefficients on both sides, a single symbol standing alone."""
    relation = Relation.LESS if row.strict else Relation.AT_MOST
    involved = [a for a in row.normal if a]
    if len(involved) == 1:
        a, symbol = involved[0], next(s for s, a in zip(symbols, row.normal, strict=True) if a)
        end = Integer(row.bound) / Integer(a)
        return Condition(symbol, relation, end) if a > 0 else Condition(end, relation, symbol)
    left = Add(*(a * symbol for a, symbol in zip(row.normal, symbols, strict=True) if a > 0))
    right = Add(*(-a * symbol for a, symbol in zip(row.normal, symbols, strict=True) if a < 0))
    bound = Integer(row.bound)
    left, right = (left - bound, right) if bound < 0 else (left, right + bound)
    return Condition(left, relation, right)


# --- what comes out -------------------------------------------------------------------------------------------------


def _each(problem: Problem, family: Parametrisation, points: Iterable[tuple[int, ...]]) -> Part:
    """Every one of finitely many whole-number points of the parameters."""
    parts: list[Part] = []
    tried = 0
    for point in points:
        tried += 1
        if tried > limits.MOST_FAMILY_POINTS:
            return undecided(Why.MANY_WHOLE_POINTS(limits.MOST_FAMILY_POINTS))
        fixed = family.fixed(dict(enumerate(point)))
        parts.append(restrict(problem, fixed))
    return union(parts, f"all {tried} whole-number points in the bounds tried" if tried else "no whole-number point")


def _component(
    problem: Problem,
    family: Parametrisation,
    conditions: Sequence[Condition],
    known: Sequence[tuple[fmpq, ...]] = (),
) -> Part:
    """A family as a solution. A sample inside every condition shows that it is there, in its full dimension.

    A family in whole numbers alone is infinitely many only where no condition bounds it. Linear ones are known not to
    where this is called; of others that is not known.
    """
    only_whole = len(family.whole) == family.dimension
    if only_whole and not all(_is_linear(condition, family.parameters) for condition in conditions):
        return undecided(Why.NOT_DECIDED_INFINITELY())

    def admitted(point: tuple[fmpq, ...]) -> bool:
        at = {symbol: Rational(int(x.p), int(x.q)) for symbol, x in zip(family.parameters, point, strict=True)}
        if any(point[j].q != 1 for j in family.whole):
            return False
        return all(_holds_inside(condition, at, bool(family.whole)) for condition in conditions)

    chosen = simple_sample(family, admitted, known)
    if chosen is None:
        return undecided(Why.NOT_DECIDED_MEETS(", ".join(map(statement_notation, conditions))))
    sample = dict(zip(family.unknowns, (Rational(int(x.p), int(x.q)) for x in family.at(chosen)), strict=True))
    values = family.values()
    if put_back(problem, values, conditions) is not Verdict.HOLDS or put_back(problem, sample) is not Verdict.HOLDS:
        return undecided(Why.EQUATIONS_FAMILY_NOT_PUT_BACK())
    solution = ExactSolution(
        values,
        Evidence.EXACT,
        free=family.real_parameters,
        integer_parameters=family.whole_parameters,
        conditions=tuple(conditions),
        sample=sample,
    )
    return Part((solution,))


def _is_linear(condition: Condition, parameters: Sequence[Symbol]) -> bool:
    """Whether a condition compares linear forms of the parameters, and nothing else has to be defined."""
    difference = condition.lhs - condition.rhs
    slopes = [difference.diff(parameter) for parameter in parameters]
    return not condition.defined and all(slope.is_number and slope.is_finite for slope in slopes)


def _holds_inside(condition: Condition, at: Mapping[Symbol, Expr], closed: bool) -> bool:
    """Whether a condition holds at a point, and not only just (unless `closed`)."""
    relation = condition.relation
    if relation is Relation.AT_MOST and not closed:
        relation = Relation.LESS
    return decided(replace(condition.at(at), relation=relation)) is Verdict.HOLDS
