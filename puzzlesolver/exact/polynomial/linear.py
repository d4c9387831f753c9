"""Unknowns that an equation gives away, taken out before the real work.

In: integer polynomials. Out: the rest of the system, in fewer unknowns, and each unknown taken out in terms of others:
as an affine form where a linear equation gives it, as a polynomial where it occurs nowhere else. The algebra of the
system is the same before and after, multiplicities included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flint import fmpq, fmpz, fmpz_mat, fmpz_mpoly, fmpz_mpoly_ctx

from puzzlesolver.exact.polynomial.ring import coefficients_in, primitive


@dataclass(frozen=True, slots=True)
class Affine:
    """``constant + Σ coefficients[i]·xᵢ``."""

    constant: fmpq
    coefficients: Mapping[int, fmpq]

    @property
    def scale(self) -> fmpz:
        """The common denominator."""
        common = self.constant.q
        for a in self.coefficients.values():
            common = common.lcm(a.q)
        return common


@dataclass(frozen=True, slots=True)
class WithoutLinear:
    """`rest` together with ``xᵢ = forms[i]`` and the equations in `given` is equivalent to the system.

    No xᵢ with a form occurs in `rest` or `given`. An equation in `given`, which is c·xᵢ plus others with c a number, is
    listed with i; xᵢ occurs neither in `rest` nor further down the list.
    """

    rest: tuple[fmpz_mpoly, ...]
    forms: Mapping[int, Affine]
    given: tuple[tuple[int, fmpz_mpoly], ...] = ()

    @property
    def count(self) -> int:
        """How many unknowns were taken out."""
        return len(self.forms) + len(self.given)


def without_linear_unknowns(polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> WithoutLinear:
    """Solve the linear equations, put the solution into the others, and again as long as linear ones appear."""
    rest = [primitive(polynomial) for polynomial in polynomials if not polynomial.is_zero()]
    forms: dict[int, Affine] = {}
    while True:
        linear = [polynomial for polynomial in rest if polynomial.total_degree() <= 1]
        if not linear:
            return WithoutLinear(*_without_given(rest, forms))
        solved = _solved(linear, context)
        if solved is None:
            return WithoutLinear((context.constant(1),), forms)
        forms = {i: _put_in(form, solved) for i, form in forms.items()} | solved
        others = [polynomial for polynomial in rest if polynomial.total_degree() > 1]
        put_in = (_substituted(polynomial, solved, context) for polynomial in others)
        rest = [polynomial for polynomial in put_in if not polynomial.is_zero()]


def _without_given(
    rest: Sequence[fmpz_mpoly], forms: Mapping[int, Affine]
) -> tuple[tuple[fmpz_mpoly, ...], Mapping[int, Affine], tuple[tuple[int, fmpz_mpoly], ...]]:
    """Take out the equations that do nothing but define an unknown."""
    left = list(rest)
    given: list[tuple[int, fmpz_mpoly]] = []
    while True:
        found = next(
            (
                (unknown, polynomial)
                for polynomial in left
                for unknown, degree in enumerate(polynomial.degrees())
                if degree == 1
                and coefficients_in(polynomial, unknown)[1].is_constant()
                and not any(other.degrees()[unknown] for other in left if other is not polynomial)
            ),
            None,
        )
        if found is None:
            return tuple(left), forms, tuple(given)
        given.append(found)
        left = [polynomial for polynomial in left if polynomial is not found[1]]


def _solved(linear: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> dict[int, Affine] | None:
    """The echelon form of linear equations, the first unknowns in terms of the last; None where they conflict."""
    count = context.nvars()
    entries: list[fmpz] = []
    for polynomial in linear:
        row = [fmpz(0)] * (count + 1)
        for exponents, c in polynomial.to_dict().items():
            row[next((i for i, exponent in enumerate(exponents) if exponent), count)] = c
        entries += row
    echelon, scale, rank = fmpz_mat(len(linear), count + 1, entries).rref()
    solved: dict[int, Affine] = {}
    for number in range(rank):
        values = [fmpq(echelon[number, column]) / scale for column in range(count + 1)]
        pivot = next(column for column, entry in enumerate(values) if entry)
        if pivot == count:
            return None
        coefficients = {i: -values[i] for i in range(pivot + 1, count) if values[i]}
        solved[pivot] = Affine(-values[count], coefficients)
    return solved


def _put_in(form: Affine, solved: Mapping[int, Affine]) -> Affine:
    constant = form.constant
    coefficients: dict[int, fmpq] = {}
    for i, c in form.coefficients.items():
        inner = solved.get(i, Affine(fmpq(0), {i: fmpq(1)}))
        constant += c * inner.constant
        for j, a in inner.coefficients.items():
            coefficients[j] = coefficients.get(j, fmpq(0)) + c * a
    return Affine(constant, {j: a for j, a in coefficients.items() if a})


def _substituted(polynomial: fmpz_mpoly, solved: Mapping[int, Affine], context: fmpz_mpoly_ctx) -> fmpz_mpoly:
    """The polynomial with the forms put in, times what makes it integer."""
    for i, form in solved.items():
        if not polynomial.degrees()[i]:
            continue
        scale = form.scale
        terms = {(0,) * context.nvars(): (form.constant * scale).p}
        for j, a in form.coefficients.items():
            terms[tuple(int(k == j) for k in range(context.nvars()))] = (a * scale).p
        equation = context.gens()[i] * scale - context.from_dict(terms)
        polynomial = primitive(polynomial.resultant(equation, i))
    return polynomial
