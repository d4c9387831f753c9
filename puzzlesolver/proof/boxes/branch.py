"""Branch and prune: every real solution in a region, by contracting and bisecting thousands of boxes at a time.

In: an unrolled `Problem` and a box (for `search_region` ends may be infinite). Out: a `BoxSearch`: every solution in
the region lies in a certified box or in an undecided one. Boxes are narrowed by HC4 and by the interval Newton step;
where that step is strong, existence and uniqueness are proved in ball arithmetic on a slightly larger box, so that a
solution on the border of two boxes is neither lost nor counted twice. What stays too small to bisect is joined into
clusters, each of which gets a second chance at higher precision.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.arithmetic.dag import Op
from puzzlesolver.arithmetic.intervals import Array, Mask, float_above, float_below
from puzzlesolver.problem import Domain, Problem
from puzzlesolver.proof import limits
from puzzlesolver.proof.boxes.box import Box, BoxSearch, Certificate
from puzzlesolver.proof.boxes.clusters import Effort, hulls, is_empty_piecewise, resolve_cluster
from puzzlesolver.proof.boxes.conditions import decide
from puzzlesolver.proof.boxes.contract import Contractor, domain_ends
from puzzlesolver.proof.boxes.krawczyk import certify_box, distinct, overlap
from puzzlesolver.proof.boxes.newton import NewtonStep
from puzzlesolver.proof.boxes.system import system_of
from puzzlesolver.proof.verdict import Verdict

MOST_CERTIFICATES = 2000
MOST_HULLS = 60
CUT = 0.487  # Where a side is bisected: off the middle, where solutions like to be.
SMALLEST = 1e-9  # Sides below this part of the numbers in them (or of one) are not bisected.
FARTHEST = 1e30  # Unbounded sides are cut at ten times their finite end, up to here.
MOST_CUTS = 6  # Bases of powers at whose zero a box is cut before all else.
ENTRIES = 1 << 20
"""Numbers in one array at a time: what the processor's cache likes decides how many boxes go together."""


@dataclass(slots=True)
class _Search:
    """The state: boxes to do, those left over, and what is certified."""

    problem: Problem
    deadline: float
    max_boxes: int
    settling: Effort
    low: Array
    high: Array
    waiting: _Stack = field(init=False)
    left: list[tuple[Array, Array]] = field(default_factory=list)
    left_count: int = 0
    regions: _Regions = field(init=False)
    certificates: list[Certificate] = field(default_factory=list)
    boxes: int = 0
    reason: Reason | None = None
    unbounded: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.regions = _Regions(len(self.low))
        self.waiting = _Stack(len(self.low))


class _Stack:
    """Boxes as columns, in pieces; the last ones come out first."""

    def __init__(self, unknowns: int) -> None:
        self._none = np.empty((unknowns, 0))
        self._pieces: list[tuple[Array, Array]] = []

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def push(self, low: Array, high: Array) -> None:
        if low.shape[1]:
            self._pieces.append((low, high))

    def pop(self, most: int) -> tuple[Array, Array]:
        """At most so many boxes, and at least one."""
        taken: list[tuple[Array, Array]] = []
        while self._pieces and most > 0:
            low, high = self._pieces.pop()
            if low.shape[1] > most:
                self._pieces.append((low[:, :-most], high[:, :-most]))
                low, high = low[:, -most:], high[:, -most:]
            most -= low.shape[1]
            taken.append((low, high))
        return np.concatenate([a for a, _ in taken], axis=1), np.concatenate([b for _, b in taken], axis=1)

    def all(self) -> tuple[Array, Array]:
        """Every box that is still waiting."""
        lows = [self._none, *(a for a, _ in self._pieces)]
        return np.concatenate(lows, axis=1), np.concatenate([self._none, *(b for _, b in self._pieces)], axis=1)


class _Regions:
    """The boxes proved to hold exactly one solution each, as a growing table of floats."""

    def __init__(self, unknowns: int) -> None:
        self._low, self._high = np.empty((16, unknowns)), np.empty((16, unknowns))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, low: Array, high: Array) -> None:
        if self._count == len(self._low):
            self._low, self._high = np.concatenate([self._low] * 2), np.concatenate([self._high] * 2)
        self._low[self._count], self._high[self._count] = low, high
        self._count += 1

    def hold(self, low: Array, high: Array) -> bool:
        """Whether one of them contains a whole box."""
        first, last = self._low[: self._count], self._high[: self._count]
        return bool(((first <= low) & (high <= last)).all(axis=1).any())


