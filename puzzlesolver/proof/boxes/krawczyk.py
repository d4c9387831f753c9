"""Is there exactly one real solution near this point? The Krawczyk test in ball arithmetic.

In: an unrolled `Problem` and a point of floats, however it was found. Out: a `Certificate`: a box proved to hold
exactly one real solution of the equations; and which certificates speak of the same solution. A multiple solution, a
jump, or a point where an equation ends is refused, never certified. Boxes are found by epsilon-inflation (S. Rump,
Verification methods, 2010, section 13.3). `refine` and `decide` say more of a certified solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np
from flint import arb
from numpy.typing import NDArray

from puzzlesolver.arithmetic.balls import ball_of, interval_of, working_precision
from puzzlesolver.problem import Problem
from puzzlesolver.proof import limits
from puzzlesolver.proof.boxes.box import Box, Certificate
from puzzlesolver.proof.boxes.conditions import decide
from puzzlesolver.proof.boxes.refinement import SquareSystem, intersection, krawczyk, products, refine
from puzzlesolver.proof.boxes.system import System, system_of

__all__ = ["certify", "certify_box", "decide", "distinct", "overlap", "refine"]

PRECISIONS = (64, 106, 212, 424)  # Working precisions, in bits, at which the test is tried one after the other.
INFLATIONS = 12
WIDENINGS = 3
NEWTON_STEPS = 12
ROAMING = 0.1  # How far, relative to its size, a point may move to the solution that is certified near it.


def certify(problem: Problem, point: Sequence[float]) -> Certificate | None:
    """A box around a solution at or very near `point`, proved to hold exactly one; None where no proof succeeds.

    `point` has one float for every unknown, in order. With more equations than unknowns the proof is for the
    best-conditioned square subsystem, named in the certificate; with fewer there is nothing to certify.
    """
    system = system_of(problem)
    n = system.unknowns
    if not 0 < n <= min(system.equations, limits.MOST_DENSE) or not all(map(isfinite, point)):
        return None
    start = [arb(float(x)) for x in point]
    rows = _independent_rows(system, start)
    if rows is None:
        return None
    square = SquareSystem(system, rows)
    for precision in PRECISIONS:
        with working_precision(precision):
            centre = _polished(square, start)
            if centre is None:
                continue
            if any(abs(c - s) > ROAMING * (1 + abs(s)) for c, s in zip(centre, start, strict=True)):
                return None
            box = _proved(square, centre, precision)
            if box is not None:
                ends = (interval_of(ball) for ball in box)
                return Certificate(dict(zip(problem.symbols, ends, strict=True)), rows)
    return None


def certify_box(problem: Problem, box: Box, precision: int = 64) -> tuple[Certificate, Box] | None:
    """The certificate of the only solution in a box or very near it, and a region around the box in which it is alone.

    None where that is not proved. The region holds the whole box; the solution itself may lie outside the box.
    """
    system = system_of(problem)
    if not 0 < system.unknowns <= min(system.equations, limits.MOST_DENSE):
        return None
    with working_precision(precision):
        balls = [ball_of(box[symbol]) for symbol in problem.symbols]
        rows = _independent_rows(system, [ball.mid() for ball in balls])
        if rows is None:
            return None
        square = SquareSystem(system, rows)
        image = krawczyk(square, balls)
        for _ in range(WIDENINGS):
            if image is None or _inside(image, balls):
                break
            balls = [_widened(ball, new) for ball, new in zip(balls, image, strict=True)]
            image = krawczyk(square, balls)
        if image is None or not _inside(image, balls) or not square.defined(balls):
            return None
        region = dict(zip(problem.symbols, map(interval_of, balls), strict=True))
        for _ in range(NEWTON_STEPS):
            narrower = krawczyk(square, image)
            if narrower is None or not all(map(_much_narrower, narrower, image)):
                break
            image = intersection(image, narrower)
        return Certificate(dict(zip(problem.symbols, map(interval_of, image), strict=True)), rows), region


def distinct(problem: Problem, certificates: Sequence[Certificate]) -> tuple[Certificate, ...]:
    """The certificates without those of a solution that an earlier one already holds.

    Two boxes may overlap and hold different solutions, or the same. The solution of the one is the solution of the
    other when its refined box lies inside the other's, and another when the refined boxes are disjoint.
    """
    kept: list[Certificate] = []
    low = np.array([[float(end) for end, _ in c.box.values()] for c in certificates])
    high = np.array([[float(end) for _, end in c.box.values()] for c in certificates])
    places: list[int] = []
    for number, certificate in enumerate(certificates):
        near = (low[places] <= high[number]).all(axis=1) & (low[number] <= high[places]).all(axis=1)
        rivals = [kept[k] for k in np.flatnonzero(near)]
        if not any(overlap(certificate.box, c.box) and _same_solution(problem, certificate, c) for c in rivals):
            kept.append(certificate)
            places.append(number)
    return tuple(kept)


def _same_solution(problem: Problem, one: Certificate, other: Certificate) -> bool:
    digits = 20
    first, second = one, other
    while digits < 2000:
        first = Certificate(refine(problem, first, digits), one.equations)
        second = Certificate(refine(problem, second, digits), other.equations)
        if _within(first.box, other.box) or _within(second.box, one.box):
            return True
        if not overlap(first.box, second.box):
            return False
        digits *= 2
    return False


# --- finding the box --------------------------------------------------------------------------------------------------


def _polished(square: SquareSystem, start: Sequence[arb]) -> list[arb] | None:
    """Newton's method, without any claim: the point at which its steps stop shrinking."""
    centre = [x.mid() for x in start]
    before = arb("inf")
    for _ in range(NEWTON_STEPS):
        found = products(square.jacobian(centre), square.residuals(centre), [arb(0)] * len(centre))
        if found is None:
            return None
        step, _ = found
        size = max((abs(s.mid()) for s in step), key=float)
        if not size < before / 2:
            break
        centre = [(c - s).mid() for c, s in zip(centre, step, strict=True)]
        before = size
        if size == 0:
            break
    return centre


