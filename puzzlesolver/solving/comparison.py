"""Where the two engines meet: every solution of the one must be explained by the other, or the answer says what is not.

In: what the exact engine proved, where the numeric search ended, the boxes certified, and an exhaustive search's result
where one was made. Out: one `SolutionSet`. The provable side always wins; nothing that disagrees is dropped in silence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from types import MappingProxyType

import numpy as np
from sympy import Float

from puzzlesolver.analysis.classify import is_whole
from puzzlesolver.answer.precision import in_order
from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.answer.solution import Conflict, Engines, Solution, SolutionSet, Value
from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.arithmetic.balls import approximate
from puzzlesolver.arithmetic.interval import Interval, middle
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.fit.stationarity import nearest
from puzzlesolver.numeric.candidates import Candidates
from puzzlesolver.problem import AllDifferent, Problem, Relation
from puzzlesolver.proof.boxes.box import Box, BoxSearch, Certificate
from puzzlesolver.proof.boxes.conditions import decide
from puzzlesolver.proof.boxes.krawczyk import distinct, refine
from puzzlesolver.proof.verdict import Verdict
from puzzlesolver.solving.combination import status_of
from puzzlesolver.solving.evidence import from_certificate, from_exact, from_point
from puzzlesolver.solving.membership import SAME_POINT, close, is_member, on_family

RECOGNITION_DIGITS = 40
"""The digits from which closed forms are guessed."""

LARGEST_POINT = 1e12
"""A point farther out than this, with nothing proved of it, is rounding error at infinity and no solution."""

SAME_SINGULAR_POINT = 1e-3
"""The same for a point that no test certifies: near a double root float64 knows half its digits, near others fewer."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All that is known when the engines are done. `certified` pairs each box with the verdict on its conditions.

    `search` is an exhaustive search whose certificates are among `certified` already. `recognised` are solutions with
    closed forms guessed from certified digits, or from a candidate's, and put back exactly.
    """

    outcome: ExactOutcome | None = None
    candidates: Candidates | None = None
    certified: tuple[tuple[Certificate, Verdict], ...] = ()
    search: BoxSearch | None = None
    recognised: tuple[ExactSolution, ...] = ()
    reasons: tuple[Reason, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_complete(self) -> bool:
        """Whether the exact engine has proved its list to be all, or that there is none."""
        return self.outcome is not None and self.outcome.complete

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be found: the exact list is complete, or as long as was asked for."""
        return self.outcome is not None and (self.outcome.complete or self.outcome.is_cut)

    @property
    def exact_solutions(self) -> tuple[ExactSolution, ...]:
        """The exact engine's solutions, and those recognised that it does not have."""
        given = self.outcome.solutions if self.outcome is not None else ()
        values = [solution.values for solution in given]
        return (*given, *(solution for solution in self.recognised if solution.values not in values))

    def apart_from_families(self, problem: Problem) -> list[ExactSolution]:
        """The exact solutions without the points that are proved to be members of a periodic family among them."""
        every = self.exact_solutions
        families = [one for one in every if one.integer_parameters and not one.free and not one.conditions]
        return [solution for solution in every if not any(is_member(problem, solution, family) for family in families)]

    def to_recognise(self, problem: Problem) -> list[Box]:
        """Boxes whose solution has no closed form yet: certified ones refined, small ones about other candidates."""
        if self.is_complete:
            return []
        exact = [from_exact(problem, solution) for solution in self.exact_solutions]
        certificates = [certificate for certificate, verdict in self.certified if verdict is not Verdict.FAILS]
        boxes = [
            refine(problem, certificate, RECOGNITION_DIGITS)
            for certificate in certificates
            if not any(_inside(problem, solution, certificate.box) for solution in exact)
        ]
        for point in [] if self.candidates is None else self.candidates.points:
            certified = any(close(_centre(problem, box), point, SAME_POINT) for box in boxes)
            if not certified and not any(_near(problem, solution, point, SAME_SINGULAR_POINT) for solution in exact):
                boxes.append(_about(problem, point))
        return boxes

    def unexplained(self, problem: Problem) -> list[FloatArray]:
        """The candidates worth a test: all of them, or those that a complete exact answer does not account for."""
        points = [] if self.candidates is None else [*self.candidates.points]
        if self.outcome is None or not self.outcome.complete:
            return points
        solutions = [from_exact(problem, solution) for solution in self.outcome.solutions]
        return [
            point
            for point in points
            if not any(_near(problem, solution, point, SAME_POINT) for solution in solutions)
            and not on_family(problem, self.outcome.solutions, point)
        ]

    def between_first_few(self, search: BoxSearch) -> Findings:
        """These findings without what lies beyond the first few of infinitely many solutions of one unknown."""
        ends = [end for certificate in search.certificates for interval in certificate.box.values() for end in interval]
        low, high = (min(ends), max(ends)) if ends else (math.inf, -math.inf)
        certified = tuple(
            (certificate, verdict)
            for certificate, verdict in self.certified
            if all(low <= first and last <= high for first, last in certificate.box.values())
        )
        candidates = self.candidates
        if candidates is not None:
            inside = (candidates.points >= float(low)).all(axis=1) & (candidates.points <= float(high)).all(axis=1)
            candidates = replace(candidates, points=candidates.points[inside], losses=candidates.losses[inside])
        return replace(self, certified=certified, candidates=candidates)

    def with_certificates(self, problem: Problem, certificates: Sequence[Certificate]) -> Findings:
        """These findings and more certified boxes, each root once, its domains and conditions decided."""
        known = {id(certificate): verdict for certificate, verdict in self.certified}
        every = distinct(problem, [*(certificate for certificate, _ in self.certified), *certificates])
        decided = ((certificate, known.get(id(certificate)) or decide(problem, certificate)) for certificate in every)
        return replace(self, certified=tuple(decided))


