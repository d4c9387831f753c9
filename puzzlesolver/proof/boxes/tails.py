"""Beyond which number is a function of one unknown never zero? Proofs for the unbounded ends of the line.

In: an expression f in one symbol t, and a number M > 0. Out: whether f(t) = 0 is proved impossible for all t >= M.
The proofs: f's enclosure over [M, oo] excludes zero; or f is a product whose factors are never zero; or one term of f
outweighs the sum of the others there. That a term decreases relative to another is proved by the sign of the
logarithmic derivative of their quotient, which is again a question of this kind, for a simpler function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from flint import arb
from sympy import (
    Abs,
    Add,
    Expr,
    Integer,
    Max,
    Min,
    Mul,
    Pow,
    S,
    Symbol,
    atan,
    cancel,
    cos,
    cosh,
    diff,
    erf,
    expand,
    expand_mul,
    factor,
    log,
    sin,
    sinh,
    tanh,
)
from sympy import exp as exponential

from puzzlesolver.arithmetic.balls import compile_balls, working_precision
from puzzlesolver.arithmetic.dag import Dag
from puzzlesolver.arithmetic.program import Program

T = Symbol("t", positive=True)
"""The symbol of the expressions here; it stands for x, or for -x, far out."""

MARKS = tuple(2**k for k in (*range(0, 21, 2), 26, 32, 40))
"""Where the ends are tried to begin."""

SMOOTH: tuple[type[Expr], ...] = (exponential, sin, cos, sinh, cosh, tanh, atan, erf)
CONTINUOUS: tuple[type[Expr], ...] = (*SMOOTH, Abs, Min, Max)
"""Functions that are differentiable, or at least continuous, on the whole line."""

DEEPEST = 3
MOST_TERMS = 40
PRECISION = 80


def last_possible_zero(expression: Expr, minimum: Fraction = Fraction(0)) -> Fraction | None:
    """The least of the `MARKS`, not below `minimum`, from which on `expression` (in `T`) is proved to have no zero."""
    expression = unfolded(expression)
    for mark in MARKS:
        if mark >= minimum and never_zero(expression, mark):
            return Fraction(mark)
    return None


def unfolded(expression: Expr) -> Expr:
    """Hyperbolic sines and cosines as exponentials, whose growth is compared."""
    return expression.replace(lambda e: isinstance(e, (sinh, cosh)), lambda e: e.rewrite(exponential))


def never_zero(expression: Expr, mark: int, depth: int = 0) -> bool:
    """Whether it is proved that no t >= mark makes `expression` zero."""
    if expression.is_number:
        return _positive_number(abs(expression))
    low, high = enclosure(expression, mark)
    if low > 0 or high < 0 or low > high:
        return True
    if isinstance(expression, exponential):
        return True
    if expression.is_Mul:
        return all(never_zero(factor, mark, depth) for factor in expression.args)
    if isinstance(expression, Pow):
        if expression.base.is_number and expression.base.is_positive:
            return True
        if expression.exp.is_number:
            return bool(expression.exp.is_negative) or never_zero(expression.base, mark, depth)
        return False
    terms = Add.make_args(expand_mul(expression))
    if len(terms) == 1:
        return expression != terms[0] and never_zero(terms[0], mark, depth)
    return depth < DEEPEST and len(terms) <= MOST_TERMS and _outweighed(terms, mark, depth)


def positive(expression: Expr, mark: int, depth: int = 0) -> bool:
    """Whether `expression` is proved positive from `mark` on: by its bounds, or at `mark`, without jumps and zeros."""
    low, high = enclosure(expression, mark)
    if low > 0 or high <= 0:
        return bool(0 < low <= high)
    if not _positive_at(expression, mark) or not is_continuous(expression, mark, depth):
        return False
    return never_zero(expression, mark, depth)


def enclosure(expression: Expr, mark: int) -> tuple[float, float]:
    """Bounds of the values over [mark, oo]; the lower above the upper where nothing is defined."""
    program = _program(expression)
    with np.errstate(all="ignore"):
        lows, highs, dead = program.forward(np.array([[float(mark)]]), np.array([[np.inf]]))
    row = program.outputs[0]
    return (1.0, -1.0) if dead[0] else (float(lows[row, 0]), float(highs[row, 0]))


@lru_cache(maxsize=512)
def _program(expression: Expr) -> Program:
    dag = Dag((T,))
    return Program(dag, [dag.add(expression)])


# --- one term against the others --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Growth:
    """The size of a term: ``|constant| * exp(exponent) * product(|base|**power) * product(|bounded|**power)``."""

    constant: Expr
    exponent: Expr
    powers: tuple[tuple[Expr, Expr], ...]
    bounded: tuple[tuple[Expr, Expr], ...]


def _outweighed(terms: Sequence[Expr], mark: int, depth: int) -> bool:
    """Whether some term is larger than the sum of the others, in absolute value, from `mark` on."""
    growths = [_growth(term) for term in terms]
    sizes = [_size_at(term, mark) for term in terms]
    for chosen in sorted(range(len(terms)), key=lambda k: -sizes[k])[:2]:
        largest = growths[chosen]
        if largest is None or not all(never_zero(base, mark, depth + 1) for base, _ in largest.powers):
            continue
        total = arb(0)
        for k, growth in enumerate(growths):
            if k != chosen:
                ratio = None if growth is None else _largest_ratio(growth, largest, mark, depth)
                if ratio is None:
                    break
                total += ratio
        else:
            if total < 1:
                return True
    return False


@lru_cache(maxsize=512)
def _growth(term: Expr) -> _Growth | None:
    constant: Expr = S.One
    exponent: Expr = S.Zero
    powers: dict[Expr, Expr] = {}
    bounded: list[tuple[Expr, Expr]] = []
    for part in Mul.make_args(term):
        base, power = part.as_base_exp()
        if part.is_number:
            constant *= part
        elif base.is_number:
            if not base.is_positive:
                return None
            exponent += power * log(base)
        elif not power.is_number:
            exponent += power * log(base)
        elif base.is_polynomial(T) or base == log(T):
            powers[base] = powers.get(base, S.Zero) + power
        else:
            bounded.append((base, power))
    return _Growth(constant, exponent, tuple(powers.items()), tuple(bounded))


def _largest_ratio(small: _Growth, large: _Growth, mark: int, depth: int) -> arb | None:
    """An upper bound of |small/large| from `mark` on: its value there, if its logarithm does not rise."""
    logarithm, slope = _log_ratio(small, large)
    if not is_continuous(logarithm, mark, depth, SMOOTH) or not _never_positive(slope, mark, depth):
        return None
    with working_precision(PRECISION):
        (value,) = compile_balls((small.constant / large.constant * exponential(logarithm.subs(T, mark)),), ())([])
        bound = arb(abs(value).upper())
        for factors, inverse in ((small.bounded, False), (large.bounded, True)):
            for base, power in factors:
                low, high = enclosure(abs(base) ** (-power if inverse else power), mark)
                if not 0 <= high < np.inf or low > high:
                    return None
                bound *= arb(high)
        return bound.upper() if bound.is_finite() else None


@lru_cache(maxsize=512)
def _log_ratio(small: _Growth, large: _Growth) -> tuple[Expr, Expr]:
    """The logarithm of a quotient's unbounded part, bases taken as positive, and its derivative."""
    powers = dict(small.powers)
    for base, power in large.powers:
        powers[base] = powers.get(base, S.Zero) - power
    logarithm = small.exponent - large.exponent + sum((p * log(abs(b)) for b, p in powers.items()), Integer(0))
    slope = diff(small.exponent - large.exponent, T)
    slope += sum((p * diff(b, T) / b for b, p in powers.items()), Integer(0))
    return logarithm, factor(cancel(slope)) if slope.is_rational_function(T) else expand(slope)


