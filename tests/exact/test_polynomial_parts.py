"""The parts of the polynomial solver, each against an independent way to the same thing."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import pytest
from flint import fmpq, fmpz, fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp
from sympy import Poly, Rational, Symbol, groebner, symbols
from sympy.polys.orderings import grevlex

from puzzlesolver.arithmetic.algebraic import AlgebraicPoint
from puzzlesolver.arithmetic.real_roots import isolate_real_roots, refined_root
from puzzlesolver.exact.polynomial.closed_forms import closed_form
from puzzlesolver.exact.polynomial.f4 import Limits, TooLarge, basis_of
from puzzlesolver.exact.polynomial.finite import minimal_polynomial
from puzzlesolver.exact.polynomial.modular import rational_vector, word_primes
from puzzlesolver.exact.polynomial.monomials import Monomials
from puzzlesolver.exact.polynomial.quadratics import squares_of
from puzzlesolver.exact.polynomial.quotient import quotient_of
from puzzlesolver.exact.polynomial.ring import from_row, from_sympy, ring, to_row, to_sympy

SETTINGS = settings(deadline=None, derandomize=True, max_examples=60)

X = symbols("x0:3")


# --- monomials --------------------------------------------------------------------------------------------------------

exponents = st.tuples(*[st.integers(0, 40)] * 3)


@SETTINGS
@given(exponents, exponents)
def test_monomials_as_integers(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    """Order, product, divisibility and least common multiple are those of exponent vectors."""
    monomials = Monomials(3)
    m, n = monomials.pack(a), monomials.pack(b)
    assert monomials.exponents(m) == a and monomials.degree(m) == sum(a)
    assert (m < n) == (grevlex(a) < grevlex(b))
    assert monomials.exponents(m + n) == tuple(i + j for i, j in zip(a, b, strict=True))
    assert monomials.divides(m, n) == all(i <= j for i, j in zip(a, b, strict=True))
    assert monomials.exponents(monomials.lcm(m, n)) == tuple(map(max, a, b))


# --- Gröbner bases ----------------------------------------------------------------------------------------------------


def random_system(seed: int, count: int = 3, degree: int = 2) -> list[Poly]:
    generator = random.Random(seed)
    system = []
    while len(system) < count:
        terms = {
            tuple(
                generator.choice(
                    [(i, j, k) for i in range(3) for j in range(3) for k in range(3) if i + j + k <= degree]
                )
            ): generator.randint(-5, 5)
            for _ in range(5)
        }
        polynomial = Poly(terms, *X)
        if polynomial.total_degree() > 0:
            system.append(polynomial)
    return system


@pytest.mark.parametrize("seed", range(12))
def test_bases_agree_with_sympy(seed: int) -> None:
    """F4's basis is the reduced basis that SymPy's Buchberger algorithm finds, up to scale."""
    system = random_system(seed)
    context, monomials = ring(3), Monomials(3)
    rows = [to_row(from_sympy(polynomial, range(3), context), monomials, range(3)) for polynomial in system]
    found = [to_sympy(from_row(row, monomials, range(3), context), X) for row in basis_of(rows, monomials)]
    expected = groebner([polynomial.as_expr() for polynomial in system], *X, order="grevlex").exprs
    assert {Poly(one, *X).monic() for one in found} == {Poly(one, *X).monic() for one in expected}


def test_limits_stop_a_basis() -> None:
    """A computation beyond its limits stops with an error of its own."""
    context, monomials = ring(3), Monomials(3)
    rows = [to_row(from_sympy(polynomial, range(3), context), monomials, range(3)) for polynomial in random_system(1)]
    with pytest.raises(TooLarge):
        basis_of(rows, monomials, Limits(columns=3))


@pytest.mark.parametrize("seed", range(12))
def test_quotient_algebras_are_algebras(seed: int) -> None:
    """Multiplication commutes, the generators are zero, and an unknown is a root of its minimal polynomial alone."""
    system = random_system(seed)
    context, monomials = ring(3), Monomials(3)
    rows = [to_row(from_sympy(polynomial, range(3), context), monomials, range(3)) for polynomial in system]
    quotient = quotient_of(basis_of(rows, monomials), monomials)
    if quotient is None or not quotient.dimension:
        return
    assert quotient.is_proved(rows)
    minimal = minimal_polynomial(quotient, 0)
    matrix = quotient.matrix(0)
    expected = matrix.minpoly()
    assert fmpz_poly(minimal) == expected.numer() * (1 if minimal[minimal.degree()] > 0 else -1)


# --- rational reconstruction ------------------------------------------------------------------------------------------


@SETTINGS
@given(st.lists(st.fractions(max_denominator=10**9), min_size=1, max_size=5))
def test_rationals_come_back_from_their_residues(numbers: list[Fraction]) -> None:
    """Residues modulo enough primes give the rationals back."""
    bits = sum(number.denominator.bit_length() for number in numbers) + max(
        abs(number.numerator).bit_length() for number in numbers
    )
    source = word_primes()
    primes = [next(source) for _ in range(bits // 20 + 2)]
    residues = [[n.numerator * pow(n.denominator, -1, p) % p for n in numbers] for p in primes]
    assert rational_vector(residues, primes) == [fmpq(n.numerator, n.denominator) for n in numbers]


# --- real roots -------------------------------------------------------------------------------------------------------


@SETTINGS
@given(st.lists(st.integers(-30, 30), min_size=2, max_size=9).filter(lambda c: c[-1] != 0))
def test_isolation_agrees_with_sturm(coefficients: list[int]) -> None:
    """Disjoint intervals with a change of sign, as many as SymPy's Sturm sequence counts roots."""
    x = Symbol("x")
    squarefree = Poly(coefficients[::-1], x).sqf_part()
    polynomial = fmpz_poly([int(c) for c in reversed(squarefree.clear_denoms()[1].all_coeffs())])
    found = isolate_real_roots(polynomial)
    assert len(found) == squarefree.count_roots()
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    for low, high in found:
        at_low, at_high = (polynomial(fmpq(end.numerator, end.denominator)) for end in (low, high))
        assert at_low == at_high == 0 if low == high else at_low * at_high < 0


