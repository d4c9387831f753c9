"""The lines of a grid, cut into cells, operators and the marks for "nothing here".

In come raw lines (comments still in them); out go rows of `Token`s, each row of one kind: cells, operators, or a rule
of dashes. What belongs to which column is not decided here. Every token knows its place in the text and, for columns
that were drawn by eye, where it stands on a screen: tabs and wide characters counted as they show.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from puzzlesolver.language.limits import MAX_NAME
from puzzlesolver.language.mistakes import BadSyntax, Mistake, TooMuch
from puzzlesolver.language.source import BlockLine, Span


class Mark(Enum):
    """What a token is. `NOTHING` is a ``.`` where an operator could stand, `HOLE` a ``#``."""

    CELL = "a cell"
    HOLE = "a hole"
    OPERATOR = "an operator"
    NOTHING = "no operator"


class CellKind(Enum):
    """What a cell holds. In a cryptarithm, a `NAME` is a word whose letters are digits."""

    BLANK = "blank"
    NUMBER = "number"
    NAME = "name"


class RowKind(Enum):
    """What stands in a row."""

    CELLS = "cells"
    OPERATORS = "operators"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a row; `left` and `right` are screen columns, `text` what a cell holds or an operator's plain sign."""

    mark: Mark
    text: str
    span: Span
    left: int
    right: int
    bracketed: bool = False
    kind: CellKind = CellKind.BLANK


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line of the grid."""

    kind: RowKind
    tokens: tuple[Token, ...]
    span: Span

    @property
    def cells(self) -> tuple[Token, ...]:
        return tuple(token for token in self.tokens if token.mark is Mark.CELL)

    @property
    def operators(self) -> tuple[Token, ...]:
        return tuple(token for token in self.tokens if token.mark is Mark.OPERATOR)


_TAB_WIDTH = 8
_MAX_DIGITS = 1_000
_NUMBER = r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3}(?![0-9]))?"
_NUMERALS = "\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u208e\u2150-\u218b"
LETTER = rf"[^\W\d_{_NUMERALS}]"
"""A letter of any script; raised digits and fractions are none."""
_EMOJI = r"[\u231a-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*"
_NAME = rf"{LETTER}[^\W{_NUMERALS}]*|{_EMOJI}(?:\u200d{_EMOJI})*"
_BLANK = r"\?|\.+(?![0-9])|_+(?!\w)|[\u25a1\u25a2\u2610\u2b1c]\ufe0f?"
_TOKEN = re.compile(
    rf"(?P<bracketed>\[[^\[\]]*\])|(?P<number>{_NUMBER})|(?P<blank>{_BLANK})|(?P<name>{_NAME})"
    r"|(?P<operator>[-+*/:=])|(?P<hole>\#)|(?P<space>\s+)|(?P<wrong>\S)"
)
_CONTENT = re.compile(
    rf"(?P<number>[-+]?\s*{_NUMBER}(?:\s*/\s*[0-9]+)?)|(?P<blank>|{_BLANK})|(?P<name>{_NAME})|(?P<hole>\#)"
)
_DASHES = r"(?:-{3,}|_{3,}|={3,}|[\u2500-\u257f]+)"
_RULE = re.compile(rf"\s*{_DASHES}(?:\s+{_DASHES})*\s*")
_PLAIN_SIGN = {":": "/"}


def is_rule(text: str) -> bool:
    """Whether a line is nothing but dashes (or underscores, equals signs, box lines), three or more in each piece."""
    return _RULE.fullmatch(text) is not None


def without_comment(text: str) -> str:
    """The line up to its comment.

    A ``#`` is a hole where it stands by itself between pieces of a grid, and begins a comment elsewhere: glued to
    something, beside cells in brackets (whose holes are ``[#]``), before words that no grid has side by side, and
    before one last word, except in a row of names that has no result yet (``A # BC``).
    """
    if "#" not in text:
        return text
    pieces = [match for match in _TOKEN.finditer(text) if match.lastgroup != "space"]
    prose = [False] * (len(pieces) + 1)
    for k in reversed(range(len(pieces))):
        group = pieces[k].lastgroup
        beside = pieces[k + 1].lastgroup if k + 1 < len(pieces) else None
        words = {group, beside} in ({"name"}, {"name", "number"})
        prose[k] = prose[k + 1] or group == "wrong" or words
    for k, piece in enumerate(pieces):
        if piece.lastgroup != "hole":
            continue
        start, end = piece.span()
        glued = bool((text[max(start - 1, 0) : start] + text[end : end + 1]).strip())
        alone = len(pieces) == 1
        if len(pieces) == k + 2 and pieces[k + 1].lastgroup == "name" and len(pieces[k + 1].group()) > 1:
            before = pieces[:k]
            alone = not any(other.lastgroup == "name" for other in before) or any(o.group() == "=" for o in before)
        if glued or alone or "[" in text or prose[k + 1]:
            return text[:start]
    return text


def read_rows(lines: Sequence[BlockLine], cryptarithm: bool, wrong: list[Mistake]) -> list[GridRow]:
    """The rows of the grid, empty lines and comments left out. What is wrong with single tokens is noted."""
    rows: list[GridRow] = []
    for line in lines:
        text = without_comment(line.text)
        start = len(text) - len(text.lstrip())
        span = line.span(start, len(text.rstrip()))
        if is_rule(text):
            rows.append(GridRow(RowKind.RULE, (), span))
            continue
        tokens = list(_tokens(line, text, wrong))
        below_cells = bool(rows) and rows[-1].kind is RowKind.CELLS
        if below_cells and not cryptarithm and all(_may_be_operator(token, times=True) for token in tokens):
            tokens = [replace(token, mark=Mark.OPERATOR, text="*") if _cross(token) else token for token in tokens]
        signs = any(token.mark is Mark.OPERATOR for token in tokens)
        if tokens and (signs or below_cells) and all(_may_be_operator(token) for token in tokens):
            rows.append(GridRow(RowKind.OPERATORS, tuple(_nothing_for_dot(tokens)), span))
        elif tokens:
            rows.append(GridRow(RowKind.CELLS, tuple(_resolved(tokens, cryptarithm)), span))
    return rows


def _may_be_operator(token: Token, times: bool = False) -> bool:
    """Whether a row of operators may hold it; `times` lets an ``x`` be a cross."""
    return token.mark is not Mark.CELL or _dot(token) or (times and _cross(token))


def _dot(token: Token) -> bool:
    return (
        token.mark is Mark.CELL and not token.bracketed and token.text.startswith(".") and token.kind is CellKind.BLANK
    )


def _cross(token: Token) -> bool:
    return token.mark is Mark.CELL and not token.bracketed and token.text in ("x", "X")


def _nothing_for_dot(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield replace(token, mark=Mark.NOTHING) if _dot(token) else token


def _tokens(line: BlockLine, text: str, wrong: list[Mistake]) -> Iterator[Token]:
    """The tokens of a line from left to right; every blank and every ``.`` is a cell as yet."""
    screen = screen_columns(text)
    for match in _TOKEN.finditer(text):
        span, found = line.span(*match.span()), match.group()
        left, right = screen[match.start()], screen[match.end()]
        match match.lastgroup:
            case "operator":
                yield Token(Mark.OPERATOR, _PLAIN_SIGN.get(found, found), span, left, right)
            case "hole":
                yield Token(Mark.HOLE, "#", span, left, right)
            case "bracketed":
                yield _bracketed_cell(Token(Mark.CELL, found[1:-1].strip(), span, left, right, bracketed=True), wrong)
            case "number" | "blank" | "name":
                yield _within_limits(Token(Mark.CELL, found, span, left, right, kind=CellKind(match.lastgroup)), wrong)
            case "wrong":
                hint = "a cell opens with '[' and closes with ']' on the same line" if found in "[]" else None
                hint = "decimals are written with a point" if found == "," else hint
                wrong.append(
                    BadSyntax(
                        span, f"expected a cell or one of + - * / = in the grid, and '{found}' stands there", hint
                    )
                )
                return


def _bracketed_cell(token: Token, wrong: list[Mistake]) -> Token:
    """A cell in brackets, of the kind that its content tells."""
    content = _CONTENT.fullmatch(token.text)
    if content is None:
        wrong.append(
            BadSyntax(
                token.span,
                f"expected a name, a number, '?' or nothing in the cell, and '{token.text[:40]}' stands there",
                "a calculation gets a name: write the name in the cell, and what it is in an equation of its own",
            )
        )
        return replace(token, text="?")
    if content.lastgroup == "hole":
        return replace(token, mark=Mark.HOLE)
    return _within_limits(replace(token, kind=CellKind(content.lastgroup)), wrong)


def _within_limits(token: Token, wrong: list[Mistake]) -> Token:
    if len(token.text) > (MAX_NAME if token.kind is CellKind.NAME else _MAX_DIGITS):
        wrong.append(TooMuch(token.span, f"this cell holds {len(token.text)} characters, which is too long"))
        return replace(token, text="?", kind=CellKind.BLANK)
    return token


def screen_columns(text: str) -> Sequence[int]:
    """For every offset in the line, the column where it shows: a tab jumps, wide characters take two columns."""
    if text.isascii() and "\t" not in text:
        return range(len(text) + 1)
    columns = [0]
    for character in text:
        at = columns[-1]
        if character == "\t":
            columns.append(at + _TAB_WIDTH - at % _TAB_WIDTH)
        elif unicodedata.combining(character) or character in "\ufe0f\u200d":
            columns.append(at)
        else:
            columns.append(at + (2 if unicodedata.east_asian_width(character) in "WF" else 1))
    return columns


def _resolved(tokens: Sequence[Token], cryptarithm: bool) -> Iterator[Token]:
    """A row of cells with signs joined to their numbers, and every ``.`` and ``x`` decided by where it stands.

    Where an operator could stand, a ``.`` is the absence of one and an ``x`` between two cells means times; ``==`` is
    one sign here, where in a row of operators it is two.
    """
    only_values = all(token.mark is not Mark.OPERATOR or _like_sign(tokens, k) for k, token in enumerate(tokens))
    previous: Token | None = None
    sign: Token | None = None
    for k, token in enumerate(tokens):
        following = tokens[k + 1] if k + 1 < len(tokens) else None
        if token.text == "=" and previous is not None and previous.text == "=" and previous.right == token.left:
            previous = token
            continue
        operand_expected = previous is None or previous.mark in (Mark.OPERATOR, Mark.NOTHING)
        after_hole = previous is not None and previous.mark is Mark.HOLE
        if sign is not None:
            token = replace(token, text=sign.text + token.text, span=sign.span.to(token.span), left=sign.left)
            sign = None
        elif token.text in ("+", "-") and (operand_expected or only_values) and _loose_number(following):
            sign = token
            continue
        elif _dot(token) and not operand_expected:
            closed = following is None or following.mark is Mark.OPERATOR
            token = token if after_hole and closed else replace(token, mark=Mark.NOTHING)
        elif _cross(token) and not operand_expected and not after_hole and not cryptarithm:
            between = following is not None and following.mark is Mark.CELL
            token = replace(token, mark=Mark.OPERATOR, text="*") if between else token
        yield token
        previous = token


def _loose_number(token: Token | None) -> bool:
    return token is not None and token.mark is Mark.CELL and token.kind is CellKind.NUMBER and not token.bracketed


def _like_sign(tokens: Sequence[Token], k: int) -> bool:
    """Whether a plus or minus is glued to the number after it and apart from what is before it: ``8  -2``."""
    following = tokens[k + 1] if k + 1 < len(tokens) else None
    glued = following is not None and _loose_number(following) and following.left == tokens[k].right
    return glued and tokens[k].text in ("+", "-") and (k == 0 or tokens[k - 1].right < tokens[k].left)
