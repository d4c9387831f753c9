"""Unknowns that a linear equation gives away, taken out before the real work.

In: integer polynomials. Out: the rest of the system, in fewer unknowns, and each unknown taken out as an affine form in
those that stay. The algebra of the system is the same before and after, multiplicities included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flint import fmpq, fmpz, fmpz_mat, fmpz_mpoly, fmpz_mpoly_ctx

from puzzlesolver.exact.polynomial.ring import primitive


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
class Reduced:
    """`rest` together with ``xᵢ = forms[i]`` is equivalent to the system; no xᵢ with a form occurs in `rest`."""

    rest: tuple[fmpz_mpoly, ...]
    forms: Mapping[int, Affine]


def without_linear_unknowns(polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> Reduced:
    """Solve the linear equations, put the solution into the others, and again as long as linear ones appear."""
    rest = [primitive(polynomial) for polynomial in polynomials if not polynomial.is_zero()]
    forms: dict[int, Affine] = {}
    while True:
        linear = [polynomial for polynomial in rest if polynomial.total_degree() <= 1]
        if not linear:
            return Reduced(tuple(rest), forms)
        solved = _solved(linear, context)
        if solved is None:
            return Reduced((context.constant(1),), forms)
        forms = {i: _put_in(form, solved) for i, form in forms.items()} | solved
        others = [polynomial for polynomial in rest if polynomial.total_degree() > 1]
        put_in = (_substituted(polynomial, solved, context) for polynomial in others)
        rest = [polynomial for polynomial in put_in if not polynomial.is_zero()]


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
