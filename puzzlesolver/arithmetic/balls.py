"""Expressions evaluated in ball arithmetic: rigorous enclosures at any precision.

In: SymPy expressions in real symbols, and python-flint's `arb` balls. Out: balls that contain the true value at every
point of the ones that went in. Where an expression is not defined as a real number on all of them (or nothing is known
of it) the result is not finite. Everything works at the precision of python-flint's context; `working_precision` sets
it for a while. Source: F. Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, 2017.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Any

from flint import arb, ctx, fmpq
from sympy import ComplexRootOf, Dummy, Expr, Symbol, default_sort_key

from puzzlesolver.arithmetic.dag import Dag, Op, reachable
from puzzlesolver.arithmetic.interval import Interval
from puzzlesolver.arithmetic.real_roots import root_ball

BallFunction = Callable[[Sequence[arb]], list[arb]]
"""From one ball for every symbol to one for every expression."""

MOST_BITS = 13_000  # The precision at which `approximate` gives up on an expression.
HUGE_BITS = 100_000
_HUGE = arb(2) ** HUGE_BITS

working_precision = ctx.workprec
"""A context manager: ``with working_precision(106): ...`` evaluates at 106 bits and restores what was set before."""


def ball_of(interval: Interval) -> arb:
    """The smallest ball of the working precision that is sure to contain an interval."""
    low, high = (arb(fmpq(end.numerator, end.denominator)) for end in interval)
    return low if interval[0] == interval[1] else low.union(high)


def interval_of(ball: arb) -> Interval:
    """The exact ends of a finite ball; a bound closer to zero than 2^-100000 is moved there, outward.

    Raises ValueError where the ball is not finite or beyond 2^100000: exact ends would fill the memory.
    """
    if not ball.is_finite() or ball.abs_upper() > _HUGE:
        raise ValueError("a ball without finite ends of a reasonable size")
    if abs(ball) < 1 / _HUGE:
        tiny = Fraction(1, 1 << HUGE_BITS)
        return (Fraction(0) if ball >= 0 else -tiny), (Fraction(0) if ball <= 0 else tiny)
    middle, radius = _fraction(ball.mid()), _fraction(ball.rad())
    return middle - radius, middle + radius


def _fraction(exact: arb) -> Fraction:
    """The value of a ball without radius, upward to a power of two where it is smaller than any needed."""
    mantissa, exponent = exact.man_exp()
    if exponent < -2 * HUGE_BITS:
        return Fraction(1, 1 << HUGE_BITS)
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def evaluate(expression: Expr, values: Mapping[Symbol, arb], precision: int = 64) -> arb:
    """The ball of an expression at balls, at `precision` bits; not finite where it is undefined or unknown.

    Raises KeyError where a free symbol has no value.
    """
    if roots := sorted(expression.atoms(ComplexRootOf), key=default_sort_key):
        names = {root: Dummy(real=True) for root in roots}
        expression = expression.xreplace(names)
        values = {**values, **{name: root_ball(root, precision) for root, name in names.items()}}
    symbols = tuple(sorted(expression.free_symbols, key=default_sort_key))
    with working_precision(precision):
        return compile_balls([expression], symbols)([values[symbol] for symbol in symbols])[0]


def approximate(expression: Expr, digits: int = 20) -> Interval:
    """An interval around the value of an expression without symbols, as wide as `digits` significant digits allow.

    A value of zero is enclosed to as many digits after the point. Raises ValueError where no real value can be told.
    """
    if expression.is_Rational:
        exact = Fraction(int(expression.p), int(expression.q))
        return exact, exact
    bits = 64 + 4 * digits
    while bits < MOST_BITS:
        ball = evaluate(expression, {}, bits)
        if ball.is_finite():
            low, high = interval_of(ball)
            if (high - low) * 10**digits <= max(abs(low), abs(high)) or (low <= 0 <= high and bits > MOST_BITS // 4):
                return low, high
        bits *= 2
    raise ValueError(f"{expression} has no real value that can be told")


def compile_balls(expressions: Sequence[Expr], symbols: Sequence[Symbol]) -> BallFunction:
    """A function from balls for `symbols` to balls for `expressions`, at the working precision of each call."""
    return _compiled(tuple(expressions), tuple(symbols))


@lru_cache(maxsize=256)
def _compiled(expressions: tuple[Expr, ...], symbols: tuple[Symbol, ...]) -> BallFunction:
    dag = Dag(symbols)
    return ball_function(dag, [dag.add(expression) for expression in expressions])


def ball_function(dag: Dag, roots: Sequence[int]) -> BallFunction:
    """The same for nodes of a `Dag`."""
    nodes = reachable(dag, roots)
    place = {node: number for number, node in enumerate(nodes)}
    steps = [
        (_OPERATIONS[dag.ops[k]], [place[arg] for arg in dag.args[k]], _held(dag.ops[k], dag.values[k]), dag.ops[k])
        for k in nodes
    ]
    outputs = [place[root] for root in roots]

    def run(values: Sequence[arb]) -> list[arb]:
        found: list[arb] = []
        for operation, args, value, op in steps:
            if op is Op.VARIABLE:
                found.append(values[int(value)])
            elif len(args) == 1:
                found.append(operation(found[args[0]], value))
            else:
                found.append(operation(*(found[arg] for arg in args), value))
        return [found[output] for output in outputs]

    return run


# --- the operations: balls first, then what the node holds ------------------------------------------------------------

_Value = Fraction | int


def _nan() -> arb:
    return arb("nan")


def _exact(value: _Value) -> fmpq:
    exact = Fraction(value)
    return fmpq(exact.numerator, exact.denominator)


def _held(op: Op, value: _Value) -> Any:
    """What a node holds, in the form that its operation wants it."""
    return _exact(value) if op in (Op.CONSTANT, Op.SCALE) else value


def _whole_power(u: arb, exponent: int) -> arb:
    """By squaring: python-flint's own power is undefined for balls around zero."""
    if exponent < 0:
        return 1 / _whole_power(u, -exponent)
    result = arb(1)
    while True:
        if exponent & 1:
            result *= u
        exponent >>= 1
        if not exponent:
            return result
        u = u * u


