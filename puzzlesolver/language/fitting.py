"""``fit y = …``: which names are columns, which are parameters, and how the rows are weighted."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Symbol

from puzzlesolver.language import tree
from puzzlesolver.language.mistakes import Mistake, nearest
from puzzlesolver.language.scope import Scope
from puzzlesolver.language.statements import Statements
from puzzlesolver.problem import Data, Fit, real_symbol


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
