"""A solution that a list lacks, found by putting numbers in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, permutations, product

from sympy import Expr, Rational, Symbol

from puzzlesolver.problem import Condition, Equation
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.constants import sign_of
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.intervals import NoValue, Number, Outside
from puzzlesolver.verification.shapes import affine_in, rational, to_sympy
from puzzlesolver.verification.statements import Statements, fulfils
from puzzlesolver.verification.tape import enclosure
from puzzlesolver.verification.trials import solves, trials_of

SMALL = (0, 1, -1, 2, Fraction(1, 2), 3, -2, 5, 4, -3, -5, -4, 6, 7, 8, 9, 10)
MOST_TRIED = 400
PRECISION = 200
MOST_NUMBERS = 24
"""Of those in the statements."""

Point = Mapping[Symbol, Number]


def missing_point(
    statements: Statements, points: Iterable[Point], entries: Sequence[Entry], budget: Budget
) -> str | None:
    """The words of one of the points that is proved to be a solution and to be in none of the entries, else None."""
    trials = trials_of(statements, statements.bounds())
    for point in islice(points, MOST_TRIED):
        budget.check()
        if solves(trials, statements.unknowns, point, budget) and all(_lacks(e, point, budget) for e in entries):
            shown = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
            return f"{shown[:200]} is a solution and not in the list"
    return None


def candidates(statements: Statements, entries: Sequence[Entry], names: Sequence[Symbol]) -> Iterator[Point]:
    """The points listed, with coordinates exchanged or of the other sign; the statements' numbers; small ones."""
    symbols = (*statements.symbols, *names)
    for entry in entries[:MOST_TRIED]:
        values = [entry.values.get(symbol) for symbol in symbols]
        own = [rational(value) for value in values if isinstance(value, Rational)]
        if len(own) == len(symbols):
            for order in islice(permutations(own), 6):
                for signs in islice(product((1, -1), repeat=len(own)), 8):
                    yield dict(zip(symbols, (s * v for s, v in zip(signs, order, strict=True)), strict=True))
    items: list[Equation | Condition] = [*statements.equations, *statements.relations(), *statements.bounds()]
    spoken: set[Rational] = set()
    for item in items:
        spoken |= (item.lhs - item.rhs).atoms(Rational)
    for values_at in combinations(
        len(symbols), [rational(number) for number in sorted(spoken, key=str)[:MOST_NUMBERS]]
    ):
        yield dict(zip(symbols, values_at, strict=True))


def combinations(size: int, more: Sequence[Number] = ()) -> Iterator[tuple[Number, ...]]:
    """Small numbers in all combinations, as many numbers as leave these bearably few; and `more` of one number."""
    count = next(n for n in range(len(SMALL), 0, -1) if n == 1 or n**size <= MOST_TRIED)
    yield from product(SMALL[:count] if size > 1 else dict.fromkeys((*SMALL, *more)), repeat=size)
    for j in range(size if count < 3 else 0):
        yield tuple(int(i == j) for i in range(size))


def _lacks(entry: Entry, point: Point, budget: Budget) -> bool:
    """Whether a point is proved not to be in an entry."""
    at = {symbol: to_sympy(value) for symbol, value in point.items()}
    known: dict[Symbol, Expr] = {name: at[name] for name in entry.names if name in at}
    try:
        left = [*entry.free, *entry.whole]
        while left:
            found = {t: value for t in left if (value := _parameter(t, entry, at, known, budget)) is not None}
            if not found:
                return False
            if any(t in entry.whole and not _may_be_whole(value) for t, value in found.items()):
                return True
            known |= found
            left = [t for t in left if t not in found]
        for symbol, value in entry.values.items():
            if symbol in at and sign_of(value.xreplace(known) - at[symbol], budget):
                return True
        for symbol, number in point.items():
            claim = entry.claim.values.get(str(symbol.name))
            if symbol not in entry.values and claim is not None and claim.low is not None and claim.high is not None:
                if not claim.low <= number <= claim.high:
                    return True
        if any(sign_of(zero.xreplace(known), budget) for zero in entry.equalities):
            return True
        signs = [(sign_of((c.rhs - c.lhs).xreplace(known), budget), c.relation) for c in entry.conditions]
        return any(sign is not None and not fulfils(sign, relation) for sign, relation in signs)
    except Outside:
        return True  # the entry has no values there


def _may_be_whole(value: Expr) -> bool:
    try:
        return bool(enclosure(value, PRECISION).whole_numbers)
    except NoValue:
        return True


def _parameter(
    t: Symbol, entry: Entry, at: Mapping[Symbol, Expr], known: Mapping[Symbol, Expr], budget: Budget
) -> Expr | None:
    """The only value of a parameter that gives the point one of its coordinates; None where that is not plain."""
    for symbol, value in sorted(entry.values.items(), key=lambda item: item[1] != t):
        placed = value.xreplace(dict(known))
        if symbol in at and placed.free_symbols == {t}:
            form = affine_in(placed, t)
            if form is not None and sign_of(form[0], budget):
                return (at[symbol] - form[1]) / form[0]
    return None
