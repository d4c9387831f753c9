"""Bounds that follow from a problem's statements: what box must every solution lie in, though no domain says so?

In: an unrolled `Problem`. Out: `Bounds`, with words for the report. Two kinds of proof: forward-backward contraction
with infinite ends (x^2 + y^2 = 25 bounds both), and growth: in an equation p(x) = q(others), where q stays below a
number, p(x) cannot exceed it, and beyond some x it does (x^4 - x^2 + y^2 = 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from sympy import Add, Expr, Rational, Symbol, expand_mul

from puzzlesolver.arithmetic.dag import Dag
from puzzlesolver.arithmetic.intervals import Array
from puzzlesolver.arithmetic.program import Program
from puzzlesolver.problem import Problem
from puzzlesolver.proof import limits
from puzzlesolver.proof.boxes.box import Box
from puzzlesolver.proof.boxes.contract import Contractor, domain_ends
from puzzlesolver.proof.boxes.tails import MARKS, T, positive, unfolded


@dataclass(frozen=True, slots=True)
class Bounds:
    """The ends for every unknown, in order, infinite where none was found. `words` says what they follow from."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    words: str
    is_empty: bool = False

    @property
    def is_bounded(self) -> bool:
        """Whether every end is finite."""
        return bool(np.isfinite([self.low, self.high]).all())

    def within(self, radius: float) -> Bounds:
        """These bounds with a radius, which the equations imply, in place of the ends that are missing."""
        low = tuple(max(end, -radius) if np.isinf(end) else end for end in self.low)
        high = tuple(min(end, radius) if np.isinf(end) else end for end in self.high)
        return Bounds(low, high, f"no solution has a coordinate beyond {radius:g}", self.is_empty)


def bounding_box(problem: Problem) -> Mapping[Symbol, tuple[Fraction | None, Fraction | None]] | None:
    """The same as exact ends, None where there is none; None altogether where it is proved that nothing solves it."""
    found = bounds(problem)
    if found.is_empty:
        return None
    return {
        symbol: (_exact(low), _exact(high))
        for symbol, low, high in zip(problem.symbols, found.low, found.high, strict=True)
    }


def finite_box(problem: Problem) -> Box | None:
    """The bounding box where it is bounded on every side."""
    found = bounds(problem)
    if found.is_empty or not np.isfinite([found.low, found.high]).all():
        return None
    return {s: (Fraction(a), Fraction(b)) for s, a, b in zip(problem.symbols, found.low, found.high, strict=True)}


def bounds(problem: Problem) -> Bounds:
    """The box that the domains and the statements imply."""
    ends = [domain_ends(unknown.domain) for unknown in problem.unknowns]
    low, high = np.array([[a] for a, _ in ends]), np.array([[b] for _, b in ends])
    given = np.isfinite(low) & np.isfinite(high)
    contractor = Contractor(problem)
    with np.errstate(all="ignore"):
        for _ in range(limits.ROUNDS):
            low, high, alive = contractor(low, high)
            if not alive[0]:
                return Bounds(tuple(low[:, 0]), tuple(high[:, 0]), "", is_empty=True)
            if np.isfinite(low).all() and np.isfinite(high).all():
                break
            if not _grown(problem, low, high):
                break
    implied = ~given & np.isfinite(low) & np.isfinite(high)
    names = [str(symbol.name) for symbol, one in zip(problem.symbols, implied[:, 0], strict=True) if one]
    words = f"the equations themselves bound {', '.join(names)}" if names and len(names) <= 6 else ""
    if len(names) > 6:
        words = f"the equations themselves bound {len(names)} unknowns"
    return Bounds(tuple(map(float, low[:, 0])), tuple(map(float, high[:, 0])), words)


def _exact(end: float) -> Fraction | None:
    return Fraction(end) if np.isfinite(end) else None


# --- growth -----------------------------------------------------------------------------------------------------------


