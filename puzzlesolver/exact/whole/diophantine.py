"""Polynomial equations in whole numbers that nothing bounds: one quadratic in two unknowns, and Pythagorean triples.

In: a `Problem` all of whose unknowns are whole numbers. Out: an `ExactOutcome`, or None for an equation of another
shape. Families come with a whole-number parameter. Bounds on the unknowns keep a part of a family, from some parameter
on; other statements are seen to point by point, and leave a list of infinitely many open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from sympy import Expr, Integer, Poly, Rational, Symbol, ilcm, oo

from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.arithmetic.elimination import numerator
from puzzlesolver.exact import limits
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.exact.segment import Segment, fresh_integers, segment
from puzzlesolver.exact.whole.binary_quadratic import (
    Orbit,
    TooMuchWork,
    WholeLine,
    WholePoint,
    WholeSolutions,
    solve_binary_quadratic,
)
from puzzlesolver.problem import Condition, Domain, Problem, Relation
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

METHOD = "whole numbers (Diophantine)"

WholeEnds = tuple[int | None, int | None]


def solve_diophantine(problem: Problem) -> ExactOutcome | None:
    """All whole-number solutions of an equation of a known shape."""
    if len(problem.equations) == 1 and len(problem.unknowns) == 3:
        return _pythagorean(problem)
    if len(problem.unknowns) != 2:
        return None
    for equation in problem.equations:
        coefficients = _quadratic(equation.residual, problem.symbols)
        if coefficients is not None:
            try:
                found = solve_binary_quadratic(coefficients)
            except TooMuchWork as much:
                return ExactOutcome(METHOD, reasons=(Why.MUCH_WORK(much.reason),))
            _confirm(found, coefficients)
            return _restricted(problem, found)
    return None


def _quadratic(residual: Expr, symbols: tuple[Symbol, ...]) -> tuple[int, ...] | None:
    """The whole coefficients of x², xy, y², x, y and 1, None for what is no quadratic."""
    polynomial = numerator(residual, symbols)
    if polynomial is None or polynomial.total_degree() != 2:
        return None
    common = ilcm(1, *(Rational(value).q for value in polynomial.coeffs()))
    places = ((2, 0), (1, 1), (0, 2), (1, 0), (0, 1), (0, 0))
    return tuple(int(polynomial.coeff_monomial(place) * common) for place in places)


def _confirm(found: WholeSolutions, coefficients: Sequence[int]) -> None:
    """Put every family back.

    Along an orbit the equation's two sides differ by a sum of the k-th powers of five numbers, along a line by a
    polynomial of degree four: zero for all k where it is for five k in a row (Vandermonde).
    """
    a, b, c, d, e, f = coefficients
    for family in found.families:
        for k in range(-2, 3):
            x, y = family.at(k)
            assert a * x * x + b * x * y + c * y * y + d * x + e * y + f == 0, "a family solves its equation"


# --- bounds and other statements --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tail:
    """The members of a family from one on, in one direction; `every` says that it is the whole family."""

    family: WholeLine | Orbit
    every: bool = False


def _restricted(problem: Problem, found: WholeSolutions) -> ExactOutcome:
    """The points and the parts of families that keep the problem's other statements."""
    points = set(found.points)
    tails: list[_Tail] = []
    open_ones: list[WholeLine | Orbit] = []
    ends = _bounds(problem)
    for family in found.families:
        parts = _parts(family, ends) if ends is not None else None
        if parts is None:
            open_ones.append(family)
        else:
            points.update(parts[0])
            tails.extend(parts[1])
    solutions, decided = _solutions(problem, sorted(points))
    parameter = next(fresh_integers(problem.symbols))
    solutions += [_family(problem, tail, parameter) for tail in tails]
    if open_ones:
        candidates = (family.at(k) for k in range(limits.SHOWN) for family in open_ones)
        shown, _ = _solutions(problem, candidates, limits.SHOWN)
        return ExactOutcome(METHOD, solutions=(*solutions, *shown), reasons=(Why.FAMILY_MEMBERS(),))
    if not decided:
        return ExactOutcome(METHOD, tuple(solutions), reasons=(Why.NOT_DECIDED_POINT_CONDITIONS(),))
    return ExactOutcome(METHOD, solutions=tuple(solutions), complete=True, proof=f"in whole numbers: {found.proof}")


