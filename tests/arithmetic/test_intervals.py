"""Interval arithmetic and its inverses: whatever is true must stay inside."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from puzzlesolver.arithmetic import intervals, inverse
from puzzlesolver.arithmetic.dag import Op
from puzzlesolver.arithmetic.intervals import FORWARD, FORWARD_WITH_VALUE, float_above, float_below
from puzzlesolver.arithmetic.inverse import BACKWARD, BACKWARD_WITH_VALUE

COUNT = 600
mpmath.mp.dps = 40


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(all="ignore"):
        yield


def _numbers(generator: np.random.Generator, count: int, spread: float = 300.0) -> np.ndarray:
    """Floats of every size, with zeros, ones, whole numbers and the least and largest among them."""
    exponent = generator.uniform(-spread, spread, count)
    values = generator.choice([-1.0, 1.0], count) * 10.0**exponent
    small = generator.integers(-4, 5, count).astype(float)
    extreme = generator.choice(
        [0.0, -0.0, 5e-324, -5e-324, 1.7e308, -1.7e308, 1.0, -1.0, 2.2250738585072014e-308], count
    )
    kind = generator.integers(0, 10, count)
    return np.where(kind < 6, values, np.where(kind < 8, small, extreme))


def _intervals(generator: np.random.Generator, count: int, spread: float = 300.0) -> tuple[np.ndarray, np.ndarray]:
    a, b = _numbers(generator, count, spread), _numbers(generator, count, spread)
    b = np.where(generator.random(count) < 0.3, a, b)
    return np.minimum(a, b), np.maximum(a, b)


def _inside(low: float, value: Fraction, high: float) -> bool:
    return (low == -np.inf or Fraction(low) <= value) and (high == np.inf or value <= Fraction(high))


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide"])
def test_arithmetic_encloses_the_exact_result(name: str) -> None:
    """The sum, difference, product and quotient of ends, worked out exactly, lie in the enclosure."""
    generator = np.random.default_rng(1)
    al, ah = _intervals(generator, COUNT)
    bl, bh = _intervals(generator, COUNT)
    low, high = getattr(intervals, name)(al, ah, bl, bh)[:2]
    exact = {
        "add": lambda x, y: x + y,
        "subtract": lambda x, y: x - y,
        "multiply": lambda x, y: x * y,
        "divide": lambda x, y: x / y,
    }[name]
    for k in range(COUNT):
        for x in (al[k], ah[k]):
            for y in (bl[k], bh[k]):
                if name != "divide" or y != 0:
                    assert _inside(low[k], exact(Fraction(x), Fraction(y)), high[k]), (name, x, y, low[k], high[k])


def test_scaling_and_whole_powers_enclose_the_exact_result() -> None:
    """A factor known between two floats, and a power by squaring, stay inside after rounding."""
    generator = np.random.default_rng(2)
    low, high = _intervals(generator, COUNT, 30.0)
    third = Fraction(1, 3)
    first, last = intervals.scale(low, high, np.array([[float_below(third)]]), np.array([[float_above(third)]]))
    for k in range(COUNT):
        assert _inside(first[0, k], third * Fraction(low[k]), last[0, k])
        assert _inside(first[0, k], third * Fraction(high[k]), last[0, k])
    for exponent in (2, 3, 4, 5, 7, 12):
        first, last = intervals.power(low, high, exponent)
        for k in range(COUNT):
            for x in (low[k], high[k], 0.0 if low[k] <= 0 <= high[k] else low[k]):
                assert _inside(first[k], Fraction(x) ** exponent, last[k]), (x, exponent)


def test_square_root_encloses_the_exact_result() -> None:
    """The square of the lower end is at most the number, that of the upper end at least."""
    generator = np.random.default_rng(3)
    x = np.abs(_numbers(generator, COUNT))
    low, high, empty = intervals.square_root(x, x)
    for k in range(COUNT):
        assert Fraction(low[k]) ** 2 <= Fraction(x[k]) <= Fraction(high[k]) ** 2
    assert not empty.any()
    assert intervals.square_root(np.array([-2.0]), np.array([-1.0])).empty.all()


def test_conversion_of_exact_numbers_is_outward() -> None:
    """The floats below and above an exact number are neighbours of it on the right sides."""
    generator = np.random.default_rng(4)
    for _ in range(300):
        exact = Fraction(int(generator.integers(-(10**12), 10**12)), int(generator.integers(1, 10**9)))
        low, high = float_below(exact), float_above(exact)
        assert Fraction(low) <= exact <= Fraction(high)
        assert high <= np.nextafter(low, np.inf)
    assert float_above(Fraction(10) ** 400) == np.inf
    assert np.isfinite(float_below(Fraction(10) ** 400))


ONE_ARGUMENT = {
    Op.EXP: (mpmath.exp, -750, 720),
    Op.LOG: (mpmath.log, 1e-300, 1e300),
    Op.SIN: (mpmath.sin, -60, 60),
    Op.COS: (mpmath.cos, -60, 60),
    Op.TAN: (mpmath.tan, -20, 20),
    Op.ASIN: (mpmath.asin, -1, 1),
    Op.ACOS: (mpmath.acos, -1, 1),
    Op.ATAN: (mpmath.atan, -1e6, 1e6),
    Op.SINH: (mpmath.sinh, -700, 700),
    Op.COSH: (mpmath.cosh, -700, 700),
    Op.TANH: (mpmath.tanh, -30, 30),
    Op.ABS: (abs, -1e5, 1e5),
    Op.SIGN: (mpmath.sign, -3, 3),
    Op.FLOOR: (mpmath.floor, -50, 50),
    Op.ERF: (mpmath.erf, -7, 7),
    Op.GAMMA: (mpmath.gamma, 1e-3, 170),
    Op.DIGAMMA: (mpmath.digamma, 1e-3, 200),
    Op.SQRT: (mpmath.sqrt, 0, 1e9),
    Op.NEGATE: (lambda x: -x, -9, 9),
}

WITH_VALUE = {
    (Op.POWER, 3): (lambda x: x**3, -50, 50),
    (Op.POWER, 6): (lambda x: x**6, -50, 50),
    (Op.ROOT_POWER, Fraction(1, 3)): (lambda x: mpmath.power(x, mpmath.mpf(1) / 3), 0, 1e12),
    (Op.ROOT_POWER, Fraction(7, 5)): (lambda x: mpmath.power(x, mpmath.mpf(7) / 5), 0, 1e12),
    (Op.ODD_ROOT, 3): (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), -1e12, 1e12),
    (Op.ODD_ROOT, 5): (lambda x: mpmath.sign(x) * mpmath.root(abs(x), 5), -1e12, 1e12),
    (Op.LAMBERT_W, 0): (mpmath.lambertw, -0.36787944, 1e8),
    (Op.LAMBERT_W, -1): (lambda x: mpmath.lambertw(x, -1), -0.36787944, -1e-8),
}

SINGLE = [(op, 0, *rest) for op, rest in ONE_ARGUMENT.items()] + [(op, v, *r) for (op, v), r in WITH_VALUE.items()]


def _argument_boxes(low: float, high: float, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Intervals within a range, of many widths, some at a small scale, and a point in each."""
    generator = np.random.default_rng(5)
    scale = np.where(generator.random(count) < 0.3, 1e-3, 1.0)
    a = generator.uniform(low, high, count) * scale if low < 0 < high else generator.uniform(low, high, count)
    width = (high - low) * 10.0 ** generator.uniform(-14, 0, count)
    a, b = np.clip(a, low, high), np.clip(a + width, low, high)
    point = np.clip(a + generator.random(count) * (b - a), a, b)
    point = np.where(generator.random(count) < 0.2, a, np.where(generator.random(count) < 0.2, b, point))
    return a, b, point