def search_box(
    problem: Problem, box: Box, *, deadline: float, max_boxes: int = limits.MOST_BOXES, settling: Effort | None = None
) -> BoxSearch:
    """Every solution of `problem` in `box`, up to `deadline` (a time of `time.monotonic`).

    Certificates of solutions that are proved to break a domain or a condition, or to lie outside the box, are left out;
    the others are kept, whether `conditions.decide` can decide them or not.
    """
    low = [float_below(box[symbol][0]) for symbol in problem.symbols]
    high = [float_above(box[symbol][1]) for symbol in problem.symbols]
    found = search_region(problem, low, high, deadline=deadline, max_boxes=max_boxes, settling=settling)
    kept = tuple(c for c in found.certificates if overlap(c.box, box))
    return BoxSearch(kept, found.undecided, found.region, found.boxes, found.reason)


def search_region(
    problem: Problem,
    low: Sequence[float],
    high: Sequence[float],
    *,
    deadline: float,
    max_boxes: int = limits.MOST_BOXES,
    most_hulls: int = MOST_HULLS,
    settling: Effort | None = None,
) -> BoxSearch:
    """The same for ends that may be infinite. Unbounded boxes that cannot be emptied are told in the reason alone.

    A search of a part of another one's boxes shares its effort of `settling` what is left over.
    """
    ends = np.array([low, high], dtype=np.float64)
    for number, unknown in enumerate(problem.unknowns):
        first, last = domain_ends(unknown.domain)
        ends[0, number], ends[1, number] = max(ends[0, number], first), min(ends[1, number], last)
    state = _Search(
        problem, deadline, max_boxes, settling or Effort(deadline, limits.SETTLING), ends[0][:, None], ends[1][:, None]
    )
    with np.errstate(all="ignore"):
        if (ends[0] <= ends[1]).all():
            state.waiting.push(*_cut_at_zero(problem, state.low, state.high))
            _run(state)
        undecided = _settle(state, most_hulls)
    certificates = distinct(problem, sorted(state.certificates, key=lambda c: [*c.box.values()]))
    kept = tuple(c for c in certificates if decide(problem, c) is not Verdict.FAILS)
    return BoxSearch(kept, undecided, _box_in_words(problem, ends[0], ends[1]), state.boxes, state.reason)


def region_in_words(problem: Problem) -> str:
    """The region that the domains leave: "all the reals", "x in [0, 10]"."""
    narrow = [unknown for unknown in problem.unknowns if not unknown.domain.is_real_line]
    if not narrow:
        return "all the reals"
    if len(narrow) > 4:
        return f"the domains of {len(narrow)} unknowns"
    return ", ".join(f"{unknown.name} in {_domain_in_words(unknown.domain)}" for unknown in narrow)


def _domain_in_words(domain: Domain) -> str:
    if domain.members is not None:
        return "{" + ", ".join(map(str, domain.members)) + "}"
    if domain.integer and domain.low.is_infinite and domain.high.is_infinite:
        return "integer"
    if domain.integer:
        return f"{domain.low}..{domain.high}"
    left, right = "(" if domain.low_open else "[", ")" if domain.high_open else "]"
    return f"{left}{domain.low}, {domain.high}{right}"


def _cut_at_zero(problem: Problem, low: Array, high: Array) -> tuple[Array, Array]:
    """The box in pieces, in each of which no unknown that is the base of a power changes its sign: x^x is another
    function below zero, where x has to be whole, and no box around zero says so."""
    dag = system_of(problem).dag
    bases = {dag.args[node][0] for node in range(len(dag)) if dag.ops[node] is Op.GENERAL_POWER}
    for number, base in enumerate(map(dag.add, dag.symbols)):
        if base in bases and len(bases) <= MOST_CUTS and low[number].min() < 0 < high[number].max():
            left, right = high.copy(), low.copy()
            left[number], right[number] = 0.0, 0.0
            low, high = np.concatenate([low, right], axis=1), np.concatenate([left, high], axis=1)
    return low, high


# --- the loop ---------------------------------------------------------------------------------------------------------


