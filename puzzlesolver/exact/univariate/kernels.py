"""An equation in one unknown as a polynomial in a few functions of it, its kernels.

In: an expression in ``x``. Out: `Kernels`: a polynomial (the numerator, over one denominator) in symbols that stand
for ``exp(2*x)``, ``sin(x)``, ``log(x + 1)``, ``x`` itself; as few of them as the laws of exponentials and the angle
formulas allow. The zeros of the expression are the zeros of the polynomial at which the expression is defined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from sympy import (
    Add,
    Dummy,
    Expr,
    Integer,
    Mul,
    Pow,
    Rational,
    Symbol,
    chebyshevt,
    chebyshevu,
    cos,
    cosh,
    cot,
    csc,
    exp,
    expand,
    fraction,
    integer_nthroot,
    perfect_power,
    sec,
    sin,
    sinh,
    tan,
    tanh,
    together,
)

from puzzlesolver.exact import limits


class NotCovered(Exception):
    """The equation is of none of the shapes that are solved here; nothing is claimed of it."""


@dataclass(frozen=True, slots=True)
class Kernels:
    """`polynomial` in the keys of `meaning`, each of which stands for a function of the unknown."""

    polynomial: Expr
    meaning: dict[Symbol, Expr]


def constant_ratio(one: Expr, other: Expr) -> Rational | None:
    """The rational number that `one` is times `other`, if it is."""
    ratio = expand(one / other)
    if not isinstance(ratio, Rational):
        ratio = (one / other).cancel()
    return ratio if isinstance(ratio, Rational) else None


def kernels(expression: Expr, x: Symbol) -> Kernels:
    """The expression's numerator in as few kernels as possible. Raises `NotCovered` where it grows too large."""
    expression = _as_few_functions(expression, x)
    reader = _Reader(x)
    body = reader.read(expand(expression, power_base=False, mul=True))
    body = fraction(together(body))[0]
    return Kernels(expand(body), reader.used(body))


def _as_few_functions(expression: Expr, x: Symbol) -> Expr:
    """Quotients of sine and cosine, and hyperbolic functions beside each other, in terms of the basic ones."""
    kinds = {type(part) for part in expression.atoms(sin, cos, tan, cot, sec, csc) if part.has(x)}
    angles = {part.args[0] for part in expression.atoms(sin, cos, tan, cot, sec, csc) if part.has(x)}
    if len(kinds) > 1 or len(angles) > 1 or kinds & {cot, sec, csc}:
        for old, new in (
            (tan, lambda t: sin(t) / cos(t)),
            (cot, lambda t: cos(t) / sin(t)),
            (sec, lambda t: 1 / cos(t)),
            (csc, lambda t: 1 / sin(t)),
        ):
            expression = expression.replace(old, new)
    hyperbolic = {part for part in expression.atoms(sinh, cosh, tanh) if part.has(x)}
    if len(hyperbolic) > 1 or (hyperbolic and any(part.has(x) for part in expression.atoms(exp))):
        expression = expression.rewrite((sinh, cosh, tanh), exp)
    return expression


class _Reader:
    """Replaces the functions of one expression by symbols; groups that are multiples of each other get one symbol."""

    def __init__(self, x: Symbol) -> None:
        self._x = x
        self._meaning: dict[Symbol, Expr] = {}
        self._symbols: dict[Expr, Symbol] = {}

    def used(self, body: Expr) -> dict[Symbol, Expr]:
        """The kernels that are left in the polynomial."""
        return {symbol: meaning for symbol, meaning in self._meaning.items() if body.has(symbol)}

    def read(self, expression: Expr) -> Expr:
        exponents: dict[Expr, _Multiples] = {}
        powers = _parts(expression, _is_exponential, self._x)
        for base in dict.fromkeys(_primitive(part)[0] for part in powers):
            own = [exponent for other, exponent in map(_primitive, powers) if other == base]
            exponents[base] = _common_multiples(own, self._x)
        waves = _parts(expression, _is_wave, self._x)
        alone = len({*map(type, waves)}) == 1 and len({part.args[0] for part in waves}) == 1
        angles = {} if alone else _common_multiples([part.args[0] for part in waves], self._x)
        return self._rewritten(expression, exponents, angles)

    def _symbol(self, meaning: Expr) -> Symbol:
        if meaning not in self._symbols:
            self._symbols[meaning] = Dummy(real=True)
            self._meaning[self._symbols[meaning]] = meaning
        return self._symbols[meaning]

    def _rewritten(self, node: Expr, exponents: dict[Expr, _Multiples], angles: _Multiples) -> Expr:
        if not node.has(self._x):
            return node
        if node == self._x:
            return self._symbol(node)
        if isinstance(node, (Add, Mul)):
            return node.func(*(self._rewritten(part, exponents, angles) for part in node.args))
        if _is_exponential(node, self._x):
            base, exponent = _primitive(node)
            common, times, shift = exponents[base][exponent]
            return base**shift * self._symbol(base**common) ** times
        if isinstance(node, Pow) and isinstance(node.exp, Integer):
            return self._rewritten(node.base, exponents, angles) ** node.exp
        if isinstance(node, Pow) and isinstance(node.exp, Rational):
            return self._symbol(Pow(node.base, Rational(1, node.exp.q))) ** node.exp.p
        if _is_wave(node, self._x) and angles:
            return self._of_angle(node, *angles[node.args[0]])
        return self._symbol(node)

    def _of_angle(self, node: Expr, base: Expr, times: int, shift: Expr) -> Expr:
        """sin or cos of ``times*base + shift`` in the sine and cosine of `base`."""
        c, s = self._symbol(cos(base)), self._symbol(sin(base))
        cosine = chebyshevt(abs(times), c)
        sine = s * chebyshevu(abs(times) - 1, c) * (1 if times > 0 else -1)
        if isinstance(node, sin):
            return sine * cos(shift) + cosine * sin(shift)
        return cosine * cos(shift) - sine * sin(shift)


