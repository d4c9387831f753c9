"""What one line says of many pairs of unknowns, as one step for each value that is found: queens that do not attack.

In: the rules of the pairs. Out: a `PairsRule`. Once one of a pair has its value, the other loses what goes with it; all
that one value rules out by one line is told at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Symbol

from puzzlesolver.deduction.arithmetic import Number
from puzzlesolver.deduction.rules import STATEMENT, Deduction, StatementRule, change_of
from puzzlesolver.deduction.steps import Domains
from puzzlesolver.deduction.words import all_told, known
from puzzlesolver.problem import Origin


@dataclass(frozen=True, slots=True)
class PairsRule:
    """The pairs of a line, each with its own rule."""

    number: int
    origin: Origin
    text: str
    pairs: tuple[StatementRule, ...]

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """All the unknowns, each once."""
        return tuple(dict.fromkeys(symbol for pair in self.pairs for symbol in pair.symbols))

    def deductions(self, domains: Domains) -> Iterator[Deduction]:
        """One for every unknown of a known value that rules something out; a contradiction by itself."""
        ruled_out: dict[Symbol, dict[Symbol, tuple[Number, ...]]] = {}
        for pair in self.pairs:
            fixed = [symbol for symbol in pair.symbols if len(domains[symbol]) == 1]
            for found in pair.deductions(domains) if fixed else ():
                if not found.changes:
                    yield Deduction((self.number, found.text), found.origins, found.text, {}, found.effort)
                changes = ruled_out.setdefault(fixed[0], {})
                for symbol, left in found.changes.items():
                    before = changes.get(symbol, domains[symbol])
                    changes[symbol] = tuple(value for value in before if value in left)
        for symbol, changes in ruled_out.items():
            if changes and all(changes.values()):
                told = all_told([change_of(other, domains[other], left) for other, left in changes.items()])
                text = f"{self.text}{known({str(symbol.name): domains[symbol][0]})}, so {told}"
                effort = (STATEMENT, len(changes), len(changes))
                yield Deduction((self.number, str(symbol.name)), (self.origin,), text, changes, effort)
