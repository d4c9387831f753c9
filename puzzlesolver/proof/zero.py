"""Is a constant zero, and if not, which sign has it? Decided exactly, or said to be undecided.

In: a SymPy expression without free symbols, read over the real numbers (a square root of a negative number has no
value). Out: a `Verdict`, or a sign. Different from zero is proved by a ball that excludes zero. Equal to zero is proved
for real algebraic numbers by evaluating them beyond their separation bound (`separation`), a decision procedure; for
the others by rewriting (`identities`). HOLDS and FAILS are therefore proofs; what they do not reach is UNDECIDED.
"""

from __future__ import annotations

from collections.abc import Callable

from flint import arb
from sympy import (
    Abs,
    ComplexRootOf,
    Expr,
    I,
    Integer,
    Max,
    Min,
    Mod,
    Pow,
    Rational,
    acos,
    acosh,
    asin,
    asinh,
    atanh,
    ceiling,
    floor,
    log,
    nan,
    oo,
    zoo,
)
from sympy import sign as sign_function

from puzzlesolver.arithmetic.balls import evaluate, interval_of
from puzzlesolver.arithmetic.interval import Interval
from puzzlesolver.proof import limits
from puzzlesolver.proof.identities import vanishes
from puzzlesolver.proof.separation import separation_bits
from puzzlesolver.proof.verdict import Verdict


class Undefined(ArithmeticError):
    """The expression has no real value: something is divided by zero."""


class _Undecided(Exception):
    """Some part could not be decided."""


def is_zero(expression: Expr) -> Verdict:
    """Whether a constant is zero. What has no value at all (a division by zero) is not zero: FAILS.

    Raises ValueError where the expression has free symbols.
    """
    _require_constant(expression)
    if isinstance(expression, Rational):
        return Verdict.FAILS if expression else Verdict.HOLDS
    if expression in (oo, -oo):
        return Verdict.FAILS
    if _ball_sign(expression, 64):
        return Verdict.FAILS
    try:
        value = _sign_of_settled(_settled(expression, {}))
    except Undefined:
        return Verdict.FAILS
    except _Undecided:
        return Verdict.UNDECIDED
    if value is None:
        return Verdict.UNDECIDED
    return Verdict.FAILS if value else Verdict.HOLDS


def sign(expression: Expr) -> int | None:
    """-1, 0 or 1, and None where it is not decided or the constant has no real value.

    Raises ValueError where the expression has free symbols.
    """
    _require_constant(expression)
    if isinstance(expression, Rational):
        return _sign_of_rational(expression)
    if expression in (oo, -oo):
        return 1 if expression == oo else -1
    found = _ball_sign(expression, 64)
    if found:
        return found
    try:
        return _sign_of_settled(_settled(expression, {}))
    except (Undefined, _Undecided):
        return None


def is_real(expression: Expr) -> bool:
    """Whether a constant is proved to have a real value. Raises ValueError where it has free symbols."""
    _require_constant(expression)
    if isinstance(expression, Rational):
        return True
    if expression.has(oo, -oo, zoo, nan, I):
        return False
    if evaluate(expression, {}, 64).is_finite():
        return True
    try:
        return bool(evaluate(_settled(expression, {}), {}, 256).is_finite())
    except (Undefined, _Undecided):
        return False


def enclosure(expression: Expr, precision: int = 96) -> Interval | None:
    """An interval around a constant's value, about `precision` bits wide; None where it has no real value that is seen.

    Raises ValueError where it has free symbols.
    """
    _require_constant(expression)
    if expression.has(oo, -oo, zoo, nan, I):
        return None
    ball = evaluate(expression, {}, precision)
    return interval_of(ball) if ball.is_finite() else None


