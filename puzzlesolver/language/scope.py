"""What the names mean at one place of the text, and what lowering it has gathered on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sympy import Expr, Indexed, Symbol

from puzzlesolver.language.source import Span
from puzzlesolver.problem import Condition, Index
from puzzlesolver.problem.functions import Requirement


class NotATemplate(Exception):
    """A statement under `for` means something else for every index, so it has to be written out."""


@dataclass(frozen=True, slots=True)
class IndexBounds:
    """The symbolic indices in force, and the conditions on them."""

    indices: tuple[Index, ...] = ()
    where: tuple[Condition, ...] = ()

    @property
    def symbols(self) -> frozenset[Symbol]:
        return frozenset(index.symbol for index in self.indices)


@dataclass(frozen=True, slots=True)
class ElementUse:
    """An array element somewhere in the text, under the bounds of its symbolic indices."""

    element: Indexed
    bounds: IndexBounds
    span: Span


@dataclass(frozen=True, slots=True)
class Scope:
    """The meanings of names that hold here and not everywhere.

    `local` are bound names (indices, a function's parameters) with their values. The names of `kept` stay symbols
    although `let` gives them a value; those of `expanded` stand for their definitions in such symbols. Inside a fit
    `columns` are the data's names. `asking` tells that a derivative at the values of `let` is to stay unevaluated,
    `infinity` that ``oo`` is a value here, and `calls` which functions are being expanded.
    """

    local: Mapping[str, Expr] = field(default_factory=dict)
    bounds: IndexBounds = IndexBounds()
    kept: frozenset[str] = frozenset()
    expanded: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    asking: bool = False
    infinity: bool = False
    calls: tuple[str, ...] = ()

    def binding(self, values: Mapping[str, Expr]) -> Scope:
        """The same scope with some more bound names."""
        return replace(self, local={**self.local, **values})

    @property
    def plain(self) -> Scope:
        """The same scope where derivatives are evaluated: for what has to be a number."""
        return replace(self, asking=False) if self.asking else self


GLOBAL = Scope()
"""Where nothing is bound."""


@dataclass(slots=True)
class Gathered:
    """The requirements of one statement, in the order of the text, each once."""

    requirements: dict[Requirement, Span] = field(default_factory=dict)
