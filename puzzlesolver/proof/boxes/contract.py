"""Narrow boxes to where a problem's solutions can be: forward-backward contraction over all its statements at once.

In: an unrolled `Problem`, and boxes as columns of floats. Out: narrower boxes, and which are proved to be empty. Every
solution in a box stays in it. Equations, conditions with their `defined` parts, whole-number domains and lists of
members all narrow; a point where a statement is not defined is no solution, and is dropped only where that is proved.
Equations that follow by linear algebra alone, and are easier to contract with, narrow as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from flint import fmpq_mat
from sympy import Add, Expr, Rational, Symbol, expand

from puzzlesolver.arithmetic.balls import approximate
from puzzlesolver.arithmetic.dag import Op, reachable
from puzzlesolver.arithmetic.elimination import rational, sympy_rational
from puzzlesolver.arithmetic.intervals import Array, Mask, float_above, float_below
from puzzlesolver.arithmetic.program import Program
from puzzlesolver.problem import Domain, Problem, Relation
from puzzlesolver.proof import limits
from puzzlesolver.proof.boxes.system import System, system_of

MOST_PASSES = 12
WORTHWHILE = 0.7  # A further pass is made over a box as long as one of its sides has shrunk to less than this part.

PARTIAL = frozenset(
    (Op.DIVIDE, Op.SQRT, Op.ROOT_POWER, Op.GENERAL_POWER, Op.LOG, Op.ASIN, Op.ACOS, Op.TAN, Op.GAMMA, Op.LAMBERT_W)
)
"""Operations that are not defined everywhere."""


class Contractor:
    """The statements of one problem, ready to narrow boxes ``[unknowns, boxes]``."""

    def __init__(self, problem: Problem) -> None:
        system = system_of(problem)
        dag = system.dag
        relations = tuple(problem.relations())
        implied = [dag.add(row) for row in implied_equations(problem)]
        gaps = [dag.add(relation.lhs - relation.rhs) for relation in relations]
        zeros = [*system.residuals, *implied]
        self.program = Program(dag, [*zeros, *gaps, *_lost_sides(system)])
        self._zeros = self.program.outputs[: len(zeros)]
        rows = self.program.outputs[len(zeros) : len(zeros) + len(gaps)]
        self._below = [row for row, c in zip(rows, relations, strict=True) if c.relation is not Relation.NOT_EQUAL]
        self._strictly = [row for row, c in zip(rows, relations, strict=True) if c.relation is Relation.LESS]
        self._not_zero = [row for row, c in zip(rows, relations, strict=True) if c.relation is Relation.NOT_EQUAL]
        domains = [unknown.domain for unknown in problem.unknowns]
        self._whole = [number for number, domain in enumerate(domains) if domain.integer]
        self._members = [(number, _member_ends(domain)) for number, domain in enumerate(domains) if domain.members]

    def __call__(self, low: Array, high: Array, passes: int = MOST_PASSES) -> tuple[Array, Array, Mask]:
        """The narrowed boxes and the mask of those that may still hold a solution."""
        low, high = low.copy(), high.copy()
        alive = np.ones(low.shape[1], dtype=np.bool_)
        active = np.arange(low.shape[1])
        for _ in range(passes):
            old_low, old_high = low[:, active], high[:, active]
            new_low, new_high, dead = self._pass(old_low, old_high)
            low[:, active], high[:, active] = new_low, new_high
            alive[active[dead]] = False
            shrunk = (new_high - new_low < WORTHWHILE * (old_high - old_low)) | (
                np.isinf(old_low) & np.isfinite(new_low) | np.isinf(old_high) & np.isfinite(new_high)
            )
            active = active[shrunk.any(axis=0) & ~dead]
            if not active.size:
                break
        return low, high, alive

    def _pass(self, low: Array, high: Array) -> tuple[Array, Array, Mask]:
        low, high = self._snapped(low, high)
        lows, highs, dead = self.program.forward(low, high)
        if self._strictly:
            dead |= (lows[self._strictly] >= 0).any(axis=0)
        if self._not_zero:
            dead |= ((lows[self._not_zero] == 0) & (highs[self._not_zero] == 0)).any(axis=0)
        lows[self._zeros] = np.maximum(lows[self._zeros], 0.0)
        highs[self._zeros] = np.minimum(highs[self._zeros], 0.0)
        highs[self._below] = np.minimum(highs[self._below], 0.0)
        dead |= (lows > highs).any(axis=0)
        self.program.backward(lows, highs)
        dead |= (lows > highs).any(axis=0)
        low, high = self._snapped(lows[: len(low)], highs[: len(low)])
        return low, high, dead | (low > high).any(axis=0)

    def _snapped(self, low: Array, high: Array) -> tuple[Array, Array]:
        """Ends moved inward to whole numbers and members, where the domains are such."""
        if not self._whole and not self._members:
            return low, high
        low, high = low.copy(), high.copy()
        low[self._whole], high[self._whole] = np.ceil(low[self._whole]), np.floor(high[self._whole])
        for number, (first, last) in self._members:
            after = np.searchsorted(last, low[number], side="left")
            before = np.searchsorted(first, high[number], side="right") - 1
            low[number] = np.maximum(low[number], np.append(first, np.inf)[after])
            high[number] = np.minimum(high[number], np.append(last, -np.inf)[before])
        return low, high


def domain_ends(domain: Domain) -> tuple[float, float]:
    """The floats just outside a domain."""
    return _end(domain.low)[0], _end(domain.high)[1]


def _end(value: Expr) -> tuple[float, float]:
    """Floats below and above a domain's end; infinite where it is, or where it cannot be told."""
    if value.is_infinite:
        return (np.inf, np.inf) if value.is_extended_positive else (-np.inf, -np.inf)
    try:
        low, high = approximate(value)
    except ValueError:
        return -np.inf, np.inf
    return float_below(low), float_above(high)


