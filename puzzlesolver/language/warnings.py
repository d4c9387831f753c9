"""Doubts about a text that is right by the rules: probable slips. A warning never stops anything."""

from __future__ import annotations

from collections.abc import Iterator

from puzzlesolver.errors import Diagnostic
from puzzlesolver.language import tree
from puzzlesolver.language.domains import contains
from puzzlesolver.language.mistakes import distance
from puzzlesolver.language.source import Span
from puzzlesolver.language.statements import Statements
from puzzlesolver.problem import Equation, Problem

_MANY_NAMES = 400
"""Above so many names, a name that stands once is compared with no other."""


def doubts(puzzle: tree.Puzzle, statements: Statements, problem: Problem) -> tuple[str, ...]:
    """The warnings about a puzzle, one line each, in the order of the text."""
    found = [
        *_powers_of_e(puzzle, statements),
        *_close_names(statements),
        *_unused(puzzle, statements, problem),
        *_never_true(problem, statements),
    ]
    placed = sorted(found, key=lambda one: (one.place.line, one.place.column) if one.place else (0, 0))
    return tuple(str(one) for one in placed)


def _powers_of_e(puzzle: tree.Puzzle, statements: Statements) -> Iterator[Diagnostic]:
    """``e^x`` in a file that never says what `e` is.

    An `e` that is raised to whole numbers and stands elsewhere, too, is an unknown among `a`, `b`, `c`, `d`.
    """
    names = statements.builder.names
    if "e" not in statements.builder.used or "e" in names.values or "e" in names.claimed:
        return
    powers = []
    for node in tree.walk(puzzle):
        if isinstance(node, tree.Power) and isinstance(node.base, tree.Name) and node.base.name == "e":
            powers.append(node)
        if isinstance(node, tree.Relation) and any(_is_e(operand) for operand in node.operands):
            return
    if len(powers) == names.counts["e"] or any(not isinstance(node.exponent, tree.Number) for node in powers):
        if powers:
            said = (
                "'e' is a name like others, and nothing defines it; the exponential function is exp(x), and e is exp(1)"
            )
            yield statements.source.warning(powers[0].base.span, said, "write exp(1), or `let e = exp(1)`")


def _is_e(node: object) -> bool:
    return isinstance(node, tree.Name) and node.name == "e"


def _close_names(statements: Statements) -> Iterator[Diagnostic]:
    """An unknown that stands once and is spelt nearly as another that stands more often."""
    names, builder = statements.builder.names, statements.builder
    known = {*builder.used, *names.values, *names.functions, *builder.columns}
    if len(known) > _MANY_NAMES:
        return
    for name in builder.used:
        if names.counts[name] != 1 or name in names.claimed:
            continue
        close = [other for other in known if names.counts[other] > 1 and is_slip(name, other)]
        if close:
            other = min(close, key=lambda one: (-names.counts[one], one))
            said = f"'{name}' appears once; '{other}' appears {names.counts[other]} times"
            yield statements.source.warning(names.first[name], said, f"did you mean '{other}'?")


def is_slip(name: str, other: str) -> bool:
    """Whether a name is probably another one misspelt, rather than another of its kind (`x1`, `x2`; `xmin`, `ymin`)."""
    if min(len(name), len(other)) < 4:
        return len(name) > 2 and name != other and name.lower() == other.lower()
    if name.lower() == other.lower():
        return True
    if name.rstrip("0123456789s") == other.rstrip("0123456789s") or name[1:] == other[1:] or name[:-1] == other[:-1]:
        return False
    if name.startswith(other) or other.startswith(name) or name.endswith(other) or other.endswith(name):
        return False
    differing = {*name} ^ {*other}
    if any(not letter.isalpha() or letter.isupper() for letter in differing):
        return False
    return distance(name, other) == 1


def _unused(puzzle: tree.Puzzle, statements: Statements, problem: Problem) -> Iterator[Diagnostic]:
    """Domains, guesses and data that speak of nothing else in the file."""
    stated, used, source = statements.stated, statements.builder.used, statements.source
    cells = {str(cell) for cell in statements.builder.cells} | {unknown.name for unknown in problem.unknowns}
    mentioned = set(used)
    for name, (domain, span) in stated.domains.items():
        if name not in mentioned and statements.builder.names.counts[name] <= 1 and name not in _of_blocks(problem):
            yield source.warning(span, f"a domain is stated for '{name}', and nothing else speaks of it")
        if name in stated.guesses and not contains(domain, stated.guesses[name][0]):
            yield source.warning(stated.guesses[name][1], f"the guess for '{name}' is outside its domain")
    for name, (_, span) in stated.guesses.items():
        if name not in mentioned and name not in cells:
            yield source.warning(span, f"a guess is given for '{name}', and nothing else speaks of it")
    if problem.fit is None:
        for node in puzzle.statements:
            if isinstance(node, tree.DataRows | tree.DataFrom):
                yield source.warning(node.span, "no `fit` uses the data")


def _of_blocks(problem: Problem) -> set[str]:
    """The names that equations hold, whoever wrote them."""
    return {str(symbol) for equation in problem.equations for symbol in equation.residual.free_symbols}


def _never_true(problem: Problem, statements: Statements) -> Iterator[Diagnostic]:
    """An equation between different numbers: a name that was meant as an unknown may have a value."""
    for equation in problem.equations:
        if isinstance(equation, Equation) and equation.lhs.is_Rational and equation.rhs.is_Rational:
            if equation.lhs != equation.rhs and equation.origin.line:
                start = statements.source.line_starts[equation.origin.line - 1] + equation.origin.column - 1
                span = Span(start, start + max(len(equation.origin.text), 1))
                yield statements.source.warning(span, f"this says {equation.lhs} = {equation.rhs}, which is never true")
