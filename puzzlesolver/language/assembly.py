"""The last step of lowering: what the statements and blocks came to, put together as one `Problem`.

Unknowns come in the order of the text. Arrays stay arrays where one domain and one guess serve all their elements and
every element of their range is in use; else they are written out here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sympy import Expr, Indexed, IndexedBase, Integer

from puzzlesolver.language import tree
from puzzlesolver.language.arrays import ArrayFacts, ArrayShape, Ranges, StatedGuess, shape_of
from puzzlesolver.language.domains import intersection
from puzzlesolver.language.drawn import BlockMeaning
from puzzlesolver.language.limits import MAX_UNROLLED
from puzzlesolver.language.mistakes import Mistake, TooMuch
from puzzlesolver.language.source import Source, Span
from puzzlesolver.language.statements import Statements
from puzzlesolver.language.warnings import doubts
from puzzlesolver.problem import (
    REALS,
    AllDifferent,
    Condition,
    Domain,
    Equation,
    Fit,
    Layout,
    Origin,
    Problem,
    Unknown,
    UnknownArray,
    element_symbol,
    real_symbol,
)
from puzzlesolver.problem.unroll import scalar, unroll, unrolled_size


def assembled(
    puzzle: tree.Puzzle,
    source: Source,
    statements: Statements,
    blocks: Sequence[tuple[Span, BlockMeaning]],
    fit: Fit | None,
) -> Problem:
    """The whole problem. Raises `Mistake` where the indices of an array contradict its range."""
    stated, builder = statements.stated, statements.builder
    equations, conditions = _in_order(blocks, statements)
    problem = Problem(
        unknowns=tuple(_unknowns(statements, blocks)),
        equations=equations,
        conditions=conditions,
        families=tuple(stated.families),
        fit=fit,
        objective=stated.objective,
        asks=tuple(stated.asks),
        parameters={
            name: value for name in builder.names.values if (value := builder.definitions.definition(name)).is_number
        },
        layout=_layout(blocks),
        name=source.name,
    )
    if stated.arrays:
        problem = _with_arrays(problem, statements)
    if stated.targets is not None:
        problem = _with_targets(problem, stated.targets, statements)
    return replace(problem, warnings=doubts(puzzle, statements, problem))


def _in_order(
    blocks: Sequence[tuple[Span, BlockMeaning]], statements: Statements
) -> tuple[tuple[Equation, ...], tuple[Condition | AllDifferent, ...]]:
    """The equations and the conditions in the order of the text, each block's together at its place."""
    equations: list[tuple[int, int, Equation]] = []
    conditions: list[tuple[int, int, Condition | AllDifferent]] = []
    for span, meaning in blocks:
        place = statements.origin(Span(span.start, span.start + 1))
        equations += [(place.line, place.column, equation) for equation in meaning.equations]
        conditions += [(place.line, place.column, condition) for condition in meaning.conditions]
    stated = statements.stated
    equations += [(equation.origin.line, equation.origin.column, equation) for equation in stated.equations]
    conditions += [(condition.origin.line, condition.origin.column, condition) for condition in stated.conditions]
    return (
        tuple(equation for *_, equation in sorted(equations, key=lambda entry: entry[:2])),
        tuple(condition for *_, condition in sorted(conditions, key=lambda entry: entry[:2])),
    )


def _layout(blocks: Sequence[tuple[Span, BlockMeaning]]) -> Layout | None:
    """The pictures of all blocks, one below the other with an empty line between."""
    rows: list[tuple[str | Expr, ...]] = []
    for _, meaning in blocks:
        rows += [(), *meaning.layout.rows] if rows else meaning.layout.rows
    return Layout(tuple(rows)) if rows else None


def _unknowns(statements: Statements, blocks: Sequence[tuple[Span, BlockMeaning]]) -> list[Unknown]:
    """The scalar unknowns in the order of the text, each with all that is stated of it."""
    stated, builder = statements.stated, statements.builder
    found: dict[str, tuple[int, Unknown]] = {}
    for span, meaning in blocks:
        for unknown in meaning.unknowns:
            if unknown.name not in found:
                found[unknown.name] = (span.start, unknown)
            else:
                domain = _joint(found[unknown.name][1].domain, unknown.domain, unknown.name, span)
                found[unknown.name] = (found[unknown.name][0], replace(unknown, domain=domain))
    plain = {**{name: span for name, (_, span) in stated.domains.items()}, **builder.used}
    for name, span in plain.items():
        if name not in stated.arrays and name not in found:
            first = builder.names.first.get(name, span)
            found[name] = (first.start, Unknown(real_symbol(name), origin=statements.origin(first)))
    for name, (domain, span) in stated.domains.items():
        start, unknown = found[name]
        found[name] = (start, replace(unknown, domain=_joint(unknown.domain, domain, name, span)))
    for name, (value, _) in stated.guesses.items():
        if name in found:
            found[name] = (found[name][0], replace(found[name][1], guess=value))
    return [unknown for _, unknown in sorted(found.values(), key=lambda entry: entry[0])]


