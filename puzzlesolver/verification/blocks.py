"""Statements in independent blocks, which share no unknown, and what is known of each block's solutions."""

from __future__ import annotations

from sympy import Symbol

from puzzlesolver.problem import AllDifferent, Unknown
from puzzlesolver.verification.algebra import Algebraic, NotPolynomial
from puzzlesolver.verification.budget import Budget, OutOfTime
from puzzlesolver.verification.intervals import NoValue
from puzzlesolver.verification.newton import inflated, is_injective
from puzzlesolver.verification.places import Place
from puzzlesolver.verification.root_set import NotFinite, TooHard
from puzzlesolver.verification.statements import Item, Statements
from puzzlesolver.verification.tape import Tape

MOST_UNKNOWNS = 9
"""Of a polynomial system whose roots are worked out."""
SHARE = 0.6
"""Of the time left that working them out may take."""

PRECISION = 160


class Block:
    """Statements that belong together."""

    def __init__(self, statements: Statements) -> None:
        self.statements = statements
        self._algebraic: Algebraic | None = None
        self._tried = False

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        return self.statements.symbols

    @property
    def has_other_names(self) -> bool:
        """Whether names that are no unknowns stand in the statements."""
        return any(not _symbols(item) <= set(self.symbols) for item in self.statements.items)

    def algebraic(self, budget: Budget) -> Algebraic | None:
        """All real solutions as roots of a polynomial system, worked out once; None where that does not succeed."""
        if not self._tried:
            self._tried = True
            if len(self.symbols) <= MOST_UNKNOWNS and self.statements.equations:
                try:
                    self._algebraic = Algebraic(self.statements, budget.share(SHARE))
                except (NotPolynomial, NotFinite, TooHard):
                    self._algebraic = None
                except OutOfTime:
                    budget.check()
        return self._algebraic

    def multiplicity(self, place: Place, budget: Budget) -> int | None:
        """How often a solution counts: once where the Jacobian is regular, else as a root of the polynomial system."""
        try:
            box = [place.enclosure(symbol, PRECISION) for symbol in self.symbols]
            tape = Tape([equation.residual for equation in self.statements.equations], self.symbols)
        except NoValue:
            return None
        is_square = len(tape.outputs) == len(box) and all(x.is_bounded for x in box)
        if is_square and is_injective(tape, inflated(box, PRECISION, 0), PRECISION):
            return 1
        found = self.algebraic(budget)
        if found is None:
            return None
        at = dict(zip(self.symbols, box, strict=True))
        near = [number for number in found.solutions if found.is_near(number, at, PRECISION)]
        return found.roots.multiplicity(near[0]) if len(near) == 1 else None


def blocks_of(statements: Statements) -> tuple[tuple[Block, ...], Statements]:
    """The blocks in the order of their first unknowns, and the statements that hold no unknown."""
    items = statements.items
    own = set(statements.symbols)
    used = [_symbols(item) & own for item in items]
    group: dict[Symbol, set[Symbol]] = {symbol: {symbol} for symbol in statements.symbols}
    for symbols in used:
        groups = {id(group[symbol]): group[symbol] for symbol in symbols}
        largest = max(groups.values(), key=len, default=set())
        for other in groups.values():
            if other is not largest:
                largest |= other
                group.update(dict.fromkeys(other, largest))
    parts: dict[int, tuple[list[Unknown], list[Item]]] = {}
    for unknown in statements.unknowns:
        parts.setdefault(id(group[unknown.symbol]), ([], []))[0].append(unknown)
    for item, symbols in zip(items, used, strict=True):
        if symbols:
            parts[id(group[next(iter(symbols))])][1].append(item)
    constant = Statements.of((), [item for item, symbols in zip(items, used, strict=True) if not symbols])
    return tuple(Block(Statements.of(tuple(unknowns), own_items)) for unknowns, own_items in parts.values()), constant


def _symbols(item: Item) -> set[Symbol]:
    if isinstance(item, AllDifferent):
        return {symbol for member in item.members for symbol in member.free_symbols}
    found: set[Symbol] = item.lhs.free_symbols | item.rhs.free_symbols
    for condition in item.defined:
        found |= condition.lhs.free_symbols | condition.rhs.free_symbols
    return found
