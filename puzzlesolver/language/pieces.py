"""The pieces that a text is cut into: statements, and blocks drawn in two dimensions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from puzzlesolver.language.source import BlockLine, Span


@dataclass(frozen=True, slots=True)
class StatementPiece:
    """The text of one statement. `indent` is its line's; `continues` tells that a `;` stands before it on that line.

    `rows` are the lines of a `table` or of `data` below it.
    """

    span: Span
    indent: int
    continues: bool
    rows: tuple[BlockLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RawPiece:
    """A block drawn in two dimensions. `options` is the text after the first word of its header (None: no header).

    Of ``cryptarithm: A + B = C`` the first of the lines is what follows the colon.
    """

    kind: str
    span: Span
    indent: int
    options: BlockLine | None
    lines: tuple[BlockLine, ...]


TextPiece = StatementPiece | RawPiece

_COMMENT = re.compile(r"(\"[^\"\n]*\"|'[^'\n]*')|#[^\n]*")


def without_comments(text: str) -> str:
    """The same text with blanks for every comment; as long as before."""
    if "#" not in text:
        return text
    return _COMMENT.sub(lambda found: found[1] or " " * len(found[0]), text)
