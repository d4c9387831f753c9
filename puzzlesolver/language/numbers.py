"""Literals and powers of literals, exactly, and within limits that keep hostile ones from being computed."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from sympy import Expr, Integer, Rational, factorial, log

from puzzlesolver.language.limits import MAX_DIGITS, MAX_EXPONENT, MAX_FACTORIAL, MAX_ROOT_DIGITS
from puzzlesolver.language.mistakes import Mistake, TooMuch
from puzzlesolver.language.source import Span
from puzzlesolver.problem.functions import real_power

_LARGEST = Integer(10) ** MAX_DIGITS


def literal(text: str, span: Span) -> Rational:
    """The exact value of a literal such as ``2.5e-3``."""
    if len(text) == 1 and not text.isascii():
        return Rational(Fraction(unicodedata.numeric(text)).limit_denominator(1000))
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) + (abs(int(exponent)) if 0 < len(exponent) < 9 else len(exponent) * 10**6) > MAX_DIGITS:
        raise TooMuch(span, f"a number has at most {MAX_DIGITS} digits")
    whole, _, decimals = mantissa.partition(".")
    shift = int(exponent or 0) - len(decimals)
    digits = int(whole + decimals or "0")
    return Rational(digits * 10**shift) if shift >= 0 else Rational(digits, 10**-shift)


def digits_of(number: Rational) -> float:
    """About how many digits a rational number has, its denominator's included."""
    return (int(number.p).bit_length() + int(number.q).bit_length()) * math.log10(2)


def power(base: Expr, exponent: Expr, span: Span) -> Expr:
    """``base^exponent``, where the result is of bearable size."""
    if exponent.is_Rational and base.is_Rational and base not in (0, 1, -1):
        if abs(exponent) * digits_of(base) > MAX_DIGITS + 20:
            raise TooMuch(span, f"this power has more than {MAX_DIGITS} digits")
        if exponent.q > 1 and digits_of(base) * int(exponent.q) > MAX_ROOT_DIGITS:
            raise TooMuch(span, "this exponent has too many decimals for so long a base")
    elif exponent.is_Rational and abs(exponent) > MAX_EXPONENT:
        raise TooMuch(span, f"an exponent is at most {MAX_EXPONENT}")
    return checked(real_power(base, exponent), span)


def checked(expression: Expr, span: Span) -> Expr:
    """The same expression, where no number and no exponent in its outermost operation has grown too large."""
    if expression.is_Symbol:
        return expression
    if expression.is_Rational:
        if digits_of(expression) > 2 * MAX_DIGITS:
            raise TooMuch(span, f"this number has more than {MAX_DIGITS} digits")
        return expression
    for part in expression.args if expression.is_Mul or expression.is_Add else (expression,):
        if part.is_Rational and digits_of(part) > 2 * MAX_DIGITS:
            raise TooMuch(span, f"a number in this has more than {MAX_DIGITS} digits")
        if part.is_Pow and part.exp.is_Rational and max(abs(part.exp.p), part.exp.q) > MAX_EXPONENT:
            if not part.base.is_Rational:
                raise TooMuch(span, f"exponents, and the denominators of exponents, are at most {MAX_EXPONENT}")
    return expression


def whole_factorial(number: Expr, span: Span) -> Expr:
    """The factorial of a plain number."""
    if not number.is_Integer or number < 0:
        raise Mistake(span, f"a factorial is of a whole number from 0 on, and this is {number}")
    if number > MAX_FACTORIAL:
        raise TooMuch(span, f"factorials are computed up to {MAX_FACTORIAL}!")
    return factorial(number)


def check_product(factors: Sequence[Expr], span: Span) -> None:
    """Refuse a product of numbers that comes to too long a number."""
    digits = sum(digits_of(factor) for factor in factors if factor.is_Rational)
    roots = sum(
        digits_of(factor.base) * int(factor.exp.q)
        for factor in factors
        if factor.is_Pow and factor.base.is_Rational and factor.exp.is_Rational
    )
    if digits > 2 * MAX_DIGITS or roots > 2 * MAX_ROOT_DIGITS:
        raise TooMuch(span, f"this number has more than {MAX_DIGITS} digits")


def check_argument(name: str, argument: Expr, span: Span) -> None:
    """Refuse what would be written out endlessly: ``exp(10^9*log(10))``, ``floor(cosh(10^9))``."""
    if name == "exp" and argument.has(log):
        if any(abs(part) > MAX_EXPONENT for part in argument.atoms(Rational)):
            raise TooMuch(span, f"an exponent is at most {MAX_EXPONENT}")
    largest = {"exp": MAX_EXPONENT // 2, "sinh": MAX_EXPONENT // 2, "cosh": MAX_EXPONENT // 2, "gamma": MAX_FACTORIAL}
    if argument.is_number and (abs(argument) > largest.get(name, _LARGEST)) == True:  # noqa: E712
        limit = largest.get(name, f"10^{MAX_DIGITS}")
        raise TooMuch(span, f"the argument of '{name}' is at most {limit}")
