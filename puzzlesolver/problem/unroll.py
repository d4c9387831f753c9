"""Indexed problems written out: every array element a symbol of its own, every family a list of statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from sympy import Expr, Indexed, IndexedBase, Integer, Symbol

from puzzlesolver.errors import Diagnostic, NotSupported, Severity
from puzzlesolver.problem import (
    Condition,
    Equation,
    Family,
    Problem,
    Relation,
    Unknown,
    UnknownArray,
    element_symbol,
    real_symbol,
)

DEFAULT_LIMIT = 20_000  # Unknowns and statements that are written out unless the caller says otherwise.


def unrolled_size(problem: Problem) -> int:
    """How many unknowns and statements unrolling makes, at most (conditions of a `for` may leave some out)."""
    statements = 0
    for family in problem.families:
        count = 1
        for index in family.indices:
            count *= max(index.high - index.low + 1, 0)
        statements += count
    return statements + sum(array.size for array in problem.arrays)


def unroll(problem: Problem, limit: int = DEFAULT_LIMIT) -> Problem:
    """The same problem without arrays and families.

    The element ``x[1, 2]`` becomes the unknown `real_symbol("x[1, 2]")`. Raises `NotSupported` where more than `limit`
    unknowns and statements would come out.
    """
    if problem.is_unrolled:
        return problem
    if unrolled_size(problem) > limit:
        message = f"written out, the puzzle has more than {limit} unknowns and statements"
        raise NotSupported(Diagnostic(Severity.ERROR, message, None))
    plain = problem.mapped(scalar)
    equations, conditions = list(plain.equations), list(plain.conditions)
    for family in problem.families:
        for instance in instances(family):
            if isinstance(instance, Equation):
                equations.append(instance)
            else:
                conditions.append(instance)
    fit = plain.fit
    if fit:
        parameters = tuple(element_symbol(one) if isinstance(one, Indexed) else one for one in fit.parameters)
        fit = replace(fit, parameters=parameters)
    return replace(
        plain,
        unknowns=tuple(_merged(problem)),
        equations=tuple(equations),
        conditions=tuple(conditions),
        arrays=(),
        families=(),
        fit=fit,
    )


def scalar(expression: Expr) -> Expr:
    """An expression with symbols for its array elements."""
    return expression.xreplace({element: element_symbol(element) for element in expression.atoms(Indexed)})


def instances(family: Family) -> Iterator[Equation | Condition]:
    """The statements of a family, in the order of its indices."""
    symbols = [index.symbol for index in family.indices]
    template = family.template
    elements = sorted({element for side in template.expressions() for element in side.atoms(Indexed)}, key=str)
    for numbers in product(*(range(index.low, index.high + 1) for index in family.indices)):
        values: dict[Expr, Expr] = dict(zip(symbols, map(Integer, numbers), strict=True))
        if all(_holds(condition, values) for condition in family.where):
            written = {element: _at(element, values) for element in elements}
            yield template.at({**values, **written})


def _at(element: Indexed, values: Mapping[Expr, Expr]) -> Symbol:
    """The symbol of an element at values of its indices; quicker than by way of another `Indexed`."""
    return real_symbol(f"{element.base.name}[{', '.join(str(index.xreplace(values)) for index in element.indices)}]")


def _holds(condition: Condition, values: Mapping[Expr, Expr]) -> bool:
    difference = (condition.rhs - condition.lhs).xreplace(dict(values))
    match condition.relation:
        case Relation.LESS:
            return bool(difference > 0)
        case Relation.AT_MOST:
            return bool(difference >= 0)
        case Relation.NOT_EQUAL:
            return bool(difference != 0)


def unknown_names(problem: Problem, limit: int = DEFAULT_LIMIT) -> list[str]:
    """The names of all unknowns, those of arrays' elements among them unless they are more than `limit`."""
    if sum(array.size for array in problem.arrays) > limit:
        return [unknown.name for unknown in problem.unknowns]
    return [unknown.name for unknown in _merged(problem)]


def _merged(problem: Problem) -> Iterator[Unknown]:
    """The scalar unknowns and the arrays' elements, in the order of the text."""
    parts: list[Unknown | UnknownArray] = [*problem.unknowns, *problem.arrays]
    for part in sorted(parts, key=lambda one: (one.origin.line, one.origin.column)):
        if isinstance(part, Unknown):
            yield part
        else:
            yield from elements(part)


def elements(array: UnknownArray) -> Iterator[Unknown]:
    """An array's elements as unknowns of their own, the last index running fastest."""
    base = IndexedBase(array.name, real=True)
    for numbers in product(*(range(low, high + 1) for low, high in array.ranges)):
        indices = tuple(map(Integer, numbers))
        guess = array.guess
        if guess is not None:
            guess = guess.xreplace(dict(zip(array.guess_indices, indices, strict=False)))
        yield Unknown(element_symbol(base[indices]), array.domain, guess, array.origin)
