"""The syntax tree: a `Puzzle` as it was written, every node with its place.

Nothing is decided here: `a(b)` is an `Apply` whatever `a` turns out to be, and `x` is a `Name`. Sums, products and
towers of powers are flat tuples, so that the tree is no deeper than the writer's brackets are nested.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from puzzlesolver.language.source import BlockLine, Span

if TYPE_CHECKING:
    from puzzlesolver.language.cryptarithms.cryptarithm import Cryptarithm
    from puzzlesolver.language.grids.grid import Grid


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, as written."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """``?``: the value that is asked for."""

    span: Span


@dataclass(frozen=True, slots=True)
class Slice:
    """``low..high``, both included: inside an index, of names, or of numbers."""

    span: Span
    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True)
class Element:
    """``x[i, 1..3]``."""

    span: Span
    name: Name
    indices: tuple[Expression | Slice, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms, each with whether it is taken away."""

    span: Span
    terms: tuple[tuple[bool, Expression], ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Factors, each with the operator before it: ``*``, ``/`` or ``mod`` (the first has ``*``)."""

    span: Span
    factors: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Juxtaposition:
    """Factors with nothing between them."""

    span: Span
    factors: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    span: Span
    operand: Expression


@dataclass(frozen=True, slots=True)
class Power:
    span: Span
    base: Expression
    exponent: Expression


@dataclass(frozen=True, slots=True)
class Group:
    """``( … )``."""

    span: Span
    operand: Expression


@dataclass(frozen=True, slots=True)
class Magnitude:
    """``| … |``."""

    span: Span
    operand: Expression


@dataclass(frozen=True, slots=True)
class Factorial:
    span: Span
    operand: Expression


@dataclass(frozen=True, slots=True)
class Apply:
    """``f(a, b)``: a function's value, or a product where the name is no function."""

    span: Span
    name: Name
    arguments: tuple[Expression | Slice, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """``for i in 1..n, j in 1..n if i < j``: names with their ranges, and conditions on them."""

    span: Span
    indices: tuple[tuple[Name, Slice], ...]
    conditions: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Comprehension:
    """``sum(x[i] for i in 1..n)``, and so with ``product``, ``min``, ``max``."""

    span: Span
    name: Name
    body: Expression
    clause: Clause


Expression = (
    Number
    | Name
    | Question
    | Element
    | Sum
    | Product
    | Juxtaposition
    | Negative
    | Power
    | Group
    | Magnitude
    | Factorial
    | Apply
    | Comprehension
)


@dataclass(frozen=True, slots=True)
class Relation:
    """A chain: one operator fewer than operands. Operators are ``=  !=  <  <=  >  >=``."""

    span: Span
    operands: tuple[Expression, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordDomain:
    """``integer`` or ``real``."""

    span: Span
    word: str


@dataclass(frozen=True, slots=True)
class IntervalDomain:
    span: Span
    low: Expression
    high: Expression
    low_open: bool
    high_open: bool


@dataclass(frozen=True, slots=True)
class SetDomain:
    span: Span
    members: tuple[Expression, ...]


DomainNode = WordDomain | IntervalDomain | SetDomain | Slice


@dataclass(frozen=True, slots=True)
class Membership:
    """``x, A..D, y[1..3] in …``."""

    span: Span
    targets: tuple[Expression | Slice, ...]
    domain: DomainNode


@dataclass(frozen=True, slots=True)
class AllDifferent:
    span: Span
    members: tuple[Expression | Slice, ...]


@dataclass(frozen=True, slots=True)
class LetValue:
    span: Span
    name: Name
    value: Expression


@dataclass(frozen=True, slots=True)
class LetFunction:
    span: Span
    name: Name
    parameters: tuple[Name, ...]
    body: Expression


@dataclass(frozen=True, slots=True)
class Guess:
    span: Span
    target: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class SolveFor:
    span: Span
    names: tuple[Expression | Slice, ...]


@dataclass(frozen=True, slots=True)
class Optimize:
    span: Span
    maximize: bool
    expression: Expression


@dataclass(frozen=True, slots=True)
class Spread:
    """``sigma s`` or ``weights w``: which column tells how good each row is."""

    span: Span
    kind: str
    column: Name


@dataclass(frozen=True, slots=True)
class Fit:
    span: Span
    output: Expression
    model: Expression
    spread: Spread | None = None


@dataclass(frozen=True, slots=True)
class DataFrom:
    span: Span
    path: str
    path_span: Span
    spread: Spread | None = None


@dataclass(frozen=True, slots=True)
class DataRows:
    """``data`` with its table: a line of names, then lines of numbers."""

    span: Span
    rows: tuple[BlockLine, ...]
    spread: Spread | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """``table x`` with its rows."""

    span: Span
    name: Name
    rows: tuple[BlockLine, ...] = ()


@dataclass(frozen=True, slots=True)
class For:
    span: Span
    clause: Clause
    body: tuple[Statement, ...]


PlainStatement: TypeAlias = (
    Relation
    | Membership
    | AllDifferent
    | LetValue
    | LetFunction
    | Guess
    | SolveFor
    | Optimize
    | Spread
    | Fit
    | DataFrom
    | DataRows
    | Table
    | For
)

if TYPE_CHECKING:
    Statement: TypeAlias = PlainStatement | Grid | Cryptarithm
else:
    Statement = PlainStatement


@dataclass(frozen=True, slots=True)
class Puzzle:
    """All the statements of a text, in order.

    `is_whole` is false where a statement is missing that might have told what a name means.
    """

    statements: tuple[Statement, ...]
    is_whole: bool = True


def walk(node: object) -> Iterator[object]:
    """A node and everything in it, in the order of the text."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, tuple):
            waiting.extend(reversed(current))
        elif is_dataclass(current) and not isinstance(current, Span | BlockLine):
            yield current
            waiting.extend(reversed([getattr(current, name) for name in _field_names(current.__class__)]))


@functools.cache
def _field_names(kind: Any) -> tuple[str, ...]:
    names = tuple(part.name for part in fields(kind))
    if kind in (For, Comprehension):  # `… for i in 1..n` and `for i in 1..n: …`: the bound names come first anyway
        return tuple(sorted(names, key=lambda name: name != "clause"))
    return names