def plain(problem: Problem, found: Findings) -> SolutionSet:
    """What all `found` says at first sight, without a comparison: the exact solutions, or else the certified ones."""
    outcome = found.outcome
    solutions = [from_exact(problem, solution) for solution in found.exact_solutions]
    if not solutions:
        holding = [certificate for certificate, verdict in found.certified if verdict is Verdict.HOLDS]
        solutions = [from_certificate(problem, certificate) for certificate in holding]
    complete = found.is_complete
    return SolutionSet(
        problem=problem,
        status=status_of(solutions, complete),
        solutions=tuple(in_order(solutions)),
        complete=complete,
        proof=outcome.proof if outcome is not None else None,
        conditions=outcome.cases if outcome is not None else (),
        reasons=found.reasons,
        engines=engines_of(problem, found, None, ()),
        seconds=found.seconds,
    )


def reconcile(problem: Problem, found: Findings) -> SolutionSet:
    """One answer from all `found`."""
    outcome = found.outcome
    exact = [from_exact(problem, solution) for solution in found.apart_from_families(problem)]
    proved = outcome is not None and outcome.complete
    ledger: list[str] = []
    reasons = list(found.reasons)

    solutions = list(exact)
    disagreement = False
    for certificate, verdict in found.certified:
        name = _named(certificate.box)
        if any(_inside(problem, solution, certificate.box) for solution in exact):
            ledger.append(f"certified near {name}: the exact solution")
        elif on_family(problem, found.exact_solutions, _centre(problem, certificate.box)):
            ledger.append(f"certified near {name}: on the exact family")
        elif verdict is Verdict.FAILS:
            ledger.append(f"certified near {name}: outside the domains or conditions")
        elif verdict is Verdict.UNDECIDED:
            reasons.append(Why.UNDECIDED_CONDITIONS(name))
        else:
            solutions.append(from_certificate(problem, certificate))
            if proved:
                disagreement = True
                ledger.append(f"certified near {name}: the exact engine's list does not hold it")
                reasons.append(Why.ENGINES_DISAGREE(name))
    complete, proof = _completeness(found, solutions, disagreement, reasons)

    endless = found.search.endless if found.search is not None and not complete else None

    unexplained, candidates = 0, list[Solution]()
    for point in [] if found.candidates is None else found.candidates.points:
        explanation = _explained(problem, point, solutions, found, proved=complete)
        ledger.append(f"search ended at {shown(problem, point)}: {explanation or 'not explained'}")
        if explanation is None:
            unexplained += 1
            if not any(_near(problem, one, point, SAME_SINGULAR_POINT) for one in (*solutions, *candidates)):
                candidates.append(from_point(problem, point))
    if found.candidates is not None:
        for solution in exact:
            if solution.dimension == 0 and not solution.integer_parameters:
                seen = any(_near(problem, solution, point, SAME_SINGULAR_POINT) for point in found.candidates.points)
                ledger.append(
                    f"exact {shown(problem, vector(problem, solution))}: {'' if seen else 'not '}found by search"
                )

    undecided = () if found.search is None or complete else tuple(map(_by_name, found.search.undecided))
    if not complete and outcome is not None:
        reasons.extend(outcome.reasons)
    if not complete and found.search is not None and found.search.reason:
        reasons.append(found.search.reason)
    agree = None
    if found.candidates is not None and (proved or (exact and not unexplained)):
        agree = not disagreement and not unexplained
        if agree and is_whole(problem):
            agree = None  # how far the search comes before the proof is a matter of speed
    return SolutionSet(
        problem=problem,
        status=status_of(solutions, complete, endless=endless is not None),
        solutions=tuple(in_order(solutions)),
        candidates=tuple(in_order(candidates)),
        complete=complete,
        proof=proof or endless,
        conditions=outcome.cases if outcome else (),
        reasons=tuple(dict.fromkeys(reasons)),
        conflict=_conflict(problem, outcome, found.candidates)
        if outcome and outcome.conflict and not solutions
        else None,
        redundant=tuple(problem.equations[index].origin for index in outcome.redundant) if outcome else (),
        undecided_boxes=undecided,
        engines=engines_of(problem, found, agree, ledger),
        seconds=found.seconds,
    )


