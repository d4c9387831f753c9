"""A cryptarithm as it is written: equations between words, in lines or as sums and long multiplications in columns.

In comes the raw block that the word `cryptarithm` opens; out goes a `Cryptarithm`, or None with what is wrong noted.
However it was drawn, it comes out as equations of well-formed tokens and a picture for printing the answer.

The block holds equations, one a line or joined by ``and`` (a line that ends or begins with an operator goes on), and
columns (`cryptarithm_columns`), which have a rule of dashes. Options may stand in the header, in a line of the block,
or after a comma at the end of one.
"""

from __future__ import annotations

from collections.abc import Sequence

from puzzlesolver.language.cryptarithms.columns import PictureLine, WordEquation, WrittenLine, read_columns
from puzzlesolver.language.cryptarithms.tokens import equation_mistake, is_rule, split_equations, word_tokens
from puzzlesolver.language.drawn import LETTER_OPTIONS, BlockOptions, is_option_text, read_block_options
from puzzlesolver.language.limits import MAX_ERRORS, MAX_STATEMENT
from puzzlesolver.language.mistakes import BadSyntax, Mistake, Mistakes, TooMuch
from puzzlesolver.language.pieces import RawPiece, without_comments
from puzzlesolver.language.source import BlockLine, Span
from puzzlesolver.language.tree import Statement


class Cryptarithm(Statement):
    """Equations between words, each a sequence of tokens that `equation_mistake` finds nothing wrong with.

    `picture` is what it looks like: an equation in a line, or a line of columns.
    """

    equations: tuple[WordEquation, ...]
    picture: tuple[WordEquation | PictureLine, ...]
    options: BlockOptions


def read_cryptarithm(piece: RawPiece, mistakes: Mistakes) -> Cryptarithm | None:
    """Read a `cryptarithm` block; None, and at least one mistake noted, where it makes no sense."""
    wrong: list[Mistake] = []
    cryptarithm = _cryptarithm(piece, wrong)
    for mistake in wrong[:MAX_ERRORS]:
        mistakes.add(mistake)
    return None if wrong else cryptarithm


def _cryptarithm(piece: RawPiece, wrong: list[Mistake]) -> Cryptarithm | None:
    head = Span(piece.span.start, min(piece.span.start + len("cryptarithm"), piece.span.end))
    if sum(len(line.text) for line in piece.lines) > MAX_STATEMENT:
        wrong.append(TooMuch(head, f"expected a cryptarithm of at most {MAX_STATEMENT} characters"))
        return None
    options = read_block_options(piece.options, LETTER_OPTIONS, wrong)
    lines: list[WrittenLine] = []
    for line in piece.lines:
        text, options = _without_options(line, without_comments(line.text), options, wrong)
        if not text.strip():
            continue
        start = len(text) - len(text.lstrip())
        span = line.span(start, len(text.rstrip()))
        rule = is_rule(text)
        lines.append(WrittenLine(() if rule else tuple(word_tokens(line, text, wrong)), span, rule))
    if wrong:
        return None
    if not lines:
        wrong.append(BadSyntax(head, "expected equations between words, and none stand there"))
        return None
    equations, picture = _equations(lines, options.base, wrong)
    return Cryptarithm(piece.span, tuple(equations), tuple(picture), options)


def _without_options(
    line: BlockLine, text: str, options: BlockOptions, wrong: list[Mistake]
) -> tuple[str, BlockOptions]:
    """A line up to its options, and the options with those that it states."""
    comma = text.find(",")
    start = 0 if is_option_text(text) else comma + 1 if comma >= 0 else len(text)
    if start == len(text):
        return text.replace(",", " "), options
    stated = BlockLine(text[start:], line.line_number, line.offset_in_source + start)
    return text[: max(start - 1, 0)], read_block_options(stated, LETTER_OPTIONS, wrong, options)


def _equations(
    lines: Sequence[WrittenLine], base: int, wrong: list[Mistake]
) -> tuple[list[WordEquation], list[WordEquation | PictureLine]]:
    """The equations of the block, from the top, and its picture."""
    equations: list[WordEquation] = []
    picture: list[WordEquation | PictureLine] = []
    at = 0
    while at < len(lines) and len(wrong) < MAX_ERRORS:
        end = _end_of_equation(lines, at)
        if end > at:
            for tokens in split_equations([token for line in lines[at:end] for token in line.tokens]):
                mistake = equation_mistake(tokens, lines[at].span)
                wrong.extend([mistake] if mistake else [])
                equations.append(tuple(tokens))
                picture.append(tuple(tokens))
            at = end
            continue
        try:
            columns, taken = read_columns(lines[at:], base)
        except Mistake as mistake:
            wrong.append(mistake)
            break
        equations += columns.equations
        picture += columns.picture
        at += taken
    return equations, picture


def _end_of_equation(lines: Sequence[WrittenLine], start: int) -> int:
    """The line after an equation that begins at a line; `start` itself where columns begin there.

    A line that ends with an operator goes on, and so does one before a line that begins with one. What comes to a rule
    without an ``=`` is columns.
    """
    end = start
    while end < len(lines) and not lines[end].is_rule:
        end += 1
        around = [lines[end - 1].tokens[-1], *(lines[end].tokens[:1] if end < len(lines) else ())]
        if end == len(lines) or not any(token.text in _GOES_ON for token in around):
            break
    equates = any(token.text == "=" for line in lines[start:end] for token in line.tokens)
    ruled = any(line.is_rule for line in lines[start:])
    return end if equates or not ruled else start


_GOES_ON = frozenset("+-*/^=")
