"""Points given by parameters: every unknown as an affine form in real and whole-number parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq
from sympy import Add, Expr, Rational, Symbol

from puzzlesolver.arithmetic.elimination import Form, Row, eliminate, sympy_rational
from puzzlesolver.arithmetic.lattice import WholePoints, whole_points


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
        place = {j: number for number, j in enumerate(found.free)}
        forms = [Form(f.constant, {place[j]: a for j, a in f.coefficients.items()}) for f in found.forms]
        return self.composed(forms, [self.parameters[j] for j in found.free], frozenset())

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
        place = {j: number for number, j in enumerate(found.free)}
        forms = [Form(f.constant, {place[j]: a for j, a in f.coefficients.items()}) for f in found.forms[:old]]
        parameters = [self.parameters[j] if j < old else names[j - old] for j in found.free]
        return self.composed(forms, parameters, frozenset(place[j] for j in found.free if j >= old))


def fractions(point: Sequence[fmpq]) -> tuple[Fraction, ...]:
    """python-flint's rational numbers as Python's."""
    return tuple(Fraction(int(x.p), int(x.q)) for x in point)


def from_fraction(number: Fraction) -> Rational:
    """Python's rational number as SymPy's."""
    return Rational(number.numerator, number.denominator)