def _root_power(u: arb, value: _Value) -> arb:
    exponent = Fraction(value)
    if u.is_zero():
        return u
    if exponent.denominator <= 64:
        return _whole_power(u.root(exponent.denominator), exponent.numerator)
    return (u.log() * arb(_exact(exponent))).exp()


def _odd_root(u: arb, value: _Value) -> arb:
    degree = int(value)
    if u.is_zero():
        return u
    if u > 0:
        return u.root(degree)
    if u < 0:
        return -((-u).root(degree))
    if not u.is_finite():
        return _nan()
    lower, upper = u.lower(), u.upper()
    ends = [_odd_root(end, value) for end in (lower, upper)]
    return ends[0].union(ends[1])


def _general_power(u: arb, v: arb, value: _Value) -> arb:
    """Real powers: of positive numbers, of zero to positive exponents, and of any number to whole ones."""
    whole = v.unique_fmpz() if v.is_exact() and v.is_integer() else None
    if whole is not None and abs(whole) < 1 << 20:
        return _whole_power(u, int(whole))
    if u.is_zero() and v > 0:
        return arb(0)
    return (u.log() * v).exp() if u > 0 else _nan()


def _sign(u: arb, value: _Value) -> arb:
    if u > 0:
        return arb(1)
    if u < 0:
        return arb(-1)
    if u.is_zero():
        return arb(0)
    return arb(0, 1) if u.is_finite() else _nan()


def _floor(u: arb, value: _Value) -> arb:
    """One whole number where the ball says which, the range of them where it spans several."""
    if not u.is_finite():
        return _nan()
    low, high = u.lower().floor(), u.upper().floor()
    return low if low.is_exact() and low == high else low.union(high)


def _flat(u: arb, value: _Value) -> arb:
    return arb(0) if u.is_finite() and not u.contains_integer() else _nan()


def _step(u: arb, value: _Value) -> arb:
    return arb(0) if u > 0 or u < 0 else _nan()


def _slit(y: arb, x: arb, value: _Value) -> arb:
    return arb(0) if y > 0 or y < 0 or x > 0 else _nan()


def _atan2(y: arb, x: arb, value: _Value) -> arb:
    return _nan() if y.contains(0) and x.contains(0) else arb.atan2(y, x)


def _choose(u: arb, v: arb, a: arb, b: arb, value: _Value) -> arb:
    if u < v:
        return a
    if u > v:
        return b
    return a.union(b) if a.is_finite() and b.is_finite() else _nan()


def _gcd(u: arb, v: arb, value: _Value) -> arb:
    """Of exact whole numbers only: elsewhere it means nothing or jumps everywhere."""
    if not (u.is_exact() and v.is_exact() and u.is_integer() and v.is_integer()):
        return _nan()
    one, other = u.unique_fmpz(), v.unique_fmpz()
    return _nan() if one is None or other is None else arb(gcd(int(one), int(other)))


def _own(name: str) -> Callable[[arb, _Value], arb]:
    """A function that balls have themselves."""
    function = getattr(arb, name)
    return lambda u, value: function(u)


_OWN = "sqrt exp log sin cos tan asin acos atan sinh cosh tanh erf gamma digamma".split()
_OPERATIONS: Mapping[Op, Callable[..., arb]] = {
    **{Op[name.upper()]: _own(name) for name in _OWN},
    Op.VARIABLE: lambda value: _nan(),
    Op.CONSTANT: lambda value: arb(value),
    Op.PI: lambda value: arb.pi(),
    Op.ADD: lambda u, v, value: u + v,
    Op.SUBTRACT: lambda u, v, value: u - v,
    Op.MULTIPLY: lambda u, v, value: u * v,
    Op.DIVIDE: lambda u, v, value: u / v,
    Op.SCALE: lambda u, value: u * value,
    Op.NEGATE: lambda u, value: -u,
    Op.POWER: lambda u, value: _whole_power(u, int(value)),
    Op.ROOT_POWER: _root_power,
    Op.ODD_ROOT: _odd_root,
    Op.GENERAL_POWER: _general_power,
    Op.ATAN2: _atan2,
    Op.ABS: lambda u, value: abs(u),
    Op.SIGN: _sign,
    Op.MIN: lambda u, v, value: u.min(v),
    Op.MAX: lambda u, v, value: u.max(v),
    Op.FLOOR: _floor,
    Op.GCD: _gcd,
    Op.LAMBERT_W: lambda u, value: u.lambertw(int(value)),
    Op.STEP: _step,
    Op.FLAT: _flat,
    Op.SLIT: _slit,
    Op.CHOOSE: _choose,
    Op.UNKNOWN: lambda *args: _nan(),
}