def _grown(problem: Problem, low: Array, high: Array) -> bool:
    """Bound unknowns by growth, in place, one equation after the other; whether any bound was found."""
    progress = False
    number = {symbol: k for k, symbol in enumerate(problem.symbols)}
    for equation in problem.equations:
        parts = _separated(equation.residual, problem.symbols)
        if parts is None:
            continue
        for sign in (1, -1):
            progress |= _bounded_by(sign, parts, number, low, high)
    return progress


def _separated(residual: Expr, symbols: tuple[Symbol, ...]) -> dict[Symbol | None, Expr] | None:
    """The residual as a sum of functions of one unknown each (None: the constant), None where a term holds two."""
    parts: dict[Symbol | None, Expr] = {}
    for term in Add.make_args(expand_mul(residual)):
        held = [symbol for symbol in symbols if symbol in term.free_symbols]
        if len(held) > 1:
            return None
        key = held[0] if held else None
        parts[key] = parts.get(key, Rational(0)) + term
    return parts


def _bounded_by(
    sign: int, parts: dict[Symbol | None, Expr], number: Mapping[Symbol, int], low: Array, high: Array
) -> bool:
    """With sign * sum(parts) = 0 and a lower bound for every part, each part is at most minus the others' bounds."""
    least: dict[Symbol | None, float] = {}
    for symbol, part in parts.items():
        ends = (0.0, 0.0) if symbol is None else (low[number[symbol], 0], high[number[symbol], 0])
        least[symbol] = _lower_bound(sign * part, symbol, *ends)
    progress = False
    for symbol, part in parts.items():
        if symbol is None:
            continue
        others = [bound for key, bound in least.items() if key != symbol]
        if not np.isfinite(others).all():
            continue
        ceiling = -sum((Fraction(bound) for bound in others), Fraction(0))
        gap = sign * part - Rational(ceiling.numerator, ceiling.denominator)
        k = number[symbol]
        if np.isinf(high[k, 0]) and (mark := _exceeds(gap, symbol, 1)) is not None:
            high[k, 0], progress = max(mark, low[k, 0]), True
        if np.isinf(low[k, 0]) and (mark := _exceeds(gap, symbol, -1)) is not None:
            low[k, 0], progress = min(-mark, high[k, 0]), True
    return progress


def _exceeds(gap: Expr, symbol: Symbol, direction: int) -> float | None:
    """From where on, in one direction, `gap` is proved positive."""
    outward = unfolded(gap.subs(symbol, direction * T))
    return next((float(mark) for mark in MARKS if positive(outward, mark)), None)


def _lower_bound(part: Expr, symbol: Symbol | None, low: float, high: float) -> float:
    """A number that `part` is nowhere below, -oo where none is found: beyond some marks it is more than at zero, and
    between them interval evaluation on small pieces tells."""
    if symbol is None:
        low = high = 0.0
    program = _program(part, symbol)
    whole = _least_over(program, np.array([low]), np.array([high]))
    if np.isfinite(whole) or symbol is None:
        return whole
    middle = _least_over(program, np.array([0.0]), np.array([0.0]))
    if not np.isfinite(middle):
        return whole
    above = part - Rational(*Fraction(middle).as_integer_ratio())
    if np.isinf(high):
        mark = _exceeds(above, symbol, 1)
        high = np.inf if mark is None else mark
    if np.isinf(low):
        mark = _exceeds(above, symbol, -1)
        low = -np.inf if mark is None else -mark
    if not (np.isfinite(low) and np.isfinite(high)):
        return -np.inf
    edges = np.linspace(low, high, limits.PIECES + 1)
    return min(middle, _least_over(program, edges[:-1], edges[1:]))


def _program(part: Expr, symbol: Symbol | None) -> Program:
    dag = Dag((symbol,) if symbol is not None else (T,))
    return Program(dag, [dag.add(part)])


def _least_over(program: Program, low: Array, high: Array) -> float:
    lows, _, _ = program.forward(low[None, :], high[None, :])
    return float(lows[program.outputs[0]].min())
