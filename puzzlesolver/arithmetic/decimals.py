"""Numbers as people read them: decimal strings of which every digit shown is right.

In: a closed form, an interval with exact ends, or a float. Out: a string. A number is rounded half-even to the digits
asked; what is exactly the number is shown trimmed ("24", "7.2"), what is rounded keeps its zeros ("1.200000000"), and a
whole number is never cut. Below 1e-6, from 1e16 on, and where digits would have to be made up, there is an exponent.
"""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

from sympy import Expr, Float, Integer, Rational
from sympy.core.evalf import PrecisionExhausted

from puzzlesolver.arithmetic.interval import Interval

SMALLEST_PLAIN = -6  # The exponent of the smallest number that is written without one.
LARGEST_PLAIN = 15  # The exponent of the largest number that is written without one, whole numbers apart.
FLOAT_DIGITS = 15  # How many significant decimal digits every float64 holds.
LONGEST_WHOLE = 4000
"""A whole number of more digits is shown with an exponent (Python itself refuses to print beyond 4300)."""
MOST_CANCELLED = 3000  # To how many digits a difference is evaluated before it counts as zero.
GUARD_DIGITS = 12
BITS_PER_DIGIT = 3.3219280948873623
ATTEMPTS = 6


def decimal_of_exact(value: Expr, digits: int = 10) -> str:
    """A closed form without free symbols, correctly rounded to `digits` significant digits.

    Raises ValueError where it has free symbols.
    """
    if value.free_symbols:
        raise ValueError(f"{value} has no decimal value: it contains {', '.join(sorted(map(str, value.free_symbols)))}")
    if isinstance(value, Rational):
        return _of_fraction(Fraction(int(value.p), int(value.q)), digits)
    if value.is_infinite or not value.is_number or value.has(_undefined()):
        return str(value)
    real, imaginary = value.as_real_imag() if value.is_real is False else (value, Integer(0))
    if imaginary != 0:
        return f"{decimal_of_exact(real, digits)} + {decimal_of_exact(imaginary, digits)}*I"
    return _of_irrational(real, digits)


def decimal_of_interval(interval: Interval, digits: int = 10) -> str:
    """As many digits, `digits` at most, as every number of the interval shares after rounding.

    An interval around zero whose numbers share none is shown as "0", any other one as its middle to one digit.
    """
    low, high = interval
    if low == high:
        return _of_fraction(low, digits)
    for count in range(digits, 0, -1):
        rounded = _round(low, count)
        if rounded == _round(high, count):
            return _plain(rounded, count)
    return "0" if low <= 0 <= high else _of_fraction((low + high) / 2, 1)


def decimal_of_float(value: float, digits: int = 10) -> str:
    """A float with `digits` significant digits, 15 at most, zeros at the end left out."""
    if not isfinite(value):
        return "nan" if value != value else "oo" if value > 0 else "-oo"
    count = min(digits, FLOAT_DIGITS)
    return _trimmed(_plain(_round(Fraction(value), count), count))


def outward(interval: Interval, digits: int = 10) -> tuple[str, str]:
    """The interval's ends as decimals, the lower rounded down and the upper up: what they enclose is no smaller.

    There are at least `digits` significant digits, and as many more as keep the widening under a hundredth.
    """
    low, high = interval
    largest = max(abs(low), abs(high))
    if low == high or not largest:
        place = _exponent(largest) - digits + 1 if largest else 0
    else:
        place = min(_exponent(largest) - digits + 1, _exponent(high - low) - 2)
    unit = Fraction(10) ** place
    below, above = (low / unit).__floor__() * unit, -(-high / unit).__floor__() * unit
    count = max(_exponent(largest) - place + 1, digits) if largest else digits
    return _of_fraction(below, count + 1), _of_fraction(above, count + 1)


def _undefined() -> tuple[Expr, ...]:
    from sympy import nan, oo, zoo

    return (nan, oo, -oo, zoo)


