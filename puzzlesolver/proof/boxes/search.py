"""An exhaustive search for the real solutions of a problem, by whatever proof of completeness fits it.

In: an unrolled `Problem`. Out: a `BoxSearch`. The region is the domains, narrowed to what the statements themselves
imply (`bounds`, `infinity`); one unknown alone is searched on the whole line (`line`).
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from puzzlesolver.answer.reasons import Why
from puzzlesolver.problem import Problem
from puzzlesolver.proof import limits
from puzzlesolver.proof.boxes.bounds import Bounds, bounds
from puzzlesolver.proof.boxes.box import BoxSearch
from puzzlesolver.proof.boxes.branch import region_in_words, search_region
from puzzlesolver.proof.boxes.infinity import closed, radius
from puzzlesolver.proof.boxes.line import search_line


def search_until(problem: Problem, deadline: float) -> BoxSearch:
    """`search_everything`, in the form in which a worker is given its errands."""
    return search_everything(problem, deadline=deadline)


def search_everything(problem: Problem, *, deadline: float) -> BoxSearch:
    """Every real solution within the domains, up to `deadline` (a time of `time.monotonic`).

    Certificates whose solutions are proved to break a condition or a domain are left out. A region that is not bounded
    and cannot be proved to be is searched only as far as that shows, and the reason says which unknown is unbounded.
    """
    if not problem.is_unrolled:
        return BoxSearch((), (), "nothing", 0, Why.NOT_UNROLLED_BOXES())
    if not problem.unknowns:
        return BoxSearch((), (), "nothing", 0, Why.NO_UNKNOWNS())
    region = region_in_words(problem)
    if len(problem.equations) < len(problem.unknowns):
        ends = bounds(problem)
        found = search_region(
            problem, ends.low, ends.high, deadline=deadline, max_boxes=limits.UNDERDETERMINED_BOXES, most_hulls=1
        )
        reason = None if found.exhausted else Why.FEW_EQUATIONS()
        return replace(found, region=region, reason=reason)
    if len(problem.unknowns) == 1:
        return search_line(problem, deadline=deadline)
    ends = bounds(problem)
    if ends.is_empty:
        return BoxSearch((), (), region, 1)
    if not ends.is_bounded:
        ends = _within_radius(problem, ends, deadline)
    found = search_region(problem, ends.low, ends.high, deadline=deadline)
    if not ends.is_bounded and found.reason is not None:
        return replace(found, region=region)
    words = f"{region} ({ends.words})" if ends.words else region
    return replace(found, region=words)


def _within_radius(problem: Problem, ends: Bounds, deadline: float) -> Bounds:
    """The bounds with a radius beyond which there is no solution, where one is proved with a small effort."""
    faces, boxes = limits.MOST_FACES, limits.LOOKING_OUT

    def is_empty(face: Problem) -> bool:
        nonlocal faces, boxes
        if not faces or boxes <= 0 or time.monotonic() > deadline:
            return False
        anywhere = [np.inf] * len(face.unknowns)
        most = min(limits.FACE_BOXES, boxes)
        found = search_region(face, [-e for e in anywhere], anywhere, deadline=deadline, max_boxes=most)
        faces, boxes = faces - 1, boxes - found.boxes
        return found.exhausted and not found.certificates

    far = [
        symbol
        for symbol, low, high in zip(problem.symbols, ends.low, ends.high, strict=True)
        if not np.isfinite(high - low)
    ]
    bounded = replace(
        problem,
        unknowns=tuple(
            unknown if unknown.symbol in far else replace(unknown, domain=closed(low, high))
            for unknown, low, high in zip(problem.unknowns, ends.low, ends.high, strict=True)
        ),
    )
    size = radius(bounded, far, is_empty)
    return ends if size is None else ends.within(float(size))
