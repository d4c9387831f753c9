"""Whether an expression is zero for every value of its symbols, wherever it is defined.

The expression becomes a rational function of its symbols and of generators: radicals, exponentials (sines and cosines
are made of those of imaginary numbers), values of functions. Each generator comes with the algebraic relation it is
known to fulfil (``g**q = radicand``, ``i**2 = -1``); the numerator is reduced by these, and what reduces to zero is
zero. The converse is not claimed: two generators may depend on each other in ways that are not seen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

from sympy import (
    Abs,
    Add,
    Dummy,
    E,
    Expr,
    Function,
    I,
    Integer,
    LambertW,
    Mul,
    Poly,
    Pow,
    Rational,
    S,
    Symbol,
    acos,
    asin,
    atan,
    atan2,
    cancel,
    cos,
    cosh,
    cyclotomic_poly,
    exp,
    factorint,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    tanh,
    together,
)
from sympy.polys.polyerrors import BasePolynomialError

from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.real_root import RealRoot
from puzzlesolver.verification.shapes import CIRCULAR, is_small, odd_roots

MOST_OPERATIONS = 3_000
MOST_GENERATORS = 14
MOST_DEGREE = 80
LARGEST_POWER = 60
LARGEST_FACTORED = 10**15


class TooHard(ValueError):
    """The expression is too large, or of a kind, that is not worked out."""


def is_identically_zero(expression: Expr, budget: Budget) -> bool:
    """Whether it is proved to be zero wherever it is defined. A False says nothing."""
    try:
        return _Reduction(expression, budget).is_zero()
    except (TooHard, BasePolynomialError):
        return False


class _Reduction:
    """One expression on its way to a polynomial in generators."""

    def __init__(self, expression: Expr, budget: Budget) -> None:
        _look_at_size(expression)
        expression = expression.rewrite((*CIRCULAR, sinh, cosh, tanh), exp)
        self._budget = budget
        self._generators: dict[object, Expr] = {}
        self._relations: list[tuple[Symbol, int, Expr]] = []
        self._shares = _denominators(expression)
        self._known: dict[Expr, Expr] = {}
        self._expression = self._rational(expression)

    def is_zero(self) -> bool:
        above, below = self._expression_parts(self._expression)
        return bool(self._reduced(above) == 0 and self._reduced(below) != 0)

    def _expression_parts(self, expression: Expr) -> tuple[Expr, Expr]:
        self._budget.check()
        _look_at_size(expression)
        above, below = together(expression).as_numer_denom()
        return above, below

    def _reduced(self, polynomial: Expr) -> Expr:
        """The numerator that is left when every relation has been used, innermost last."""
        for generator, degree, value in reversed(self._relations):
            for _ in range(MOST_DEGREE):
                coefficients = self._poly(polynomial, generator) if polynomial.has(generator) else []
                if not any(power >= degree for power, _ in coefficients):
                    break
                total: Expr = S.Zero
                for power, coefficient in coefficients:
                    # A relation that holds its own generator lowers the degree step by step.
                    times, rest = divmod(power, degree)
                    total += coefficient * value**times * generator**rest
                polynomial, _ = self._expression_parts(total)
        symbols = sorted(polynomial.free_symbols, key=str)
        if not symbols:
            return polynomial.expand()
        return self._poly_of(polynomial, symbols).as_expr()

    def _poly(self, polynomial: Expr, generator: Symbol) -> list[tuple[int, Expr]]:
        others = sorted(polynomial.free_symbols - {generator}, key=str)
        found = self._poly_of(polynomial, [generator, *others])
        if not others:
            return [(powers[0], coefficient) for powers, coefficient in found.terms()]
        by_power: dict[int, list[Expr]] = {}
        for powers, coefficient in found.terms():
            term = Mul(coefficient, *(s**n for s, n in zip(others, powers[1:], strict=True)))
            by_power.setdefault(powers[0], []).append(term)
        return [(power, Add(*terms)) for power, terms in sorted(by_power.items())]

    def _poly_of(self, polynomial: Expr, symbols: Sequence[Symbol]) -> Poly:
        self._budget.check()
        _look_at_size(polynomial)
        if len(symbols) > MOST_GENERATORS:
            raise TooHard
        found = Poly(polynomial, *symbols, domain="QQ")
        if found.total_degree() > MOST_DEGREE:
            raise TooHard
        return found

    # --- generators ---------------------------------------------------------------------------------------------------

    def _generator(self, key: object) -> Symbol:
        if key not in self._generators:
            self._generators[key] = Dummy(f"g{len(self._generators)}")
        return self._generators[key]

    def _related(self, key: object, degree: int, value: Expr) -> Symbol:
        """A generator whose power `degree` has a value made of earlier generators."""
        is_new = key not in self._generators
        generator = self._generator(key)
        if is_new:
            self._relations.append((generator, degree, value))
        return generator

    def _rational(self, e: Expr) -> Expr:
        if e not in self._known:
            self._budget.check()
            self._known[e] = self._converted(e)
        return self._known[e]

    def _converted(self, e: Expr) -> Expr:
        if isinstance(e, (Symbol, Rational)):
            return e
        if e == I:
            return self._related("i", 2, S.NegativeOne)
        if isinstance(e, RealRoot):
            return self._root(e)
        if isinstance(e, Add):
            return Add(*(self._rational(part) for part in e.args))
        if isinstance(e, Mul):
            return self._product(e)
        if isinstance(e, Pow):
            return self._power(e.base, e.exp)
        if e == E or isinstance(e, exp):
            return self._exponential(e.args[0] if e.args else S.One)
        if isinstance(e, log):
            return self._logarithm(e.args[0])
        if isinstance(e, Abs) and not e.has(I):
            inner = self._canonical(e.args[0])
            return self._related(("abs", inner), 2, inner**2)
        if isinstance(e, Function) or e == pi:
            return self._generator((type(e).__name__, *(self._canonical(part) for part in e.args)))
        raise TooHard

    def _canonical(self, e: Expr) -> Expr:
        return cancel(self._rational(e))

    def _root(self, e: RealRoot) -> Symbol:
        degree = len(e.polynomial) - 1
        generator = self._generator(e)
        if not any(generator is known for known, _, _ in self._relations):
            lower = Add(*(Rational(-c, e.polynomial[-1]) * generator**i for i, c in enumerate(e.polynomial[:-1])))
            self._relations.append((generator, degree, lower))
        return generator

    def _product(self, e: Expr) -> Expr:
        roots, factors = odd_roots(e)
        inner = [(self._canonical(b), p, q) for b, p, q in roots]
        powers = [self._related(("odd root", b, q), q, b) ** p for b, p, q in inner]
        return Mul(*powers, *map(self._rational, factors))

    def _power(self, base: Expr, exponent: Expr) -> Expr:
        if isinstance(exponent, Integer):
            if abs(exponent) > LARGEST_POWER:
                raise TooHard
            return self._rational(base) ** exponent
        if isinstance(exponent, Rational):
            return self._radical(base, int(exponent.p), int(exponent.q))
        if base == E:
            return self._exponential(exponent)
        if base.is_Rational and base.is_negative and exponent.is_integer:
            return self._parity(exponent) * self._power(-base, exponent)
        if base == 1:
            return S.One
        return self._exponential(exponent * log(base, evaluate=False))

    def _radical(self, base: Expr, p: int, q: int) -> Expr:
        if abs(p) > LARGEST_POWER:
            raise TooHard
        if isinstance(base, Rational) and base > 0:
            total: Expr = S.One
            for prime, times in _factored(base).items():
                whole, rest = divmod(times * p, q)
                total *= Integer(prime) ** whole
                if rest:
                    total *= self._related(("root", Integer(prime), q), q, Integer(prime)) ** rest
            return total
        inner = self._canonical(base)
        return self._related(("root", inner, q), q, inner) ** p

    def _parity(self, exponent: Expr) -> Expr:
        """``(-1)**exponent`` of a whole exponent."""
        total: Expr = S.One
        for term in Add.make_args(exponent.expand()):
            factor, rest = term.as_coeff_Mul(rational=True)
            if not factor.is_Integer or not rest.is_integer:
                raise TooHard
            if factor % 2:
                total *= S.NegativeOne if rest == 1 else self._related(("parity", rest), 2, S.One)
        return total

    def _exponential(self, argument: Expr) -> Expr:
        total: Expr = S.One
        for term in Add.make_args(argument.expand()):
            factor, rest = term.as_coeff_Mul(rational=True)
            if isinstance(rest, log):
                total *= self._power(rest.args[0], factor)
            elif isinstance(rest, LambertW):
                total *= self._power(rest.args[0] / rest, factor)
            elif rest == I * pi:
                total *= self._root_of_unity(factor)
            elif factor.is_Integer and (rest / (I * pi)).is_integer:
                total *= self._parity(factor * rest / (I * pi))
            elif factor:
                total *= self._part(rest, factor)
        return total

    def _root_of_unity(self, half_turns: Rational) -> Expr:
        """``exp(I*pi*half_turns)``: what SymPy knows of it, or a root of the cyclotomic polynomial."""
        known = cos(pi * half_turns) + I * sin(pi * half_turns)
        if not known.has(cos, sin):
            return self._rational(known)
        key, order = ("unity", half_turns.q), 2 * int(half_turns.q)
        is_new, generator = key not in self._generators, self._generator(key)
        if is_new:
            polynomial = cyclotomic_poly(order, generator)
            degree = Poly(polynomial, generator).degree()
            self._relations.append((generator, degree, generator**degree - polynomial))
        return generator ** (int(half_turns.p) % order)

    def _part(self, exponent: Expr, factor: Rational) -> Expr:
        """``exp(factor*exponent)`` as a power of a generator, of which the value of an inverse function is one."""
        share = self._shares.get(exponent, 1)
        times = factor * share
        if not times.is_Integer or abs(times) > LARGEST_POWER:
            raise TooHard
        value = _on_the_circle(exponent / I)
        if value is None:
            return self._generator(("exp", exponent, share)) ** times
        if share == 1:
            return self._rational(value) ** times
        return self._related(("exp", exponent, share), share, self._rational(value)) ** times

    def _logarithm(self, argument: Expr) -> Expr:
        if isinstance(argument, LambertW) and len(argument.args) == 1 and argument.args[0].is_positive:
            return self._rational(log(argument.args[0])) - self._rational(argument)
        factor, rest = argument.as_coeff_Mul(rational=True)
        if factor <= 0:
            factor, rest = S.One, argument
        total: Expr = S.Zero
        for prime, times in _factored(factor).items():
            total += times * self._generator(("log", Integer(prime)))
        return total if rest == 1 else total + self._generator(("log", self._canonical(rest)))


def _on_the_circle(angle: Expr) -> Expr | None:
    """Cosine plus I times sine of the value of an inverse function; None of any other angle."""
    match angle:
        case asin(args=(y,)):
            return sqrt(1 - y**2) + I * y
        case acos(args=(x,)):
            return x + I * sqrt(1 - x**2)
        case atan(args=(slope,)):
            return (1 + I * slope) / sqrt(1 + slope**2)
        case atan2(args=(y, x)):
            return (x + I * y) / sqrt(x**2 + y**2)
    return None


def _look_at_size(expression: Expr) -> None:
    if expression.count_ops() > MOST_OPERATIONS or not is_small(expression):
        raise TooHard


def _factored(number: Rational) -> dict[int, int]:
    """The prime factors of a positive rational number; a large one is its own."""
    found: dict[int, int] = {}
    for part, way in ((int(number.p), 1), (int(number.q), -1)):
        factors = factorint(part) if part < LARGEST_FACTORED else {part: 1}
        for prime, times in factors.items():
            if prime != 1:
                found[int(prime)] = found.get(int(prime), 0) + way * int(times)
    return found


def _denominators(expression: Expr) -> dict[Expr, int]:
    """By exponent, up to a rational factor, the denominator that its multiples have in common."""
    found: dict[Expr, int] = {}
    for part in expression.atoms(exp, Pow):
        exponent = part.args[0] if isinstance(part, exp) else part.exp * log(part.base, evaluate=False)
        if isinstance(part, exp) or not part.exp.is_Rational:
            for term in Add.make_args(exponent.expand()):
                factor, rest = term.as_coeff_Mul(rational=True)
                found[rest] = lcm(found.get(rest, 1), int(factor.q))
    return found
