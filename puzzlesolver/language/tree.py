"""The syntax tree: a `Puzzle` as it was written, every node with its place.

Nothing is decided here: `a(b)` is an `Apply` whatever `a` turns out to be, and `x` is a `Name`. Sums, products and
towers of powers are flat tuples, so that the tree is no deeper than the writer's brackets are nested.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, dataclass_transform

from puzzlesolver.language.source import BlockLine, Span


@dataclass_transform(frozen_default=True)
@dataclass(frozen=True)
class Node:
    """A part of the text at its place. What inherits from it is a frozen dataclass, too."""

    span: Span

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True)(cls)


class Expression(Node):
    """What has a value."""


class Statement(Node):
    """What a puzzle consists of."""


class Number(Expression):
    """A literal, as written."""

    text: str


class Name(Expression):
    name: str


class Question(Expression):
    """``?``: the value that is asked for."""


class Slice(Node):
    """``low..high``, both included: inside an index, of names, or of numbers."""

    low: Expression
    high: Expression


class Element(Expression):
    """``x[i, 1..3]``."""

    name: Name
    indices: tuple[Expression | Slice, ...]


class Sum(Expression):
    """Terms, each with whether it is taken away."""

    terms: tuple[tuple[bool, Expression], ...]


class Product(Expression):
    """Factors, each with the operator before it: ``*``, ``/`` or ``mod`` (the first has ``*``)."""

    factors: tuple[tuple[str, Expression], ...]


class Juxtaposition(Expression):
    """Factors with nothing between them."""

    factors: tuple[Expression, ...]


class Negative(Expression):
    operand: Expression


class Power(Expression):
    base: Expression
    exponent: Expression


class Group(Expression):
    """``( … )``."""

    operand: Expression


class Magnitude(Expression):
    """``| … |``."""

    operand: Expression


class Factorial(Expression):
    operand: Expression


class Apply(Expression):
    """``f(a, b)``: a function's value, or a product where the name is no function."""

    name: Name
    arguments: tuple[Expression | Slice, ...]


class Clause(Node):
    """``for i in 1..n, j in 1..n if i < j``: names with their ranges, and conditions on them."""

    indices: tuple[tuple[Name, Slice], ...]
    conditions: tuple[Relation, ...] = ()


class Comprehension(Expression):
    """``sum(x[i] for i in 1..n)``, and so with ``product``, ``min``, ``max``."""

    name: Name
    body: Expression
    clause: Clause


class Relation(Statement):
    """A chain: one operator fewer than operands. Operators are ``=  !=  <  <=  >  >=``."""

    operands: tuple[Expression, ...]
    operators: tuple[str, ...]


class WordDomain(Node):
    """``integer`` or ``real``."""

    word: str


class IntervalDomain(Node):
    low: Expression
    high: Expression
    low_open: bool
    high_open: bool


class SetDomain(Node):
    members: tuple[Expression, ...]


DomainNode = WordDomain | IntervalDomain | SetDomain | Slice


class Membership(Statement):
    """``x, A..D, y[1..3] in …``."""

    targets: tuple[Expression | Slice, ...]
    domain: DomainNode


class AllDifferent(Statement):
    members: tuple[Expression | Slice, ...]


class LetValue(Statement):
    name: Name
    value: Expression


class LetFunction(Statement):
    name: Name
    parameters: tuple[Name, ...]
    body: Expression


class Guess(Statement):
    target: Expression
    value: Expression


class SolveFor(Statement):
    names: tuple[Expression | Slice, ...]


class Optimize(Statement):
    maximize: bool
    expression: Expression


class Spread(Statement):
    """``sigma s`` or ``weights w``: which column tells how good each row is."""

    kind: str
    column: Name


class Fit(Statement):
    output: Expression
    model: Expression
    spread: Spread | None = None


class DataFrom(Statement):
    path: str
    path_span: Span
    spread: Spread | None = None


class DataRows(Statement):
    """``data`` with its table: a line of names, then lines of numbers."""

    spread: Spread | None = None
    rows: tuple[BlockLine, ...] = ()


class Table(Statement):
    """``table x`` with its rows."""

    name: Name
    rows: tuple[BlockLine, ...] = ()


class For(Statement):
    clause: Clause
    body: tuple[Statement, ...] = ()


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