@pytest.mark.parametrize(("op", "value", "function", "low", "high"), SINGLE)
def test_functions_enclose_mpmath(op: Op, value: Fraction | int, function, low: float, high: float) -> None:
    """Every function's value at a point of an interval, to 40 digits, lies in the enclosure over the interval."""
    a, b, points = _argument_boxes(low, high, 250)
    first, last = (FORWARD_WITH_VALUE[op](a, b, value) if op in FORWARD_WITH_VALUE else FORWARD[op](a, b))[:2]
    for k, x in enumerate(points):
        exact = mpmath.re(function(mpmath.mpf(float(x))))
        assert mpmath.mpf(float(first[k])) <= exact <= mpmath.mpf(float(last[k])), (
            op,
            a[k],
            x,
            b[k],
            first[k],
            last[k],
        )


@pytest.mark.parametrize(("op", "value", "function", "low", "high"), SINGLE)
def test_inverses_keep_the_argument(op: Op, value: Fraction | int, function, low: float, high: float) -> None:
    """If f(x) lies in z, then narrowing x's interval by z keeps x: also when z is f(x) to the last digit."""
    backward = BACKWARD_WITH_VALUE.get(op) or BACKWARD.get(op)
    if backward is None:
        pytest.skip("nothing is said of this function's argument")
    a, b, points = _argument_boxes(low, high, 250)
    generator = np.random.default_rng(6)
    exact = [mpmath.re(function(mpmath.mpf(float(x)))) for x in points]
    fractions = [
        Fraction(int(mpmath.mpf(y).man), 1) * Fraction(2) ** int(mpmath.mpf(y).exp) for y in map(mpmath.mpf, exact)
    ]
    fractions = [f if y >= 0 else -abs(f) for f, y in zip(fractions, exact, strict=True)]
    slack = np.where(generator.random(len(points)) < 0.5, 0.0, 10.0 ** generator.uniform(-12, 1, len(points)))
    zl = np.array([float_below(f) for f in fractions]) - slack
    zh = np.array([float_above(f) for f in fractions]) + slack * generator.random(len(points))
    extra = (value,) if op in BACKWARD_WITH_VALUE else ()
    ((first, last),) = backward(zl, zh, a, b, *extra)
    assert (np.isnan(first) | (first <= points)).all(), (op, points[first > points], first[first > points])
    assert (np.isnan(last) | (points <= last)).all(), (op, points[last < points], last[last < points])


