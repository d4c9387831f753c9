"""The values that are still possible, and what goes without saying: of unknowns that differ, no two have one value.

A `Board` changes as steps are taken; a `Step` keeps what changed. An unknown is announced once a step has said its
value, and only then no other one can have it: a value that is merely left over is worth a step of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sympy import Symbol

from puzzlesolver.deduction.arithmetic import Number
from puzzlesolver.deduction.different import DifferentRule
from puzzlesolver.deduction.rules import ONLY_VALUE, Deduction, Rule, change_of
from puzzlesolver.deduction.steps import Change, Domains, Step


class Board:
    """What is still possible for every unknown. `rules` give the steps, of which `groups` say which ones differ."""

    def __init__(self, domains: Domains, rules: Sequence[Rule], groups: Sequence[DifferentRule]) -> None:
        self.domains = dict(domains)
        self.rules = rules
        self.groups = groups
        self.is_impossible = not all(domains.values())
        self._announced: set[Symbol] = set()
        self._excluded: dict[Symbol, dict[Number, list[DifferentRule]]] = {}
        self._said: dict[tuple[int, tuple[tuple[Number, ...], ...]], tuple[Deduction, ...]] = {}

    def copy(self) -> Board:
        """A board on which something can be supposed."""
        other = Board(self.domains, self.rules, self.groups)
        other._announced = set(self._announced)
        other._said = self._said
        other._excluded = {symbol: dict(some) for symbol, some in self._excluded.items()}
        return other

    @property
    def is_solved(self) -> bool:
        """Whether every unknown has its value, and a step has said so."""
        return not self.is_impossible and self.open_count == 0

    @property
    def open_count(self) -> int:
        """How many unknowns have no announced value."""
        return len(self.domains) - len(self._announced)

    # --- taking steps -------------------------------------------------------------------------------------------------

    def take(self, deduction: Deduction) -> Step:
        """Do what a deduction says."""
        changes = self.narrow(deduction.changes)
        excluded = self.announce(deduction.changes)
        if not deduction.changes:
            self.is_impossible = True
        return Step(deduction.origins, deduction.text, changes, excluded)

    def narrow(self, left: Mapping[Symbol, tuple[Number, ...]]) -> tuple[Change, ...]:
        """Keep these values alone."""
        changes = tuple(change_of(symbol, self.domains[symbol], kept) for symbol, kept in left.items())
        self.domains.update(left)
        return changes

    def announce(self, symbols: Iterable[Symbol]) -> tuple[Change, ...]:
        """The values of those that have one are taken: what they take from others."""
        before = dict(self.domains)
        for symbol in symbols:
            if len(self.domains[symbol]) == 1 and symbol not in self._announced:
                self._announced.add(symbol)
                self._exclude(symbol)
        return tuple(
            change_of(symbol, before[symbol], left)
            for symbol, left in self.domains.items()
            if len(left) < len(before[symbol])
        )

    def _exclude(self, symbol: Symbol) -> None:
        value = self.domains[symbol][0] if self.domains[symbol] else None
        for group in self.groups:
            if value is None or symbol not in group.symbols:
                continue
            for other in group.symbols:
                if other == symbol:
                    continue
                reasons = self._excluded.setdefault(other, {})
                if value in self.domains[other]:
                    self.domains[other] = tuple(one for one in self.domains[other] if one != value)
                    reasons[value] = [group]
                elif value in reasons:
                    reasons[value] = [*reasons[value], group]

    # --- finding them -------------------------------------------------------------------------------------------------

    def deductions(self) -> Iterable[Deduction]:
        """Everything that can be said now."""
        for symbol, left in self.domains.items():
            if len(left) < 2 and symbol not in self._announced:
                yield self._only_value(symbol)
        for number in range(len(self.rules)):
            yield from self._deductions(number)

    def deductions_of(self, key: tuple[int, str]) -> Iterable[Deduction]:
        """What the rule of a key can say now."""
        number, name = key
        if number >= 0:
            return self._deductions(number)
        waiting = [symbol for symbol in self.domains if symbol.name == name and symbol not in self._announced]
        return [self._only_value(symbol) for symbol in waiting if len(self.domains[symbol]) < 2]

    def _deductions(self, number: int) -> tuple[Deduction, ...]:
        """What a rule says, which depends on the values of its unknowns alone."""
        rule = self.rules[number]
        key = number, tuple(self.domains[symbol] for symbol in rule.symbols)
        if key not in self._said:
            self._said[key] = tuple(rule.deductions(self.domains))
        return self._said[key]

    def _only_value(self, symbol: Symbol) -> Deduction:
        """The value that is left when those of the others are taken, or that none is."""
        left = self.domains[symbol]
        used = self._few_groups(symbol)
        origins = tuple(dict.fromkeys(group.origin for group in used))
        said = f"only {left[0]} is left for {symbol.name}" if left else f"no value is left for {symbol.name}"
        texts = dict.fromkeys([*(group.text for group in used[:1]), *(group.short for group in used[1:])])
        text = f"{', '.join(texts)}: {said}" if used else said
        return Deduction((-1, str(symbol.name)), origins, text, {symbol: left} if left else {}, (ONLY_VALUE, 0, 0))

    def _few_groups(self, symbol: Symbol) -> list[DifferentRule]:
        """Few lines that together account for the values which others have taken: the most useful one first."""
        reasons = {value: list(groups) for value, groups in self._excluded.get(symbol, {}).items()}
        chosen: list[DifferentRule] = []
        while reasons:
            counts: dict[int, int] = {}
            for groups in reasons.values():
                for group in groups:
                    counts[group.number] = counts.get(group.number, 0) + 1
            best = max(sorted(counts), key=lambda number: counts[number])
            chosen.append(next(group for groups in reasons.values() for group in groups if group.number == best))
            reasons = {value: groups for value, groups in reasons.items() if chosen[-1] not in groups}
        return sorted(chosen, key=lambda group: group.number)
