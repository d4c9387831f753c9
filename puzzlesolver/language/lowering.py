"""A syntax tree made into a `Problem`: names, data, blocks, statements, arrays, fit, in this order.

What comes out is exact, and every part of it remembers its origin. All the mistakes of meaning are gathered before any
is raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sympy import Expr, Symbol, pi

from puzzlesolver.errors import Diagnostic, MeaningMistake, Severity
from puzzlesolver.language import tree
from puzzlesolver.language.assembly import assembled
from puzzlesolver.language.builder import RESERVED
from puzzlesolver.language.cryptarithms.cryptarithm import Cryptarithm
from puzzlesolver.language.cryptarithms.lowering import lower_cryptarithm
from puzzlesolver.language.data import file_data, given_data, inline_data
from puzzlesolver.language.drawn import BlockMeaning
from puzzlesolver.language.expressions import ExpressionBuilder
from puzzlesolver.language.grids.grid import Grid
from puzzlesolver.language.grids.lowering import lower_grid
from puzzlesolver.language.mistakes import Mistake, Mistakes, nearest
from puzzlesolver.language.names import Names, range_of_names
from puzzlesolver.language.parsing import parse_expression
from puzzlesolver.language.scope import Scope
from puzzlesolver.language.source import Source, Span
from puzzlesolver.language.statements import Statements
from puzzlesolver.problem import Data, Fit, Problem, real_symbol


def lower(
    puzzle: tree.Puzzle,
    source: Source,
    mistakes: Mistakes,
    *,
    settings: Mapping[str, str],
    folder: Path | None,
    data: Any,
) -> Problem:
    """The problem that a tree states; all the `mistakes` are raised, those that are there already and those in it."""
    names = Names.of(puzzle, mistakes)
    builder = ExpressionBuilder(names, _setting_values(settings, names))
    tabled = {node.name.name for node in puzzle.statements if isinstance(node, tree.Table) and not node.rows}
    given, tables = given_data(data, tabled)
    columns = given or _data(puzzle.statements, folder, mistakes)
    builder.columns = frozenset(columns.columns) if columns else frozenset()
    builder.integers.update(_integer_names(puzzle))
    for name in sorted(builder.columns & names.values.keys()):
        span = names.values[name].name.span
        mistakes.add(Mistake(span, f"'{name}' is a column of the data, and is defined here, too"))
    blocks = _blocks(puzzle.statements, builder, source, mistakes)
    statements = Statements(source, builder, mistakes, tables)
    statements.run(puzzle.statements)
    fit = _fit(puzzle.statements, columns, statements, mistakes)
    if not mistakes:
        try:
            return assembled(puzzle, source, statements, blocks, fit)
        except Mistake as mistake:
            mistakes.add(mistake)
    mistakes.raise_all()
    raise AssertionError("unreachable: raise_all raises where mistakes were noted")


def _setting_values(settings: Mapping[str, str], names: Names) -> dict[str, Expr]:
    """The exact values of the settings; raises `PuzzleError` for a name that no `let` defines, or for no number."""
    values: dict[str, Expr] = {}
    for name, text in settings.items():
        if name not in names.values:
            meant = nearest(name, names.values)
            hint = f"did you mean '{meant}'?" if meant else f"the file says `let {name} = ...` where it can be set"
            message = f"no `let` of the file defines '{name}', so it cannot be set"
            raise MeaningMistake(Diagnostic(Severity.ERROR, message, None, hint))
        source = Source.of(text, f"--set {name}")
        wrong = Mistakes(source)
        try:
            node = parse_expression(source)
            values[name] = ExpressionBuilder(Names(), {}).constant(node, "a setting")
        except Mistake as mistake:
            wrong.add(mistake)
        wrong.raise_all()
    return values


def _data(statements: Iterable[tree.Statement], folder: Path | None, mistakes: Mistakes) -> Data | None:
    """The one table of data that a file has."""
    found: Data | None = None
    first: Span | None = None
    for node in statements:
        if not isinstance(node, tree.DataRows | tree.DataFrom):
            continue
        try:
            if first is not None:
                raise Mistake(node.span, "there is a table of data already", notes=(("the first one", first),))
            first = node.span
            found = inline_data(node, mistakes) if isinstance(node, tree.DataRows) else file_data(node, folder)
        except Mistake as mistake:
            mistakes.add(mistake)
    return found


def _integer_names(puzzle: tree.Puzzle) -> set[str]:
    """The unknowns and arrays that the domains make whole numbers, read off the syntax alone.

    Of an array, only where every domain that is stated for it does so, and one of them for a whole range.
    """
    scalars: set[str] = set()
    ranges: set[str] = set()
    others: set[str] = set()
    for node in tree.walk(puzzle):
        if not isinstance(node, tree.Membership):
            continue
        for target in node.targets:
            match target:
                case tree.Element(name=tree.Name(name=name)) if not _is_whole(node.domain):
                    others.add(name)
                case tree.Element(name=tree.Name(name=name), indices=indices):
                    if all(isinstance(index, tree.Slice) for index in indices):
                        ranges.add(name)
                case tree.Name(name=name) if _is_whole(node.domain):
                    scalars.add(name)
                case tree.Slice(low=tree.Name(name=low), high=tree.Name(name=high)) if _is_whole(node.domain):
                    scalars.update(range_of_names(low, high))
    return scalars | (ranges - others)


def _is_whole(domain: tree.DomainNode) -> bool:
    match domain:
        case tree.WordDomain():
            return domain.word == "integer"
        case tree.SetDomain():
            return all(isinstance(member, tree.Slice) or _is_whole_number(member) for member in domain.members)
    return isinstance(domain, tree.Slice)


def _is_whole_number(node: tree.Expression) -> bool:
    """Whether it is a whole number as written, with or without a sign."""
    while isinstance(node, tree.Negative | tree.Group):
        node = node.operand
    return isinstance(node, tree.Number) and node.text.isdigit()


def _blocks(
    statements: Iterable[tree.Statement], builder: ExpressionBuilder, source: Source, mistakes: Mistakes
) -> list[tuple[Span, BlockMeaning]]:
    """The grids and cryptarithms; `cells` is known after this."""
    found: list[tuple[Span, BlockMeaning]] = []
    for node in statements:
        meaning: BlockMeaning | None = None
        if isinstance(node, Grid):
            for cell in node.cells:
                if cell.name in (*RESERVED, "oo"):
                    said = f"'{cell.name}' is a word of the language and cannot be a name here"
                    mistakes.add(Mistake(cell.span, said))
            values = _known_values({cell.name for cell in node.cells}, builder, mistakes)
            meaning = lower_grid(node, source, mistakes, values)
            builder.cells += meaning.cells if meaning else ()
            if "cells" in builder.integers:
                builder.integers.update(str(cell) for cell in builder.cells)
        elif isinstance(node, Cryptarithm):
            meaning = lower_cryptarithm(node, source, mistakes)
        if meaning is not None:
            found.append((node.span, meaning))
            builder.integers.update(unknown.name for unknown in meaning.unknowns if unknown.domain.integer)
            for word, value in meaning.words.items():
                builder.words.setdefault(word, []).append(value)
    return found


def _known_values(wanted: set[str], builder: ExpressionBuilder, mistakes: Mistakes) -> dict[str, Expr]:
    """What names in a grid stand for that are no unknowns."""
    values: dict[str, Expr] = {"pi": pi, "π": pi}
    if "tau" not in builder.names.claimed:
        values["tau"] = 2 * pi
    for name in sorted(wanted & builder.names.values.keys()):
        try:
            values[name] = builder.definitions.value(name)
        except Mistake as mistake:
            mistakes.add(mistake)
    return values


def _fit(
    statements: Iterable[tree.Statement], data: Data | None, lowered: Statements, mistakes: Mistakes
) -> Fit | None:
    """The one `fit` of a file, with the spreads that stand with it or by themselves."""
    fits = [node for node in statements if isinstance(node, tree.Fit)]
    spreads = [node for node in statements if isinstance(node, tree.Spread)]
    spreads += [
        node.spread
        for node in statements
        if isinstance(node, tree.DataRows | tree.DataFrom) and node.spread is not None
    ]
    try:
        if len(fits) > 1:
            hint = "one file estimates one model"
            raise Mistake(fits[1].span, "there is a `fit` already", hint, (("the first one", fits[0].span),))
        if not fits:
            if spreads:
                raise Mistake(spreads[0].span, f"`{spreads[0].kind}` belongs to a `fit`, and there is none")
            return None
        if data is None:
            if not mistakes:
                raise Mistake(fits[0].span, "a fit needs data", 'data, with a table below it, or data from "FILE"')
            return None
        return lower_fit(fits[0], spreads, data, lowered)
    except Mistake as mistake:
        mistakes.add(mistake)
        return None


def lower_fit(node: tree.Fit, spreads: Sequence[tree.Spread], data: Data, statements: Statements) -> Fit:
    """The meaning of a `fit` over its data; its conditions of definedness are dropped with the rows that break them."""
    builder = statements.builder
    columns = frozenset(data.columns)
    scope = Scope(columns=columns)
    builder.gathering()
    before = dict(builder.used)
    builder.used.clear()
    output, model = builder.build(node.output, scope), builder.build(node.model, scope)
    builder.check_size(model, node.model.span)
    parameters = tuple(real_symbol(name) for name in sorted(builder.used, key=lambda name: builder.used[name].start))
    builder.used.update({name: span for name, span in before.items() if name not in builder.used})
    if not _uses(output, columns):
        wrong = min((str(symbol) for symbol in output.free_symbols), default="")
        meant = nearest(wrong, columns)
        raise Mistake(
            node.output.span,
            f"a column of the data is expected in what is fitted; there are {', '.join(columns_in_order(data))}",
            f"did you mean '{meant}'?" if meant else None,
        )
    if not parameters:
        said = "there is nothing to estimate: every name here is a column of the data, or known"
        raise Mistake(node.span, said, "a name that nothing defines is estimated: fit y = a*x")
    sigma = weights = None
    for spread in (*spreads, *((node.spread,) if node.spread else ())):
        if sigma or weights:
            raise Mistake(spread.span, "`sigma` or `weights` stands once")
        if spread.column.name not in columns:
            meant = nearest(spread.column.name, columns)
            raise Mistake(
                spread.column.span,
                f"the data has no column '{spread.column.name}'; it has {', '.join(columns_in_order(data))}",
                f"did you mean '{meant}'?" if meant else None,
            )
        sigma, weights = (spread.column.name, None) if spread.kind == "sigma" else (None, spread.column.name)
    for name in (sigma, weights):
        for row, value in enumerate(data.columns[name] if name else (), 1):
            if value < 0 or (value == 0 and name == sigma):
                asked = "a `sigma` is positive" if name == sigma else "a weight is not negative"
                said = f"row {row} of the data has {name} = {value}; {asked}"
                raise Mistake(node.span, said, "leave the row out")
    return Fit(output, model, parameters, data, statements.origin(node.span), sigma, weights)


def _uses(expression: Expr, columns: frozenset[str]) -> bool:
    return any(isinstance(symbol, Symbol) and symbol.name in columns for symbol in expression.free_symbols)


def columns_in_order(data: Data) -> tuple[str, ...]:
    """The columns' names as the table has them."""
    return tuple(data.columns)