@pytest.mark.parametrize(
    "op", [Op.ADD, Op.SUBTRACT, Op.MULTIPLY, Op.DIVIDE, Op.MIN, Op.MAX, Op.GENERAL_POWER, Op.ATAN2]
)
def test_two_place_operations_and_their_inverses(op: Op) -> None:
    """Points of two boxes: their exact result lies in the enclosure, and the inverses keep both points."""
    generator = np.random.default_rng(7)
    count = 1500
    a, b = (generator.integers(-6, 7, count) * 10.0 ** generator.integers(-3, 3, count) for _ in range(2))
    if op is Op.GENERAL_POWER:
        a = np.abs(a) + 0.01
    widths = [np.where(generator.random(count) < 0.3, 0.0, generator.random(count) * 5) for _ in range(4)]
    al, ah, bl, bh = a - widths[0], a + widths[1], b - widths[2], b + widths[3]
    if op is Op.GENERAL_POWER:
        al = np.maximum(al, 0.001)
    found = FORWARD[op](al, ah, bl, bh)
    exact = {
        Op.ADD: lambda x, y: x + y,
        Op.SUBTRACT: lambda x, y: x - y,
        Op.MULTIPLY: lambda x, y: x * y,
        Op.DIVIDE: lambda x, y: x / y,
        Op.MIN: min,
        Op.MAX: max,
        Op.GENERAL_POWER: mpmath.power,
        Op.ATAN2: mpmath.atan2,
    }[op]
    defined = np.ones(count, dtype=bool)
    z = []
    for k in range(count):
        if (op is Op.DIVIDE and b[k] == 0) or (op is Op.ATAN2 and a[k] == b[k] == 0):
            defined[k] = False
            z.append(0.0)
            continue
        value = exact(mpmath.mpf(float(a[k])), mpmath.mpf(float(b[k])))
        assert mpmath.mpf(float(found[0][k])) <= value <= mpmath.mpf(float(found[1][k])), (op, a[k], b[k])
        z.append(float(value))
    if op not in BACKWARD:
        return
    zl, zh = np.nextafter(z, -np.inf), np.nextafter(z, np.inf)
    for (first, last), point in zip(BACKWARD[op](zl, zh, al, ah, bl, bh), (a, b), strict=True):
        kept = np.isnan(first) | np.isnan(last) | ((first <= point) & (point <= last))
        assert (kept | ~defined).all(), (op, np.flatnonzero(~kept & defined)[:5])


