"""Points given by parameters: every unknown as an affine form in real and whole-number parameters.

A simple point shows what they look like: the candidates are ordered by how simple they are, always in the same way, and
the first that is admitted is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

from flint import fmpq
from sympy import Add, Expr, Symbol

from puzzlesolver.arithmetic.elimination import Elimination, Form, Row, eliminate, sympy_rational
from puzzlesolver.arithmetic.lattice import WholePoints, nearest_multiples, short_basis, whole_points
from puzzlesolver.exact import limits


@dataclass(frozen=True, slots=True)
class Parametrisation:
    """``unknowns[i] = forms[i]`` over the parameters, of which those in `whole` range over the whole numbers."""

    unknowns: tuple[Symbol, ...]
    forms: tuple[Form, ...]
    parameters: tuple[Symbol, ...]
    whole: frozenset[int] = frozenset()

    @property
    def dimension(self) -> int:
        """How many parameters there are."""
        return len(self.parameters)

    @property
    def real_parameters(self) -> tuple[Symbol, ...]:
        return tuple(symbol for j, symbol in enumerate(self.parameters) if j not in self.whole)

    @property
    def whole_parameters(self) -> tuple[Symbol, ...]:
        return tuple(symbol for j, symbol in enumerate(self.parameters) if j in self.whole)

    def values(self) -> dict[Symbol, Expr]:
        """The closed forms, in the parameters."""
        return {
            unknown: Add(
                sympy_rational(form.constant),
                *(sympy_rational(a) * self.parameters[j] for j, a in form.coefficients.items()),
            )
            for unknown, form in zip(self.unknowns, self.forms, strict=True)
        }

    def at(self, point: Sequence[fmpq]) -> list[fmpq]:
        """The unknowns' values where the parameters are `point`."""
        return [sum((a * point[j] for j, a in form.coefficients.items()), form.constant) for form in self.forms]

    def composed(self, forms: Sequence[Form], parameters: Sequence[Symbol], whole: frozenset[int]) -> Parametrisation:
        """The same points where the old parameters are `forms` over new ones."""
        new = []
        for form in self.forms:
            constant = form.constant
            coefficients: dict[int, fmpq] = {}
            for j, a in form.coefficients.items():
                constant += a * forms[j].constant
                for k, b in forms[j].coefficients.items():
                    coefficients[k] = coefficients.get(k, fmpq(0)) + a * b
            new.append(Form(constant, {k: a for k, a in coefficients.items() if a}))
        return Parametrisation(self.unknowns, tuple(new), tuple(parameters), whole)

    def subject_to(self, rows: Sequence[Row]) -> Parametrisation | None:
        """The points whose parameters fulfil linear equations as well; None where there are none.

        All parameters must be real.
        """
        found = eliminate(rows, self.dimension)
        if found.conflict:
            return None
        return self.composed(renumbered(found), [self.parameters[j] for j in found.free], frozenset())

    def fixed(self, values: Mapping[int, int]) -> Parametrisation:
        """The points where some whole-number parameters have these values; the others stay as they are."""
        rest = [j for j in range(self.dimension) if j not in values]
        place = {j: number for number, j in enumerate(rest)}
        forms = [
            Form(fmpq(values[j]), {}) if j in values else Form(fmpq(0), {place[j]: fmpq(1)})
            for j in range(self.dimension)
        ]
        whole = frozenset(place[j] for j in self.whole if j not in values)
        return self.composed(forms, [self.parameters[j] for j in rest], whole)

    def whole_coordinates(self, chosen: Sequence[int]) -> WholePoints | None:
        """The whole-number points of the chosen unknowns; None where there are none."""
        offset = [self.forms[i].constant for i in chosen]
        directions = [[self.forms[i].coefficients.get(j, fmpq(0)) for i in chosen] for j in range(self.dimension)]
        return whole_points(offset, directions)

    def with_whole(self, chosen: Sequence[int], points: WholePoints, names: Sequence[Symbol]) -> Parametrisation:
        """The points at which the chosen unknowns are whole, as `points` says; `names` are the new parameters.

        The whole-number parameters come last.
        """
        old, new = self.dimension, len(points.basis)
        rows = []
        for number, i in enumerate(chosen):
            coefficients = dict(self.forms[i].coefficients)
            for k, vector in enumerate(points.basis):
                if vector[number]:
                    coefficients[old + k] = fmpq(-vector[number])
            rows.append(Row(coefficients, fmpq(points.point[number]) - self.forms[i].constant))
        found = eliminate(rows, old + new)
        parameters = [self.parameters[j] if j < old else names[j - old] for j in found.free]
        whole = frozenset(number for number, j in enumerate(found.free) if j >= old)
        return self.composed(renumbered(found)[:old], parameters, whole)


def renumbered(found: Elimination) -> list[Form]:
    """The forms of an elimination, the free unknowns counted among themselves."""
    place = {j: number for number, j in enumerate(found.free)}
    return [Form(form.constant, {place[j]: a for j, a in form.coefficients.items()}) for form in found.forms]


def fractions(point: Sequence[fmpq]) -> tuple[Fraction, ...]:
    """python-flint's rational numbers as Python's."""
    return tuple(Fraction(int(x.p), int(x.q)) for x in point)


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