def _solutions(
    problem: Problem, points: Iterable[WholePoint], most: int | None = None
) -> tuple[list[ExactSolution], bool]:
    """The first of the points that solve the problem, and whether that is decided for each one looked at."""
    solutions: list[ExactSolution] = []
    decided = True
    for point in dict.fromkeys(points):
        values = dict(zip(problem.symbols, map(Integer, point), strict=True))
        verdict = put_back(problem, values)
        decided = decided and verdict is not Verdict.UNDECIDED
        if verdict is Verdict.HOLDS:
            solutions.append(ExactSolution(values, Evidence.EXACT))
        if len(solutions) == most:
            break
    return solutions, decided


def _family(problem: Problem, tail: _Tail, k: Symbol) -> ExactSolution:
    return ExactSolution(
        dict(zip(problem.symbols, tail.family.forms(k), strict=True)),
        Evidence.EXACT,
        integer_parameters=(k,),
        conditions=() if tail.every else (Condition(Integer(0), Relation.AT_MOST, k),),
        sample=dict(zip(problem.symbols, map(Integer, tail.family.at(0)), strict=True)),
    )


def _bounds(problem: Problem) -> tuple[WholeEnds, WholeEnds] | None:
    """The least and the greatest value of both unknowns, None where a statement is more than such a bound."""
    if len(problem.equations) > 1 or problem.equations[0].defined:
        return None
    bounds = {unknown.symbol: list(unknown.domain.bounds(unknown.symbol)) for unknown in problem.unknowns}
    for condition in problem.conditions:
        if not isinstance(condition, Condition) or condition.defined or len(condition.symbols) != 1:
            return None
        bounds[next(iter(condition.symbols))].append(condition)
    x, y = (_ends(segment(own, symbol)) for symbol, own in bounds.items())
    listed = any(unknown.domain.members is not None for unknown in problem.unknowns)
    return None if x is None or y is None or listed else (x, y)


def _ends(found: Segment | None) -> WholeEnds | None:
    """The whole ends of a range without holes, None where they are not decided."""
    if found is None or found.holes:
        return None
    if found.is_empty:
        return 1, 0
    low, high = found.whole_ends()
    return None if (low is None and found.low != -oo) or (high is None and found.high != oo) else (low, high)


def _parts(family: WholeLine | Orbit, ends: tuple[WholeEnds, WholeEnds]) -> tuple[list[WholePoint], list[_Tail]] | None:
    """The isolated members and the tails of a family that keep the bounds; None where that takes too many steps."""
    up, down = _settled(family, ends), _settled(family.from_(0, down=True), ends)
    if up is None or down is None:
        return None
    kept = {k for k in range(-down, up + 1) if _inside(family.at(k), ends)}
    if len(kept) == up + down + 1:
        return [], [_Tail(family, every=True)]
    tails = []
    for last, step in ((up, 1), (-down, -1)):
        if last in kept:
            first = last
            while first - step in kept:
                first -= step
            kept -= set(range(first, last + step, step))
            tails.append(_Tail(family.from_(first, down=step < 0)))
    return [family.at(k) for k in sorted(kept)], tails


def _inside(point: WholePoint, ends: tuple[WholeEnds, WholeEnds]) -> bool:
    return all(
        (low is None or low <= value) and (high is None or value <= high)
        for value, (low, high) in zip(point, ends, strict=True)
    )


