"""Unknowns that an equation gives away, taken out before the real work.

In: integer polynomials. Out: the rest of the system, in fewer unknowns, and each unknown taken out in terms of others:
as an affine form where a linear equation gives it, as a polynomial where it occurs nowhere else. The algebra of the
system is the same before and after, multiplicities included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flint import fmpq, fmpz_mpoly, fmpz_mpoly_ctx

from puzzlesolver.arithmetic.elimination import Form, Row, eliminate
from puzzlesolver.exact.polynomial.ring import coefficients_in, primitive


@dataclass(frozen=True, slots=True)
class WithoutLinear:
    """`rest` together with ``xᵢ = forms[i]`` and the equations in `given` is equivalent to the system.

    No xᵢ with a form occurs in `rest` or `given`. An equation in `given`, which is c·xᵢ plus others with c a number, is
    listed with i; xᵢ occurs neither in `rest` nor further down the list.
    """

    rest: tuple[fmpz_mpoly, ...]
    forms: Mapping[int, Form]
    given: tuple[tuple[int, fmpz_mpoly], ...] = ()

    @property
    def count(self) -> int:
        """How many unknowns were taken out."""
        return len(self.forms) + len(self.given)


def without_linear_unknowns(polynomials: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> WithoutLinear:
    """Solve the linear equations, put the solution into the others, and again as long as linear ones appear."""
    rest = [primitive(polynomial) for polynomial in polynomials if not polynomial.is_zero()]
    rows: list[Row] = []
    forms: dict[int, Form] = {}
    while linear := [polynomial for polynomial in rest if polynomial.total_degree() <= 1]:
        rows += map(_row, linear)
        solved = eliminate(rows, context.nvars())
        if solved.conflict:
            return WithoutLinear((context.constant(1),), {})
        forms = {i: form for i, form in enumerate(solved.forms) if i not in solved.free}
        others = [polynomial for polynomial in rest if polynomial.total_degree() > 1]
        put_in = (_substituted(polynomial, forms, context) for polynomial in others)
        rest = [polynomial for polynomial in put_in if not polynomial.is_zero()]
    return WithoutLinear(*_without_given(rest, forms))


def _without_given(
    rest: Sequence[fmpz_mpoly], forms: Mapping[int, Form]
) -> tuple[tuple[fmpz_mpoly, ...], Mapping[int, Form], tuple[tuple[int, fmpz_mpoly], ...]]:
    """Take out the equations that do nothing but define an unknown."""
    left = [(polynomial, polynomial.degrees()) for polynomial in rest]
    holders = Counter(unknown for _, degrees in left for unknown, degree in enumerate(degrees) if degree)
    given: list[tuple[int, fmpz_mpoly]] = []
    while True:
        found = next(
            (
                (place, unknown)
                for place, (polynomial, degrees) in enumerate(left)
                for unknown, degree in enumerate(degrees)
                if degree == 1 and holders[unknown] == 1 and coefficients_in(polynomial, unknown)[1].is_constant()
            ),
            None,
        )
        if found is None:
            return tuple(polynomial for polynomial, _ in left), forms, tuple(given)
        polynomial, degrees = left.pop(found[0])
        given.append((found[1], polynomial))
        holders.subtract(unknown for unknown, degree in enumerate(degrees) if degree)


def _row(polynomial: fmpz_mpoly) -> Row:
    """The row of a polynomial of degree one at the most."""
    coefficients: dict[int, fmpq] = {}
    constant = fmpq(0)
    for exponents, c in polynomial.to_dict().items():
        if any(exponents):
            coefficients[exponents.index(1)] = fmpq(c)
        else:
            constant = -fmpq(c)
    return Row(coefficients, constant)


def equation_of(i: int, form: Form, context: fmpz_mpoly_ctx) -> fmpz_mpoly:
    """``xᵢ - form = 0``, times what makes it integer."""
    scale, gens = form.scale, context.gens()
    total = gens[i] * scale - (form.constant * scale).p
    for j, a in form.coefficients.items():
        total -= gens[j] * (a * scale).p
    return primitive(total)


def _substituted(polynomial: fmpz_mpoly, forms: Mapping[int, Form], context: fmpz_mpoly_ctx) -> fmpz_mpoly:
    """The polynomial with the forms put in, times what makes it integer."""
    for i, form in forms.items():
        if polynomial.degrees()[i]:
            polynomial = primitive(polynomial.resultant(equation_of(i, form, context), i))
    return polynomial