def _completeness(
    found: Findings, solutions: Sequence[Solution], disagreement: bool, reasons: list[Reason]
) -> tuple[bool, str | None]:
    """Whether the list is proved to be all, and by what."""
    if disagreement:
        return False, None
    if found.outcome is not None and found.outcome.complete:
        return True, found.outcome.proof
    search = found.search
    if search is None or not search.exhausted or any(verdict is Verdict.UNDECIDED for _, verdict in found.certified):
        return False, None
    holding = sum(verdict is Verdict.HOLDS for _, verdict in found.certified)
    if len(solutions) != holding:
        reasons.append(Why.LISTS_DIFFER())
        return False, None
    return True, f"interval search of {search.region}"


def _explained(
    problem: Problem, point: FloatArray, solutions: Sequence[Solution], found: Findings, *, proved: bool
) -> str | None:
    """Why a point where the numeric search ended is no news, or None where it is."""
    if any(_near(problem, solution, point, SAME_POINT) for solution in solutions):
        return "a solution of the list"
    if on_family(problem, found.exact_solutions, point):
        return "on the exact family"
    for certificate, verdict in found.certified:
        if verdict is not Verdict.HOLDS and close(_centre(problem, certificate.box), point, SAME_POINT):
            return "outside the domains or conditions" if verdict is Verdict.FAILS else "its conditions are undecided"
    if proved and any(_near(problem, solution, point, SAME_SINGULAR_POINT) for solution in solutions):
        return "a multiple solution of the list, as near as float64 comes"
    if proved:
        return "no solution: the list is proved complete"
    if found.outcome is not None and found.outcome.is_cut:
        return "not among the solutions listed, of which there are more"
    if np.max(np.abs(point)) > LARGEST_POINT:
        return "too far out to be told from rounding error"
    if not fulfils(problem, point):
        return "outside the domains or conditions"
    return None


def fulfils(problem: Problem, point: FloatArray) -> bool:
    """Whether a point, taken for what float64 can tell, is in the domains and fulfils the conditions."""
    at = {symbol: Float(float(number), 17) for symbol, number in zip(problem.symbols, point, strict=True)}
    for unknown, number in zip(problem.unknowns, point, strict=True):
        domain = unknown.domain
        if domain.integer and abs(number - round(number)) > SAME_POINT:
            return False
        if domain.members is not None and min(abs(number - float(member)) for member in domain.members) > SAME_POINT:
            return False
    for relation in problem.relations():
        difference = (relation.rhs - relation.lhs).xreplace(at).evalf()
        if not difference.is_number or not difference.is_extended_real:
            continue
        if relation.relation is Relation.AT_MOST:
            fulfilled = difference > -SAME_POINT
        else:  # near the edge nothing that is not proved counts: ``sin(x)/x = 1`` near 0
            fulfilled = (difference if relation.relation is Relation.LESS else abs(difference)) > SAME_SINGULAR_POINT
        if not fulfilled:
            return False
    for condition in problem.conditions:
        if isinstance(condition, AllDifferent):
            members = [float(member.xreplace(at).evalf()) for member in condition.members]
            if any(abs(one - other) < SAME_POINT for one, other in combinations(members, 2)):
                return False
    return True