@SETTINGS
@given(st.sets(st.fractions(min_value=-9, max_value=9, max_denominator=8), min_size=1, max_size=7))
def test_planted_rational_roots_are_isolated(roots: set[Fraction]) -> None:
    """Each interval holds exactly one of the roots that the polynomial was made of."""
    polynomial = fmpz_poly([1])
    for root in roots:
        polynomial *= fmpz_poly([-root.numerator, root.denominator])
    found = isolate_real_roots(polynomial)
    assert len(found) == len(roots)
    assert all(sum(low <= root <= high for root in roots) == 1 for low, high in found)


@SETTINGS
@given(st.integers(2, 50), st.integers(2, 5), st.integers(1, 400))
def test_refinement_keeps_the_root_and_reaches_the_width(number: int, degree: int, bits: int) -> None:
    """A refined interval is narrow enough and still has the root inside."""
    polynomial = fmpz_poly([-number] + [0] * (degree - 1) + [1])
    low, high = refined_root((-number, *[0] * (degree - 1), 1), isolate_real_roots(polynomial)[-1], bits)
    assert low**degree <= number <= high**degree
    assert (high - low) * 2**bits <= max(1, high)


def test_roots_that_agree_to_many_digits_stay_apart() -> None:
    """Two roots that differ by about 2^-1000 are isolated, and each is refined to itself."""
    huge = 10**300
    polynomial = fmpz_poly([-2, 0, 1]) * fmpz_poly([-(2 * huge + 1), 0, huge])
    isolated = isolate_real_roots(polynomial)
    assert len(isolated) == 4
    for number, interval in zip((2, Fraction(2 * huge + 1, huge)), isolated[2:], strict=True):
        low, high = refined_root(tuple(int(c) for c in polynomial.coeffs()), interval, 1500)
        assert low**2 < number < high**2
        assert interval[0] <= low < high <= interval[1]


