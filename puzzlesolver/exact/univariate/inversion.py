"""One equation in one unknown, turned inside out until the unknown stands alone.

In: an expression in ``x``. Out: closed forms among which are *all* its real zeros, periodic ones with a whole-number
symbol. Each step is an equivalence over the reals, or goes to something that holds wherever the step before did: a
polynomial in one function is solved for it, and the function is undone by a table; sums of sines and cosines, and
products of a linear function and an exponential (Lambert's W), have rules of their own. What is of no such shape raises
`NotCovered`. The forms are necessary, not yet sufficient: whether each is a solution is for `put_back` to say.

Source: R. M. Corless et al., On the Lambert W function, Advances in Computational Mathematics 5 (1996), section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import lcm

from sympy import (
    Dummy,
    E,
    Expr,
    Integer,
    LambertW,
    Poly,
    Pow,
    Rational,
    Symbol,
    atan,
    cancel,
    cos,
    exp,
    expand,
    log,
    pi,
    sin,
    sqrt,
    tan,
)
from sympy.polys.polyerrors import PolynomialError

from puzzlesolver.arithmetic.elimination import linear_in
from puzzlesolver.exact import limits
from puzzlesolver.exact.segment import segment
from puzzlesolver.exact.univariate.inverses import INVERSES, PERIODIC, sines, tangents
from puzzlesolver.exact.univariate.kernels import Kernels, NotCovered, kernels
from puzzlesolver.exact.univariate.roots import certain_sign, factors, real_roots
from puzzlesolver.problem import Condition, Relation
from puzzlesolver.proof import zero


class Everywhere(Exception):
    """The expression is zero wherever it is defined."""


@dataclass(frozen=True, slots=True)
class InverseBranch:
    """``value``, for every whole number `parameter` (if there is one) that keeps the `conditions`."""

    value: Expr
    parameter: Symbol | None = None
    conditions: tuple[Condition, ...] = ()


def zeros(expression: Expr, x: Symbol, fresh: Iterator[Symbol]) -> list[InverseBranch]:
    """Forms among which are all real zeros; `fresh` names the whole-number symbols.

    Raises `NotCovered` where the shape is none of those that are solved, and `Everywhere` where all x are zeros.
    """
    return _Inversion(x, fresh).zeros(expression, InverseBranch(Integer(0)))


class _Inversion:
    """The recursion, its unknown, and the names still free."""

    def __init__(self, x: Symbol, fresh: Iterator[Symbol]) -> None:
        self._x = x
        self._fresh = fresh
        self._steps = 0

    def zeros(self, expression: Expr, origin: InverseBranch) -> list[InverseBranch]:
        """Where ``expression`` is zero; `origin` brings the parameter that it may hold."""
        self._steps += 1
        if self._steps > limits.MOST_INVERSIONS:
            raise NotCovered
        return self._polynomial_zeros(kernels(expression, self._x), origin)

    def equal(self, function: Expr, side: InverseBranch) -> list[InverseBranch]:
        """Where ``function = side``."""
        return [side] if function == self._x else self.zeros(function - side.value, side)

    def _polynomial_zeros(self, found: Kernels, origin: InverseBranch) -> list[InverseBranch]:
        meaning = {symbol: function for symbol, function in found.meaning.items() if found.polynomial.has(symbol)}
        found = replace(found, meaning=meaning)
        if not meaning:
            return self._constant(found.polynomial)
        parts = _factors(found)
        if len(parts) > 1:
            return [branch for part in parts for branch in self._polynomial_zeros(part, origin)]
        (found,) = parts
        if len(found.meaning) == 1:
            ((symbol, function),) = found.meaning.items()
            values = self._roots(found.polynomial, symbol, origin)
            return [branch for value in values for branch in self._undone(function, value)]
        for rule in (self._waves, self._lambert, self._logarithms):
            branches = rule(found, origin)
            if branches is not None:
                return branches
        raise NotCovered

    def _constant(self, polynomial: Expr) -> list[InverseBranch]:
        if polynomial.free_symbols:
            raise NotCovered
        if certain_sign(polynomial) == 0:
            raise Everywhere
        return []

    # --- polynomials in one function --------------------------------------------------------------------------------

    def _roots(self, polynomial: Expr, symbol: Symbol, origin: InverseBranch) -> list[InverseBranch]:
        if origin.parameter is None or not polynomial.has(origin.parameter):
            return [replace(origin, value=value) for value in real_roots(polynomial, symbol)]
        parts = Poly(polynomial, symbol).all_coeffs()
        if len(parts) == 2 and parts[0].has(origin.parameter):
            return [self._quotient(-parts[1], parts[0], origin)]
        if any(part.has(origin.parameter) for part in parts[:-1]):
            raise NotCovered
        if len(parts) == 2:
            return [replace(origin, value=expand(-parts[1] / parts[0]))]
        if any(part != 0 for part in parts[1:-1]):
            raise NotCovered
        power = expand(-parts[-1] / parts[0])
        return self._even_or_odd(power, len(parts) - 1, replace(origin, value=power))

    def _quotient(self, above: Expr, below: Expr, side: InverseBranch) -> InverseBranch:
        """``above/below``, for the values of the parameter for which ``below`` is not zero; elsewhere nothing is."""
        linear = _slope(below, side.parameter) if side.parameter is not None else None
        if linear is None:
            raise NotCovered
        hole = cancel(-linear[1] / linear[0])
        if zero.sign(expand(above.xreplace({side.parameter: hole}))) in (0, None):
            raise NotCovered
        if not hole.is_Rational or hole.is_Integer:
            side = self._only_if(below, Relation.NOT_EQUAL, Integer(0), side)
        return replace(side, value=cancel(above / below))

    def _even_or_odd(self, power: Expr, degree: int, side: InverseBranch) -> list[InverseBranch]:
        if degree % 2:
            raise NotCovered  # the real root of a number whose sign depends on the parameter
        root = replace(self._only_if(Integer(0), Relation.AT_MOST, power, side), value=power ** Rational(1, degree))
        return [root, replace(root, value=-root.value)]

    def _only_if(self, lhs: Expr, relation: Relation, rhs: Expr, side: InverseBranch) -> InverseBranch:
        return replace(side, conditions=(*side.conditions, Condition(lhs, relation, rhs)))

    # --- functions of one argument, undone --------------------------------------------------------------------------

    def _undone(self, function: Expr, side: InverseBranch) -> list[InverseBranch]:
        """Where ``function = side``, for one kernel."""
        if function == self._x:
            return [side]
        if isinstance(function, Pow) and function.base.has(self._x) and isinstance(function.exp, Rational):
            return self._undone_root(function, side)
        base, exponent = function.as_base_exp()
        if not base.has(self._x) and exponent.has(self._x):
            return self._undone_exponential(base, exponent, side)
        inner = function.args[0] if len(function.args) == 1 else None
        undo = PERIODIC.get(type(function))
        if undo is not None and inner is not None:
            return self._undone_wave(undo, inner, side)
        table = INVERSES.get(type(function))
        if table is None or inner is None:
            raise NotCovered
        kept = side
        for lhs, relation, rhs in table.needed(side.value):
            holding = self._checked(lhs, relation, rhs, kept)
            if holding is None:
                return []
            kept = holding
        values = dict.fromkeys(table.values(side.value))
        return [branch for value in values for branch in self.equal(inner, replace(kept, value=value))]

    def _checked(self, lhs: Expr, relation: Relation, rhs: Expr, side: InverseBranch) -> InverseBranch | None:
        """The side, if the relation holds; with a condition more where it depends on the parameter."""
        if side.parameter is not None and (lhs.has(side.parameter) or rhs.has(side.parameter)):
            return self._only_if(lhs, relation, rhs, side)
        found = certain_sign(rhs - lhs)
        return side if found > 0 or (found == 0 and relation is Relation.AT_MOST) else None

    def _undone_root(self, function: Expr, side: InverseBranch) -> list[InverseBranch]:
        """``h**(1/q) = c``: c is not negative, and h = c**q."""
        kept = self._checked(Integer(0), Relation.AT_MOST, side.value, side)
        if kept is None:
            return []
        return self.equal(function.base, replace(kept, value=expand(side.value ** (1 / function.exp))))

    def _undone_exponential(self, base: Expr, exponent: Expr, side: InverseBranch) -> list[InverseBranch]:
        growth = Integer(1) if base is E else log(base)
        if base is not E and zero.sign(base) != 1:
            raise NotCovered
        kept = self._checked(Integer(0), Relation.LESS, side.value, side)
        return [] if kept is None else self.equal(exponent, replace(kept, value=log(side.value) / growth))

    def _undone_wave(
        self, undo: Callable[[Expr], tuple[list[Expr], Expr]], inner: Expr, side: InverseBranch
    ) -> list[InverseBranch]:
        """All the angles with this sine, cosine or tangent."""
        branches: list[InverseBranch] = []
        for single in self._without_parameter(side, bounded=undo is not tangents):
            if undo is not tangents:
                if self._checked(Integer(-1), Relation.AT_MOST, single.value, single) is None:
                    continue
                if self._checked(single.value, Relation.AT_MOST, Integer(1), single) is None:
                    continue
            angles, period = undo(single.value)
            k = next(self._fresh)
            for angle in dict.fromkeys(angles):
                branches += self.equal(inner, InverseBranch(angle + period * k, k))
        return branches

    def _without_parameter(self, side: InverseBranch, *, bounded: bool) -> list[InverseBranch]:
        """The side for each value of its parameter, which must be finitely many between -1 and 1."""
        if side.parameter is None:
            return [side]
        if not bounded:
            raise NotCovered
        bounds = [
            Condition(Integer(-1), Relation.AT_MOST, side.value),
            Condition(side.value, Relation.AT_MOST, Integer(1)),
        ]
        found = segment([*side.conditions, *bounds], side.parameter)
        if found is None:
            raise NotCovered
        if found.is_empty:
            return []
        low, high = found.whole_ends()
        if low is None or high is None or high - low > limits.MOST_PERIODS:
            raise NotCovered
        return [InverseBranch(side.value.xreplace({side.parameter: Integer(k)})) for k in range(low, high + 1)]

    # --- several functions at once ----------------------------------------------------------------------------------

    def _waves(self, found: Kernels, origin: InverseBranch) -> list[InverseBranch] | None:
        """A polynomial in the sine and cosine of one angle."""
        arguments = {function.args[0] for function in found.meaning.values() if isinstance(function, (sin, cos))}
        kinds = {type(function): symbol for symbol, function in found.meaning.items()}
        if kinds.keys() != {sin, cos} or len(found.meaning) != 2 or len(arguments) != 1:
            return None
        (angle,) = arguments
        s, c = kinds[sin], kinds[cos]
        for one, other, kind in ((s, c, cos), (c, s, sin)):
            reduced = Poly(found.polynomial, one).rem(Poly(one**2 + other**2 - 1, one)).as_expr()
            if not expand(reduced).has(one):
                return self._polynomial_zeros(Kernels(expand(reduced), {other: kind(angle)}), origin)
        linear = linear_in(expand(found.polynomial), (s, c))
        if linear is not None and not any(part.free_symbols for part in linear):
            return self._harmonic(linear, angle, origin)
        return self._half_angle(found.polynomial, s, c, angle, origin)

    def _harmonic(self, linear: tuple[Expr, ...], angle: Expr, origin: InverseBranch) -> list[InverseBranch]:
        """``a sin t + b cos t + c = 0``, a amplitude times the sine of a shifted angle."""
        a, b, c = linear
        if zero.sign(a) in (0, None):
            raise NotCovered
        if zero.sign(c) == 0:
            return self._undone_wave(tangents, angle, replace(origin, value=-b / a))
        amplitude = sqrt(expand(a**2 + b**2))
        shift = atan(b / a)  # a sin t + b cos t has the sign of a in front of the amplitude
        level = -c / amplitude if zero.sign(a) == 1 else c / amplitude
        return self._undone_wave(sines, angle + shift, replace(origin, value=level))

    def _half_angle(
        self, polynomial: Expr, s: Symbol, c: Symbol, angle: Expr, origin: InverseBranch
    ) -> list[InverseBranch]:
        """By the tangent of the half angle, and the one angle that has none."""
        w = Dummy(real=True)
        put_in = {s: 2 * w / (1 + w**2), c: (1 - w**2) / (1 + w**2)}
        branches = self._polynomial_zeros(
            Kernels(expand(polynomial.xreplace(put_in).together().as_numer_denom()[0]), {w: tan(angle / 2)}), origin
        )
        if certain_sign(polynomial.xreplace({s: Integer(0), c: Integer(-1)})) == 0:
            k = next(self._fresh)
            branches += self.equal(angle, InverseBranch(pi + 2 * pi * k, k))
        return branches

    def _lambert(self, found: Kernels, origin: InverseBranch) -> list[InverseBranch] | None:
        """``(p x + q) exp(r x) + ... = 0`` with two different powers of the exponential, or with a logarithm."""
        x = next((symbol for symbol, function in found.meaning.items() if function == self._x), None)
        other = next((symbol for symbol in found.meaning if symbol != x), None)
        if x is None or other is None or len(found.meaning) != 2 or origin.parameter is not None:
            return None
        function = found.meaning[other]
        base, exponent = function.as_base_exp()
        if not base.has(self._x) and exponent.has(self._x):
            rate = _slope(exponent * (1 if base is E else log(base)), self._x)
            return None if rate is None else self._lambert_powers(found.polynomial, x, other, rate)
        if isinstance(function, log):
            return self._lambert_logarithm(found.polynomial, x, other, function.args[0])
        return None

    def _lambert_powers(
        self, polynomial: Expr, x: Symbol, power: Symbol, rate: tuple[Expr, Expr]
    ) -> list[InverseBranch] | None:
        terms = Poly(polynomial, power).terms()
        if len(terms) != 2 or rate[1] != 0:
            return None
        ((high,), above), ((low,), below) = terms
        growth = (high - low) * rate[0]
        if not above.has(x):  # the linear factor belongs to the exponential
            above, below, growth = below, above, -growth
        linear = linear_in(expand(above), (x,))
        if linear is None or below.has(x):
            return None
        return self._product_logarithm(linear, (growth, Integer(0)), -below)

    def _lambert_logarithm(
        self, polynomial: Expr, x: Symbol, logarithm: Symbol, inner: Expr
    ) -> list[InverseBranch] | None:
        """``a log(B) + p x + q = 0`` is ``B exp((p x + q)/a) = 1``; and ``x log(x) = c`` is that of log(x)."""
        linear = linear_in(polynomial, (logarithm, x))
        slope = _slope(inner, self._x)
        if linear is not None and slope is not None:
            a, p, q = linear
            if zero.sign(a) in (0, None):
                raise NotCovered
            return self._product_logarithm(slope, (p / a, q / a), Integer(1))
        rest = expand(polynomial - polynomial.coeff(x * logarithm) * x * logarithm)
        if inner == self._x and not rest.free_symbols:
            side = -rest / polynomial.coeff(x * logarithm)
            inverted = self._product_logarithm((Integer(1), Integer(0)), (Integer(1), Integer(0)), side)
            return [InverseBranch(exp(branch.value)) for branch in inverted]
        return None

    def _product_logarithm(
        self, linear: tuple[Expr, ...], exponent: tuple[Expr, ...], side: Expr
    ) -> list[InverseBranch]:
        """``(p x + q) exp(r x + s) = side``: w = r/p·(p x + q) fulfils ``w exp(w) = z``."""
        (p, q), (r, s) = linear, exponent
        if zero.sign(p) in (0, None) or zero.sign(r) in (0, None):
            raise NotCovered
        z = expand(r / p * side) * exp(expand(r * q / p - s))
        found, edge = certain_sign(z), certain_sign(z + exp(-1))
        if found == 0:
            values: list[Expr] = [Integer(0)]
        elif found > 0:
            values = [LambertW(z)]
        elif edge == 0:
            values = [Integer(-1)]
        else:
            values = [LambertW(z), LambertW(z, -1)] if edge > 0 else []
        return [InverseBranch(expand(w / r - q / p)) for w in values]

    def _logarithms(self, found: Kernels, origin: InverseBranch) -> list[InverseBranch] | None:
        """A sum of logarithms with rational factors: the logarithm of a product."""
        symbols = tuple(found.meaning)
        linear = linear_in(expand(found.polynomial), symbols)
        if linear is None or not all(isinstance(function, log) for function in found.meaning.values()):
            return None
        *factors, constant = (part / linear[0] for part in linear)
        if not all(isinstance(factor, Rational) for factor in factors) or constant.free_symbols:
            return None
        common = lcm(*(int(factor.q) for factor in factors))
        product: Expr = Integer(1)
        for symbol, factor in zip(symbols, factors, strict=True):
            product *= found.meaning[symbol].args[0] ** (factor * common)
        return self.zeros(product - exp(-common * constant), origin)


def _factors(found: Kernels) -> list[Kernels]:
    """Kernels of polynomials whose product has the same zeros."""
    symbols = tuple(found.meaning)
    try:
        polynomials = factors(Poly(found.polynomial, *symbols))
    except PolynomialError:
        return [found]
    return [
        Kernels(part, {symbol: meaning for symbol, meaning in found.meaning.items() if part.has(symbol)})
        for part in polynomials
    ]


def _slope(expression: Expr, x: Symbol) -> tuple[Expr, Expr] | None:
    """Slope and constant of a linear function of x."""
    found = linear_in(expand(expression), (x,))
    return None if found is None else (found[0], found[1])