# --- points and solutions ---------------------------------------------------------------------------------------------


def vector(problem: Problem, solution: Solution) -> FloatArray:
    return np.array([solution.values[unknown.name].approximation for unknown in problem.unknowns], dtype=np.float64)


def _near(problem: Problem, solution: Solution, point: FloatArray, tolerance: float) -> bool:
    isolated = not solution.parameters
    return isolated and close(vector(problem, solution), point, tolerance)


def _centre(problem: Problem, box: Box) -> FloatArray:
    return np.array([float((box[symbol][0] + box[symbol][1]) / 2) for symbol in problem.symbols], dtype=np.float64)


def _inside(problem: Problem, solution: Solution, box: Box) -> bool:
    """Whether an isolated exact solution is the one in a certified box: its enclosure lies in it.

    At the last precision a coordinate on the very border of the box counts as inside.
    """
    if solution.parameters:
        return False
    return all(_lies_in(solution.values[str(symbol.name)], box[symbol]) for symbol in problem.symbols)


def _lies_in(value: Value, interval: Interval) -> bool:
    for digits in (20, 40, 80):
        if value.refine is not None:
            low, high = value.refine(digits)
        else:
            assert value.exact is not None, "what is in the exact list has a closed form or a point"
            low, high = approximate(value.exact, digits)
        if interval[0] <= low and high <= interval[1]:
            return True
        if high < interval[0] or interval[1] < low:
            return False
    return True


def _about(problem: Problem, point: FloatArray) -> Box:
    """A small box about a point at which nothing is certified; a guess in it still has to be put back."""
    box = {}
    for symbol, number in zip(problem.symbols, point, strict=True):
        middle, radius = Fraction(float(number)), Fraction(max(1.0, abs(float(number)))) / 10**7
        box[symbol] = (middle - radius, middle + radius)
    return box


# --- words ------------------------------------------------------------------------------------------------------------


def shown(problem: Problem, point: Sequence[float] | FloatArray) -> str:
    return ", ".join(f"{unknown.name} = {number:.9g}" for unknown, number in zip(problem.unknowns, point, strict=True))


def _named(box: Box) -> str:
    return ", ".join(f"{symbol.name} = {middle(interval):.6g}" for symbol, interval in box.items())


def _by_name(box: Box) -> Mapping[str, Interval]:
    return MappingProxyType({str(symbol.name): interval for symbol, interval in box.items()})


def _conflict(problem: Problem, outcome: ExactOutcome, candidates: Candidates | None) -> Conflict:
    if outcome.compromise is not None:
        compromise: Mapping[str, Value] | None = MappingProxyType(
            {str(symbol.name): Value(value, float(value.evalf(20))) for symbol, value in outcome.compromise.items()}
        )
    else:
        certified = None if candidates is None else nearest(problem, candidates.best)
        compromise = None if certified is None else from_certificate(*certified).values
    statements = problem.statements
    return Conflict(tuple(statements[index].origin for index in outcome.conflict), compromise)


def engines_of(problem: Problem, found: Findings, agree: bool | None, ledger: Sequence[str]) -> Engines:
    method = found.outcome.method if found.outcome is not None else None
    if found.candidates is None:
        return Engines(method=method, ledger=tuple(ledger))
    points = [*found.candidates.points] or [found.candidates.best]
    names = [unknown.name for unknown in problem.unknowns]
    return Engines(
        optimizer="nadam",
        starts=found.candidates.starts,
        loss=found.candidates.best_loss,
        candidates=tuple(MappingProxyType(dict(zip(names, map(float, point), strict=True))) for point in points),
        nadam=MappingProxyType(dict(zip(names, map(float, found.candidates.nadam), strict=True))),
        found=len(found.candidates.points),
        method=method,
        agree=agree,
        ledger=tuple(ledger),
    )
