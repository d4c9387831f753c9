"""Golden syntax trees and problems: one file at least for every form of statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from textwrap import indent

import pytest
from places import ROOT

from puzzlesolver import language
from puzzlesolver.language import tree
from puzzlesolver.language.cryptarithms.cryptarithm import Cryptarithm
from puzzlesolver.language.grids.grid import Grid, Line
from puzzlesolver.language.grids.tokens import CellKind
from puzzlesolver.language.mistakes import Mistakes
from puzzlesolver.language.parsing import parse_puzzle
from puzzlesolver.language.source import BlockLine, Source, Span
from puzzlesolver.language.text_form import problem_text
from puzzlesolver.problem import Condition, Equation, Problem

Golden = Callable[[str, Path], None]

FOLDER = ROOT / "tests" / "golden"
TREES = sorted((FOLDER / "trees").glob("*.txt"))
PROBLEMS = sorted((FOLDER / "problems").glob("*.txt"))


WIDTH = 100
"""Columns in which a node is written on one line."""


def tree_text(node: object) -> str:
    """A node of a syntax tree, written with the names of its classes: ``Relation(=, Power(x, 2), 25)``."""
    match node:
        case tree.Name():
            return node.name
        case tree.Number():
            return node.text
        case BlockLine():
            return repr(node.text)
        case Grid():
            lines = ("".join(_joined(line)) for line in node.lines)
            cells = (f"{cell.kind.value} {cell.name}" for cell in node.cells)
            return _written("Grid", [tree_text(node.options), ", ".join(cells), *lines])
        case Cryptarithm():
            lines = (" ".join(token.text for token in equation) for equation in node.equations)
            return _written("Cryptarithm", [tree_text(node.options), *lines])
        case tuple():
            return " ".join(tree_text(part) for part in node)
        case bool():
            return "-" if node else "+"
        case str():
            return node
    assert is_dataclass(node)
    parts: list[str] = []
    for name, value in ((field.name, getattr(node, field.name)) for field in fields(node)):
        if isinstance(value, tuple):
            parts.extend(map(tree_text, value))
        elif isinstance(value, bool):
            parts.extend([name] if value else [])
        elif value is not None and not isinstance(value, Span):
            parts.append(str(value) if isinstance(value, int) else tree_text(value))
    return _written(type(node).__name__, parts)


def _joined(line: Line) -> Iterator[str]:
    yield line.cells[0].name
    for sign, cell in zip(line.operators, line.cells[1:], strict=True):
        yield f" {sign} {cell.name if cell.kind is not CellKind.NUMBER else cell.text}"


def _written(name: str, parts: Sequence[str]) -> str:
    """On one line where that is short enough, else each part on its own."""
    flat = f"{name}({', '.join(parts)})"
    if len(flat) <= WIDTH and "\n" not in flat:
        return flat
    return "\n".join([f"{name}(", *(indent(f"{part},", "  ") for part in parts), ")"])


def problem_lines(problem: Problem) -> Iterator[str]:
    """All that a problem holds: as text, then what its text does not show."""
    yield problem_text(problem)
    families = (family.template for family in problem.families)
    for statement in (*problem.equations, *problem.conditions, *families, *problem.asks):
        for condition in getattr(statement, "defined", ()):
            yield f"defined: {condition.lhs} {condition.relation.value} {condition.rhs}, of {statement.origin.text}"
    for statement in (*problem.equations, *problem.conditions):
        if isinstance(statement, Equation | Condition):
            yield f"line {statement.origin.line}, column {statement.origin.column}: {statement.origin.text}"
    if problem.layout is not None:
        yield from ("picture: " + " ".join(str(piece) or "_" for piece in row) for row in problem.layout.rows)
    yield from problem.warnings


@pytest.mark.parametrize("path", TREES, ids=lambda path: path.stem)
def test_tree(path: Path, golden: Golden) -> None:
    """The syntax tree of a text is as recorded."""
    source = Source.of(path.read_text(encoding="utf-8"))
    mistakes = Mistakes(source)
    puzzle = parse_puzzle(source, mistakes)
    mistakes.raise_all()
    golden("\n".join(map(tree_text, puzzle.statements)), path.with_suffix(".expected"))


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_problem(path: Path, golden: Golden) -> None:
    """The problem that a text states is as recorded."""
    problem = language.parse(path.read_text(encoding="utf-8"))
    golden("\n".join(problem_lines(problem)), path.with_suffix(".expected"))