def whole_part(expression: Expr) -> int | None:
    """The floor of a constant, or None where it is not decided."""
    if isinstance(expression, Rational):
        return int(expression.p // expression.q)
    for precision in (64, 256, 1024):
        ball = evaluate(expression, {}, precision)
        if not ball.is_finite():
            continue
        low, high = ball.lower().floor().unique_fmpz(), ball.upper().floor().unique_fmpz()
        if low is None or high is None:
            continue
        if low == high:
            return int(low)
        if high - low == 1 and sign(expression - Integer(int(high))) == 0:
            return int(high)
    return None


def _require_constant(expression: Expr) -> None:
    if expression.free_symbols:
        raise ValueError(f"not a constant: {expression}")


def _sign_of_rational(number: Rational) -> int:
    return int(number.p > 0) - int(number.p < 0)


def _ball_sign(expression: Expr, precision: int) -> int:
    """The sign as far as a ball shows it; 0 where the ball holds zero or is not finite."""
    if expression.has(oo, -oo, zoo, nan, I):
        return 0
    ball = evaluate(expression, {}, precision)
    if not ball.is_finite() or ball.contains(0):
        return 0
    return 1 if ball > 0 else -1


def _sign_of_settled(expression: Expr) -> int | None:
    """The sign of a constant whose parts are settled."""
    if isinstance(expression, Rational):
        return _sign_of_rational(expression)
    for precision in (64, 256):
        found = _ball_sign(expression, precision)
        if found:
            return found
    bits = separation_bits(expression)
    if bits is not None and bits <= limits.CHEAP_BITS:
        return _decide(expression, bits)
    if evaluate(expression, {}, 256).is_finite() and vanishes(expression, _vanishes_algebraically):
        return 0
    if bits is not None and bits <= limits.MOST_BITS:
        return _decide(expression, bits)
    return _ball_sign(expression, 4096) or None


def _vanishes_algebraically(expression: Expr) -> bool:
    """Whether an algebraic constant is proved to be zero."""
    if isinstance(expression, Rational):
        return not expression
    bits = separation_bits(expression)
    return bits is not None and bits <= limits.MOST_BITS and _decide(expression, bits) == 0


def _decide(expression: Expr, bits: int) -> int | None:
    """The sign of a number known to be zero or at least 2**-bits in absolute value."""
    precision = 128
    while precision <= 4 * bits + 1024:
        ball = evaluate(expression, {}, precision)
        if not ball.is_finite():
            return None
        if not ball.contains(0):
            return 1 if ball > 0 else -1
        if ball.abs_upper() < arb(2) ** (-bits):
            return 0
        precision *= 2
    return None


# --- parts that jump or have an edge: settled first, from the inside out --------------------------------------------


def _settled(expression: Expr, known: dict[Expr, Expr]) -> Expr:
    """The same constant without steps, absolute values, hidden zeros under roots, and the like.

    Afterwards every divisor and every base of a fractional power differs from zero, and every such base is positive.
    """
    if expression in (zoo, nan):
        raise Undefined
    if expression in (oo, -oo, I):
        raise _Undecided
    if expression.is_Atom or isinstance(expression, ComplexRootOf):
        return expression
    if expression not in known:
        parts = [_settled(part, known) for part in expression.args]
        rule = _RULES.get(type(expression))
        if rule is None and any(part is not old for part, old in zip(parts, expression.args, strict=True)):
            settled = expression.func(*parts)
            if settled in (zoo, nan):
                raise Undefined
        else:
            settled = expression if rule is None else rule(parts)
        known[expression] = settled
    return known[expression]


def _certain_sign(expression: Expr) -> int:
    found = _sign_of_settled(expression)
    if found is None:
        raise _Undecided
    return found


def _settle_power(parts: list[Expr]) -> Expr:
    base, exponent = parts
    if isinstance(exponent, Integer):
        if exponent < 0 and _certain_sign(base) == 0:
            raise Undefined
        return base**exponent
    found = 1 if base.is_Number and base.is_positive else _certain_sign(base)
    if found < 0:
        whole = _settle_floor([exponent])
        if _certain_sign(exponent - whole) != 0:
            raise Undefined
        return base**whole
    if found == 0:
        power = _certain_sign(exponent)
        if power < 0:
            raise Undefined
        return Integer(0) if power else Integer(1)
    return base**exponent


def _settle_log(parts: list[Expr]) -> Expr:
    found = _certain_sign(parts[0])
    if found == 0:
        raise Undefined
    if found < 0:
        raise _Undecided
    return log(*parts)


def _settle_abs(parts: list[Expr]) -> Expr:
    return parts[0] if _certain_sign(parts[0]) >= 0 else -parts[0]


def _settle_sign(parts: list[Expr]) -> Expr:
    return Integer(_certain_sign(parts[0]))


def _settle_floor(parts: list[Expr]) -> Expr:
    found = whole_part(parts[0])
    if found is None:
        raise _Undecided
    return Integer(found)


def _settle_ceiling(parts: list[Expr]) -> Expr:
    return -_settle_floor([-parts[0]])


def _settle_mod(parts: list[Expr]) -> Expr:
    number, modulus = parts
    if _certain_sign(modulus) == 0:
        raise Undefined
    return number - modulus * _settle_floor([number / modulus])


def _settle_largest(parts: list[Expr]) -> Expr:
    largest = parts[0]
    for part in parts[1:]:
        largest = part if _certain_sign(part - largest) > 0 else largest
    return largest


def _settle_smallest(parts: list[Expr]) -> Expr:
    return -_settle_largest([-part for part in parts])


def _settle_arc(function: Callable[[Expr], Expr]) -> Callable[[list[Expr]], Expr]:
    """asin and acos, whose argument may be 1 or -1 without showing it."""

    def settle(parts: list[Expr]) -> Expr:
        for edge in (Integer(1), Integer(-1)):
            if _sign_of_settled(parts[0] - edge) == 0:
                return function(edge)
        return function(parts[0])

    return settle


def _settle_area(function: Callable[[Expr], Expr]) -> Callable[[list[Expr]], Expr]:
    """asinh, acosh and atanh, which are logarithms."""

    def settle(parts: list[Expr]) -> Expr:
        return _settled(function(parts[0]).rewrite(log), {})

    return settle


_RULES: dict[type, Callable[[list[Expr]], Expr]] = {
    Pow: _settle_power,
    log: _settle_log,
    Abs: _settle_abs,
    sign_function: _settle_sign,
    floor: _settle_floor,
    ceiling: _settle_ceiling,
    Mod: _settle_mod,
    Max: _settle_largest,
    Min: _settle_smallest,
    asin: _settle_arc(asin),
    acos: _settle_arc(acos),
    asinh: _settle_area(asinh),
    acosh: _settle_area(acosh),
    atanh: _settle_area(atanh),
}