def _member_ends(domain: Domain) -> tuple[Array, Array]:
    ends = [_end(member) for member in domain.members or ()]
    return np.array([low for low, _ in ends]), np.array([high for _, high in ends])


def _lost_sides(system: System) -> list[int]:
    """The sides whose partial operations no longer show in the residual, where a term cancelled."""
    dag = system.dag
    lost = []
    for residual, sides in zip(system.residuals, system.sides, strict=True):
        kept = set(reachable(dag, [residual]))
        for side in sides:
            if any(dag.ops[node] in PARTIAL and node not in kept for node in reachable(dag, [side])):
                lost.append(side)
    return lost


LinearTerms = dict[Expr, Rational]


def implied_equations(problem: Problem) -> tuple[Expr, ...]:
    """Residuals of equations that every solution fulfils besides the problem's own; none where it is too large.

    In the reduced row echelon form over the rationals, with every distinct nonlinear term as an unknown of its own and
    first in order, the rows without such terms are linear relations between few unknowns. And where two equations
    share a long sum, their difference is short.
    """
    if not 1 < len(problem.equations) <= limits.MOST_EQUATIONS:
        return ()
    rows = [_terms(e.residual) for e in problem.equations if e.residual.count_ops() <= limits.LARGEST_LINEAR]
    if not rows or len({term for row in rows for term in row}) > limits.MOST_LINEAR_TERMS:
        return ()
    known = {frozenset(row) for row in rows}
    found: dict[frozenset[Expr], LinearTerms] = {}
    for row in (*_linear_relations(rows, set(problem.symbols)), *_short_differences(rows)):
        if frozenset(row) not in known:
            found.setdefault(frozenset(row), row)
    return tuple(Add(*(value * term for term, value in row.items())) for row in found.values())


def _terms(residual: Expr) -> LinearTerms:
    """The coefficients of a residual's terms, multiplied out; that of 1 is the constant.

    Powers and logarithms stay as they are: taken apart, they may be undefined where the whole was not.
    """
    terms: LinearTerms = {}
    for term in Add.make_args(expand(residual, power_base=False, power_exp=False, log=False, basic=False)):
        coefficient, rest = term.as_coeff_Mul(rational=True)
        terms[rest] = terms.get(rest, Rational(0)) + coefficient
    return {term: value for term, value in terms.items() if value != 0}


def _linear_relations(rows: Sequence[LinearTerms], unknowns: set[Symbol]) -> Iterator[LinearTerms]:
    columns = list(dict.fromkeys(term for row in rows for term in row))
    columns.sort(key=lambda term: 2 if term == 1 else 1 if term in unknowns else 0)
    place = {term: number for number, term in enumerate(columns)}
    matrix = fmpq_mat(len(rows), len(columns))
    for i, row in enumerate(rows):
        for term, coefficient in row.items():
            matrix[i, place[term]] = rational(coefficient)
    reduced, rank = matrix.rref()
    shortest = min(len(row) for row in rows)
    for i in range(rank):
        entries = {columns[j]: sympy_rational(reduced[i, j]) for j in range(len(columns)) if reduced[i, j] != 0}
        if len(entries) < shortest or all(term in unknowns or term == 1 for term in entries):
            yield entries


def _short_differences(rows: Sequence[LinearTerms]) -> Iterator[LinearTerms]:
    """For every equation its shortest combination with another one, where that is shorter than both."""
    if len(rows) > limits.MOST_COMPARED:
        return
    for i, row in enumerate(rows):
        best: LinearTerms | None = None
        for other in (*rows[i + 1 :], *rows[:i]):
            shared = Counter(row[term] / other[term] for term in row if term in other)
            if not shared:
                continue
            ((ratio, _),) = shared.most_common(1)
            combined = {
                term: value
                for term in (*row, *(t for t in other if t not in row))
                if (value := row.get(term, Rational(0)) - ratio * other.get(term, Rational(0))) != 0
            }
            if len(combined) < min(len(row), len(other)) and (best is None or len(combined) < len(best)):
                best = combined
        if best is not None:
            yield best