def _proved(square: SquareSystem, centre: Sequence[arb], precision: int) -> list[arb] | None:
    """A box around `centre` that the Krawczyk operator maps into its own interior, found by inflation."""
    largest = max((abs(c) for c in centre), key=float)
    tiny = arb(2) ** (8 - precision)
    least = [tiny * (abs(c) if c != 0 else tiny * (largest + tiny)) for c in centre]
    box = [c + arb(0, low) for c, low in zip(centre, least, strict=True)]
    for _ in range(INFLATIONS):
        image = krawczyk(square, box)
        if image is None:
            return None
        if _inside(image, box):
            return intersection(image, box) if square.defined(box) else None
        box = [
            ball.mid() + arb(0, (abs(ball - ball.mid()).upper() * 2 + low).upper())
            for ball, low in zip(image, least, strict=True)
        ]
    return None


# --- comparing --------------------------------------------------------------------------------------------------------


def _inside(image: Sequence[arb], box: Sequence[arb]) -> bool:
    return all(ball.contains_interior(inner) for ball, inner in zip(box, image, strict=True))


def _widened(ball: arb, image: arb) -> arb:
    """The hull of a ball and its image, and somewhat more."""
    hull = ball.union(image)
    return hull + arb(0, (hull.rad() / 4).upper())


def _much_narrower(new: arb, old: arb) -> bool:
    return bool(new.rad() < old.rad() / 2) or new.rad() == 0


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have a point in common."""
    return all(low <= other[symbol][1] and other[symbol][0] <= high for symbol, (low, high) in one.items())


def _within(inner: Box, outer: Box) -> bool:
    return all(outer[symbol][0] <= low and high <= outer[symbol][1] for symbol, (low, high) in inner.items())


def _independent_rows(system: System, point: Sequence[arb]) -> tuple[int, ...] | None:
    """Equations for a well-conditioned square subsystem: all of them where there are just as many as unknowns,
    otherwise those picked greedily by the length of what is left of their scaled gradients (modified Gram-Schmidt)."""
    n = system.unknowns
    if system.equations == n:
        return tuple(range(n))
    gradients: NDArray[np.float64] = np.zeros((system.equations, n))
    for i, row in enumerate(system.jacobian_balls(point)):
        for j, entry in row.items():
            gradients[i, j] = float(entry) if entry.is_finite() else np.nan
    lengths = np.linalg.norm(gradients, axis=1)
    usable = np.isfinite(lengths) & (lengths > 0)
    left = np.where(usable[:, None], gradients / np.where(usable, lengths, 1)[:, None], 0.0)
    chosen: list[int] = []
    for _ in range(n):
        best = int(np.argmax(np.einsum("ij,ij->i", left, left)))
        length = float(np.linalg.norm(left[best]))
        if length < 1e-12:
            return None
        direction = left[best] / length
        left = left - np.outer(left @ direction, direction)
        left[[*chosen, best]] = 0.0
        chosen.append(best)
    return tuple(sorted(chosen))
