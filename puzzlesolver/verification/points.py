"""A claimed point solution, put back: into the equations exactly, or its box examined by interval arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

from sympy import Add, Expr, Integer, Rational, Symbol

from puzzlesolver.problem import Domain, Equation, Origin
from puzzlesolver.verification.blocks import Block
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.claims import ClaimedValue, Decimal
from puzzlesolver.verification.entries import Entry
from puzzlesolver.verification.intervals import Interval, NoValue, Outside, spanning
from puzzlesolver.verification.newton import Finding, only_zero
from puzzlesolver.verification.places import Boxed, Place, Root
from puzzlesolver.verification.root_set import RootSet
from puzzlesolver.verification.statements import Statements
from puzzlesolver.verification.tape import NotOnTape, Tape
from puzzlesolver.verification.verdicts import Verdict

SMALL_RESIDUAL = 1e-6
"""A residual is small where it is no larger than this, relative to the sides of its equation."""


@dataclass(frozen=True, slots=True)
class Located:
    """The verdict on a point, why, and where it is, if that is known."""

    verdict: Verdict
    words: str
    place: Place | None = None


def locate(statements: Statements, blocks: Sequence[Block], entry: Entry, budget: Budget) -> Located:
    """Whether the point is a solution of the equations, the conditions and the domains."""
    if not entry.is_unconditional:
        return Located(Verdict.NOT_REPROVED, "a condition on a single point was not looked at")
    if any(s not in entry.values and not _value(entry, s).has_box for s in statements.symbols):
        return _numeric(statements, entry)
    parts: list[Boxed | Root] = []
    undecided: list[str] = []
    decided_by_count: set[Symbol] = set()
    for block in blocks:
        found = _locate_block(block, entry, budget)
        if isinstance(found, Located):
            if found.verdict is Verdict.FAILS:
                return found
            undecided.append(found.words)
            continue
        part, by_count = found
        if part is not None:
            parts.append(part)
        if by_count:
            decided_by_count |= set(block.symbols)
    if undecided:
        return Located(Verdict.NOT_REPROVED, undecided[0])
    place = Place({s: v for s, v in entry.values.items() if s in statements.symbols}, parts)
    failing = _exact_failure(statements, place, decided_by_count, undecided, budget)
    if failing is not None:
        return Located(Verdict.FAILS, failing)
    if undecided:
        return Located(Verdict.NOT_REPROVED, undecided[0], place)
    if place.is_exact:
        return Located(Verdict.HOLDS, "put back exactly into the equations, conditions and domains", place)
    return Located(Verdict.HOLDS, "the box holds exactly one solution (interval Newton method)", place)


def _value(entry: Entry, symbol: Symbol) -> ClaimedValue:
    return entry.claim.values[str(symbol.name)]


def words_of(origin: Origin) -> str:
    """A statement as the user wrote it."""
    where = f"line {origin.line}: " if origin.line else ""
    return f"{where}{origin.text[:80]}"


# --- closed forms -----------------------------------------------------------------------------------------------------


def _exact_failure(
    statements: Statements, place: Place, decided: set[Symbol], undecided: list[str], budget: Budget
) -> str | None:
    """The words of what the point breaks, None where it breaks nothing; `undecided` gets what was not decided."""
    for equation in statements.equations:
        budget.check()
        symbols = equation.residual.free_symbols
        if symbols <= place.exact.keys():
            failing = _equation_failure(equation, place, undecided, budget)
            if failing:
                return failing
    for condition in (*statements.relations(), *statements.bounds()):
        budget.check()
        symbols = condition.lhs.free_symbols | condition.rhs.free_symbols
        if symbols and symbols <= decided:
            continue
        verdict = place.keeps(condition, budget)
        if verdict is Verdict.FAILS:
            return f"breaks {condition.lhs} {condition.relation.value} {condition.rhs} ({words_of(condition.origin)})"
        if verdict is Verdict.NOT_REPROVED:
            undecided.append(f"{condition.lhs} {condition.relation.value} {condition.rhs} is not decided")
    for unknown in statements.unknowns:
        if unknown.symbol in decided:
            continue
        verdict = _is_in(unknown.domain, unknown.symbol, place, budget)
        if verdict is Verdict.FAILS:
            return f"{unknown.name} is outside its domain"
        if verdict is Verdict.NOT_REPROVED:
            undecided.append(f"whether {unknown.name} is in its domain is not decided")
    return None


def _equation_failure(equation: Equation, place: Place, undecided: list[str], budget: Budget) -> str | None:
    try:
        sign = place.sign(equation.residual, budget)
    except Outside:
        return f"{words_of(equation.origin)} is not defined there"
    if sign is None:
        undecided.append(f"{words_of(equation.origin)} is not decided exactly")
    return f"{words_of(equation.origin)} is not fulfilled" if sign else None


def _is_in(domain: Domain, symbol: Symbol, place: Place, budget: Budget) -> Verdict:
    """Whether a value is whole, or a member, where that is asked."""
    if domain.members is not None:
        candidates: Sequence[Expr] = domain.members
    elif domain.integer:
        try:
            whole = place.enclosure(symbol, 200).whole_numbers
        except NoValue:
            return Verdict.NOT_REPROVED
        if len(whole) > 2:
            return Verdict.NOT_REPROVED
        candidates = [Integer(n) for n in whole]
    else:
        return Verdict.HOLDS
    signs = [place.sign(symbol - candidate, budget) for candidate in candidates]
    if 0 in signs:
        return Verdict.HOLDS
    return Verdict.NOT_REPROVED if None in signs else Verdict.FAILS


# --- boxes ------------------------------------------------------------------------------------------------------------


def _locate_block(block: Block, entry: Entry, budget: Budget) -> Located | tuple[Boxed | Root | None, bool]:
    """Where the boxed unknowns of a block are, and whether conditions and domains are known to hold there."""
    boxed = [s for s in block.symbols if s not in entry.values]
    if not boxed:
        return None, False
    exact = {s: entry.values[s] for s in block.symbols if s in entry.values}
    placed = [equation.residual.xreplace(exact) for equation in block.statements.equations]
    residuals = [e for e in placed if e.free_symbols & set(boxed)]
    ends = [_ends(_value(entry, s)) for s in boxed]
    names = ", ".join(str(s) for s in boxed[:4])
    try:
        tape = Tape(residuals, boxed)
        zeros = only_zero(tape, ends, _precision(ends), budget)
        claimed = zip(zeros.box, ends, strict=True)
        if zeros.finding is Finding.ONE and all(low <= x.ends[0] and x.ends[1] <= high for x, (low, high) in claimed):
            return Boxed(tape, boxed, zeros.box, budget), False
        if zeros.finding is Finding.NONE:
            return Located(Verdict.FAILS, f"the box of {names} holds no solution")
    except NotOnTape:
        pass
    algebraic = block.algebraic(budget) if not exact else None
    if algebraic is not None:
        inside = [n for n in algebraic.solutions if _is_inside(algebraic.roots, n, boxed, ends)]
        if len(inside) == 1:
            return Root(algebraic.roots, inside[0], boxed), True
        return Located(Verdict.FAILS, f"the box of {names} holds {len(inside) or 'no'} solutions")
    return Located(Verdict.NOT_REPROVED, f"the box of {names} was not shown to hold exactly one solution")


def _ends(value: ClaimedValue) -> tuple[Fraction, Fraction]:
    assert value.low is not None and value.high is not None
    return value.low, value.high


def _is_inside(
    roots: RootSet, number: int, symbols: Sequence[Symbol], ends: Sequence[tuple[Fraction, Fraction]]
) -> bool:
    return all(
        roots.sign(s - Rational(low.numerator, low.denominator), number) >= 0
        and roots.sign(Rational(high.numerator, high.denominator) - s, number) >= 0
        for s, (low, high) in zip(symbols, ends, strict=True)
    )


def _precision(ends: Sequence[tuple[Fraction, Fraction]]) -> int:
    """Enough bits for the narrowest box, relative to its place."""
    bits = 60
    for low, high in ends:
        size = max(abs(low), abs(high))
        if high > low and size:
            ratio = size / (high - low)
            bits = max(bits, int(ratio).bit_length())
    return min(2 * bits + 40, 4000)


# --- floating-point numbers -------------------------------------------------------------------------------------------


def _numeric(statements: Statements, entry: Entry) -> Located:
    """Whether the residual at the decimals is small, which proves nothing."""
    values: dict[Symbol, Interval] = {}
    for symbol in statements.symbols:
        decimal = _value(entry, symbol).decimal
        if decimal is None:
            return Located(Verdict.NOT_REPROVED, f"{symbol} has no value")
        values[symbol] = spanning(decimal.value, decimal.value, 100)
    for equation in statements.equations:
        size = _relative_residual(equation, values)
        if size is not None and not size <= SMALL_RESIDUAL:
            return Located(Verdict.FAILS, f"{words_of(equation.origin)} is far from fulfilled")
    for unknown in statements.unknowns:
        if not _is_near(unknown.domain, values[unknown.symbol].ends[0]):
            return Located(Verdict.FAILS, f"{unknown.name} is far from its domain")
    return Located(Verdict.NOT_REPROVED, "the residual is small; nothing is proved")


def _is_near(domain: Domain, number: Fraction) -> bool:
    """Whether a number is near to a whole one, or a rational member, where that is asked."""
    if domain.members is not None:
        members = [Fraction(int(m.p), int(m.q)) for m in domain.members if isinstance(m, Rational)]
        return len(members) < len(domain.members) or any(_are_near(m, number) for m in members)
    return not domain.integer or _are_near(Fraction(round(number)), number)


def _are_near(one: Fraction, other: Fraction) -> bool:
    return abs(one - other) <= SMALL_RESIDUAL * (1 + abs(one))


def _relative_residual(equation: Equation, values: dict[Symbol, Interval]) -> float | None:
    symbols = sorted(equation.residual.free_symbols & values.keys(), key=str)
    terms = [equation.residual, *Add.make_args(equation.lhs), *Add.make_args(equation.rhs)]
    try:
        found = Tape(terms, symbols).forward([values[s] for s in symbols], 100).outputs
    except NoValue:
        return None
    sizes = [float(x.largest) for x in found]
    return sizes[0] / (1.0 + sum(sizes[1:])) if all(map(isfinite, sizes)) else None


# --- decimals ---------------------------------------------------------------------------------------------------------


def decimal_verdict(place: Place, symbol: Symbol, decimal: Decimal) -> Verdict:
    """Whether every printed digit is right; of a box, that its last one is by half a unit at most off."""
    exact = place.exact.get(symbol)
    if isinstance(exact, Rational):
        value = Fraction(int(exact.p), int(exact.q))
        return decimal.agrees(value, value)
    agrees = decimal.is_near if exact is None else decimal.agrees
    precision = 80 + 4 * len(decimal.text)
    for _ in range(3):
        try:
            found = place.enclosure(symbol, precision)
        except NoValue:
            break
        verdict = agrees(*found.ends) if found.is_bounded else Verdict.NOT_REPROVED
        if verdict is not Verdict.NOT_REPROVED:
            return verdict
        precision *= 2
    return Verdict.NOT_REPROVED
