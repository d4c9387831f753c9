"""Text to syntax tree: every piece of a source through the grammar, all its mistakes gathered.

The grammar lies in the folder ``grammar`` (`puzzle.lark` first). Lark's LALR parser is made once a process.
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedInput
from lark.lark import PostLex

from puzzlesolver.language import tree
from puzzlesolver.language.blocks import pieces
from puzzlesolver.language.builder import TreeBuilder
from puzzlesolver.language.cryptarithms.cryptarithm import read_cryptarithm
from puzzlesolver.language.grids.grid import read_grid
from puzzlesolver.language.limits import MAX_NESTING, MAX_PROSE, MAX_STATEMENT
from puzzlesolver.language.mistakes import BadSyntax, Mistake, Mistakes, TooMuch
from puzzlesolver.language.pieces import RawPiece, StatementPiece, TextPiece, without_comments
from puzzlesolver.language.slips.syntax_errors import explain
from puzzlesolver.language.source import BlockLine, Source, Span

_OPERAND_ENDS = frozenset(
    {"NUMBER", "NAME", "EMOJI", "PI", "INFINITY", "RPAR", "RSQB", "SUPERSCRIPT", "BANG", "ABS_CLOSE"}
)


_BOTH_SIGNS = re.compile(r"\+/?-|-/?\+")

_FACTORIAL = re.compile(r"[\w)\]|]!(?!=)")


_DEFINES = re.compile(r"\b(let|data|table|fit|for|in|grid)\b|∈|:|^\s*[^\W\d]\w*[ \t]+[^\W\d]")


class _Bars(PostLex):
    """Tells an opening ``|`` from a closing one, and stops brackets that are nested too deep.

    A bar closes where one is open on the same level of brackets and an operand stands before it. In a text that
    `has_factorials`, a ``!=`` right behind an operand is a factorial and an equals sign.
    """

    always_accept = ("BAR",)
    has_factorials = False

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        opened: list[str] = []
        before, end = "", -1
        for token in stream:
            name = str(token.type)
            if name == "BAR":
                closes = before in _OPERAND_ENDS and opened[-1:] == ["|"]
                name = "ABS_CLOSE" if closes else "ABS_OPEN"
                token = Token.new_borrow_pos(name, str(token), token)
                if closes:
                    opened.pop()
                else:
                    opened.append("|")
            elif name in ("LPAR", "LSQB", "LBRACE"):
                opened.append("(")
            elif name in ("RPAR", "RSQB", "RBRACE") and "(" in opened:
                while opened.pop() == "|":
                    pass
            if len(opened) > MAX_NESTING:
                at = Span(token.start_pos or 0, token.end_pos or 0)
                raise TooMuch(at, f"brackets are nested deeper than {MAX_NESTING}")
            if token == "!=" and self.has_factorials and before in _OPERAND_ENDS and token.start_pos == end:
                yield Token("BANG", "!", token.start_pos, end_pos=(token.end_pos or 0) - 1)
                token = Token("EQUALS", "=", (token.start_pos or 0) + 1, end_pos=token.end_pos)
                name = "EQUALS"
            before, end = name, token.end_pos or 0
            yield token


def _grammar_folder() -> Traversable:
    try:
        return resources.files("puzzlesolver.grammar")
    except ModuleNotFoundError:  # a checkout that was never installed
        return Path(__file__).parents[2] / "grammar"


class _Grammar:
    """The parser with the builder it reduces to; `offset` is the builder's only state."""

    def __init__(self) -> None:
        folder = _grammar_folder()

        def sibling(_base: Any, path: str) -> tuple[str, str]:
            return path, (folder / path).read_text(encoding="utf-8")

        self._lock = threading.Lock()
        self.builder = TreeBuilder()
        self._bars = _Bars()
        self.lark = Lark(
            (folder / "puzzle.lark").read_text(encoding="utf-8"),
            parser="lalr",
            start=["statement", "expression"],
            import_paths=[sibling],
            source_path="puzzle.lark",
            keep_all_tokens=True,
            maybe_placeholders=False,
            postlex=self._bars,
            transformer=self.builder,
        )

    def parse(self, text: str, offset: int, start: str, *, has_factorials: bool = False) -> Any:
        """The node of a text that begins at `offset` of its source, which may show elsewhere what ``!`` means in it."""
        if both := _BOTH_SIGNS.search(text):
            at = Span(offset + both.start(), offset + both.end())
            hint = "both signs at once are |x - 3| = 2, or (x - 3)^2 = 4; a negative number is added as 5 + (-2)"
            raise BadSyntax(at, f"'{both[0]}' is no sign of the language", hint)
        try:
            with self._lock:
                self._bars.has_factorials = has_factorials
                self.builder.offset, self.builder.text = offset, text
                return self.lark.parse(text, start=start)
        except UnexpectedInput as error:
            raise explain(error, text, offset) from None
        except TooMuch as error:
            if error.message.startswith("brackets"):
                error.span = Span(error.span.start + offset, error.span.end + offset)
            raise


@functools.cache
def _grammar() -> _Grammar:
    return _Grammar()


def parse_expression(source: Source) -> tree.Expression:
    """A whole text that is one expression; raises `Mistake`."""
    if len(source.normal) > MAX_STATEMENT:
        raise TooMuch(Span(0, 1), f"the text is longer than {MAX_STATEMENT} characters")
    return _grammar().parse(source.normal, 0, "expression")  # type: ignore[no-any-return]


def parse_puzzle(source: Source, mistakes: Mistakes) -> tree.Puzzle:
    """Every statement that follows the grammar; the others are noted in `mistakes`."""
    assembly = _Assembly(source, mistakes)
    return tree.Puzzle(tuple(assembly.statements()), assembly.is_whole)


