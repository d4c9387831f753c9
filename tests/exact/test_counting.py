"""Counting roots by Hermite's form, against roots that were planted."""

from __future__ import annotations

import random

import pytest
from flint import fmpq, fmpq_mat, fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from puzzlesolver.exact.polynomial.monomials import Monomials
from puzzlesolver.exact.polynomial.quotient import Quotient, RootCount, count_real_roots, signature

SETTINGS = settings(deadline=None, derandomize=True, max_examples=40)

roots = st.lists(st.integers(-4, 4), min_size=0, max_size=4)
"""Real roots, some of them multiple."""


def planted(real: list[int], pairs: list[tuple[int, int]]) -> fmpq_poly:
    """The monic polynomial with these real roots and with the roots a ± bi, b > 0."""
    polynomial = fmpq_poly([1])
    for root in real:
        polynomial *= fmpq_poly([-root, 1])
    for a, b in pairs:
        polynomial *= fmpq_poly([a * a + b * b, -2 * a, 1])
    return polynomial


def line(polynomial: fmpq_poly) -> Quotient:
    """Q[x]/(p) on the powers of x."""
    degree = polynomial.degree()
    products = [fmpq_poly([0] * (k + 1) + [1]) % polynomial for k in range(degree)]
    monomials = Monomials(1)
    return Quotient(monomials, tuple(monomials.pack((k,)) for k in range(degree)), (tuple(products),))


def grid(across: fmpq_poly, up: fmpq_poly) -> Quotient:
    """Q[x, y]/(p(x), q(y)): the roots are all pairs."""
    width, height = across.degree(), up.degree()
    monomials = tuple((i, j) for j in range(height) for i in range(width))

    def vector(first: fmpq_poly, second: fmpq_poly) -> fmpq_poly:
        a, b = first % across, second % up
        return fmpq_poly([a[i] * b[j] for i, j in monomials])

    def power(k: int) -> fmpq_poly:
        return fmpq_poly([0] * k + [1])

    by_x = tuple(vector(power(i + 1), power(j)) for i, j in monomials)
    by_y = tuple(vector(power(i), power(j + 1)) for i, j in monomials)
    packed = Monomials(2)
    return Quotient(packed, tuple(map(packed.pack, monomials)), (by_x, by_y))


@SETTINGS
@given(roots, st.lists(st.tuples(st.integers(-3, 3), st.integers(1, 3)), max_size=2))
def test_distinct_roots_of_one_unknown(real: list[int], pairs: list[tuple[int, int]]) -> None:
    """Rank and signature count the distinct roots, multiple ones once."""
    if not real and not pairs:
        return
    found = count_real_roots(line(planted(real, pairs)))
    assert found == RootCount(len(set(real)) + 2 * len(set(pairs)), len(set(real)))


@SETTINGS
@given(roots.filter(bool), roots.filter(bool), st.lists(st.tuples(st.integers(-2, 2), st.integers(1, 2)), max_size=1))
def test_distinct_roots_of_two_unknowns(across: list[int], up: list[int], pairs: list[tuple[int, int]]) -> None:
    """The roots of a product of algebras are the pairs, the real ones the pairs of real ones."""
    found = count_real_roots(grid(planted(across, pairs), planted(up, [])))
    distinct = (len(set(across)) + 2 * len(set(pairs))) * len(set(up))
    assert found == RootCount(distinct, len(set(across)) * len(set(up)))


@pytest.mark.parametrize("seed", range(20))
def test_signature_of_a_congruent_diagonal(seed: int) -> None:
    """The signature does not change under a change of basis (Sylvester)."""
    generator = random.Random(seed)
    size = generator.randint(1, 6)
    signs = [generator.choice((-2, -1, 0, 1, 3)) for _ in range(size)]
    diagonal = fmpq_mat(size, size, [signs[i] if i == j else 0 for i in range(size) for j in range(size)])
    while True:
        change = fmpq_mat(size, size, [fmpq(generator.randint(-5, 5), 3) for _ in range(size * size)])
        if change.det() != 0:
            break
    assert signature(change.transpose() * diagonal * change) == sum((s > 0) - (s < 0) for s in signs)