# --- points with digits -----------------------------------------------------------------------------------------------


@SETTINGS
@given(st.integers(2, 60), st.integers(-20, 20), st.integers(1, 60))
def test_digits_of_a_point(number: int, offset: int, digits: int) -> None:
    """Every digit asked for is right, also after cancellation, and a coordinate that is zero is exactly zero."""
    theta = Symbol("theta")
    difference, nothing = Symbol("difference"), Symbol("nothing")
    polynomial = (-number, 0, 0, 1)
    isolating = isolate_real_roots(fmpz_poly(list(polynomial)))[0]
    near = int(Fraction(number) ** 1 * 10**12)
    with mp.workdps(120):
        root = mp.cbrt(number)
        approximation = Fraction(int(mp.nint(root * 10**12)), 10**12)
    assert near
    point = AlgebraicPoint(
        polynomial,
        isolating,
        {
            theta: (Fraction(offset), Fraction(1)),
            difference: (-approximation, Fraction(1)),
            nothing: (Fraction(-number), Fraction(0), Fraction(0), Fraction(1)),
        },
        (2,),
    )
    with mp.workdps(120):
        for symbol, exact in (
            (theta, (root + offset) / 2),
            (difference, (root - mp.mpf(approximation.numerator) / approximation.denominator) / 2),
        ):
            low, high = point.interval(symbol, digits)
            if exact == 0:
                assert low == high == 0
                continue
            assert mp.mpf(low.numerator) / low.denominator <= exact <= mp.mpf(high.numerator) / high.denominator
            assert (high - low) * 10**digits <= max(abs(low), abs(high))
    assert point.interval(nothing, digits) == (0, 0)


# --- closed forms -----------------------------------------------------------------------------------------------------


@SETTINGS
@given(st.lists(st.integers(-9, 9), min_size=2, max_size=6).filter(lambda c: c[-1] > 0))
def test_closed_forms_are_the_roots_in_order(coefficients: list[int]) -> None:
    """The closed forms of an irreducible polynomial lie, in order, in the isolating intervals of its real roots."""
    for factor, _ in fmpz_poly(coefficients).factor()[1]:
        polynomial = factor if factor[factor.degree()] > 0 else -factor
        for number, (low, high) in enumerate(isolate_real_roots(polynomial)):
            form = closed_form(polynomial, number)
            assert form is not None
            value = Rational(form) if form.is_Rational else form.evalf(60)
            assert Rational(low.numerator, low.denominator) <= value <= Rational(high.numerator, high.denominator)


# --- sums of squares --------------------------------------------------------------------------------------------------


@SETTINGS
@given(st.integers(0, 10_000))
def test_squares_vanish_where_their_sum_does(seed: int) -> None:
    """A sum of squares is recognised as positive where one of the squares found is not zero."""
    generator = random.Random(seed)
    context = ring(2)
    x, y = context.gens()
    forms = [
        generator.randint(-3, 3) * x + generator.randint(-3, 3) * y + generator.randint(-2, 2)
        for _ in range(generator.randint(1, 3))
    ]
    total = sum((form * form * generator.randint(1, 3) for form in forms), context.constant(0))
    found = squares_of(total)
    assert found is not None, "a quadratic sum of squares has one Gram matrix"
    for _ in range(5):
        point = [fmpz(generator.randint(-4, 4)) for _ in range(2)]
        assert (total(*point) == 0) == all(square(*point) == 0 for square in found)


def test_what_takes_both_signs_is_no_sum_of_squares() -> None:
    """No squares are found for polynomials with a negative value somewhere."""
    x, y = ring(2).gens()
    for polynomial in (x, x * y, x**2 - y**2, x**2 + 3 * x * y + y**2, x**4 + y**2 - 1, -(x**2)):
        assert squares_of(polynomial) is None
