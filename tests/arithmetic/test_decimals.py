"""Every digit that is shown is right: compared with the decimal module, which rounds correctly by its own means."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from puzzlesolver.arithmetic.decimals import decimal_of_exact, decimal_of_float, decimal_of_interval, outward

settings.register_profile("decimals", deadline=None, derandomize=True)
settings.load_profile("decimals")

whole = st.integers(-(10**30), 10**30)
fractions = st.builds(Fraction, whole, st.integers(1, 10**12))
digits = st.integers(1, 40)


def rounding(count: int) -> Context:
    return Context(prec=count, rounding=ROUND_HALF_EVEN)


@given(fractions, digits)
def test_rationals_are_rounded_half_even(value: Fraction, count: int) -> None:
    """A rational is its correctly rounded quotient, a whole number itself."""
    text = decimal_of_exact(sympy.Rational(value.numerator, value.denominator), count)
    if value.denominator == 1:
        assert text == str(value.numerator)
    else:
        assert Decimal(text) == rounding(count).divide(Decimal(value.numerator), Decimal(value.denominator))


@given(fractions, digits)
def test_zeros_at_the_end_mean_that_it_was_rounded(value: Fraction, count: int) -> None:
    """What is exactly the number is trimmed; what is rounded shows every digit that was asked."""
    text = decimal_of_exact(sympy.Rational(value.numerator, value.denominator), count)
    figures = text.partition("e")[0].lstrip("-0.").replace(".", "")
    if Fraction(text) != value:
        assert len(figures) == count
    elif "." in text:
        assert not figures.endswith("0")


@given(st.integers(2, 10**15), digits)
def test_irrationals_are_rounded_correctly(radicand: int, count: int) -> None:
    """Square roots agree with the decimal module's, which are correctly rounded."""
    root = sympy.sqrt(radicand)
    assert Decimal(decimal_of_exact(root, count)) == (
        rounding(count).sqrt(Decimal(radicand)) if not root.is_integer else int(root)
    )


@given(fractions, st.fractions(0, 1, max_denominator=10**12), digits)
def test_an_interval_shows_what_both_its_ends_share(low: Fraction, length: Fraction, count: int) -> None:
    """Each end lies within half a unit of the last digit shown, unless the interval is too wide for a single one."""
    high = low + length
    text = decimal_of_interval((low, high), count)
    shown = Fraction(text)
    if text == "0" or len(text.strip("-0.").replace(".", "")) <= 1:
        return
    mantissa, _, exponent = text.partition("e")
    unit = Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    assert abs(low - shown) <= unit / 2 or low == high
    assert abs(high - shown) <= unit / 2 or low == high


@given(fractions, st.fractions(0, 1, max_denominator=10**25), digits)
def test_outward_rounding_never_shrinks(low: Fraction, length: Fraction, count: int) -> None:
    """The decimal ends enclose the interval, and hardly more."""
    high = low + length
    below, above = (Fraction(end) for end in outward((low, high), count))
    assert below <= low
    assert high <= above
    if length:
        assert above - below <= length * Fraction(11, 10)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_show_fifteen_digits_at_most(value: float) -> None:
    """Fifteen digits of a float64 are its own, and a sixteenth may not be."""
    text = decimal_of_float(value, 40)
    assert Decimal(text) == rounding(15).create_decimal(Decimal(value))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("24", "24"),
        ("36/5", "7.2"),
        ("1/3", "0.3333333333"),
        ("10**30", "1" + "0" * 30),
        ("pi/6", "0.5235987756"),
        ("1/10**9", "1e-9"),
        ("sqrt(2)*10**20", "1.414213562e20"),
        ("-sqrt(2)/10**7", "-1.414213562e-7"),
        ("LambertW(2)", "0.8526055020"),
        ("CRootOf(x**5 - x - 1, 0)", "1.167303978"),
        ("sqrt(2) + sqrt(3) - sqrt(5 + 2*sqrt(6))", "0"),
        ("exp(-1000)", "5.075958898e-435"),
        ("exp(pi*sqrt(163))", "2.625374126e17"),
        ("log(8)/log(2)", "3.000000000"),
        ("oo", "oo"),
    ],
)
def test_examples(expression: str, expected: str) -> None:
    """Numbers of every sort, to ten digits."""
    assert decimal_of_exact(sympy.sympify(expression), 10) == expected


def test_digits_are_made_as_many_as_are_needed() -> None:
    """Where twelve nines follow, no rounding is certain before the digits behind them are known."""
    almost_whole = sympy.exp(sympy.pi * sympy.sqrt(163))
    assert decimal_of_exact(almost_whole, 31) == "2.625374126407687439999999999993e17"


def test_the_casus_irreducibilis_is_real() -> None:
    """Three real roots that can only be written with I have real decimals."""
    x = sympy.Symbol("x")
    roots = sorted(float(decimal_of_exact(root, 12)) for root in sympy.solve(x**3 - 3 * x + 1))
    assert roots == pytest.approx([-1.87938524157, 0.347296355334, 1.53208888624], abs=1e-11)


def test_a_symbol_has_no_decimal() -> None:
    """A value that depends on a name is refused by its name."""
    with pytest.raises(ValueError, match="contains D"):
        decimal_of_exact(7 - sympy.Symbol("D"))


def test_more_digits_than_python_prints() -> None:
    """A whole number beyond Python's limit on digits is shown with an exponent."""
    assert decimal_of_exact(sympy.Integer(2) ** 100_000, 10) == "9.990020930e30102"