def _is_wave(part: Expr, x: Symbol) -> bool:
    return isinstance(part, (sin, cos)) and part.has(x)


def _is_exponential(part: Expr, x: Symbol) -> bool:
    return isinstance(part, (Pow, exp)) and not part.as_base_exp()[0].has(x) and part.as_base_exp()[1].has(x)


def _primitive(part: Expr) -> tuple[Expr, Expr]:
    """Base and exponent of an exponential, 4 to the x being 2 to the 2x."""
    base, exponent = part.as_base_exp()
    if isinstance(base, Rational) and base > 0:
        powers = [perfect_power(int(number)) or (int(number), 1) for number in (base.p, base.q) if number != 1]
        common = gcd(*(int(times) for _, times in powers))
        if common > 1:
            base, exponent = Rational(*(_root(int(number), common) for number in (base.p, base.q))), common * exponent
    return base, expand(exponent)


def _root(number: int, degree: int) -> int:
    root, exact = integer_nthroot(number, degree)
    if not exact:
        raise ArithmeticError(f"{number} is no power of degree {degree}")
    return int(root)


def _parts(expression: Expr, wanted: Callable[[Expr, Symbol], bool], x: Symbol) -> list[Expr]:
    """The functions of x of some kind that stand in an expression, outermost ones, in a fixed order."""
    found: dict[Expr, None] = {}

    def visit(node: Expr) -> None:
        if not node.has(x):
            return
        if wanted(node, x):
            found[node] = None
        elif isinstance(node, (Add, Mul)) or (isinstance(node, Pow) and isinstance(node.exp, Integer)):
            for part in node.args:
                visit(part)

    visit(expression)
    return list(found)


_Multiples = dict[Expr, tuple[Expr, int, Expr]]
"""From an exponent or angle to ``(base, times, shift)``: it is ``times*base + shift``."""


def _common_multiples(arguments: Sequence[Expr], x: Symbol) -> _Multiples:
    """Arguments that differ by rational factors and constants, as whole multiples of a common one."""
    groups: list[list[tuple[Expr, Rational, Expr]]] = []
    leaders: list[Expr] = []
    for argument in dict.fromkeys(arguments):
        shift, moving = expand(argument).as_independent(x, as_Add=True)
        for leader, group in zip(leaders, groups, strict=True):
            ratio = constant_ratio(moving, leader)
            if ratio is not None:
                group.append((argument, ratio, shift))
                break
        else:
            leaders.append(moving)
            groups.append([(argument, Integer(1), shift)])
    found: _Multiples = {}
    for leader, group in zip(leaders, groups, strict=True):
        factors = [Fraction(int(ratio.p), int(ratio.q)) for _, ratio, _ in group]
        common = reduce(
            lambda one, two: Fraction(gcd(one.numerator, two.numerator), lcm(one.denominator, two.denominator)), factors
        )
        for (argument, _, shift), factor in zip(group, factors, strict=True):
            times = factor / abs(common)
            if abs(times) > limits.LARGEST_MULTIPLE:
                raise NotCovered
            found[argument] = (leader * Rational(abs(common).numerator, common.denominator), int(times), shift)
    return found