def test_general_powers_hold_every_real_value() -> None:
    """Bases and exponents of every sign: b^e lies in the enclosure, and `empty` is where it never is real."""
    generator = np.random.default_rng(11)
    count = 4000
    a, b = generator.integers(-4, 5, count) / 1.0, generator.integers(-4, 5, count) / 1.0
    a += np.where(generator.random(count) < 0.5, 0.0, generator.random(count))
    b += np.where((generator.random(count) < 0.7) | (a < 0), 0.0, generator.random(count))
    widths = [np.where(generator.random(count) < 0.4, 0.0, generator.random(count) * 3) for _ in range(4)]
    with np.errstate(all="ignore"):
        low, high, empty = FORWARD[Op.GENERAL_POWER](a - widths[0], a + widths[1], b - widths[2], b + widths[3])
        alone = FORWARD[Op.GENERAL_POWER](a, a, b, b)
    for k in range(count):
        if a[k] == 0 and b[k] < 0:
            assert alone.empty is None or alone.empty[k]
            continue
        value = mpmath.mpf(float(a[k])) ** mpmath.mpf(float(b[k]))
        assert (empty is None or not empty[k]) and mpmath.mpf(low[k]) <= value <= mpmath.mpf(high[k]), (a[k], b[k])
    fractional = FORWARD[Op.GENERAL_POWER](*(np.array([end]) for end in (-3.0, -1.0, 0.25, 0.75)))
    assert fractional.empty is not None and fractional.empty[0]


def test_division_with_a_gap() -> None:
    """u*v = 1 with v in [-1, 1] leaves u outside (-1, 1)."""
    one = np.array([1.0])
    low, high = inverse.factor(one, one, -one, one, np.array([-0.5]), np.array([3.0]))
    assert 0.999 < low[0] <= 1.0
    assert high[0] == 3.0
    low, high = inverse.factor(one, one, 0 * one, one, np.array([-5.0]), np.array([9.0]))
    assert 0.999 < low[0] <= 1.0


def test_infinite_ends_claim_no_more_than_they_know() -> None:
    """Over unbounded arguments sums, products and quotients contain what nearby finite arguments give."""
    inf = np.inf
    cases = [(-inf, inf), (0.0, inf), (-inf, 0.0), (1.0, inf), (-inf, -1.0), (0.0, 0.0), (-1.0, 2.0)]
    samples = {c: [max(c[0], -1e200), min(c[1], 1e200), min(max(0.5, c[0]), c[1])] for c in cases}
    for one in cases:
        for other in cases:
            ends = [np.array([end]) for end in (*one, *other)]
            for op, exact in ((Op.ADD, lambda x, y: x + y), (Op.MULTIPLY, lambda x, y: x * y), (Op.DIVIDE, None)):
                low, high = FORWARD[op](*ends)[:2]
                assert not np.isnan(low[0]) and not np.isnan(high[0])
                for x in samples[one]:
                    for y in samples[other]:
                        if exact is not None:
                            assert _inside(low[0], exact(Fraction(x), Fraction(y)), high[0])
                        elif y != 0:
                            assert _inside(low[0], Fraction(x) / Fraction(y), high[0])


def test_overflow_is_no_bound() -> None:
    """What overflows becomes an infinite upper end, never an infinite lower one."""
    large = np.array([1e308])
    low, high = intervals.add(large, large, large, large)
    assert low[0] < math.inf
    assert high[0] == math.inf
    low, high = intervals.exponential(np.array([1000.0]), np.array([1001.0]))
    assert low[0] < math.inf
    assert high[0] == math.inf
