"""A simple point of a family, to show what its members look like: small whole numbers where there are any.

Always the same one: the candidates are ordered by how simple they are, and the first that is admitted is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product

from flint import fmpq

from puzzlesolver.arithmetic.lattice import nearest_multiples, short_basis
from puzzlesolver.exact import limits
from puzzlesolver.exact.linear.parametrisation import Parametrisation

REACH = {1: 40, 2: 8, 3: 3, 4: 2}
"""How far around the smallest point the lattice is searched, by its dimension; further up, one step at a time."""

ExactPoint = tuple[fmpq, ...]


def simple_sample(
    family: Parametrisation, admitted: Callable[[ExactPoint], bool], known: Iterable[ExactPoint] = ()
) -> ExactPoint | None:
    """The parameters of the simplest admitted point found. `known` are points to consider besides."""
    if not family.dimension:
        return () if admitted(()) else None
    most = max(1, limits.MOST_WORK // (len(family.unknowns) * family.dimension))
    candidates = dict.fromkeys((*known, *islice(_candidates(family), most)))
    for point in sorted(candidates, key=lambda point: _effort(family.at(point))):
        if admitted(point):
            return point
    return None


def _effort(values: Sequence[fmpq]) -> tuple[object, ...]:
    """What makes a point simple: whole, then positive, then without negative numbers, then small."""
    denominator = max((int(value.q) for value in values), default=1)
    negative, zero = any(value < 0 for value in values), any(value == 0 for value in values)
    sizes = [abs(value) for value in values]
    return denominator, negative, zero, max(sizes, default=0), sum(sizes, fmpq(0)), [-value for value in values]


def _candidates(family: Parametrisation) -> Iterator[ExactPoint]:
    """Whole-number points of the family near zero, then points with small parameters."""
    zero = (fmpq(0),) * family.dimension
    yield zero
    if family.dimension * len(family.unknowns) <= limits.MOST_WORK // 100:
        yield from _lattice_points(family)
    for size in (1, 2, 3, 5, 10):
        for j in range(family.dimension):
            for sign in (1, -1):
                yield (*zero[:j], fmpq(sign * size), *zero[j + 1 :])
    for number in (fmpq(1), fmpq(2), fmpq(1, 2), fmpq(-1)):
        yield (number,) * family.dimension
    yield tuple(fmpq(j + 1) for j in range(family.dimension))


def _lattice_points(family: Parametrisation) -> Iterator[ExactPoint]:
    """Parameters at which all unknowns are whole numbers."""
    found = family.whole_coordinates(range(len(family.unknowns)))
    if found is None or not found.basis:
        return
    own = [_parameter_in(family, i) for i in range(len(family.unknowns))]
    if any(number not in own for number in range(family.dimension)):
        return
    coordinates = [own.index(number) for number in range(family.dimension)]
    basis = short_basis(found.basis)
    middle = nearest_multiples(found.point, basis)
    reach = REACH.get(len(basis))
    steps: Iterable[tuple[int, ...]]
    if reach is not None:
        steps = sorted(product(range(-reach, reach + 1), repeat=len(basis)), key=lambda step: sum(map(abs, step)))
    else:
        steps = [tuple(sign * (i == j) for i in range(len(basis))) for j in range(len(basis)) for sign in (0, 1, -1)]
    for step in steps:
        times = [k + s for k, s in zip(middle, step, strict=True)]
        yield tuple(
            fmpq(found.point[i] + sum(k * vector[i] for k, vector in zip(times, basis, strict=True)))
            for i in coordinates
        )


def _parameter_in(family: Parametrisation, number: int) -> int | None:
    """The parameter that an unknown is, if it is one."""
    form = family.forms[number]
    if form.constant or len(form.coefficients) != 1:
        return None
    ((j, a),) = form.coefficients.items()
    return j if a == 1 else None
