"""Statements made into the parts of a `Problem`, one kind after the other.

`Statements` gathers equations, conditions, families, domains and guesses from the tree; `lowering.py` puts the problem
together from what was gathered. A `for` stays a template where it can; where it cannot, it is written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sympy import Expr, Integer, Rational, Symbol

from puzzlesolver.language import tree
from puzzlesolver.language.arrays import ArrayFacts, Ranges, StatedDomain, StatedGuess
from puzzlesolver.language.data import exact
from puzzlesolver.language.domains import domain_of, intersection
from puzzlesolver.language.expressions import ExpressionBuilder
from puzzlesolver.language.indexing import bound_scopes, range_ends, symbolic_bounds
from puzzlesolver.language.limits import MAX_ENTRIES, MAX_UNROLLED
from puzzlesolver.language.mistakes import Mistake, Mistakes, TooMuch
from puzzlesolver.language.names import Names, names_between
from puzzlesolver.language.scope import Gathered, NotATemplate, Scope
from puzzlesolver.language.source import Source, Span
from puzzlesolver.problem import (
    AllDifferent,
    Ask,
    Condition,
    Domain,
    Equation,
    Family,
    Objective,
    Origin,
    Relation,
)
from puzzlesolver.problem.functions import merged
from puzzlesolver.problem.notation import notation


@dataclass(slots=True)
class Stated:
    """All that the statements come to, each list in the order of the text."""

    equations: list[Equation] = field(default_factory=list)
    conditions: list[Condition | AllDifferent] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    domains: dict[str, tuple[Domain, Span]] = field(default_factory=dict)
    guesses: dict[str, tuple[Expr, Span]] = field(default_factory=dict)
    arrays: dict[str, ArrayFacts] = field(default_factory=dict)
    objective: Objective | None = None
    targets: tuple[Symbol, ...] | None = None
    spreads: list[tree.Spread] = field(default_factory=list)


class Statements:
    """Lowers the statements of one puzzle into `stated`."""

    def __init__(
        self, source: Source, builder: ExpressionBuilder, mistakes: Mistakes, tables: Mapping[str, Any] | None = None
    ) -> None:
        self.source = source
        self._tables = tables or {}
        self.builder = builder
        self.mistakes = mistakes
        self.stated = Stated()
        self._unrolled = 0
        self._called: set[str] = set()
        self._objective_span: Span | None = None
        self._names: Names = builder.names
        for name, (_, span) in builder.names.arrays.items():
            self.stated.arrays[name] = builder.arrays[name] = ArrayFacts(name, span)
        self._lower: dict[type, Callable[[Any, Scope], None]] = {
            tree.Relation: self._relation,
            tree.AllDifferent: self._all_different,
            tree.Guess: self._guess,
            tree.SolveFor: self._solve_for,
            tree.Optimize: self._optimize,
        }
        self._declare: dict[type, Callable[[Any, Scope], None]] = {
            tree.Membership: self._membership,
            tree.Table: self._table,
        }

    def run(self, statements: Sequence[tree.Statement]) -> None:
        """Domains and tables first, because they tell how far arrays go; then the others, in their order."""
        for name in self._names.values:  # in their order, so that one builds on the other without nesting
            try:
                self.builder.gathering()
                self.builder.definitions.definition(name)
            except Mistake as mistake:
                self.mistakes.add(mistake)
        for kinds in (self._declare, self._lower):
            for statement in statements:
                if self.mistakes.full:
                    return
                try:
                    self._statement(statement, Scope(), kinds)
                except Mistake as mistake:
                    self.mistakes.add(mistake)
        for use in self.builder.uses:
            self.stated.arrays[str(use.element.base.name)].uses.append(use)

    def origin(self, span: Span) -> Origin:
        """The writer's words at a place, on one line."""
        return self.source.origin(" ".join(self.source.slice(span).split()), span)

    # Statements under `for`

    def _statement(self, node: tree.Statement, scope: Scope, kinds: dict[type, Callable[[Any, Scope], None]]) -> None:
        if isinstance(node, tree.For):
            for inner in node.body:
                if not isinstance(inner, (tree.For, *self._lower, *self._declare)):
                    said = "this statement cannot stand under a `for`"
                    raise Mistake(inner.span, said, "a value for every index has the index: a[i] = 2i")
                if isinstance(inner, tree.For) or type(inner) in kinds:
                    self._for(node.clause, inner, scope, kinds)
        elif type(node) in kinds:
            self.builder.gathering()
            kinds[type(node)](node, scope)

    def _for(
        self,
        clause: tree.Clause,
        body: tree.Statement,
        scope: Scope,
        kinds: dict[type, Callable[[Any, Scope], None]],
    ) -> None:
        """One statement under one `for`: as a template, else once for every tuple of its indices."""
        uses, families = len(self.builder.uses), len(self.stated.families)
        try:
            inner = symbolic_bounds(self.builder.build, clause, scope, self.origin(clause.span))
            if kinds is self._declare:
                raise NotATemplate
            self._statement(body, inner, kinds)
            return
        except NotATemplate:
            del self.builder.uses[uses:]
            del self.stated.families[families:]
            if scope.bounds.indices:
                raise
        for inner in bound_scopes(self.builder.build, clause, scope):
            self._unrolled += 1
            if self._unrolled > MAX_UNROLLED:
                raise TooMuch(clause.span, f"this `for` has to be written out to more than {MAX_UNROLLED} statements")
            self._statement(body, inner, kinds)

    # Relations

    def _relation(self, node: tree.Relation, scope: Scope) -> None:
        if any(isinstance(operand, tree.Question) for operand in node.operands):
            self._ask(node, scope)
            return
        self._check_definition(node)
        origin = self.origin(node.span)
        sides: list[tuple[Expr, Gathered]] = []
        for operand in node.operands:
            gathered = self.builder.gathering()
            value = self.builder.build(operand, scope)
            self.builder.check_size(value, operand.span)
            sides.append((value, gathered))
        for operator, (left, right) in zip(node.operators, pairwise(sides), strict=True):
            defined = self._defined((left[1], right[1]), origin)
            if operator == "=":
                made: Equation | Condition = Equation(left[0], right[0], origin, defined)
            elif operator in (">", ">="):
                made = Condition(right[0], Relation(operator.replace(">", "<")), left[0], origin, defined)
            else:
                made = Condition(left[0], Relation(operator), right[0], origin, defined)
            if scope.bounds.indices:
                self.stated.families.append(Family(made, scope.bounds.indices, scope.bounds.where))
            elif isinstance(made, Equation):
                self.stated.equations.append(made)
            else:
                self.stated.conditions.append(made)

    def _check_definition(self, node: tree.Relation) -> None:
        """``f(x) = x^2`` without `let` would be read as f times x, and nobody writes that so."""
        match node.operands[0]:
            case tree.Apply(name=tree.Name(name=name), arguments=(tree.Name(name=argument),)) if (
                name not in self._called
                and node.operators[0] == "="
                and name not in self._names.bare
                and not self._names.is_function(name)
                and self.builder.calls.function_hint(name) is None
            ):
                self._called.add(name)
                shown = self.source.slice(Span(node.operands[1].span.start, node.span.end))
                raise Mistake(
                    node.operands[0].span,
                    f"this reads as {name} times {argument}, because nothing defines a function '{name}'",
                    f"write let {name}({argument}) = {shown[:40]}",
                )

    def _defined(self, gathered: Sequence[Gathered], origin: Origin) -> tuple[Condition, ...]:
        """The conditions of definedness, innermost first: each has a value where those before it hold."""
        found = merged(requirement for part in gathered for requirement in part.requirements)
        return tuple(Condition(lhs, relation, rhs, origin) for lhs, relation, rhs in found)

    def _ask(self, node: tree.Relation, scope: Scope) -> None:
        if scope.bounds.indices:
            raise NotATemplate
        if node.operators != ("=",) or all(isinstance(operand, tree.Question) for operand in node.operands):
            raise Mistake(node.span, "a value is asked for with one '=' and one '?'", "x + y = ?")
        asked = next(operand for operand in node.operands if not isinstance(operand, tree.Question))
        gathered = self.builder.gathering()
        value = self.builder.build(asked, Scope(local=scope.local, asking=True))
        self.builder.check_size(value, asked.span)
        origin = self.origin(asked.span)
        self.stated.asks.append(Ask(value, origin, self._defined([gathered], origin)))

    def _all_different(self, node: tree.AllDifferent, scope: Scope) -> None:
        if scope.bounds.indices:
            raise NotATemplate
        gathered = self.builder.gathering()
        members = tuple(self.builder.calls.several(node.members, scope))
        origin = self.origin(node.span)
        if len(members) < 2:
            said = "at least two values can be different from each other"
            raise Mistake(node.span, said, "all different: A, B, C")
        self.stated.conditions.extend(self._defined([gathered], origin))
        self.stated.conditions.append(AllDifferent(members, origin))

    def _optimize(self, node: tree.Optimize, scope: Scope) -> None:
        if scope.local:
            raise Mistake(node.span, "`minimize` and `maximize` stand by themselves")
        if self.stated.objective is not None:
            notes = (("here", self._objective_span),) if self._objective_span else ()
            raise Mistake(node.span, "there is a `minimize` or `maximize` already", notes=notes)
        self._objective_span = node.span
        origin = self.origin(node.span)
        gathered = self.builder.gathering()
        expression = self.builder.build(node.expression, scope)
        defined = self._defined([gathered], origin)
        if expression.is_number and not defined:
            said = f"this is {notation(expression)} whatever the unknowns are: there is nothing to be found"
            raise Mistake(node.expression.span, said, "minimize an expression with unknowns: minimize x^2 - x")
        self.stated.objective = Objective(expression, node.maximize, origin)
        self.stated.conditions.extend(defined)

    def _solve_for(self, node: tree.SolveFor, scope: Scope) -> None:
        if self.stated.targets is not None or scope.local:
            raise Mistake(node.span, "`solve for` stands once and by itself")
        targets: list[Symbol] = []
        for name in node.names:
            for target in self.builder.calls.several([name], scope):
                if not isinstance(target, Symbol) and not target.is_Indexed:
                    raise Mistake(name.span, "`solve for` is followed by names of unknowns", "solve for x, y")
                targets.append(target)
        self.stated.targets = tuple(targets)

    # Domains, guesses, tables

    def _membership(self, node: tree.Membership, scope: Scope) -> None:
        domain = domain_of(node.domain, self.builder, scope)
        for target in node.targets:
            for name in self._scalar_targets(target, scope):
                self._restrict(name, domain, target.span)
            if isinstance(target, tree.Element) or (isinstance(target, tree.Name) and self._is_array(target, scope)):
                self._restrict_elements(target, domain, scope)

    def _is_array(self, target: tree.Name, scope: Scope) -> bool:
        return target.name in self._names.arrays and target.name not in scope.local

    def _scalar_targets(self, target: tree.Expression | tree.Slice, scope: Scope) -> Iterator[str]:
        match target:
            case tree.Name(name="cells") if self.builder.cells:
                yield from (str(cell) for cell in self.builder.cells if isinstance(cell, Symbol))
            case tree.Name(name=name) if self._is_array(target, scope):
                return
            case tree.Name(name=name):
                self._check_unknown(target, scope)
                yield name
            case tree.Slice():
                yield from names_between(target)
            case tree.Element():
                return
            case _:
                raise Mistake(target.span, "a domain is stated for unknowns", "compare an expression with <= instead")

    def _check_unknown(self, target: tree.Name, scope: Scope) -> None:
        name = target.name
        if name in self.builder.words:
            said = f"'{name}' is a word of the puzzle, and its letters are the unknowns"
            raise Mistake(target.span, said, f"conditions are for words, too: {name} > 100")
        if name in scope.local:
            raise Mistake(target.span, f"'{name}' is an index here")
        if name in self._names.values or name in self._names.functions:
            hint = f"what is to be found needs no `let`: leave out `let {name} = ...`"
            raise Mistake(target.span, f"'{name}' is defined by `let` and is no unknown", hint)
        if name in ("pi", "oo"):
            raise Mistake(target.span, f"'{name}' is a constant and no unknown")
        if name in self.builder.columns:
            raise Mistake(target.span, f"'{name}' is a column of the data and no unknown")

    def _restrict(self, name: str, domain: Domain, span: Span) -> None:
        known = self.stated.domains.get(name)
        joint = domain if known is None else intersection(known[0], domain)
        if joint is None:
            notes = (("stated before", known[1]),) if known else ()
            raise Mistake(span, f"no number is in all the domains stated for '{name}'", notes=notes)
        self.stated.domains[name] = (joint, known[1] if known else span)

    def _restrict_elements(self, target: tree.Element | tree.Name, domain: Domain, scope: Scope) -> None:
        if isinstance(target, tree.Name):
            facts = self.stated.arrays[target.name]
            facts.domains.append(StatedDomain(None, domain, target.span))
            return
        facts = self.stated.arrays[target.name.name]
        box = self._box(target, scope)
        if any(isinstance(index, tree.Slice) for index in target.indices):
            facts.declare(box, target.span)
        facts.domains.append(StatedDomain(box, domain, target.span))

    def _box(self, target: tree.Element, scope: Scope) -> Ranges:
        self._names.check_indices(target)
        sides = []
        for index in target.indices:
            if isinstance(index, tree.Slice):
                low, high = range_ends(self.builder.build, index, scope)
                if low > high:
                    raise Mistake(index.span, f"there is no index from {low} to {high}")
                sides.append((low, high))
            else:
                value = int(self.builder.calls.index(index, scope))
                sides.append((value, value))
        return tuple(sides)

    def _guess(self, node: tree.Guess, scope: Scope) -> None:
        target = node.target
        if isinstance(target, tree.Element):
            self._guess_elements(node, target, scope)
            return
        if not isinstance(target, tree.Name):
            raise Mistake(target.span, "a guess is for one unknown", "guess x = 1.5")
        value = self.builder.constant(node.value, "a guess", scope=scope)
        if self._is_array(target, scope):
            facts = self.stated.arrays[target.name]
            facts.guess(StatedGuess(None, value, (), node.span))
            return
        self._check_unknown(target, scope)
        if target.name in self.stated.guesses:
            notes = (("here", self.stated.guesses[target.name][1]),)
            raise Mistake(node.span, f"there is a guess for '{target.name}' already", notes=notes)
        self.stated.guesses[target.name] = (value, target.span)

    def _guess_elements(self, node: tree.Guess, target: tree.Element, scope: Scope) -> None:
        facts = self.stated.arrays[target.name.name]
        value = self.builder.build(node.value, scope)
        if value.free_symbols - scope.bounds.symbols:
            name = min(str(symbol) for symbol in value.free_symbols - scope.bounds.symbols)
            raise Mistake(node.value.span, f"a guess must be known, and '{name}' is not")
        if not scope.bounds.indices:
            facts.guess(StatedGuess(self._box(target, scope), value, (), node.span))
            return
        written = [
            self.builder.calls.index(index, scope) for index in target.indices if not isinstance(index, tree.Slice)
        ]
        by_symbol = {index.symbol: index for index in scope.bounds.indices}
        if scope.bounds.where or len(set(written)) != len(by_symbol) or not set(written) <= by_symbol.keys():
            raise NotATemplate
        if len(written) != len(target.indices):
            raise NotATemplate
        indices = tuple(by_symbol[symbol] for symbol in written)
        box = tuple((index.low, index.high) for index in indices)
        facts.guess(StatedGuess(box, value, indices, node.span))

    def _table(self, node: tree.Table, scope: Scope) -> None:
        """Known values of an array, one equation each."""
        if scope.local:
            raise Mistake(node.span, "a `table` stands by itself")
        name = node.name.name
        if node.rows:
            found = (
                [(cell, line.span(at, at + len(cell))) for cell, at in _table_cells(line.text)] for line in node.rows
            )
            rows = [row for row in found if row]
        elif name in self._tables:
            given = ([(_entry_text(cell), node.span) for cell in row] for row in self._tables[name])
            rows = [row for row in given if row]
        else:
            rows = []
        if not rows:
            raise Mistake(node.span, f"below `table {name}` its rows are expected")
        known = self._names.arrays.get(name, (2, node.span))[0]
        if known == 1 and len(rows) > 1:
            raise Mistake(node.span, f"'{name}' has one index elsewhere, and its table has {len(rows)} rows")
        if known > 2:
            raise Mistake(node.span, f"'{name}' has {known} indices elsewhere, and a table shows two")
        for row in rows:
            if len(row) != len(rows[0]):
                span = Span(row[0][1].start, row[-1][1].end)
                here = "one entry" if len(row) == 1 else f"{len(row)} entries"
                raise Mistake(span, f"this row has {here}, and the first row of the table {len(rows[0])}")
        if len(rows) * len(rows[0]) > MAX_ENTRIES:
            raise TooMuch(node.span, f"a `table` has at most {MAX_ENTRIES} entries")
        facts = self.stated.arrays[name]
        sides = (len(rows[0]),) if known == 1 else (len(rows), len(rows[0]))
        first = [low for low, _ in facts.declared] if facts.declared else [1] * len(sides)
        box = tuple((low, low + side - 1) for low, side in zip(first, sides, strict=False))
        if facts.declared is None:
            facts.declare(box, node.span)
        elif facts.declared != box:
            shape = " by ".join(str(high - low + 1) for low, high in facts.declared)
            here = " by ".join(map(str, sides))
            notes = (("its range is stated here", facts.declared_at),) if facts.declared_at else ()
            raise Mistake(node.span, f"'{name}' is {shape}, and its table is {here}", notes=notes)
        for i, row in enumerate(rows):
            for j, (text, span) in enumerate(row):
                if text in (".", "?", "_", "-"):
                    continue
                value = exact(text)
                if value is None:
                    said = f"a number, or '.' where it is not known, is expected, and '{text[:40]}' stands here"
                    raise Mistake(span, said)
                self._entry(node, (j,) if known == 1 else (i, j), value, box, span)

    def _entry(self, node: tree.Table, place: tuple[int, ...], value: Rational, box: Ranges, span: Span) -> None:
        indices = tuple(Integer(low + step) for step, (low, _) in zip(place, box, strict=True))
        element = self.builder.calls.element(tree.Element(span, node.name, ()), indices, Scope())
        written = f"{node.name.name}[{', '.join(map(str, indices))}] = {self.source.slice(span)}"
        self.stated.equations.append(Equation(element, value, self.source.origin(written, span)))


def _entry_text(given: Any) -> str:
    """An entry of a table that a caller hands over; None and NaN are not known."""
    text = str(given)
    return "." if text in ("None", "nan", "<NA>") else text


def _table_cells(text: str) -> Iterator[tuple[str, int]]:
    """The entries of a table's row and where they begin; signs that only draw lines are left out."""
    position = 0
    body = text.split("#", 1)[0]
    for word in body.replace(",", " ").replace("|", " ").replace(";", " ").split():
        position = body.index(word, position)
        if set(word) - set("+-=") or word == "-":
            yield word, position
        position += len(word)
