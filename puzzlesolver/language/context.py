"""What the helpers of the expression builder know of it: its names, what it gathers, and how it builds a part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from sympy import Expr

from puzzlesolver.language import tree
from puzzlesolver.language.arrays import ArrayFacts
from puzzlesolver.language.limits import MAX_SIZE
from puzzlesolver.language.names import Names
from puzzlesolver.language.scope import ElementUse, Gathered, Scope
from puzzlesolver.language.source import Span
from puzzlesolver.problem.functions import IsInteger, Requirement


class BuildContext(Protocol):
    """An expression builder, as its helpers see it; the methods are described there."""

    names: Names
    settings: Mapping[str, Expr]
    used: dict[str, Span]
    uses: list[ElementUse]
    gathered: Gathered
    cells: tuple[Expr, ...]
    arrays: dict[str, ArrayFacts]
    columns: frozenset[str]

    @property
    def is_integer(self) -> IsInteger: ...
    def build(self, node: tree.Expression | tree.Slice, scope: Scope) -> Expr: ...
    def value(self, name: str) -> Expr: ...
    def name(self, node: tree.Name, scope: Scope) -> Expr: ...
    def factors(self, node: tree.Expression) -> tuple[tree.Expression, ...]: ...
    def times(self, factors: list[Expr], span: Span) -> Expr: ...
    def check_size(self, expression: Expr, span: Span, most: int = MAX_SIZE) -> None: ...
    def gathering(self) -> Gathered: ...
    def require(
        self, requirements: Iterable[Requirement], scope: Scope, span: Span, broken: str, hint: str | None = None
    ) -> bool: ...
