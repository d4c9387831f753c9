"""All whole-number solutions of one quadratic equation in two unknowns: an ellipse's points, or families.

In: the coefficients of ``a·x² + b·x·y + c·y² + d·x + e·y + f = 0``. Out: `WholeSolutions`, proved to be all. With
``u = 2a·x + b·y + d`` and ``D = b² - 4ac`` the equation is ``u² = D·y² + 2E·y + F``: finitely many y for D < 0, squares
in residue classes for D = 0, factors of a number where D is a square, and Pell's equation else.

Sources: T. Nagell, Introduction to Number Theory, 1951, theorems 108 and 108a (the bounds for a solution of every class
of ``w² - D·u² = N``); D. Alpern, Methods to solve a x² + b x y + c y² + d x + e y + f = 0 (the reduction).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from math import gcd, isqrt

from sympy import Expr, Integer, Rational, Symbol, divisors, expand, sqrt

from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.exact import limits

WholePoint = tuple[int, int]


class TooMuchWork(LeftOpen):
    """More work than is reasonable, and of what."""


@dataclass(frozen=True, slots=True)
class WholeLine:
    """``(x, y) = start + k·first + k²·second`` for every whole k."""

    start: WholePoint
    first: WholePoint
    second: WholePoint = (0, 0)

    def at(self, k: int) -> WholePoint:
        """The point of one k."""
        x, y = (p + k * q + k * k * r for p, q, r in zip(self.start, self.first, self.second, strict=True))
        return x, y

    def from_(self, first: int, *, down: bool = False) -> WholeLine:
        """The same points counted from one of them, upwards or downwards."""
        sign = -1 if down else 1
        slopes = [sign * (q + 2 * first * r) for q, r in zip(self.first, self.second, strict=True)]
        return WholeLine(self.at(first), (slopes[0], slopes[1]), self.second)

    def forms(self, k: Symbol) -> tuple[Expr, Expr]:
        """x and y in terms of k."""
        x, y = (p + k * q + k**2 * r for p, q, r in zip(self.start, self.first, self.second, strict=True))
        return expand(x), expand(y)


@dataclass(frozen=True, slots=True)
class Orbit:
    """``w + u·√D = (w₀ + u₀·√D)·(t + v·√D)^k`` for every whole k, in the unknowns ``y = (w - E)/D`` and
    ``x = (u - b·y - d)/(2a)``; `frame` is (a, b, d, D, E)."""

    w: int
    u: int
    t: int
    v: int
    frame: tuple[int, int, int, int, int]

    def at(self, k: int) -> WholePoint:
        """The point of one k."""
        w, u, step = self.w, self.u, self.v if k >= 0 else -self.v
        for _ in range(abs(k)):
            w, u = self.t * w + self.frame[3] * step * u, step * w + self.t * u
        point = _point(w, u, self.frame)
        assert point is not None, "every k gives whole numbers"
        return point

    def from_(self, first: int, *, down: bool = False) -> Orbit:
        """The same points counted from one of them, upwards or downwards."""
        a, b, d, discriminant, middle = self.frame
        x, y = self.at(first)
        w, u = discriminant * y + middle, 2 * a * x + b * y + d
        return Orbit(w, u, self.t, -self.v if down else self.v, self.frame)

    def forms(self, k: Symbol) -> tuple[Expr, Expr]:
        """x and y in terms of k."""
        a, b, d, discriminant, e = self.frame
        root = sqrt(discriminant)
        ahead, back = (self.t + self.v * root) ** k, (self.t - self.v * root) ** k
        # w = (A·ahead + B·back)/2 and u = (A·ahead - B·back)/(2√D), where A = w₀ + u₀·√D and B = w₀ - u₀·√D
        one, other = self.w + self.u * root, self.w - self.u * root
        y = [expand(one / (2 * discriminant)), expand(other / (2 * discriminant)), Rational(-e, discriminant)]
        u = [expand(one / (2 * root)), expand(-other / (2 * root)), Integer(0)]
        x = [expand((p - b * q) / (2 * a)) for p, q in zip(u, y, strict=True)]
        x[2] -= Rational(d, 2 * a)
        parts = (ahead, back, Integer(1))
        return tuple(sum(q * part for q, part in zip(form, parts, strict=True)) for form in (x, y))


@dataclass(frozen=True, slots=True)
class WholeSolutions:
    """Finitely many points, and families of infinitely many; together all there are."""

    points: tuple[WholePoint, ...] = ()
    families: tuple[WholeLine | Orbit, ...] = ()
    proof: str = ""


def solve_binary_quadratic(coefficients: Sequence[int]) -> WholeSolutions:
    """Every solution in whole numbers. Raises `TooMuchWork` where that would take too long."""
    a, b, c, d, e, f = coefficients
    if not a and c:
        return _exchanged(solve_binary_quadratic((c, b, a, e, d, f)))
    if not a:
        return _product(b, d, e, f)
    discriminant, middle, rest = b * b - 4 * a * c, b * d - 2 * a * e, d * d - 4 * a * f
    frame = (a, b, d, discriminant, middle)
    if discriminant < 0:
        return _ellipse(frame, rest)
    if discriminant == 0:
        return _parabola(frame, rest)
    norm = middle * middle - discriminant * rest
    if isqrt(discriminant) ** 2 == discriminant:
        return _hyperbola_of_lines(frame, norm)
    return _pell(frame, norm)


def _point(w: int, u: int, frame: tuple[int, int, int, int, int]) -> WholePoint | None:
    """The whole x and y behind w and u, None where they are not whole."""
    a, b, d, discriminant, middle = frame
    y, left = divmod(w - middle, discriminant)
    if left:
        return None
    x, left = divmod(u - b * y - d, 2 * a)
    return None if left else (x, y)


def _exchanged(found: WholeSolutions) -> WholeSolutions:
    """The same with x and y exchanged."""
    families: list[WholeLine | Orbit] = []
    for family in found.families:
        if not isinstance(family, WholeLine):
            raise TooMuchWork(Why.EXCHANGED_ORBIT())
        families.append(WholeLine(family.start[::-1], family.first[::-1], family.second[::-1]))
    return WholeSolutions(tuple((x, y) for y, x in found.points), tuple(families), found.proof)


def _product(b: int, d: int, e: int, f: int) -> WholeSolutions:
    """``(b·x + e)(b·y + d) = d·e - b·f``."""
    number = d * e - b * f
    if number:
        pairs = [(p - e, number // p - d) for p in _signed_divisors(number)]
        points = [(p // b, q // b) for p, q in pairs if not p % b and not q % b]
        return WholeSolutions(tuple(sorted(points)), (), f"all factors of {abs(number)} tried")
    families = [WholeLine((-e // b, 0), (0, 1))] if not e % b else []
    families += [WholeLine((0, -d // b), (1, 0))] if not d % b else []
    return WholeSolutions((), tuple(families), "a product is zero where a factor is")


def _signed_divisors(number: int) -> Iterator[int]:
    if abs(number) > limits.LARGEST_FACTORED:
        raise TooMuchWork(Why.FACTORS())
    for divisor in divisors(abs(number)):
        yield int(divisor)
        yield -int(divisor)


def _ellipse(frame: tuple[int, int, int, int, int], rest: int) -> WholeSolutions:
    a, b, d, discriminant, middle = frame
    proof = "the equation bounds its solutions, and all whole numbers between the bounds are tried"
    inside = middle * middle - discriminant * rest  # a quarter of the discriminant of D·y² + 2E·y + F
    if inside < 0:
        return WholeSolutions(proof="a sum of squares, and of a positive number, is not zero")
    reach = isqrt(inside) + 1
    low, high = (middle - reach) // -discriminant - 1, (middle + reach) // -discriminant + 1
    if high - low > limits.MOST_TRIED:
        raise TooMuchWork(Why.LARGE_ELLIPSE())
    points = set()
    for y in range(low, high + 1):
        square = discriminant * y * y + 2 * middle * y + rest
        if square >= 0 and isqrt(square) ** 2 == square:
            for u in (isqrt(square), -isqrt(square)):
                x, left = divmod(u - b * y - d, 2 * a)
                if not left:
                    points.add((x, y))
    return WholeSolutions(tuple(sorted(points)), (), proof)


def _parabola(frame: tuple[int, int, int, int, int], rest: int) -> WholeSolutions:
    """``u² = 2E·y + F``."""
    a, b, d, _, middle = frame
    if not middle:
        if rest < 0 or isqrt(rest) ** 2 != rest:
            return WholeSolutions(proof=f"{rest} is not the square of a whole number")
        root = isqrt(rest)
        parallel = tuple(line for u in sorted({root, -root}) if (line := _line(2 * a, b, u - d)) is not None)
        return WholeSolutions((), parallel, "parallel lines")
    modulus = abs(4 * a * middle)
    if modulus > limits.MOST_RESIDUES:
        raise TooMuchWork(Why.RESIDUES())

    def point(u: int) -> WholePoint | None:
        y, left = divmod(u * u - rest, 2 * middle)
        x, other = divmod(u - b * y - d, 2 * a)
        return None if left or other else (x, y)

    residues = [u for u in range(modulus) if point(u) is not None]
    period = _period(set(residues), modulus)
    starts = [u for u in residues if u < period]
    if any(_through([point(u + step * period) for step in (0, 1, 2)]) is None for u in starts):
        starts, period = [*starts, *(u + period for u in starts)], 2 * period  # every second point: no halves are left
    lines = [_through([point(u + step * period) for step in (0, 1, 2)]) for u in starts]
    if len(lines) > limits.MOST_FAMILIES:
        raise TooMuchWork(Why.MANY_FAMILIES())
    families = tuple(line for line in lines if line is not None)
    assert len(families) == len(lines), "twice the period leaves no halves"
    return WholeSolutions((), families, f"all residue classes modulo {modulus} tried")


def _through(points: Sequence[WholePoint | None]) -> WholeLine | None:
    """The parabola with three points at k = 0, 1, 2; None where its coefficients are not whole."""
    p, q, r = points
    assert p is not None and q is not None and r is not None
    twice = [one - 2 * two + three for one, two, three in zip(p, q, r, strict=True)]
    if any(value % 2 for value in twice):
        return None
    second = twice[0] // 2, twice[1] // 2
    return WholeLine(p, (q[0] - p[0] - second[0], q[1] - p[1] - second[1]), second)


def _period(residues: set[int], modulus: int) -> int:
    """The least divisor of a modulus with which the residues repeat."""
    return next(
        int(divisor)
        for divisor in divisors(modulus)
        if all((residue + divisor) % modulus in residues for residue in residues)
    )


def _line(p: int, q: int, number: int) -> WholeLine | None:
    """The whole points of ``p·x + q·y = number``, p not zero."""
    common = gcd(p, q)
    if number % common:
        return None
    p, q, number = p // common, q // common, number // common
    y = number * pow(q, -1, abs(p)) % abs(p) if abs(p) > 1 else 0
    return WholeLine(((number - q * y) // p, y), (-q * (1 if p > 0 else -1), abs(p)))


def _hyperbola_of_lines(frame: tuple[int, int, int, int, int], norm: int) -> WholeSolutions:
    """``(w - s·u)(w + s·u) = N``, s being the root of D."""
    a, b, d, discriminant, middle = frame
    root = isqrt(discriminant)
    if norm:
        points = set()
        for p in _signed_divisors(norm):
            q = norm // p
            if not (p + q) % 2 and not (q - p) % (2 * root):
                point = _point((p + q) // 2, (q - p) // (2 * root), frame)
                if point is not None:
                    points.add(point)
        return WholeSolutions(tuple(sorted(points)), (), f"all factors of {abs(norm)} tried")
    lines: list[WholeLine] = []
    for sign in (1, -1):  # D·y + E = ± s·(2a·x + b·y + d)
        line = _line(sign * root * 2 * a, sign * root * b - discriminant, middle - sign * root * d)
        if line is not None:
            lines.append(line)
    return WholeSolutions((), tuple(lines), "a product is zero where a factor is")


def _pell(frame: tuple[int, int, int, int, int], norm: int) -> WholeSolutions:
    """``w² - D·u² = N`` where D is no square."""
    a, _, _, discriminant, _ = frame
    if not norm:
        point = _point(0, 0, frame)
        return WholeSolutions((point,) if point else (), (), "two squares whose ratio is no square are both zero")
    t, v = _unit(discriminant)
    families: list[Orbit] = []
    modulus = abs(2 * a * discriminant)
    order = _order(t, v, discriminant, modulus)
    for w, u in _classes(discriminant, norm, t, v):
        for sign in (1, -1):
            families.extend(_orbits(sign * w, sign * u, t, v, order, frame))
        if len(families) > limits.MOST_FAMILIES:
            raise TooMuchWork(Why.MANY_FAMILIES())
    proof = f"Pell's equation with {discriminant}: every class has a member within Nagell's bounds"
    return WholeSolutions((), tuple(families), proof)


def _unit(discriminant: int) -> WholePoint:
    """The least t + v√D > 1 of norm 1, by the continued fraction of √D."""
    root = isqrt(discriminant)
    m, q, a = 0, 1, root
    before, now = (1, 0), (root, 1)
    for _ in range(limits.MOST_RESIDUES):
        if now[0] ** 2 - discriminant * now[1] ** 2 == 1:
            return now
        m = a * q - m
        q = (discriminant - m * m) // q
        a = (root + m) // q
        before, now = now, (a * now[0] + before[0], a * now[1] + before[1])
    raise TooMuchWork(Why.LARGE_UNIT())


def _classes(discriminant: int, norm: int, t: int, v: int) -> list[WholePoint]:
    """A member of every class of ``w² - D·u² = N``: all others are ± it times a power of the unit t + v√D."""
    if norm > 0:
        low, high = 0, isqrt(norm * v * v // (2 * (t + 1))) + 1
    else:
        low, high = isqrt(-norm // discriminant), isqrt(-norm * (t + 1) // (2 * discriminant)) + 1
    if high - low > limits.MOST_TRIED:
        raise TooMuchWork(Why.PELL_BOUNDS())
    found: list[WholePoint] = []
    for u in range(low, high + 1):
        square = norm + discriminant * u * u
        if square < 0 or isqrt(square) ** 2 != square:
            continue
        for w in {isqrt(square), -isqrt(square)}:
            if not any(_are_associated((w, u), other, discriminant, norm) for other in found):
                found.append((w, u))
    return sorted(found, key=lambda pair: (abs(pair[0]), pair[1], -pair[0]))


def _are_associated(one: WholePoint, other: WholePoint, discriminant: int, norm: int) -> bool:
    """Whether the quotient of two numbers of the same norm is a whole number of norm 1."""
    (w, u), (p, q) = one, other
    return (w * p - discriminant * u * q) % norm == 0 and (u * p - w * q) % norm == 0


def _order(t: int, v: int, discriminant: int, modulus: int) -> int:
    """The least power of the unit that is 1 by a modulus."""
    w, u = t % modulus, v % modulus
    for power in count(1):
        if (w, u) == (1 % modulus, 0):
            return power
        if power > limits.MOST_RESIDUES:
            raise TooMuchWork(Why.UNIT_POWERS())
        w, u = (t * w + discriminant * v * u) % modulus, (v * w + t * u) % modulus
    raise AssertionError("count does not end")


def _orbits(w: int, u: int, t: int, v: int, order: int, frame: tuple[int, int, int, int, int]) -> Iterator[Orbit]:
    """The parts of ``(w + u√D)·(t + v√D)^k`` whose x and y are whole: whole residue classes of k."""
    members, powers = [], []
    power = (1, 0)
    for _ in range(order):
        members.append((w, u))
        powers.append(power)
        w, u = t * w + frame[3] * v * u, v * w + t * u
        power = t * power[0] + frame[3] * v * power[1], v * power[0] + t * power[1]
    powers.append(power)
    whole = {k for k, (one, other) in enumerate(members) if _point(one, other, frame) is not None}
    if whole:
        period = _period(whole, order)
        for k in sorted(whole):
            if k < period:
                yield Orbit(*members[k], *powers[period], frame)