class _Assembly:
    """Puts the pieces together: rows to their headers, indented blocks to their `for`."""

    def __init__(self, source: Source, mistakes: Mistakes) -> None:
        self._source = source
        self._mistakes = mistakes
        self._pieces = self._counted(pieces(source))
        self._next: TextPiece | None = None
        self._grids = 0
        self._has_factorials = _FACTORIAL.search(without_comments(source.normal)) is not None
        self.is_whole = True

    def _counted(self, found: Iterator[TextPiece]) -> Iterator[TextPiece]:
        """The pieces, until the limit of mistakes or of text is reached."""
        prose = 0
        for piece in found:
            if isinstance(piece, StatementPiece):
                prose += piece.span.end - piece.span.start
                if prose > MAX_PROSE:
                    said = f"the statements together are longer than {MAX_PROSE} characters"
                    self._mistakes.add(TooMuch(Span(piece.span.start, piece.span.start + 1), said))
                    return
            yield piece
            if self._mistakes.full:
                return

    def statements(self) -> Iterator[tree.Statement]:
        self._advance()
        while self._next is not None:
            yield from self._line()

    def _advance(self) -> None:
        self._next = next(self._pieces, None)

    def _line(self) -> Iterator[tree.Statement]:
        """The statements of one line, with the indented block below it where it opens one."""
        piece = self._next
        assert piece is not None
        first = self._parsed(piece)
        self._advance()
        rest: list[tree.Statement] = []
        while isinstance(self._next, StatementPiece) and self._next.continues:
            node = self._parsed(self._next)
            rest += [node] if node else []
            self._advance()
        if isinstance(first, tree.For) and _innermost(first).body == () and not rest:
            body = tuple(self._block(piece.indent))
            if not body and not self._mistakes:
                said = "after the colon a statement is expected, or an indented block below"
                self._mistakes.add(BadSyntax(first.span, said))
                self.is_whole = False
            yield _filled(first, body)
        elif isinstance(first, tree.For) and _holds_line(first, self._source):
            yield _filled(first, (*_innermost(first).body, *rest))
        else:
            yield from [first, *rest] if first else rest

    def _block(self, indent: int) -> Iterator[tree.Statement]:
        while self._next is not None and self._next.indent > indent:
            yield from self._line()

    def _parsed(self, piece: TextPiece) -> tree.Statement | None:
        try:
            if isinstance(piece, RawPiece):
                if piece.kind == "cryptarithm":
                    return read_cryptarithm(piece, self._mistakes)
                self._grids += 1
                grid = read_grid(piece, self._mistakes, self._grids)
                self.is_whole = self.is_whole and grid is not None
                return grid
            return self._statement(piece)
        except Mistake as mistake:
            self._mistakes.add(mistake)
            self.is_whole = self.is_whole and not self._may_define(piece)
            return None

    def _may_define(self, piece: TextPiece) -> bool:
        """Whether other statements may lean on a piece, so that they would look wrong without it."""
        text = self._source.normal[piece.span.start : piece.span.end]
        return isinstance(piece, RawPiece) or _DEFINES.search(text) is not None

    def _statement(self, piece: StatementPiece) -> tree.Statement:
        span = piece.span
        if span.end - span.start > MAX_STATEMENT:
            at = Span(span.start, span.start + 1)
            raise TooMuch(at, f"the statement is longer than {MAX_STATEMENT} characters")
        text = without_comments(self._source.normal[span.start : span.end])
        node: tree.Statement = _grammar().parse(text, span.start, "statement", has_factorials=self._has_factorials)
        if isinstance(node, tree.Table | tree.DataRows):
            if not piece.rows and not isinstance(node, tree.Table):
                raise BadSyntax(span, f"below '{text}' its rows are expected")
            return replace(node, rows=piece.rows)
        if isinstance(node, tree.Relation) and "\n" in text:
            self._check_lines(node)
        return node

    def _check_lines(self, node: tree.Relation) -> None:
        """A line that ends in an operator goes on in the next, but not where that is as good as an equation."""
        lines = [self._source.line(number) for number in self._source.lines_of(node.span)]
        equations = [line for line in lines if _EQUALS.search(without_comments(line.text))]
        for line in equations[1:]:
            above = next(other for other in reversed(lines) if other.line_number < line.line_number)
            end = len(without_comments(above.text).rstrip())
            sign = above.text[max(end - 1, 0) : end]
            if sign and sign in "-+*/^=" and _indent(line) <= _indent(lines[0]):
                said = f"this line ends in '{sign}', so it goes on in the next, which is as good as an equation"
                hint = "write what is missing here; a line that goes on is indented deeper"
                notes = (("the next line", line.span(_indent(line), len(line.text.rstrip()))),)
                raise BadSyntax(above.span(end - 1, end), said, hint, notes)


_EQUALS = re.compile(r"(?<![<>!=])==?(?!=)")


def _indent(line: BlockLine) -> int:
    return len(line.text) - len(line.text.lstrip())


def _innermost(node: tree.For) -> tree.For:
    """The last of ``for …: for …: for …:``."""
    while len(node.body) == 1 and isinstance(node.body[0], tree.For):
        node = node.body[0]
    return node


def _filled(node: tree.For, body: tuple[tree.Statement, ...]) -> tree.For:
    if len(node.body) == 1 and isinstance(node.body[0], tree.For):
        return replace(node, body=(_filled(node.body[0], body),))
    return replace(node, body=body)


def _holds_line(node: tree.For, source: Source) -> bool:
    """Whether the `for` stands before its statement, so that it governs the rest of the line, too."""
    return node.clause.span.start == node.span.start
