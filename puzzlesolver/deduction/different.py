"""What `all different` rules out: a value has one place left, or a few unknowns share as many values.

In: an `AllDifferent`. Out: a `DifferentRule`. That a value which is taken is no other's is not among its deductions:
it goes without saying, see `puzzlesolver.deduction.board`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from sympy import Symbol

from puzzlesolver.deduction.arithmetic import Number
from puzzlesolver.deduction.rules import GROUP, ONLY_PLACE, Deduction, change_of
from puzzlesolver.deduction.steps import Domains
from puzzlesolver.deduction.words import all_told, either, listed
from puzzlesolver.problem import Origin

ALL_DIFFERENT = "all different: "

LARGEST_GROUP = 3  # Unknowns that are seen to share their values.
MOST_GROUPED = 20  # Unknowns with few values among which such groups are looked for.


@dataclass(frozen=True, slots=True)
class DifferentRule:
    """Unknowns of different values; `text` is the line's, or what it says of these."""

    number: int
    origin: Origin
    text: str
    symbols: tuple[Symbol, ...]

    @property
    def short(self) -> str:
        """What it says, behind another that is said to be all different."""
        return self.text.removeprefix(ALL_DIFFERENT)

    def deductions(self, domains: Domains) -> Iterator[Deduction]:
        """The only place of a value, where every value must be used; then groups that share their values."""
        values = sorted({value for symbol in self.symbols for value in domains[symbol]})
        if len(values) < len(self.symbols):
            text = f"{self.text}: {len(self.symbols)} unknowns, and only {len(values)} values left for them"
            yield self._deduction(f"{values}", text, {}, ONLY_PLACE, len(values))
            return
        if len(values) == len(self.symbols):
            yield from self._only_places(domains, values)
        yield from self._groups(domains)

    def _only_places(self, domains: Domains, values: list[Number]) -> Iterator[Deduction]:
        for value in values:
            places = [symbol for symbol in self.symbols if value in domains[symbol]]
            if len(places) == 1 and len(domains[places[0]]) > 1:
                text = f"{self.text}: {value} can only stand in {places[0].name}"
                yield self._deduction(f"={value}", text, {places[0]: (value,)}, ONLY_PLACE, len(domains[places[0]]))

    def _groups(self, domains: Domains) -> Iterator[Deduction]:
        open_ones = [symbol for symbol in self.symbols if len(domains[symbol]) > 1]
        for size in range(2, LARGEST_GROUP + 1):
            small = [symbol for symbol in open_ones if len(domains[symbol]) <= size]
            for group in combinations(small[:MOST_GROUPED], size):
                shared = {value for symbol in group for value in domains[symbol]}
                if len(shared) <= size < len(open_ones):
                    yield from self._apart_from(group, sorted(shared), domains)

    def _apart_from(self, group: tuple[Symbol, ...], shared: list[Number], domains: Domains) -> Iterator[Deduction]:
        names = listed([str(symbol.name) for symbol in group], "and")
        if len(shared) < len(group):
            text = f"{self.text}: {names} have only {either(shared)} left"
            yield self._deduction(names, text, {}, GROUP, len(group))
            return
        changes = {}
        for symbol in self.symbols:
            if symbol not in group:
                left = tuple(value for value in domains[symbol] if value not in shared)
                if len(left) < len(domains[symbol]):
                    changes[symbol] = left
        if all(changes.values()) and changes:
            told = all_told([change_of(symbol, domains[symbol], left) for symbol, left in changes.items()])
            values = listed([str(value) for value in shared], "and")
            text = f"{self.text}: {names} take {values}, so {told}"
            yield self._deduction(names, text, changes, GROUP, len(group))
        elif changes:
            empty = next(symbol for symbol, left in changes.items() if not left)
            values = listed([str(value) for value in shared], "and")
            text = f"{self.text}: {names} take {values}, and no value is left for {empty.name}"
            yield self._deduction(names, text, {}, GROUP, len(group))

    def _deduction(
        self, key: str, text: str, changes: dict[Symbol, tuple[Number, ...]], kind: int, size: int
    ) -> Deduction:
        return Deduction((self.number, key), (self.origin,), text, changes, (kind, size, 0))
