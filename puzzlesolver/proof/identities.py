"""Zero by rewriting, for constants that hold logarithms, exponentials and other transcendental parts.

In: a constant whose parts are settled (`zero`): nothing is divided by zero, and logarithms and fractional powers are of
positive numbers only. Out: whether it is *proved* to be zero; False proves nothing.

Every transcendental part becomes a symbol, after the known relations between such parts (laws of logarithm and
exponential, angle sums, Lambert's W) have been used up. The constant is zero where the polynomial in these symbols has
only zero coefficients, each of them an algebraic number that is decided by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import lcm

from sympy import (
    Add,
    Dummy,
    E,
    Expr,
    Integer,
    LambertW,
    Mul,
    Poly,
    Pow,
    Rational,
    acos,
    acot,
    asin,
    atan,
    chebyshevt,
    chebyshevu,
    cos,
    cosh,
    cot,
    csc,
    exp,
    expand,
    factorint,
    fraction,
    log,
    pi,
    sec,
    sin,
    sinh,
    tan,
    tanh,
    together,
)
from sympy.polys.polyerrors import PolynomialError

from puzzlesolver.proof import limits
from puzzlesolver.proof.separation import is_algebraic


class _TooLarge(Exception):
    """The rewritten form would grow beyond its limits."""


def vanishes(expression: Expr, vanishes_algebraically: Callable[[Expr], bool]) -> bool:
    """Whether a settled expression is proved to be zero; `vanishes_algebraically` decides the algebraic constants.

    Free symbols are numbers of which nothing is known: True then means zero wherever the expression is defined.
    """
    if expression.count_ops() > limits.MOST_IDENTITY_OPERATIONS:
        return False
    try:
        if _is_zero_rewritten(expression, vanishes_algebraically):
            return True
        product = _as_one_product(expression)
        return product is not None and _is_zero_rewritten(product - 1, vanishes_algebraically)
    except (_TooLarge, PolynomialError):
        return False


def _is_zero_rewritten(expression: Expr, vanishes_algebraically: Callable[[Expr], bool]) -> bool:
    if is_algebraic(expression):
        return vanishes_algebraically(expression)
    rewriting = _Rewriting()
    rewriting.rewrite(expression)  # the first pass finds out which fractions of an angle or exponent occur
    top = fraction(together(rewriting.again().rewrite(expression)))[0]
    return rewriting.is_zero_polynomial(top, vanishes_algebraically)


def _as_one_product(expression: Expr) -> Expr | None:
    """A positive number whose logarithm is a multiple of the expression, where that holds logarithms as summands."""
    terms = [term.as_coeff_Mul(rational=True) for term in Add.make_args(expand(expression))]
    logarithms = [(factor, part.args[0]) for factor, part in terms if isinstance(part, log)]
    if not logarithms:
        return None
    common = lcm(*(int(factor.q) for factor, _ in logarithms))
    if any(abs(factor * common) > limits.LARGEST_MULTIPLE for factor, _ in logarithms):
        return None
    rest = Add(*(factor * part for factor, part in terms if not isinstance(part, log)))
    return Mul(*(number ** (factor * common) for factor, number in logarithms)) * exp(expand(common * rest))


class _Rewriting:
    """One expression's rewriting: which symbol stands for which transcendental number, and the roots among them."""

    def __init__(self) -> None:
        self._symbols: dict[tuple[str, Expr], Dummy] = {}
        self._divisors: dict[tuple[str, Expr], int] = {}
        self._roots: list[tuple[Dummy, int, Expr]] = []

    def again(self) -> _Rewriting:
        """Forget the symbols and keep the common divisors."""
        self._symbols.clear()
        self._roots.clear()
        return self

    def is_zero_polynomial(self, top: Expr, vanishes_algebraically: Callable[[Expr], bool]) -> bool:
        for symbol, degree, base in reversed(self._roots):
            top = fraction(together(Poly(top, symbol).rem(Poly(symbol**degree - base, symbol)).as_expr()))[0]
        coefficients: dict[Expr, list[Expr]] = {}
        symbols = tuple(self._symbols.values())
        terms = Add.make_args(expand(top))
        if len(terms) > limits.MOST_IDENTITY_TERMS:
            raise _TooLarge
        for term in terms:
            coefficient, monomial = term.as_independent(*symbols, as_Add=False)
            coefficients.setdefault(monomial, []).append(coefficient)
        return all(vanishes_algebraically(Add(*parts)) for parts in coefficients.values())

    # --- one kind of node after the other --------------------------------------------------------------------------

    def rewrite(self, node: Expr) -> Expr:
        """The node in terms of the symbols."""
        if isinstance(node, Rational):
            return node
        if isinstance(node, (Add, Mul)):
            return node.func(*map(self.rewrite, node.args))
        if node is E or isinstance(node, exp):
            return self._exponential(node.as_base_exp()[1] if node is E else node.exp)
        if isinstance(node, Pow):
            return self._power(node.base, node.exp)
        if isinstance(node, log):
            return self._logarithm(node.args[0])
        if isinstance(node, (sin, cos)):
            cosine, sine = self._angle(node.args[0])
            return sine if isinstance(node, sin) else cosine
        if isinstance(node, (tan, cot, sec, csc)):
            cosine, sine = self._angle(node.args[0])
            top = {tan: sine, cot: cosine, sec: Integer(1), csc: Integer(1)}[type(node)]
            return top / (cosine if isinstance(node, (tan, sec)) else sine)
        if isinstance(node, (sinh, cosh, tanh)):
            up, down = self._exponential(node.args[0]), self._exponential(-node.args[0])
            if isinstance(node, tanh):
                return (up - down) / (up + down)
            return (up + down) / 2 if isinstance(node, cosh) else (up - down) / 2
        if isinstance(node, acos):
            return self.rewrite(pi) / 2 - self.rewrite(asin(node.args[0]))
        if is_algebraic(node):
            return node
        return self._symbol("number", node)

    def _symbol(self, role: str, node: Expr) -> Dummy:
        return self._symbols.setdefault((role, node), Dummy(positive=True))

    def _power(self, base: Expr, exponent: Expr) -> Expr:
        if isinstance(exponent, Integer):
            return self.rewrite(base) ** exponent
        if not isinstance(exponent, Rational):
            return self._exponential(exponent * log(base))
        if is_algebraic(base):
            return base**exponent
        degree = self._divisor("root", base, int(exponent.q))
        if ("root", base) not in self._symbols:
            self._roots.append((self._symbol("root", base), degree, self.rewrite(base)))
        return self._symbol("root", base) ** (exponent * degree)

    def _divisor(self, role: str, node: Expr, denominator: int) -> int:
        """The least common denominator with which a number occurs; right from the second pass on."""
        self._divisors[role, node] = common = lcm(self._divisors.get((role, node), 1), denominator)
        return common

    def _exponential(self, exponent: Expr) -> Expr:
        result: Expr = Integer(1)
        for factor, part in _terms(exponent):
            if isinstance(part, log):
                result *= self._power(part.args[0], factor)
            elif isinstance(part, LambertW):
                result *= self._power(part.args[0] / part, factor)  # W exp(W) = a
            else:
                divisor = self._divisor("exp", part, int(factor.q))
                result *= self._symbol("exp", part) ** (factor * divisor)
        return result

    def _logarithm(self, number: Expr) -> Expr:
        if isinstance(number, Rational):
            top, bottom = factorint(number.p, limit=limits.FACTOR_LIMIT), factorint(number.q, limit=limits.FACTOR_LIMIT)
            terms = [times * self._symbol("log", Integer(prime)) for prime, times in top.items() if prime != 1]
            terms += [-times * self._symbol("log", Integer(prime)) for prime, times in bottom.items() if prime != 1]
            return Add(*terms)
        if number is E:
            return Integer(1)
        if isinstance(number, exp):
            return self.rewrite(number.exp)
        if isinstance(number, Mul) and all(factor.is_positive for factor in number.args):
            return Add(*(self._logarithm(factor) for factor in number.args))
        if isinstance(number, Pow) and number.base.is_positive:
            return self.rewrite(number.exp) * self._logarithm(number.base)
        if isinstance(number, LambertW) and number.args[0].is_positive:
            return self._logarithm(number.args[0]) - self.rewrite(number)
        return self._symbol("log", number)

    def _angle(self, angle: Expr) -> tuple[Expr, Expr]:
        """Cosine and sine of an angle, by the sum formulas and Chebyshev's polynomials."""
        cosine, sine = Integer(1), Integer(0)
        for factor, part in _terms(angle):
            one, other = self._multiple(factor, part)
            cosine, sine = cosine * one - sine * other, sine * one + cosine * other
        return cosine, sine

    def _multiple(self, factor: Rational, part: Expr) -> tuple[Expr, Expr]:
        if part is pi:
            return cos(factor * pi), sin(factor * pi)
        divisor = self._divisor("angle", part, int(factor.q))
        times = int(factor * divisor)
        if abs(times) > limits.LARGEST_MULTIPLE:
            raise _TooLarge
        cosine, sine = self._simple_angle(part, divisor)
        turned = sine * chebyshevu(abs(times) - 1, cosine)
        return chebyshevt(abs(times), cosine), turned if times > 0 else -turned

    def _simple_angle(self, part: Expr, divisor: int) -> tuple[Expr, Expr]:
        if divisor == 1 and isinstance(part, (asin, acos, atan, acot)) and is_algebraic(part.args[0]):
            return cos(part), sin(part)
        cosine = self._symbol("cosine", part)
        if ("sine", part) not in self._symbols:
            self._roots.append((self._symbol("sine", part), 2, 1 - cosine**2))
        return cosine, self._symbol("sine", part)


def _terms(expression: Expr) -> Iterator[tuple[Rational, Expr]]:
    """The summands, each as a rational number times something without one."""
    for term in Add.make_args(expand(expression)):
        factor, part = term.as_coeff_Mul(rational=True)
        yield factor, part
