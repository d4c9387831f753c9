"""Indices: the values they run through, and what index expressions come to without running through them.

Symbolic indices stay in a `Family`'s template; all their reasoning here is about affine expressions, exact and at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sympy import Expr, Integer, Symbol

from puzzlesolver.language import tree
from puzzlesolver.language.limits import MAX_CONDITIONED, MAX_EXAMINED, MAX_INDEX, MAX_RANGE
from puzzlesolver.language.mistakes import Mistake, TooMuch
from puzzlesolver.language.scope import IndexBounds, NotATemplate, Scope
from puzzlesolver.language.source import Span
from puzzlesolver.problem import Condition, Index, Origin, Relation

Build = Callable[[tree.Expression | tree.Slice, Scope], Expr]
"""How an expression builder makes the expression of a node."""


def whole(value: Expr, span: Span, what: str) -> int:
    """A whole number of bearable size as Python's."""
    if not value.is_Integer:
        raise Mistake(span, f"{what} is a whole number, and this is {value}")
    if abs(value) > MAX_INDEX:
        raise TooMuch(span, f"{what} is at most {MAX_INDEX}")
    return int(value)


def range_ends(build: Build, node: tree.Slice, scope: Scope) -> tuple[int, int]:
    """Both ends of ``1..n``; `NotATemplate` where they depend on symbolic indices."""
    ends = []
    for end in (node.low, node.high):
        value = build(end, scope.plain)
        if value.free_symbols and value.free_symbols <= scope.bounds.symbols:
            raise NotATemplate
        if not value.is_number:
            unknown = min(str(symbol) for symbol in value.free_symbols)
            hint = f"let {unknown} = 9"
            raise Mistake(end.span, f"the end of a range must be known, and '{unknown}' is not", hint)
        ends.append(whole(value, end.span, "the end of a range"))
    return ends[0], ends[1]


def bound_scopes(build: Build, clause: tree.Clause, scope: Scope) -> Iterator[Scope]:
    """The scope with the clause's names bound, once for every tuple of values that its conditions let through."""
    examined = 0

    def deeper(position: int, inner: Scope) -> Iterator[Scope]:
        nonlocal examined
        if position == len(clause.indices):
            examined += 1
            if all(_holds(build, condition, inner) for condition in clause.conditions):
                yield inner
            return
        name, written = clause.indices[position]
        low, high = range_ends(build, written, inner)
        if high - low + 1 + examined > MAX_EXAMINED:
            raise TooMuch(written.span, f"more than {MAX_EXAMINED} values are too many to go through one by one")
        for value in range(low, high + 1):
            yield from deeper(position + 1, inner.binding({name.name: Integer(value)}))

    _check_names(clause, scope)
    yield from deeper(0, scope)


def _check_names(clause: tree.Clause, scope: Scope) -> None:
    seen: set[str] = set()
    for name, _ in clause.indices:
        if name.name in seen or name.name in scope.local:
            raise Mistake(name.span, f"'{name.name}' is an index already")
        seen.add(name.name)


def _holds(build: Build, relation: tree.Relation, scope: Scope) -> bool:
    """Whether a chain of relations between known numbers is true."""
    values = [build(operand, scope) for operand in relation.operands]
    for node, value in zip(relation.operands, values, strict=True):
        if value.free_symbols and value.free_symbols <= scope.bounds.symbols:
            raise NotATemplate
        if not value.is_number:
            raise Mistake(node.span, "a condition of `for` speaks of its indices and of known values only")
    return all(
        _compare(left, operator, right)
        for left, operator, right in zip(values, relation.operators, values[1:], strict=False)
    )


def _compare(left: Expr, operator: str, right: Expr) -> bool:
    difference = left - right
    if difference.is_zero or difference.equals(0):
        return operator in ("=", "<=", ">=")
    positive = bool(difference.is_positive)
    return {"=": False, "!=": True, "<": not positive, "<=": not positive, ">": positive, ">=": positive}[operator]


def symbolic_bounds(build: Build, clause: tree.Clause, scope: Scope, origin: Origin) -> Scope:
    """A scope in which the clause's names are symbols; `NotATemplate` where its form does not allow that."""
    _check_names(clause, scope)
    inner, count = scope, 1
    for name, written in clause.indices:
        low, high = range_ends(build, written, inner)
        symbol = Symbol(name.name, integer=True)
        bounds = IndexBounds((*inner.bounds.indices, Index(symbol, low, high)), scope.bounds.where)
        inner = replace(inner.binding({name.name: symbol}), bounds=bounds)
        count *= max(high - low + 1, 0)
        if count > MAX_RANGE:
            raise TooMuch(written.span, f"a `for` runs through at most {MAX_RANGE} values")
    if clause.conditions and count > MAX_CONDITIONED:
        raise TooMuch(clause.span, f"a `for` with an `if` runs through at most {MAX_CONDITIONED} values")
    where = [condition for relation in clause.conditions for condition in _where(build, relation, inner, origin)]
    return replace(inner, bounds=IndexBounds(inner.bounds.indices, (*inner.bounds.where, *where)))


def _where(build: Build, relation: tree.Relation, scope: Scope, origin: Origin) -> Iterator[Condition]:
    values = [build(operand, scope) for operand in relation.operands]
    for value in values:
        if value.free_symbols - scope.bounds.symbols or affine(value, scope.bounds) is None:
            raise NotATemplate
    for left, operator, right in zip(values, relation.operators, values[1:], strict=False):
        if operator == "=":
            yield Condition(left, Relation.AT_MOST, right, origin)
            yield Condition(right, Relation.AT_MOST, left, origin)
        elif operator in (">", ">="):
            yield Condition(right, Relation(operator.replace(">", "<")), left, origin)
        else:
            yield Condition(left, Relation(operator), right, origin)


def affine(expression: Expr, bounds: IndexBounds) -> tuple[Expr, dict[Symbol, Expr]] | None:
    """The constant and the coefficients of an expression that is affine in the symbolic indices."""
    expanded = expression.expand()
    coefficients = {}
    for symbol in sorted(expanded.free_symbols, key=str):
        if symbol not in bounds.symbols:
            return None
        coefficients[symbol] = expanded.coeff(symbol)
        expanded -= coefficients[symbol] * symbol
    if not expanded.is_Rational or not all(coefficient.is_Rational for coefficient in coefficients.values()):
        return None
    return expanded, coefficients


def affine_hull(expression: Expr, bounds: IndexBounds) -> tuple[Expr, Expr] | None:
    """The least and the largest value of an affine expression over the ranges of the indices, conditions aside."""
    form = affine(expression, bounds)
    if form is None:
        return None
    low = high = form[0]
    ends = {index.symbol: (index.low, index.high) for index in bounds.indices}
    for symbol, coefficient in form[1].items():
        values = sorted(coefficient * end for end in ends[symbol])
        low, high = low + values[0], high + values[1]
    return low, high


def bounded_sign(expression: Expr, bounds: IndexBounds) -> int:
    """1 or -1 where an affine expression has that sign for every index, else 0."""
    hull = affine_hull(expression, bounds)
    if hull is None:
        return 0
    return 1 if hull[0] > 0 else -1 if hull[1] < 0 else 0