def _joint(first: Domain, second: Domain, name: str, span: Span) -> Domain:
    joint = intersection(first, second)
    if joint is None:
        raise Mistake(span, f"no number is in all the domains stated for '{name}'")
    return joint


def _with_arrays(problem: Problem, statements: Statements) -> Problem:
    """The arrays added, written out where they are no plain blocks of alike unknowns."""
    shapes = {name: shape_of(facts) for name, facts in statements.stated.arrays.items()}
    shapes = {name: shape for name, shape in shapes.items() if shape.ranges}
    arrays = [_array(statements.stated.arrays[name], shape, statements) for name, shape in shapes.items()]
    problem = replace(problem, arrays=tuple(array or _bare(name, shapes, statements) for name, array in arrays))
    if all(array is not None for _, array in arrays) and statements.stated.targets is None:
        return problem
    if unrolled_size(problem) > MAX_UNROLLED:
        name = next((name for name, array in arrays if array is None), arrays[0][0])
        raise TooMuch(
            statements.stated.arrays[name].span,
            f"'{name}' has to be written out, and {MAX_UNROLLED} elements and statements are the most for that",
            "state one domain and one guess for all of it, and use every element of its range",
        )
    facts = {
        str(unknown.symbol): unknown
        for name, shape in shapes.items()
        for unknown in _elements(statements.stated.arrays[name], shape, statements)
    }
    plain = {unknown.name for unknown in problem.unknowns}
    written_out = unroll(problem, MAX_UNROLLED)
    return replace(
        written_out,
        unknowns=tuple(
            facts.get(unknown.name, unknown)
            for unknown in written_out.unknowns
            if unknown.name in plain or unknown.name in facts
        ),
    )


def _bare(name: str, shapes: dict[str, ArrayShape], statements: Statements) -> UnknownArray:
    return UnknownArray(name, shapes[name].ranges, origin=_array_origin(name, statements))


def _array_origin(name: str, statements: Statements) -> Origin:
    span = statements.builder.names.first[name]
    return replace(statements.origin(span), text=name)


def _array(facts: ArrayFacts, shape: ArrayShape, statements: Statements) -> tuple[str, UnknownArray | None]:
    """The array as a whole, None where its elements differ or some are missing."""
    regular = shape.present is None and all(_covers(stated.box, shape.ranges) for stated in facts.domains)
    guesses = facts.guesses
    if not regular or len(guesses) > 1:
        return facts.name, None
    guess = guesses[0] if guesses else None
    if guess and not _covers(guess.box, shape.ranges):
        if guess.value.free_symbols or 2 * _size(guess.box) < _size(shape.ranges):
            return facts.name, None  # a constant for nearly all of the elements may serve for the others, too
    domain = REALS
    for stated in facts.domains:
        domain = _joint(domain, stated.domain, facts.name, stated.span)
    return facts.name, UnknownArray(
        facts.name,
        shape.ranges,
        domain,
        guess.value if guess else None,
        tuple(index.symbol for index in guess.indices) if guess else (),
        _array_origin(facts.name, statements),
    )


def _size(box: Ranges | None) -> int:
    return math.prod(high - low + 1 for low, high in box or ())


def _covers(box: Ranges | None, ranges: Ranges) -> bool:
    return box is None or all(
        low <= first and last <= high for (low, high), (first, last) in zip(box, ranges, strict=True)
    )


def _elements(facts: ArrayFacts, shape: ArrayShape, statements: Statements) -> Iterator[Unknown]:
    """Every element of an array with its own domain and guess."""
    origin, base = _array_origin(facts.name, statements), IndexedBase(facts.name, real=True)
    for place in shape.elements():
        symbol = element_symbol(base[tuple(map(Integer, place))])
        alone = tuple((index, index) for index in place)
        domain, guess = REALS, None
        for stated in facts.domains:
            if _covers(stated.box, alone):
                domain = _joint(domain, stated.domain, symbol.name, stated.span)
        for given in facts.guesses:
            if _covers(given.box, alone):
                guess = _guess_at(given, place)
        yield Unknown(symbol, domain, guess, origin)


def _guess_at(guess: StatedGuess, place: tuple[int, ...]) -> Expr:
    values = {index.symbol: Integer(value) for index, value in zip(guess.indices, place, strict=False)}
    found = guess.value.xreplace(values)
    if not found.is_finite or not found.is_real:
        raise Mistake(guess.span, f"the guess has no value at the index {', '.join(map(str, place))}")
    return found


def _with_targets(problem: Problem, targets: tuple[Expr, ...], statements: Statements) -> Problem:
    """Only the targets stay unknowns; the domains of the other names become conditions on symbols."""
    wanted = tuple(dict.fromkeys(scalar(target) if isinstance(target, Indexed) else target for target in targets))
    known = {unknown.symbol: unknown for unknown in problem.unknowns}
    stay = [unknown for symbol, unknown in known.items() if symbol not in wanted]
    conditions = [condition for unknown in stay for condition in unknown.domain.bounds(unknown.symbol, unknown.origin)]
    return replace(
        problem,
        unknowns=tuple(known[symbol] for symbol in wanted),
        conditions=(*problem.conditions, *conditions),
        targets=wanted,
    )
