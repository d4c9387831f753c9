"""A `Problem` written in the puzzle language.

The language reads the text back as the same problem, with two freedoms: conditions of definedness that SymPy's form of
an equation no longer shows (``x/x``) come back as statements of their own, and a picture (a grid) is not drawn again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sympy import Symbol

from puzzlesolver.problem import (
    AllDifferent,
    Condition,
    Domain,
    Family,
    Fit,
    Index,
    Problem,
    UnknownArray,
)
from puzzlesolver.problem.functions import FUNCTIONS, expression_conditions, integer_where, merged
from puzzlesolver.problem.notation import notation, statement_notation

_NAME = re.compile(r"[^\W\d]\w*|[\u2600-\u27bf\U0001F000-\U0001FAFF]")

_LIKE_A_CALL = re.compile(r"(arc|a)?(sin|cos|tan)|sqrt|exp|log|ln")
"""How a name begins, such as `sinx`, that may look like a call without its brackets where nothing declares it."""


def problem_text(problem: Problem) -> str:
    """The statements of a problem, one a line."""
    body = list(_statements(problem))
    domains = [
        f"{unknown.name} in {domain_text(unknown.domain)}"
        for unknown in problem.unknowns
        if not unknown.domain.is_real_line
    ]
    written = dict.fromkeys(
        name for line in [*domains, *body] if not line.startswith("guess ") for name in _NAME.findall(line)
    )
    plain = [unknown.name for unknown in problem.unknowns if "[" not in unknown.name]
    glued = [name for name in written if _LIKE_A_CALL.match(name) and name not in (*FUNCTIONS, *problem.parameters)]
    if problem.targets is None and [name for name in written if name in set(plain)] != plain:
        domains.insert(0, f"{', '.join(plain)} in real")
    elif glued and problem.fit is None:
        domains.insert(0, f"{', '.join(glued)} in real")
    lets = [f"let {name} = {notation(value)}" for name, value in problem.parameters.items()]
    return "\n".join([*lets, *domains, *body])


def _statements(problem: Problem) -> Iterator[str]:
    if problem.targets is not None:
        yield f"solve for {', '.join(map(notation, problem.targets))}"
    for array in problem.arrays:
        yield f"{array.name}[{_ranges(array.ranges)}] in {domain_text(array.domain)}"
    for equation in problem.equations:
        yield statement_notation(equation)
    for condition in problem.conditions:
        yield _condition(condition)
    for family in problem.families:
        yield f"{_clause(family)}: {statement_notation(family.template)}"
    yield from _lost_conditions(problem)
    if problem.objective is not None:
        verb = "maximize" if problem.objective.maximize else "minimize"
        yield f"{verb} {notation(problem.objective.expression)}"
    for unknown in problem.unknowns:
        if unknown.guess is not None:
            yield f"guess {unknown.name} = {notation(unknown.guess)}"
    for array in problem.arrays:
        if array.guess is not None:
            yield _array_guess(array)
    for ask in problem.asks:
        yield f"{notation(ask.expression)} = ?"
    if problem.fit is not None:
        yield from _fit(problem.fit)


def domain_text(domain: Domain) -> str:
    """What stands behind `in`."""
    low, high = notation(domain.low), notation(domain.high)
    if domain.members is not None:
        return "{" + ", ".join(map(notation, domain.members)) + "}"
    if domain.integer:
        return "integer" if domain.low.is_infinite and domain.high.is_infinite else f"{low}..{high}"
    if domain.is_real_line:
        return "real"
    return f"{'(' if domain.low_open else '['}{low}, {high}{')' if domain.high_open else ']'}"


def _condition(condition: Condition | AllDifferent) -> str:
    if isinstance(condition, Condition):
        return statement_notation(condition)
    return f"all different: {', '.join(map(notation, condition.members))}"


def _ranges(ranges: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"{low}..{high}" for low, high in ranges)


def _clause(family: Family) -> str:
    written = "for " + ", ".join(_index(index) for index in family.indices)
    if family.where:
        written += " if " + " and ".join(map(statement_notation, family.where))
    return written


def _index(index: Index) -> str:
    return f"{notation(index.symbol)} in {index.low}..{index.high}"


def _array_guess(array: UnknownArray) -> str:
    assert array.guess is not None
    names: Iterable[Symbol] = array.guess_indices or [Symbol(f"i{k}") for k in range(1, len(array.ranges) + 1)]
    indices = [Index(name, low, high) for name, (low, high) in zip(names, array.ranges, strict=True)]
    element = f"{array.name}[{', '.join(notation(index.symbol) for index in indices)}]"
    return f"guess {element} = {notation(array.guess)} for {', '.join(map(_index, indices))}"


def _lost_conditions(problem: Problem) -> Iterator[str]:
    """The conditions of definedness that the equations' SymPy forms do not show."""
    whole = integer_where({unknown.name for unknown in problem.unknowns if unknown.domain.integer})
    written: set[str] = set()
    for statement in problem.statements:
        if isinstance(statement, AllDifferent):
            continue
        sides = statement.lhs, statement.rhs
        shown = set(merged(one for side in sides for one in expression_conditions(side, whole)))
        for condition in statement.defined:
            text = statement_notation(condition)
            if (condition.lhs, condition.relation, condition.rhs) not in shown and text not in written:
                written.add(text)
                yield text


def _fit(fit: Fit) -> Iterator[str]:
    spread = f" sigma {fit.sigma}" if fit.sigma else f" weights {fit.weights}" if fit.weights else ""
    yield f"fit {notation(fit.output)} = {notation(fit.model)}{spread}"
    yield "data"
    yield "  " + "  ".join(fit.data.columns)
    for row in zip(*fit.data.columns.values(), strict=True):
        yield "  " + "  ".join(map(str, row))