def _never_positive(slope: Expr, mark: int, depth: int) -> bool:
    if slope == 0:
        return True
    if enclosure(slope, mark)[1] <= 0:
        return True
    return depth < DEEPEST and is_continuous(slope, mark, depth, SMOOTH) and positive(-slope, mark, depth + 1)


def is_continuous(e: Expr, mark: int, depth: int = 0, functions: tuple[type[Expr], ...] = CONTINUOUS) -> bool:
    """Whether it is proved that an expression is defined and continuous for all t >= mark; differentiable, too, where
    all the `functions` allowed in it are: the others are powers and logarithms of what is not zero there."""
    if e.is_number or e == T:
        return True
    if e.is_Add or e.is_Mul or isinstance(e, functions):
        return all(is_continuous(arg, mark, depth, functions) for arg in e.args)
    if isinstance(e, log):
        inner, allows = e.args[0], positive
        if inner.func is Abs:
            inner, allows = inner.args[0], never_zero
        return is_continuous(inner, mark, depth, functions) and allows(inner, mark, depth + 1)
    if not isinstance(e, Pow):
        return False
    base, power = e.args
    if not is_continuous(base, mark, depth, functions):
        return False
    if power.is_Integer:
        return bool(power.is_positive) or never_zero(base, mark, depth + 1)
    return is_continuous(power, mark, depth, functions) and positive(base, mark, depth + 1)


def _positive_number(value: Expr) -> bool:
    with working_precision(PRECISION):
        (ball,) = compile_balls((value,), ())([])
        return bool(ball > 0)


def _positive_at(expression: Expr, mark: int) -> bool:
    """The same of a value at `mark`; SymPy is not to write out 2**mark."""
    with working_precision(PRECISION):
        (ball,) = compile_balls((expression,), (T,))([arb(mark)])
        return bool(ball > 0)


def _size_at(term: Expr, mark: int) -> float:
    """How large a term is near `mark`, a guide only."""
    with working_precision(PRECISION):
        (ball,) = compile_balls((term,), (T,))([arb(mark) * 2])
        size = abs(ball).mid()
        return float(size.log()) if ball.is_finite() and size > 0 else -np.inf