def _run(state: _Search) -> None:
    contractor = Contractor(state.problem)
    system = system_of(state.problem)
    newton = NewtonStep(system)
    n = system.unknowns
    batch = max(16, min(4096, ENTRIES // max(1, contractor.program.rows, system.equations * n)))
    whole = np.array([unknown.domain.integer for unknown in state.problem.unknowns], dtype=np.bool_)
    width = np.minimum(1.0, np.where(np.isfinite(state.high - state.low), state.high - state.low, 1.0))[:, 0]
    least = SMALLEST * np.where(width > 0, width, 1.0)
    while state.waiting:
        if time.monotonic() > state.deadline:
            state.reason = Why.TIME_UP()
            return
        if state.boxes >= state.max_boxes:
            state.reason = Why.MOST_BOXES(state.max_boxes)
            return
        if state.unbounded:
            return
        if len(state.regions) > MOST_CERTIFICATES:
            state.reason = Why.MANY_SOLUTIONS(MOST_CERTIFICATES)
            return
        if state.left_count > limits.MOST_LEFT:
            state.reason = Why.SMALL_BOXES()
            return
        low, high = state.waiting.pop(batch)
        state.boxes += low.shape[1]
        before = high - low
        low, high, alive = contractor(low, high)
        low, high, before = low[:, alive], high[:, alive], before[:, alive]
        smear = high - low
        promising = np.zeros(low.shape[1], dtype=np.bool_)
        bounded = np.isfinite(low).all(axis=0) & np.isfinite(high).all(axis=0)
        if newton.is_applicable and bounded.any():
            step = newton(low[:, bounded], high[:, bounded])
            low[:, bounded], high[:, bounded] = step.low, step.high
            smear[:, bounded], promising[bounded] = step.smear, step.promising
            keep = np.ones(low.shape[1], dtype=np.bool_)
            keep[bounded] = ~step.empty
            low, high, before, smear = low[:, keep], high[:, keep], before[:, keep], smear[:, keep]
            promising = promising[keep]
        done = np.zeros(low.shape[1], dtype=np.bool_)
        for number in np.flatnonzero(promising):
            if time.monotonic() > state.deadline:
                break
            done[number] = _proved(state, low[:, number], high[:, number])
        low, high, before, smear = low[:, ~done], high[:, ~done], before[:, ~done], smear[:, ~done]
        if low.shape[1]:
            _divide(state, low, high, before, smear, least, whole)


def _divide(state: _Search, low: Array, high: Array, before: Array, smear: Array, least: Array, whole: Mask) -> None:
    """Put boxes back that have shrunk much, bisect the others, and lay aside what is too small."""
    width = high - low
    nearest = np.minimum(np.abs(low), np.abs(high))
    smallest = np.maximum(least[:, None], SMALLEST * np.where(np.isfinite(nearest), nearest, 0.0))
    smallest[whole] = 0.5
    wide = width > smallest
    far = (low >= FARTHEST) | (high <= -FARTHEST)
    wide &= ~far
    stuck = ~wide.any(axis=0)
    if stuck.any():
        _lay_aside(state, low[:, stuck], high[:, stuck])
    shrunk = ~stuck & (width < 0.6 * before).any(axis=0) & np.isfinite(width).all(axis=0)
    shrunk &= (width <= 0.6 * before.max(axis=0)).all(axis=0)
    split = ~stuck & ~shrunk
    pieces = [(low[:, shrunk], high[:, shrunk])]
    if split.any():
        pieces.extend(_bisected(low[:, split], high[:, split], smear[:, split], wide[:, split], whole))
    low, high = (np.concatenate([piece[side] for piece in pieces], axis=1) for side in (0, 1))
    # The last boxes come first: unbounded ones, because one that cannot be emptied ends the search.
    bounded = np.isfinite(low).all(axis=0) & np.isfinite(high).all(axis=0)
    state.waiting.push(low[:, bounded], high[:, bounded])
    state.waiting.push(low[:, ~bounded], high[:, ~bounded])


def _bisected(low: Array, high: Array, smear: Array, wide: Mask, whole: Mask) -> list[tuple[Array, Array]]:
    """Each box in two, cut across the unknown that weighs most; unbounded ones first."""
    width = high - low
    weight = np.where(np.isfinite(smear), smear, 0.0)
    weight = np.where(weight.max(axis=0) > 0, weight, width)
    weight = np.where(np.isfinite(width), weight, np.inf)
    weight = np.where(wide, weight, -1.0)
    chosen = np.argmax(weight, axis=0)
    columns = np.arange(low.shape[1])
    a, b = low[chosen, columns], high[chosen, columns]
    cut = a + CUT * (b - a)
    cut = np.where(np.isinf(a) & np.isinf(b), 0.0137, cut)
    cut = np.where(np.isfinite(a) & np.isinf(b), np.maximum(10 * np.abs(a), 1.37), cut)
    cut = np.where(np.isinf(a) & np.isfinite(b), -np.maximum(10 * np.abs(b), 1.37), cut)
    integral = whole[chosen]
    cut = np.where(integral, np.floor(cut), cut)
    left_high, right_low = high.copy(), low.copy()
    left_high[chosen, columns] = cut
    right_low[chosen, columns] = np.where(integral, cut + 1.0, cut)
    return [(low, left_high), (right_low, high)]


def _lay_aside(state: _Search, low: Array, high: Array) -> None:
    finite = np.isfinite(low).all(axis=0) & np.isfinite(high).all(axis=0)
    for number in np.flatnonzero(~finite):
        state.unbounded.update(np.flatnonzero(~np.isfinite(high[:, number] - low[:, number])).tolist())
    state.left.append((low[:, finite], high[:, finite]))
    state.left_count += int(finite.sum())


def _proved(state: _Search, low: Array, high: Array) -> bool:
    """Whether a box is done: inside a region with a known solution, or certified just now on a slightly larger box."""
    if state.regions.hold(low, high):
        return True
    margin = 0.1 * (high - low) + 1e-13 * np.maximum(np.abs(low), np.abs(high)) + 1e-300
    box = _exact_box(state.problem, low - margin, high + margin)
    for precision in (64, 128):
        found = certify_box(state.problem, box, precision)
        if found is not None:
            certificate, region = found
            state.regions.append(
                np.array([float_above(a) for a, _ in region.values()]),
                np.array([float_below(b) for _, b in region.values()]),
            )
            state.certificates.append(certificate)
            return True
    return False


def _settle(state: _Search, most_hulls: int) -> tuple[Box, ...]:
    """What is left, joined to clusters; each may still turn out empty or to hold exactly one solution."""
    _lay_aside(state, *state.waiting.all())
    low, high = (np.concatenate([piece[side] for piece in state.left], axis=1) for side in (0, 1))
    if state.unbounded:
        names = ", ".join(str(state.problem.symbols[number].name) for number in sorted(state.unbounded))
        state.reason = state.reason or Why.UNBOUNDED(names)
    undecided: list[Box] = []
    effort = state.settling

    def holds_nothing(piece: Problem, box: Box) -> bool:
        if effort.is_spent():
            return False
        found = search_box(piece, box, deadline=state.deadline, max_boxes=limits.PIECE_BOXES, settling=effort)
        effort.balls -= 1 + found.boxes // limits.BOXES_A_BALL
        return found.exhausted and not found.certificates

    for first, last in hulls(low, high, most_hulls):
        box = _exact_box(state.problem, first, last)
        resolved = resolve_cluster(state.problem, box, effort) if state.reason is None else None
        if resolved is None and state.reason is None and is_empty_piecewise(state.problem, box, holds_nothing):
            resolved = ()
        if resolved is None:
            undecided.append(box)
        else:
            state.certificates.extend(resolved)
    if undecided and state.reason is None and effort.is_spent():
        late = time.monotonic() > state.deadline
        state.reason = Why.TIME_UP() if late else Why.UNSETTLED(limits.SETTLING)
    return tuple(undecided)


# --- boxes ------------------------------------------------------------------------------------------------------------


def _exact_box(problem: Problem, low: Array, high: Array) -> Box:
    return {
        symbol: (Fraction(float(a)), Fraction(float(b)))
        for symbol, a, b in zip(problem.symbols, low, high, strict=True)
    }


def _box_in_words(problem: Problem, low: Array, high: Array) -> str:
    if np.isinf(low).all() and np.isinf(high).all():
        return "all the reals"
    sides = [
        f"{symbol.name} in [{a:.6g}, {b:.6g}]" if np.isfinite(a) or np.isfinite(b) else f"{symbol.name} real"
        for symbol, a, b in zip(problem.symbols, low, high, strict=True)
    ]
    return "the box " + ", ".join(sides) if len(sides) <= 4 else f"a box of {len(sides)} unknowns"
