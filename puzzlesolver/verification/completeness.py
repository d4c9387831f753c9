"""That the listed solutions are all: proved again, block by block, by whichever of these ways applies.

Whole-number unknowns: a search through all values · equations with affine factors: linear algebra and Fourier–Motzkin
elimination · polynomials: the number of real roots, by exact algebra · one unknown in sines and cosines: the number of
roots in a period · up to four real unknowns: interval bisection. A block with none of these stays open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from flint import ctx
from sympy import Expr, Rational, Symbol

from puzzlesolver.verification.arrangement import covers
from puzzlesolver.verification.bisection import Bisection
from puzzlesolver.verification.blocks import Block
from puzzlesolver.verification.budget import Budget, OutOfTime
from puzzlesolver.verification.components import NotAffine, branches
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.finite import FiniteSearch
from puzzlesolver.verification.finite import NotFinite as NotFiniteDomain
from puzzlesolver.verification.graphs import Case, NotAGraph, covers_graph
from puzzlesolver.verification.intervals import WHOLE, ZERO, Interval, NoValue
from puzzlesolver.verification.newton import solve
from puzzlesolver.verification.operations import Discontinuous
from puzzlesolver.verification.periodic import NotPeriodic, covers_periods
from puzzlesolver.verification.places import Place, all_apart
from puzzlesolver.verification.root_set import NotFinite, TooHard
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.tape import Tape
from puzzlesolver.verification.trials import Undecided, trials_of
from puzzlesolver.verification.verdicts import Found, Verdict

MOST_BISECTED = 4
"""Unknowns of a block that is bisected."""
FINITE_SHARE = 0.5
ENCLOSING = 120


@dataclass(frozen=True, slots=True)
class Known:
    """A verified entry; `place` is where it is, for a point."""

    entry: Entry
    place: Place | None = None


def complete(
    blocks: Sequence[Block], constant: Statements, known: Sequence[Known], cases: Sequence[Case], budget: Budget
) -> Found:
    """Whether the known solutions, and those that cases tell of, are all solutions of the statements."""
    trivial = constant_truth(constant, budget)
    if trivial is Verdict.FAILS:
        return Found(Verdict.HOLDS, "a statement without unknowns is false") if not known else _open("")
    if trivial is Verdict.NOT_REPROVED:
        return _open("a statement without unknowns is not decided")
    if not known:
        return _none(blocks, budget)
    parts = [_projected(known, block) for block in blocks]
    if any(part is None for part in parts) or prod(len(part or ()) for part in parts) != len(known):
        if len(blocks) == 1:
            return _open("two entries of the list are the same")
        if all(
            (places := _points(part or ())) is not None and all_apart(places, block.symbols, budget)
            for part, block in zip(parts, blocks, strict=True)
        ):
            return Found(Verdict.FAILS, "a combination of the solutions of independent parts is not in the list")
        return _open("the list is not made of every combination of the solutions of its independent parts")
    words: list[str] = []
    for block, part in zip(blocks, parts, strict=True):
        found = cover_block(block, part or (), cases if len(blocks) == 1 else (), budget)
        if found.verdict is not Verdict.HOLDS:
            return found
        words.append(found.words)
    return Found(Verdict.HOLDS, "; ".join(dict.fromkeys(word for word in words if word)))


def _open(words: str) -> Found:
    return Found(Verdict.NOT_REPROVED, words)


def constant_truth(constant: Statements, budget: Budget) -> Verdict:
    """Whether the statements without unknowns are true."""
    verdict = Verdict.HOLDS
    for trial in trials_of(constant):
        try:
            if trial.symbols:
                verdict = Verdict.NOT_REPROVED
            elif not trial.passes({}, budget):
                return Verdict.FAILS
        except Undecided:
            verdict = Verdict.NOT_REPROVED
    return verdict


def _none(blocks: Sequence[Block], budget: Budget) -> Found:
    """Whether some block has no solution."""
    failing: Found | None = None
    unknown: Found | None = None
    for number, block in enumerate(blocks):
        share = budget.share(1 / (len(blocks) - number))
        try:
            found = cover_block(block, (), (), share)
        except OutOfTime:
            budget.check()
            found = _open("the time budget ran out")
        if found.verdict is Verdict.HOLDS:
            return found
        if found.verdict is Verdict.FAILS:
            failing = found
        else:
            unknown = found
    if unknown is None and failing is not None:
        return failing
    return unknown or _open("there is nothing to be solved")


# --- blocks -----------------------------------------------------------------------------------------------------------


def _projected(known: Sequence[Known], block: Block) -> tuple[Known, ...] | None:
    """The distinct parts of the entries that concern a block; None where parameters reach across blocks."""
    found: dict[object, Known] = {}
    for item in known:
        entry = item.entry
        names = [str(symbol.name) for symbol in block.symbols]
        key = tuple((v.exact, v.low, v.high) for v in (entry.claim.values[name] for name in names))
        values = {symbol: value for symbol, value in entry.values.items() if symbol in block.symbols}
        used: set[Symbol] = set()
        for value in values.values():
            used |= value.free_symbols
        elsewhere: set[Symbol] = set()
        for symbol, value in entry.values.items():
            if symbol not in values:
                elsewhere |= value.free_symbols
        own = [c for c in entry.conditions if (c.lhs.free_symbols | c.rhs.free_symbols) & used]
        if used & elsewhere or any(not (c.lhs.free_symbols | c.rhs.free_symbols) <= used for c in own):
            return None
        texts = tuple(str(condition) for condition in own)
        if (key, texts) not in found:
            part = replace(
                entry,
                values=values,
                free=tuple(t for t in entry.free if t in used),
                whole=tuple(k for k in entry.whole if k in used),
                conditions=tuple(own),
            )
            found[key, texts] = Known(part, item.place)
    return tuple(found.values())


def cover_block(block: Block, known: Sequence[Known], cases: Sequence[Case], budget: Budget) -> Found:
    """Whether the known solutions of a block are all of its."""
    if any(item.entry.parameters for item in known):
        try:
            found = covers_graph(block.statements, [item.entry for item in known], cases, budget)
            if found.verdict is not Verdict.NOT_REPROVED:
                return found
        except NotAGraph:
            pass
    if _is_the_only_one(block, known) and not cases:
        return Found(Verdict.HOLDS, "equations whose slopes are regular have one solution")
    if cases or block.has_other_names or any(item.entry.names for item in known):
        return _open("solutions in terms of other names were not counted")
    reasons: list[str] = []
    for way in (_by_search, _by_linear_algebra, _by_counting, _by_periods, _by_bisection):
        budget.check()
        result = way(block, known, budget)
        if result is None:
            continue
        if result.verdict is not Verdict.NOT_REPROVED:
            return result
        reasons.append(result.words)
    return _open(reasons[-1] if reasons else "no method here applies")


def _is_the_only_one(block: Block, known: Sequence[Known]) -> bool:
    """Whether one solution is known, without conditions, of equations whose slopes are regular all over."""
    if len(known) != 1 or known[0].entry.free or known[0].entry.whole or not known[0].entry.is_unconditional:
        return False
    residuals = [equation.residual for equation in block.statements.equations]
    size, names = len(block.symbols), set().union(*(e.free_symbols for e in residuals)) - set(block.symbols)
    try:
        tape = Tape(residuals, (*block.symbols, *names))
        run = tape.forward([WHOLE] * (size + len(names)), ENCLOSING)
        slopes = [{j: f for j, f in row.items() if j < size} for row in tape.gradients(run, ENCLOSING)]
    except (NoValue, Discontinuous):
        return False
    with ctx.workprec(ENCLOSING):
        return run.whole and solve(slopes, [ZERO] * len(slopes), size) is not None


def _by_search(block: Block, known: Sequence[Known], budget: Budget) -> Found | None:
    unknowns = block.statements.unknowns
    if not all(unknown.domain.integer or unknown.domain.members is not None for unknown in unknowns):
        return None
    listed: set[tuple[Fraction, ...]] = set()
    for item in known:
        point = _rational_point(item.entry, block.symbols)
        if point is None:
            return None
        listed.add(point)
    count = 0
    try:
        for values in FiniteSearch(block.statements, budget.share(FINITE_SHARE)):
            point = tuple(Fraction(values[symbol]) for symbol in block.symbols)
            if point not in listed:
                return Found(Verdict.FAILS, f"{_shown(block.symbols, point)} is a solution and not in the list")
            count += 1
    except NotFiniteDomain:
        return None
    except Undecided as error:
        return _open(f"{error} is not decided at a point")
    except OutOfTime:
        budget.check()
        return _open("the search through all whole numbers ran out of time")
    if count != len(listed):
        return _open("the list holds more than was found")
    return Found(Verdict.HOLDS, f"search through all values of {len(unknowns)} unknowns")


def _rational_point(entry: Entry, symbols: Sequence[Symbol]) -> tuple[Fraction, ...] | None:
    values: list[Expr | None] = [entry.values.get(symbol) for symbol in symbols]
    if not all(isinstance(value, Rational) for value in values):
        return None
    return tuple(Fraction(int(value.p), int(value.q)) for value in values if value is not None)


def _shown(symbols: Sequence[Symbol], point: Sequence[Fraction]) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in zip(symbols, point, strict=True))[:300]


def _by_linear_algebra(block: Block, known: Sequence[Known], budget: Budget) -> Found | None:
    entries = [item.entry for item in known]
    try:
        parts = branches(block.statements, budget)
    except NotAffine:
        return None
    return covers(parts, block.statements, entries, budget)


def _points(known: Sequence[Known]) -> list[Place] | None:
    """The places of a list of points; None where a family is among them."""
    places = [item.place for item in known if item.place is not None and item.entry.is_point]
    return places if len(places) == len(known) else None


def _by_counting(block: Block, known: Sequence[Known], budget: Budget) -> Found | None:
    places = _points(known)
    if places is None:
        return None
    algebraic = block.algebraic(budget)
    if algebraic is None:
        return None
    count = len(algebraic.solutions)
    if count > len(places):
        return Found(Verdict.FAILS, f"there are {count} solutions, and the list has {len(places)}")
    if count < len(places) or not all_apart(places, block.symbols, budget):
        return _open("the entries were not shown to be different solutions")
    return Found(Verdict.HOLDS, f"{count} real roots counted by exact algebra" if count else "no real root by algebra")


def _by_periods(block: Block, known: Sequence[Known], budget: Budget) -> Found | None:
    try:
        return covers_periods(block.statements, [item.entry for item in known], budget)
    except (NotPeriodic, NotFinite, TooHard):
        return None


def _by_bisection(block: Block, known: Sequence[Known], budget: Budget) -> Found | None:
    places = _points(known)
    unknowns = block.statements.unknowns
    if places is None or not block.statements.equations or len(unknowns) > MOST_BISECTED:
        return None
    if any(unknown.domain.integer or unknown.domain.members is not None for unknown in unknowns):
        return None
    try:
        boxes: list[list[Interval]] = [[place.enclosure(s, ENCLOSING) for s in block.symbols] for place in places]
        return Bisection(block.statements, boxes, budget).run()
    except NoValue:
        return None