def _of_irrational(value: Expr, digits: int) -> str:
    """Round an enclosure of rising precision until no number within it could round otherwise."""
    precision = digits + GUARD_DIGITS
    for _ in range(ATTEMPTS):
        try:
            enclosure = _ball(value, precision) or _approximation(value, precision)
        except PrecisionExhausted:
            # The digits cancel, to 3000 places at least: it is zero as far as anybody can see.
            return "0"
        low, high = (_round(end, digits) for end in enclosure)
        if low == high:
            return _plain(low, digits)
        precision *= 2
    if enclosure[0] <= 0 <= enclosure[1]:
        return "0"
    # No precision decides: the value is a rational in disguise that lies on the border between two roundings.
    middle = (enclosure[0] + enclosure[1]) / 2
    return _plain(_round(_round(middle, precision // 4), digits), digits)


def _ball(value: Expr, precision: int) -> Interval | None:
    """A proved enclosure by ball arithmetic, None for what it does not know: a CRootOf, or numbers written with I."""
    from puzzlesolver.arithmetic.balls import evaluate, interval_of

    try:
        ball = evaluate(value, {}, int(precision * BITS_PER_DIGIT) + 1)
        return interval_of(ball) if ball.is_finite() else None
    except ValueError:
        return None


def _approximation(value: Expr, precision: int) -> Interval:
    """An interval around the value, from SymPy's evaluation to `precision` digits with its last five not believed."""
    approximation = value.evalf(precision, strict=True, maxn=MOST_CANCELLED)
    if isinstance(approximation, Rational):
        exact = Fraction(int(approximation.p), int(approximation.q))
        return exact, exact
    if not isinstance(approximation, Float):
        # A real number written with I (the casus irreducibilis): what is left of the imaginary part is rounding.
        approximation = approximation.as_real_imag()[0]
    sign, mantissa, exponent, _ = approximation._mpf_
    middle = Fraction((-1) ** sign * int(mantissa)) * Fraction(2) ** exponent
    error = abs(middle) / 10 ** (precision - 5)
    return middle - error, middle + error


def _exponent(value: Fraction) -> int:
    """The largest k with 10^k <= |value|; `value` is not zero."""
    value = abs(value)
    # len(str(n)) without Python's limit on the length of strings of digits: a first guess from the bit lengths.
    guess = int((value.numerator.bit_length() - value.denominator.bit_length()) * 0.30102999566398120)
    while Fraction(10) ** guess > value:
        guess -= 1
    while Fraction(10) ** (guess + 1) <= value:
        guess += 1
    return guess


def _round(value: Fraction, digits: int) -> Fraction:
    """The nearest number of `digits` significant digits, the even one of two that are equally near."""
    if not value:
        return value
    unit = Fraction(10) ** (_exponent(value) - digits + 1)
    return round(value / unit) * unit


def _of_fraction(value: Fraction, digits: int) -> str:
    """An exactly known number: whole numbers whole, what fits trimmed, the rest rounded."""
    if value.denominator == 1 and abs(value) < 10**LONGEST_WHOLE:
        return str(value.numerator)
    rounded = _round(value, digits)
    text = _plain(rounded, digits)
    return _trimmed(text) if rounded == value else text


def _trimmed(text: str) -> str:
    mantissa, mark, exponent = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return mantissa + mark + exponent


def _plain(value: Fraction, digits: int) -> str:
    """A number that has at most `digits` significant digits, written with exactly so many."""
    if not value:
        return "0"
    exponent = _exponent(value)
    sign = "-" if value < 0 else ""
    figures = str(int(abs(value) / Fraction(10) ** (exponent - digits + 1)))
    if not SMALLEST_PLAIN <= exponent <= min(LARGEST_PLAIN, digits - 1):
        fraction = f".{figures[1:]}" if digits > 1 else ""
        return f"{sign}{figures[0]}{fraction}e{exponent}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{figures}"
    whole, rest = figures[: exponent + 1], figures[exponent + 1 :]
    return f"{sign}{whole}.{rest}" if rest else sign + whole
