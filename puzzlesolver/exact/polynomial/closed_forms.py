"""Algebraic numbers in a form that one can read: rationals, square roots, other radicals where they are neat, CRootOf.

In: a branch of conjugate solutions. Out: SymPy numbers for the coordinates, or None where there is nothing short to
write. A form is right by construction: it is one of the roots of the coordinate's minimal polynomial, which is checked
exactly, and it is chosen by refining the coordinate until only one of the isolated roots is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from flint import fmpq, fmpq_poly, fmpz, fmpz_poly, nmod_mat, nmod_poly
from sympy import CRootOf, Expr, Integer, Poly, Pow, Rational, Symbol, sqrt, sqrtdenest

from puzzlesolver.arithmetic.algebraic import AlgebraicPoint
from puzzlesolver.arithmetic.interval import Interval
from puzzlesolver.arithmetic.real_roots import ends, isolate_real_roots
from puzzlesolver.exact import limits
from puzzlesolver.exact.polynomial.modular import lifted
from puzzlesolver.exact.polynomial.representation import Branch, homogenized, inverse, is_multiple
from puzzlesolver.proof import zero
from puzzlesolver.proof.verdict import Verdict


class _HighDegree(Exception):
    """A minimal polynomial of a higher degree than is looked for."""


def coordinate_polynomial(branch: Branch, unknown: int, limit: int = limits.MOST_RADICAL_DEGREE) -> fmpz_poly | None:
    """The minimal polynomial of a coordinate, primitive with a positive leading coefficient; None beyond a degree."""
    try:
        for vector in lifted(lambda prime: _minimal_modulo(branch, unknown, prime, limit)):
            guess = fmpq_poly(vector).numer()
            terms: dict[tuple[int, ...], fmpz] = {(k,): c for k, c in enumerate(guess.coeffs()) if c}
            if is_multiple(homogenized(terms, [branch.numerators[unknown]], branch.denominator), branch.polynomial):
                return guess if guess[guess.degree()] > 0 else -guess
    except _HighDegree:
        return None
    raise AssertionError("there are always more primes")


def _minimal_modulo(branch: Branch, unknown: int, prime: int, limit: int) -> list[int] | None:
    """The monic minimal polynomial modulo a prime; None where the prime does not serve. Raises `_HighDegree`."""
    modulus = nmod_poly(branch.polynomial, prime)
    if modulus.degree() < branch.polynomial.degree():
        return None
    value = nmod_poly(branch.numerators[unknown], prime)
    value = value * inverse(nmod_poly(branch.denominator, prime) % modulus, modulus) % modulus
    size = modulus.degree()
    power = nmod_poly([1], prime)
    rows: list[list[int]] = []
    for count in range(1, min(size, limit) + 2):
        rows.append([int(c) for c in power.coeffs()] + [0] * (size - len(power.coeffs())))
        columns = [row[k] for k in range(size) for row in rows]
        relations, nullity = nmod_mat(size, count, columns, prime).nullspace()
        if nullity:
            entries = [int(relations[k, 0]) for k in range(count)]
            scale = pow(entries[-1], -1, prime)
            return [entry * scale % prime for entry in entries]
        power = power * value % modulus
    raise _HighDegree


def closed_form(polynomial: fmpz_poly, index: int) -> Expr | None:
    """The real root number `index` (ascending, from 0) of an irreducible polynomial; None where it is too long."""
    degree = polynomial.degree()
    if degree == 1:
        return Rational(-int(polynomial[0]), int(polynomial[1]))
    form = _quadratic(polynomial, index) if degree == 2 else _radical(polynomial, index)
    if form is None or len(str(form)) > limits.MOST_FORM_LETTERS:
        form = _root_of(polynomial, index)
    return form if form is not None and len(str(form)) <= limits.MOST_FORM_LETTERS else None


def root_index(point: AlgebraicPoint, symbol: Symbol, roots: Sequence[Interval]) -> int:
    """Which of the isolated roots a coordinate is, given that it is one of them."""
    bits = 64
    candidates = list(range(len(roots)))
    while len(candidates) > 1:
        ball = point.ball(symbol, bits)
        if ball.is_finite():
            low, high = ends(ball)
            candidates = [k for k in candidates if roots[k][0] <= high and low <= roots[k][1]]
        bits *= 2
    return candidates[0]


def _quadratic(polynomial: fmpz_poly, index: int) -> Expr:
    c, b, a = (Integer(int(coefficient)) for coefficient in polynomial.coeffs())
    root = sqrt(b**2 - 4 * a * c)
    return (-b - root) / (2 * a) if index == 0 else (-b + root) / (2 * a)


def _radical(polynomial: fmpz_poly, index: int) -> Expr | None:
    """A root of ``q((x + s)^k)``, q linear or quadratic: a k-th root of a number of degree at most 2, shifted."""
    shift = fmpq(polynomial[polynomial.degree() - 1]) / (polynomial[polynomial.degree()] * polynomial.degree())
    centred = fmpq_poly(polynomial)(fmpq_poly([-shift, 1])).numer()
    step = 0
    for k, c in enumerate(centred.coeffs()):
        step = gcd(step, k) if c else step
    if step < 2 or centred.degree() // step > 2 or centred.height_bits() > limits.MOST_NESTED_BITS:
        return None
    inner = fmpz_poly([centred[k] for k in range(0, centred.degree() + 1, step)])
    if inner[inner.degree()] < 0:
        inner = -inner
    powers = [closed_form(inner, k) for k in range(len(isolate_real_roots(inner)))]
    values = [power for power in powers if power is not None]
    if len(values) < len(powers):
        return None
    roots: list[Expr]
    if step % 2:
        roots = [_root(value, step) if zero.sign(value) == 1 else -_root(-value, step) for value in values]
    else:
        positive = [_root(value, step) for value in values if zero.sign(value) == 1]
        roots = [-root for root in reversed(positive)] + positive
    return roots[index] - Rational(int(shift.p), int(shift.q))


def _root(value: Expr, degree: int) -> Expr:
    """The positive root of a positive number, square roots out of nested ones where that is exact."""
    root = Pow(value, Rational(1, degree))
    if degree == 2 and not value.is_Rational:
        simple = sqrtdenest(root)
        if zero.is_zero(simple**2 - value) is Verdict.HOLDS and zero.sign(simple) == 1:
            return simple
    return root


def _root_of(polynomial: fmpz_poly, index: int) -> Expr | None:
    """SymPy's name for the root: the real ones come first there, ascending. No root is isolated to make it."""
    if polynomial.degree() > limits.MOST_RADICAL_DEGREE or polynomial.height_bits() > 4 * limits.MOST_FORM_LETTERS:
        return None
    x = Symbol("x")
    terms = {(k,): Integer(int(c)) for k, c in enumerate(polynomial.coeffs()) if c}
    return CRootOf(Poly(terms, x), index, radicals=False)