def _settled(family: WholeLine | Orbit, ends: tuple[WholeEnds, WholeEnds]) -> int | None:
    """A k >= 0 from which on, upwards, every unknown stays on its side of every bound."""
    return next(
        (k for k in range(limits.MOST_DIOPHANTINE_STEPS) if all(_escapes(family, k, i, ends[i]) for i in (0, 1))), None
    )


def _escapes(family: WholeLine | Orbit, k: int, i: int, end: WholeEnds) -> bool:
    """Whether coordinate i moves away from its bounds from k on, or never moves.

    A line's steps change by a constant: moving away, and ever faster or evenly, is for good. Along an orbit
    ``x(k+1) = 2t·x(k) - x(k-1) + c``, so that ``x(k+1) - x(k) = (2t - 2)·x(k) + c + (x(k) - x(k-1))``: past the bounds
    and past |c|, a step outwards is followed by another one.
    """
    before, value, after = (family.at(j)[i] for j in (k - 1, k, k + 1))
    marks = [bound for bound in end if bound is not None]
    if isinstance(family, WholeLine):
        if not family.first[i] and not family.second[i]:
            return True
        step, change = after - value, 2 * family.second[i]
        if step > 0:
            return change >= 0 and all(value > bound for bound in marks)
        return step < 0 and change <= 0 and all(value < bound for bound in marks)
    constant = after - 2 * family.t * value + before
    if value >= before:
        return value > max(abs(constant), *(bound for bound in (*marks, 0)))
    return value < -max(abs(constant), *(-bound for bound in (*marks, 0)))


# --- three unknowns ---------------------------------------------------------------------------------------------------


def _pythagorean(problem: Problem) -> ExactOutcome | None:
    """``x² + y² = z²``, as ``k·(m² - n²), 2kmn, k·(m² + n²)`` and with x and y exchanged.

    Source: Euclid, Elements X, lemma 1 to proposition 29; every whole m, n and k gives a triple, and every triple is
    such a one.
    """
    legs = _legs(numerator(problem.equations[0].residual, problem.symbols), problem.symbols)
    free = all(unknown.domain == Domain(integer=True) for unknown in problem.unknowns)
    if legs is None or not free or problem.conditions or problem.equations[0].defined:
        return None
    k, m, n = islice(fresh_integers(problem.symbols), 3)
    x, y, z = legs
    shapes: list[Mapping[Symbol, Expr]] = [
        {x: k * (m**2 - n**2), y: 2 * k * m * n, z: k * (m**2 + n**2)},
        {x: 2 * k * m * n, y: k * (m**2 - n**2), z: k * (m**2 + n**2)},
    ]
    at = {k: Integer(1), m: Integer(2), n: Integer(1)}
    solutions = [
        ExactSolution(
            {s: shape[s] for s in problem.symbols},
            Evidence.EXACT,
            integer_parameters=(k, m, n),
            sample={s: shape[s].xreplace(at) for s in problem.symbols},
        )
        for shape in shapes
    ]
    if not all(put_back(problem, shape) is Verdict.HOLDS for shape in shapes):
        return None
    outcome = ExactOutcome(METHOD, solutions=tuple(solutions))
    return replace(outcome, complete=True, proof="in whole numbers: Euclid's formula for Pythagorean triples")


def _legs(polynomial: Poly | None, symbols: tuple[Symbol, ...]) -> tuple[Symbol, Symbol, Symbol] | None:
    """The legs and the hypotenuse, where it is ``x² + y² - z²`` up to a factor."""
    if polynomial is None or len(polynomial.terms()) != 3:
        return None
    signs = [polynomial.coeff_monomial(symbol**2) for symbol in symbols]
    if 0 in signs or len({abs(sign) for sign in signs}) > 1:
        return None
    odd = [i for i in range(3) if signs.count(signs[i]) == 1]
    if len(odd) != 1:
        return None
    x, y = (symbols[i] for i in range(3) if i != odd[0])
    return x, y, symbols[odd[0]]
