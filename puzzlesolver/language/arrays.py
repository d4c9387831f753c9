"""Indexed unknowns: how far their indices go, and which of their elements there are.

The range of an array is what a domain or a table declares, else the hull of the indices in use. Uses under symbolic
indices are checked for all their values at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sympy import Expr

from puzzlesolver.language.indexing import affine, affine_hull
from puzzlesolver.language.limits import MAX_RANGE
from puzzlesolver.language.mistakes import Mistake, TooMuch
from puzzlesolver.language.scope import ElementUse, IndexBounds
from puzzlesolver.language.source import Span
from puzzlesolver.problem import Domain, Index, Relation

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class StatedDomain:
    """A domain, stated for the elements in a box of indices (None: for all)."""

    box: Ranges | None
    domain: Domain
    span: Span


@dataclass(frozen=True, slots=True)
class StatedGuess:
    """A guess for the elements in a box (None: all), in terms of the symbols of `indices` where there are any."""

    box: Ranges | None
    value: Expr
    indices: tuple[Index, ...]
    span: Span


@dataclass(slots=True)
class ArrayFacts:
    """What a text says of one array."""

    name: str
    span: Span
    declared: Ranges | None = None
    declared_at: Span | None = None
    domains: list[StatedDomain] = field(default_factory=list)
    guesses: list[StatedGuess] = field(default_factory=list)
    uses: list[ElementUse] = field(default_factory=list)

    def declare(self, box: Ranges, span: Span) -> None:
        """Let the array reach at least over a box."""
        if self.declared is None:
            self.declared, self.declared_at = box, span
        else:
            self.declared = hull([self.declared, box])

    def guess(self, stated: StatedGuess) -> None:
        """Note a guess; raises `Mistake` where the same elements have one."""
        for other in self.guesses:
            if other.box == stated.box:
                said = f"there is a guess for these elements of '{self.name}' already"
                raise Mistake(stated.span, said, notes=(("here", other.span),))
        self.guesses.append(stated)


@dataclass(frozen=True, slots=True)
class ArrayShape:
    """The ranges of an array, and which elements exist: all of them, or those where `present` is true."""

    ranges: Ranges
    present: NDArray[np.bool_] | None

    def elements(self) -> Iterator[tuple[int, ...]]:
        """The index tuples that exist, in order."""
        lows = [low for low, _ in self.ranges]
        present = np.ones([high - low + 1 for low, high in self.ranges], bool) if self.present is None else self.present
        for place in np.argwhere(present):
            yield tuple(int(step) + low for step, low in zip(place, lows, strict=True))


def hull(boxes: Sequence[Ranges]) -> Ranges:
    """The smallest box around some boxes."""
    return tuple((min(low for low, _ in sides), max(high for _, high in sides)) for sides in zip(*boxes, strict=True))


def shape_of(facts: ArrayFacts) -> ArrayShape:
    """The ranges and the elements of an array; raises `Mistake` where an index lies outside what is declared."""
    boxes = [(use, box) for use in facts.uses if (box := _box(use)) is not None]
    if facts.declared is not None:
        _check_count(facts.declared, facts.declared_at or facts.span)
        for use, box in boxes:
            _check_inside(facts, use, box)
        return ArrayShape(facts.declared, None)
    if not boxes:
        return ArrayShape((), None)
    ranges = hull([box for _, box in boxes])
    _check_count(ranges, facts.span)
    present = np.zeros([high - low + 1 for low, high in ranges], bool)
    for use, box in boxes:
        _mark(present, ranges, use, box)
    return ArrayShape(ranges, None if present.all() else present)


def _check_count(ranges: Ranges, span: Span) -> None:
    count = 1
    for low, high in ranges:
        count *= high - low + 1
        if count > MAX_RANGE:
            raise TooMuch(span, f"an indexed unknown has at most {MAX_RANGE} elements")


def _box(use: ElementUse) -> Ranges | None:
    """The hull of the indices of one use, None where its `for` runs through nothing."""
    if any(index.low > index.high for index in use.bounds.indices):
        return None
    if use.bounds.where and use.element.free_symbols & use.bounds.symbols:
        places = _places(use)
        if not len(places):
            return None
        return tuple((int(low), int(high)) for low, high in zip(places.min(0), places.max(0), strict=True))
    sides = []
    for index in use.element.indices:
        ends = affine_hull(index, use.bounds)
        assert ends is not None, "lowering keeps no bent index in a template"
        sides.append((int(ends[0]), int(ends[1])))
    return tuple(sides)


def _check_inside(facts: ArrayFacts, use: ElementUse, box: Ranges) -> None:
    assert facts.declared is not None
    for position, ((low, high), (first, last)) in enumerate(zip(box, facts.declared, strict=True)):
        wrong = low if low < first else high if high > last else None
        if wrong is not None:
            which = "index" if len(box) == 1 else f"index {position + 1}"
            where = "" if low == high else f" comes to {wrong}, which"
            value = f" {wrong}" if low == high else ""
            notes = (("its range is stated here", facts.declared_at),) if facts.declared_at else ()
            raise Mistake(
                use.span, f"the {which}{value} of '{facts.name}'{where} is not in {first}..{last}", notes=notes
            )


def _mark(present: NDArray[np.bool_], ranges: Ranges, use: ElementUse, box: Ranges) -> None:
    """Note which elements a use touches."""
    slices = tuple(slice(low - first, high - first + 1) for (low, high), (first, _) in zip(box, ranges, strict=True))
    if _fills_box(use):
        present[slices] = True
    else:
        places = _places(use) - np.array([first for first, _ in ranges])
        present[tuple(places.T)] = True


def _fills_box(use: ElementUse) -> bool:
    """Whether every element of its hull is touched: each index is a number, or ±one symbol of its own and a number."""
    seen: set[object] = set()
    if use.bounds.where and use.element.free_symbols & use.bounds.symbols:
        return False
    for index in use.element.indices:
        form = affine(index, use.bounds)
        if form is None or len(form[1]) > 1:
            return False
        for symbol, coefficient in form[1].items():
            if abs(coefficient) != 1 or symbol in seen:
                return False
            seen.add(symbol)
    return True


def _places(use: ElementUse) -> NDArray[np.int64]:
    """All index tuples of a use, ``[count, dimensions]``."""
    grid = index_grid(use.bounds)
    columns = [values_on(index, use.bounds, grid) for index in use.element.indices]
    return np.stack([np.broadcast_to(column, grid.shape[:1]) for column in columns], axis=1)


def index_grid(bounds: IndexBounds) -> NDArray[np.int64]:
    """The values of the symbolic indices that fulfil the conditions, ``[count, indices]``."""
    axes = [np.arange(index.low, index.high + 1, dtype=np.int64) for index in bounds.indices]
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)
    for condition in bounds.where:
        difference = values_on(condition.rhs - condition.lhs, bounds, grid)
        kept = {
            Relation.LESS: difference > 0,
            Relation.AT_MOST: difference >= 0,
            Relation.NOT_EQUAL: difference != 0,
        }[condition.relation]
        grid = grid[np.broadcast_to(kept, grid.shape[:1])]
    return grid


def values_on(expression: Expr, bounds: IndexBounds, grid: NDArray[np.int64]) -> NDArray[np.int64]:
    """An affine expression's values times its common denominator, exact in 64 bits, ``[count]``."""
    form = affine(expression, bounds)
    assert form is not None
    constant, coefficients = form
    scale = 1
    for number in (constant, *coefficients.values()):
        scale = scale * int(number.q) // np.gcd(scale, int(number.q))
    total = np.full(len(grid), int(constant * scale), np.int64)
    for column, index in enumerate(bounds.indices):
        if index.symbol in coefficients:
            total += int(coefficients[index.symbol] * scale) * grid[:, column]
    return total
