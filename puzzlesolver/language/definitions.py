"""The values of `let`: each worked out once, whatever the order of the text, or replaced by a setting."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from puzzlesolver.language.context import BuildContext
from puzzlesolver.language.limits import MAX_DEFINITIONS
from puzzlesolver.language.mistakes import Mistake, TooMuch
from puzzlesolver.language.scope import ElementUse, Gathered, Scope
from puzzlesolver.language.source import Span
from puzzlesolver.problem.functions import Requirement


@dataclass(frozen=True, slots=True)
class _Definition:
    """The value of a `let`, and what comes with it wherever it is used."""

    expression: Expr
    requirements: dict[Requirement, Span]
    used: dict[str, Span]
    uses: list[ElementUse]


class Definitions:
    """The values of one puzzle's definitions, or the settings that replace them."""

    def __init__(self, builder: BuildContext) -> None:
        self._builder = builder
        self._values: dict[str, _Definition | None] = {}
        self._wrong: dict[str, Mistake] = {}

    def value(self, name: str) -> Expr:
        """The value of a `let`, with what it requires and what it uses added to the statement's."""
        if name not in self._values:
            self._define(name)
        known = self._values[name]
        if name in self._wrong:
            raise self._wrong[name]
        if known is None:
            raise self._circle(name)
        for requirement, span in known.requirements.items():
            self._builder.gathered.requirements.setdefault(requirement, span)
        for used, span in known.used.items():
            self._builder.used.setdefault(used, span)
        self._builder.uses.extend(known.uses)
        return known.expression

    def _circle(self, name: str) -> Mistake:
        """A definition that leads back to itself, with the others on the way."""
        under_way = [one for one, known in self._values.items() if known is None and one not in self._wrong]
        values = self._builder.names.values
        others = under_way[under_way.index(name) + 1 :]
        notes = tuple((f"by way of '{other}'", values[other].span) for other in others)
        hint = "an equation between unknowns is written without `let`"
        return Mistake(values[name].span, f"'{name}' is defined by itself", hint, notes)

    def definition(self, name: str) -> Expr:
        """The value of a `let` by itself, whether or not anything uses it."""
        if name not in self._values:
            self._define(name)
        known = self._values[name]
        if known is None:
            raise self._wrong[name]
        return known.expression

    def _define(self, name: str) -> None:
        """Work out a definition, with records of its own for what it requires and uses."""
        node = self._builder.names.values[name]
        if (
            len([one for one, known in self._values.items() if known is None and one not in self._wrong])
            > MAX_DEFINITIONS
        ):
            raise TooMuch(node.span, f"more than {MAX_DEFINITIONS} definitions stand below their use, each in the next")
        self._values[name] = None
        outer = self._builder.gathered, self._builder.used, self._builder.uses
        self._builder.gathered, self._builder.used, self._builder.uses = Gathered(), {}, []
        try:
            expression = self._builder.settings.get(name)
            if expression is None:
                expression = self._builder.build(node.value, Scope())
                self._builder.check_size(expression, node.span)
            self._values[name] = _Definition(
                expression, self._builder.gathered.requirements, self._builder.used, self._builder.uses
            )
        except Mistake as mistake:
            self._wrong[name] = mistake
            raise
        finally:
            self._builder.gathered, self._builder.used, self._builder.uses = outer
