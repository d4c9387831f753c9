"""Doubts about a text that is right by the rules: probable slips. A warning never stops anything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from puzzlesolver.errors import Diagnostic
from puzzlesolver.language import tree
from puzzlesolver.language.domains import contains
from puzzlesolver.language.mistakes import distance, nearest
from puzzlesolver.language.source import Source, Span
from puzzlesolver.language.statements import Statements
from puzzlesolver.problem import Problem
from puzzlesolver.problem.notation import notation

_MANY_NAMES = 400  # Above so many names, a name that stands once is compared with no other.
_LONGEST_FACTORIAL = 60  # Digits of a number that is looked at for being a factorial.


def doubts(puzzle: tree.Puzzle, statements: Statements, problem: Problem) -> tuple[str, ...]:
    """The warnings about a puzzle, one line each, in the order of the text."""
    found = [
        *_powers_of_e(puzzle, statements),
        *_factorials(puzzle, statements.source),
        *_close_names(statements),
        *_unused(puzzle, statements, problem),
        *_numbers_alone(statements),
        *_numbers_applied(puzzle, statements),
        *_columns_misspelt(problem, statements),
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


def _factorials(puzzle: tree.Puzzle, source: Source) -> Iterator[Diagnostic]:
    """``n!=720``: an inequality by the rules, and an equation for a factorial to who writes without blanks."""
    for node in tree.walk(puzzle):
        if not isinstance(node, tree.Relation):
            continue
        for left, right in pairwise(node.operands):
            before, after = (source.normal[one.span.start : one.span.end] for one in (left, right))
            close = source.normal[left.span.end : right.span.start] == "!="
            if close and (_is_factorial(after) or before.isdigit()):
                said = f"this says that {before} is not {after}; the factorial would be '{before}! = {after}'"
                yield source.warning(Span(left.span.start, right.span.end), said)


def _is_factorial(text: str) -> bool:
    """Whether a number is the factorial of a whole number from 3 on."""
    if not text.isdecimal() or len(text) > _LONGEST_FACTORIAL:
        return False
    number, factor = int(text), 2
    while number > 1 and number % factor == 0:
        number, factor = number // factor, factor + 1
    return number == 1 and factor > 3


def _close_names(statements: Statements) -> Iterator[Diagnostic]:
    """An unknown that stands once and is spelt nearly as another that stands more often."""
    names, builder = statements.builder.names, statements.builder
    known = {*builder.used, *names.values, *names.functions, *builder.columns}
    if len(known) > _MANY_NAMES:
        return
    for name in builder.used:
        if names.counts[name] != 1 or name in names.claimed:
            continue
        close = [
            other
            for other in known
            if (names.counts[other] > 1 and is_slip(name, other))
            or (_is_before(names.first.get(other), names.first[name]) and _is_mixed_up(name, other))
        ]
        if close:
            other = min(close, key=lambda one: (-names.counts[one], one))
            times = f"{names.counts[other]} times" if names.counts[other] > 1 else "once, too"
            said = f"'{name}' appears once; '{other}' appears {times}"
            yield statements.source.warning(names.first[name], said, f"did you mean '{other}'?")


def _is_before(first: Span | None, second: Span) -> bool:
    return first is not None and first.start < second.start


def _is_mixed_up(name: str, other: str) -> bool:
    """Whether two names are the same letters but for two neighbours that changed places, `lenght` and `length`."""
    return len(name) > 4 and sorted(name) == sorted(other) and name.isalpha() and distance(name, other) == 1


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


def _numbers_alone(statements: Statements) -> Iterator[Diagnostic]:
    """An equation between numbers: a name that was meant as an unknown may have a value."""
    source = statements.source
    for equation in statements.stated.equations:
        if equation.lhs.free_symbols or equation.rhs.free_symbols or not equation.origin.line or equation.defined:
            continue
        difference = equation.lhs - equation.rhs
        if difference.is_zero:
            always = "always"
        elif difference.is_Rational or abs(difference.evalf(30)) > 1e-15:
            always = "never"
        else:
            continue
        start = source.line_starts[equation.origin.line - 1] + equation.origin.column - 1
        span = Span(start, start + max(len(equation.origin.text), 1))
        said = f"this says {notation(equation.lhs)} = {notation(equation.rhs)}, which is {always} true"
        yield source.warning(span, said)


def _numbers_applied(puzzle: tree.Puzzle, statements: Statements) -> Iterator[Diagnostic]:
    """``f(2)`` or ``f(t)`` where nothing says what `f` is."""
    names = statements.builder.names
    for node in tree.walk(puzzle):
        match node:
            case tree.Apply(arguments=(tree.Number(text=text) | tree.Name(name=text),)) if not names.is_function(
                node.name.name
            ):
                name = node.name.name
                if name not in names.bare and name not in names.values:
                    said = f"'{name}({text})' is read as {name} times {text}; no function '{name}' is defined"
                    yield statements.source.warning(node.span, said)


def _columns_misspelt(problem: Problem, statements: Statements) -> Iterator[Diagnostic]:
    """A parameter of a fit that is nearly a column which the fit does not use."""
    fit = problem.fit
    if fit is None:
        return
    used = {str(symbol) for symbol in fit.output.free_symbols | fit.model.free_symbols} | {fit.sigma, fit.weights}
    for parameter in fit.parameters:
        other = nearest(str(parameter), [column for column in fit.data.columns if column not in used])
        if other and min(len(str(parameter)), len(other)) > 2:
            said = f"'{parameter}' is estimated, and the column '{other}' of the data is not used"
            yield statements.source.warning(statements.builder.used[str(parameter)], said, f"did you mean '{other}'?")
