"""All real roots of one polynomial in closed form.

In: a polynomial in one symbol, with constant coefficients. Out: its distinct real roots: by factors over the rationals,
the quadratic formula and pure roots; `CRootOf` beyond that. Raises `NotCovered` where the coefficients are irrational
and the polynomial is none that a formula solves.
"""

from __future__ import annotations

from flint import fmpz_poly
from sympy import CRootOf, Expr, Integer, Poly, Pow, Rational, Symbol, expand, sqrt
from sympy.polys.polyerrors import PolynomialError

from puzzlesolver.arithmetic.real_roots import isolate_real_roots
from puzzlesolver.exact import limits
from puzzlesolver.exact.univariate.kernels import NotCovered
from puzzlesolver.proof import zero


def factors(polynomial: Poly) -> list[Expr]:
    """Polynomials, none of them constant, whose product has the same zeros as one that is not constant.

    They are irreducible over the rationals. With irrational coefficients only powers of the symbols are taken out, for
    SymPy's factors of such polynomials are not to be relied on (version 1.14 hides some in the constant).
    """
    symbols = polynomial.gens
    if polynomial.domain.is_ZZ or polynomial.domain.is_QQ:
        constant, found = polynomial.factor_list()
        product = Poly(constant, *symbols)
        for factor, power in found:
            product *= factor**power
        if constant.free_symbols or product != polynomial:
            raise ArithmeticError("the factors do not multiply to the polynomial")
        return [factor.as_expr() for factor, _ in found]
    powers = [min(exponents) for exponents in zip(*polynomial.monoms(), strict=True)]
    monomials = [symbol for symbol, power in zip(symbols, powers, strict=True) if power]
    lowered = {
        tuple(e - power for e, power in zip(exponents, powers, strict=True)): coefficient
        for exponents, coefficient in polynomial.terms()
    }
    rest = Poly.from_dict(lowered, *symbols).as_expr()
    return [*monomials, rest] if rest.has(*symbols) else monomials


def real_roots(polynomial: Expr, symbol: Symbol) -> list[Expr]:
    """The distinct real roots, in no particular order but always the same one."""
    try:
        whole = Poly(polynomial, symbol)
    except PolynomialError as error:
        raise NotCovered from error
    if whole.is_zero or whole.degree() > limits.MOST_ROOTS_DEGREE:
        raise NotCovered
    if whole.domain.is_ZZ or whole.domain.is_QQ:
        return [root for factor in factors(whole) for root in _of_irreducible(Poly(factor, symbol))]
    return _by_formula([expand(coefficient) for coefficient in whole.all_coeffs()])


def _of_irreducible(factor: Poly) -> list[Expr]:
    coefficients = factor.all_coeffs()
    if factor.degree() <= 2 or not any(coefficients[1:-1]):
        return _by_formula(coefficients)
    primitive = [int(number) for number in factor.clear_denoms(convert=True)[1].primitive()[1].all_coeffs()]
    count = len(isolate_real_roots(fmpz_poly(primitive[::-1])))
    return [CRootOf(Poly(primitive, Symbol("x")), index) for index in range(count)]


def _by_formula(coefficients: list[Expr]) -> list[Expr]:
    """Roots of a polynomial of degree one or two, or of the form ``a x^n + c``."""
    while len(coefficients) > 1 and certain_sign(coefficients[0]) == 0:
        coefficients = coefficients[1:]
    degree = len(coefficients) - 1
    if degree == 0:
        raise NotCovered  # a constant: zero everywhere or nowhere
    if degree == 1:
        return [expand(-coefficients[1] / coefficients[0])]
    if all(certain_sign(coefficient) == 0 for coefficient in coefficients[1:-1]):
        return _pure_roots(expand(-coefficients[-1] / coefficients[0]), degree)
    if degree > 2:
        raise NotCovered
    a, b, c = coefficients
    discriminant = expand(b**2 - 4 * a * c)
    found = certain_sign(discriminant)
    if found < 0:
        return []
    if found == 0:
        return [-b / (2 * a)]
    return [expand((-b + root) / (2 * a)) for root in (-sqrt(discriminant), sqrt(discriminant))]


def _pure_roots(power: Expr, degree: int) -> list[Expr]:
    found = certain_sign(power)
    if found == 0:
        return [Integer(0)]
    if degree % 2:
        return [Pow(power, Rational(1, degree)) if found > 0 else -Pow(-power, Rational(1, degree))]
    if found < 0:
        return []
    root = Pow(power, Rational(1, degree))
    return [-root, root]


def certain_sign(number: Expr) -> int:
    """The sign of a constant. Raises `NotCovered` where it is not decided."""
    found = zero.sign(number)
    if found is None:
        raise NotCovered
    return found
