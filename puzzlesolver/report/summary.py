"""What a puzzle asks, before anything is solved: how many unknowns and equations, of which kind, in which domains.

In: a `Problem`. Out: text, or a plain object for JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sympy import Dummy, Expr, Indexed, Integer, Product, Sum

from puzzlesolver.analysis.classify import Kind, analyse
from puzzlesolver.problem import Domain, Equation, Family, Problem, Unknown, UnknownArray
from puzzlesolver.problem.notation import notation

INDENT = "  "
MOST_LINES = 40


def summary_text(problem: Problem) -> str:
    """A line that counts, then the unknowns with their domains and what is known of the data."""
    lines = list(_lines(problem))
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"{INDENT}… and {len(lines) - MOST_LINES} more lines"]
    return "\n".join(lines)


def summary_object(problem: Problem) -> dict[str, Any]:
    """The same counts for programs."""
    return {
        "format": "puzzlesolver/1",
        "file": problem.name,
        "kind": kind_of(problem).value,
        "unknowns": _unknown_count(problem),
        "equations": _equation_count(problem),
        "conditions": _condition_count(problem),
        "asks": len(problem.asks),
        "warnings": list(problem.warnings),
    }


def kind_of(problem: Problem) -> Kind:
    """The kind of a problem whose indexed families need not be written out: a template tells the kind of all."""
    written = [*problem.equations, *(family.template for family in problem.families)]
    residuals = [_without_indices(one.lhs - one.rhs) for one in written if isinstance(one, Equation)]
    symbols = sorted(set().union(*(residual.atoms(Dummy) for residual in residuals)), key=str)
    plain = replace(
        problem,
        unknowns=(*problem.unknowns, *map(Unknown, symbols)),
        equations=tuple(Equation(residual, Integer(0)) for residual in residuals),
        arrays=(),
        families=(),
        conditions=(),
    )
    return analyse(plain).kind


def _without_indices(expression: Expr) -> Expr:
    """A plain expression of the same kind: elements are symbols, and one summand or factor stands for all."""
    one = expression.replace(Sum, lambda summand, *limits: summand)
    one = one.replace(Product, lambda factor, *limits: factor**2)
    return one.xreplace({element: Dummy(str(element), real=True) for element in one.atoms(Indexed)})


def _lines(problem: Problem) -> Iterator[str]:
    counts = [
        _count(_unknown_count(problem), "unknown"),
        _count(_equation_count(problem), "equation"),
        _count(_condition_count(problem), "condition"),
        _count(len(problem.asks), "value", " asked for"),
    ]
    counted = ", ".join(count for count in counts if count)
    yield f"{problem.name}: {kind_of(problem).value}; {counted}" if counted else f"{problem.name}: nothing is asked"
    for domain, names in _by_domain(problem).items():
        yield f"{INDENT}{', '.join(names)} in {_domain(domain)}"
    for name, value in problem.parameters.items():
        yield f"{INDENT}{name} = {notation(value)}"
    if problem.fit is not None:
        columns = ", ".join(problem.fit.data.columns)
        yield f"{INDENT}{_count(problem.fit.data.rows, 'row')} of data: {columns}"


def _count(number: int, noun: str, rest: str = "") -> str:
    if not number:
        return ""
    return f"{number} {noun}{'' if number == 1 else 's'}{rest}"


def _unknown_count(problem: Problem) -> int:
    return len(problem.unknowns) + sum(array.size for array in problem.arrays)


def _equation_count(problem: Problem) -> int:
    return len(problem.equations) + sum(_size(one) for one in problem.families if isinstance(one.template, Equation))


def _condition_count(problem: Problem) -> int:
    others = (one for one in problem.families if not isinstance(one.template, Equation))
    return len(problem.conditions) + sum(map(_size, others))


def _size(family: Family) -> int:
    """How many statements a family stands for; where it leaves some out, an upper bound."""
    size = 1
    for index in family.indices:
        size *= max(index.high - index.low + 1, 0)
    return size


def _by_domain(problem: Problem) -> dict[Domain, list[str]]:
    found: dict[Domain, list[str]] = {}
    for unknown in problem.unknowns:
        found.setdefault(unknown.domain, []).append(unknown.name)
    for array in problem.arrays:
        found.setdefault(array.domain, []).append(_array_name(array))
    return found


def _array_name(array: UnknownArray) -> str:
    return f"{array.name}[{', '.join(f'{low}..{high}' for low, high in array.ranges)}]"


def _domain(domain: Domain) -> str:
    """A domain in the language's own words."""
    if domain.is_real_line:
        return "real"
    if domain.members is not None:
        texts = [notation(member) for member in domain.members]
        whole = all(member.is_integer for member in domain.members)
        if whole and len(texts) > 1 and domain.members[-1] - domain.members[0] == len(texts) - 1:
            return f"{texts[0]}..{texts[-1]}"
        return f"{{{', '.join(texts)}}}"
    if domain.integer and not (domain.low.is_finite or domain.high.is_finite):
        return "integer"
    if domain.integer and domain.low.is_finite and domain.high.is_finite:
        return f"{notation(domain.low)}..{notation(domain.high)}"
    left = "(" if domain.low_open else "["
    right = ")" if domain.high_open else "]"
    return f"{left}{notation(domain.low)}, {notation(domain.high)}{right}{', integer' if domain.integer else ''}"
