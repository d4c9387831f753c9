"""A text cut into statements and blocks, before any grammar.

In comes a `Source`; out come `TextPiece`s in the order of the text: the span of one statement each, with the rows that
belong to it where it heads a table, or a raw `grid` or `cryptarithm` block. Cutting first makes recovery from mistakes
trivial: what is wrong in one statement cannot touch the next. A wrong line of a drawn block stays in it, so that its
mistake is explained as one of the block; only what is plainly another statement, or stands apart, does not.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from itertools import islice

from puzzlesolver.language.cryptarithms import tokens as cryptarithm_tokens
from puzzlesolver.language.grids.tokens import LETTER, is_rule, without_comment
from puzzlesolver.language.limits import MAX_NESTING, MAX_STATEMENT
from puzzlesolver.language.pieces import RawPiece, StatementPiece, TextPiece, without_comments
from puzzlesolver.language.source import BlockLine, Source, Span

_INDENT = re.compile(r"[ \t]*")
_BLANK = re.compile(r"\s*(#.*)?$")
_GRID_HEADER = re.compile(r"[ \t]*grid(?P<options>(?:[ \t,]+(?!in\b)(?:[a-z][\w-]*|\d+))*)[ \t]*:?[ \t]*(#.*)?$")
_CRYPTARITHM_HEADER = re.compile(
    r"[ \t]*cryptarithm(?P<options>(?:[ \t,]+(?!in\b)(?:[a-z][a-z-]*|\d+)(?![a-z\d-]))*)[ \t]*(?P<rest>:.*|#.*)?$"
)
_BARE_GRID = re.compile(r"[ \t]*\[")
_TABLE_HEADER = re.compile(
    r"[ \t]*(?:table[ \t]+\w|data\b)(?![ \t]*(?:[-+*/^=<>!≤≥≠∈\[(;,]|from\b|in\b))[^=<>≤≥≠;]*(?:#.*)?$"
)
_NUMBERS = re.compile(r"[ \t]*[-+.?\d][-+.?\d\seE,|_/]*(#.*)?$")
_OPENS = ("(", "[", "{")
_CLOSES = (")", "]", "}")
_QUOTES = ('"', "'")
_GOES_ON = re.compile(r"(?:[-+*/^=<>,≤≥≠∈(\[{]|(?<!!)!=|\bmod|\band|\.\.\.?|…|‥)[ \t]*$")
_NEAR = 80  # Characters within which a bracket has to close that holds a ';'.
_RELATIONS = ("=", "<", ">", "≤", "≥", "≠")
_RELATION_OR_BRACKET = re.compile(r"[=<>≤≥≠()\[\]{}#]|\bif\b")
_STEP = re.compile(r"[#;\n\"'()\[\]{}]|\bif\b")


def pieces(source: Source) -> Iterator[TextPiece]:
    """The statements and blocks of a text, in order."""
    number = 1
    while number <= source.line_count:
        line = source.line(number)
        if _BLANK.match(line.text):
            number += 1
            continue
        raw = _raw_piece(source, line)
        if raw is not None:
            number = raw.lines[-1].line_number + 1 if raw.lines else number + 1
            number = max(number, line.line_number + 1)
            yield raw
        elif _TABLE_HEADER.match(line.text):
            rows = _rows(source, line)
            start, end = _trimmed(line)
            yield StatementPiece(line.span(start, end), start, False, rows)
            number = (rows[-1].line_number if rows else number) + 1
        else:
            number = yield from _logical_line(source, line)


def _raw_piece(source: Source, line: BlockLine) -> RawPiece | None:
    """The grid or cryptarithm that begins at a line, if one does."""
    indent = _indent(line.text)
    header = _GRID_HEADER.match(line.text)
    if header or _BARE_GRID.match(line.text):
        first = line.line_number if header else line.line_number - 1
        count = grid_extent(_below(source, first), bracketed=header is None)
        lines = tuple(islice(_below(source, first), count))
        return RawPiece("grid", _cover(line, lines), indent, _part(line, header) if header else None, lines)
    header = _CRYPTARITHM_HEADER.match(line.text)
    if not header:
        return None
    count = cryptarithm_extent(_below(source, line.line_number), indent)
    lines = tuple(islice(_below(source, line.line_number), count))
    rest = header["rest"] or ""
    if rest.startswith(":") and not _BLANK.match(rest[1:]):
        start = header.start("rest") + 1
        said = BlockLine(line.text[start:], line.line_number, line.offset_in_source + start)
        lines = (said, *(lines if lines and _indent(lines[0].text) > indent else ()))
    return RawPiece("cryptarithm", _cover(line, lines), indent, _part(line, header), lines)


def _part(line: BlockLine, header: re.Match[str]) -> BlockLine:
    start, end = header.span("options")
    return BlockLine(line.text[start:end], line.line_number, line.offset_in_source + start)


def _cover(line: BlockLine, lines: tuple[BlockLine, ...]) -> Span:
    last = lines[-1] if lines else line
    start, _ = _trimmed(line)
    return Span(line.offset_in_source + start, last.offset_in_source + len(last.text))


def _below(source: Source, number: int) -> Iterator[BlockLine]:
    """The lines below line `number`."""
    return (source.line(following) for following in range(number + 1, source.line_count + 1))


def _rows(source: Source, header: BlockLine) -> tuple[BlockLine, ...]:
    """The rows below a `table` or `data` header: deeper lines, or else the lines of numbers that follow."""
    indent = _indent(header.text)
    is_data = header.text.strip().startswith("data")
    found: list[BlockLine] = []
    for number in range(header.line_number + 1, source.line_count + 1):
        line = source.line(number)
        if _BLANK.match(line.text):
            if line.text.strip() or not found or _indent(found[0].text) > indent:
                continue
            break
        deeper = _indent(line.text) > indent
        if found and _indent(found[0].text) > indent and not deeper:
            break
        heads = is_data and not found and "=" not in line.text
        if not deeper and not heads and not _NUMBERS.match(line.text):
            break
        found.append(line)
    return tuple(found)


def _logical_line(source: Source, line: BlockLine) -> Generator[TextPiece, None, int]:
    """The statements that begin at a line; the generator's value is the number of the line after them."""
    text = source.normal
    position = start = line.offset_in_source
    indent = _indent(line.text)
    opened: list[int] = []
    continues = conditional = False
    line_end = _line_end(text, position)
    while True:
        step = _STEP.search(text, position)
        at = step.start() if step else len(text)
        sign = step[0] if step else ""
        position = at + 1
        if sign in _OPENS:
            opened.append(at)
        elif sign in _CLOSES:
            del opened[-1:]
        elif sign in _QUOTES:
            closing = text.find(sign, at + 1, line_end)
            position = closing + 1 if closing >= 0 else at + 1
        elif sign == "#":
            position = line_end
        elif sign == "if":
            conditional = True
        elif sign == ";" and opened and _closes_soon(text, opened[-1], at, line_end):
            pass  # no end of a statement but a slip: max(1; 2)
        elif (
            sign == "\n"
            and at + 1 < len(text)
            and at - start <= MAX_STATEMENT
            and _is_continued(source, start, at, opened, conditional)
        ):
            line_end = _line_end(text, at + 1)
        else:
            if 0 < len(opened) <= MAX_NESTING and (not sign or at - start > MAX_STATEMENT):
                # A bracket that is never closed takes its own line along and no other.
                at = _line_end(text, opened[0])
                sign = "\n"
            span = _stripped(source, start, at)
            if span:
                yield StatementPiece(span, indent, continues)
            if sign != ";":
                return source.line_number(at) + 1
            continues = True
            start = at + 1


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return end if end >= 0 else len(text)


def _closes_soon(text: str, opened: int, start: int, end: int) -> bool:
    """Whether a bracket of the kind that opens at `opened` closes near `start`, on the line that ends at `end`."""
    return text.find(_CLOSES[_OPENS.index(text[opened])], start, min(end, start + _NEAR)) >= 0


def _is_continued(source: Source, start: int, end: int, opened: list[int], conditional: bool) -> bool:
    """Whether the line that ends at `end` goes on in the next: a bracket is open, or it ends in an operator.

    Inside brackets relations stand only behind an `if`. A line that has one below an open bracket is a statement of its
    own, and the bracket was forgotten.
    """
    if not opened:
        return _goes_on(source, start, end)
    text, depth = source.normal, 0
    for sign in _RELATION_OR_BRACKET.finditer(text, end + 1, _line_end(text, end + 1)) if not conditional else ():
        depth += (sign[0] in _OPENS) - (sign[0] in _CLOSES)
        if sign[0] in ("if", "#") or depth < 0:
            return True
        if depth == 0 and sign[0] in _RELATIONS:
            return False
    return True


def _goes_on(source: Source, start: int, end: int) -> bool:
    """Whether the line that ends here ends in an operator or a comma."""
    begin = max(start, source.line_starts[source.line_number(end) - 1])
    return _GOES_ON.search(without_comments(source.normal[begin:end])) is not None


def _stripped(source: Source, start: int, end: int) -> Span | None:
    body = without_comments(source.normal[start:end])
    if not body.strip():
        return None
    return Span(start + len(body) - len(body.lstrip()), start + len(body.rstrip()))


def _indent(text: str) -> int:
    """The width of the blanks before a line's text, with tab stops every eight columns."""
    return len(text[: _INDENT.match(text).end()].expandtabs())  # type: ignore[union-attr]


def _trimmed(line: BlockLine) -> tuple[int, int]:
    body = without_comments(line.text)
    return len(body) - len(body.lstrip()), len(body.rstrip())


_STATEMENT = re.compile(
    r"[ \t]*(?:(?:let|for|guess|fit|data|table|minimi[sz]e|maximi[sz]e|solve\s+for|sigma|weights)[ \t]+[\w\"'(]"
    r"|all\s+different\b|(?:grid|cryptarithm)\b(?![ \t]*[-+*/=]))"
)
_PLAINLY_OTHER = re.compile(rf"[<>≤≥≠∈!^;,(){{}}\"'|]|\bin\b|\b{LETTER}\w+[ \t]+(?![xX]\b){LETTER}\w*")
_NO_CELLS = re.compile(r"[\s+\-*/:=.#xX]*")
_SIGN = re.compile(r"[-+*/:=]")
_COLUMN = re.compile(r"[ \t]*[-+*/=_\u2500-\u257f]")


def grid_extent(lines: Iterable[BlockLine], *, bracketed: bool) -> int:
    """How many of the lines are the grid. `bracketed`: no header stands above, so only brackets make a line of cells.

    An empty line ends it, save beside a row of operators, which has to go on.
    """
    end = count = 0
    after_signs = apart = started = False
    for count, line in enumerate(lines, 1):
        text = without_comment(line.text)
        if not text.strip():
            apart = apart or (started and not line.text.strip())
            continue
        signs = is_rule(text) or (_NO_CELLS.fullmatch(text) is not None and _SIGN.search(text) is not None)
        if _STATEMENT.match(text) or (started and _PLAINLY_OTHER.search(re.sub(r"\[[^\]]*\]", "", text))):
            break
        if started and apart and not after_signs and not signs:
            break
        if started and bracketed and not signs and "[" not in text and not (after_signs and "=" not in text):
            break
        started, apart, after_signs, end = True, False, signs, count
    return end


def cryptarithm_extent(lines: Iterable[BlockLine], indent: int) -> int:
    """How many of the lines below a header, which is indented by `indent` columns, are the cryptarithm.

    They end at an empty line, at another statement, and where they are indented, at the first line that is not; but a
    sign or a rule at the beginning of a line, and what is below a rule, belongs to columns that began above.
    """
    end = 0
    deeper: bool | None = None
    below_rule = False
    for count, line in enumerate(lines, 1):
        text = line.text
        if not text.strip() or _STATEMENT.match(text):
            break
        width = len(text.expandtabs()) - len(text.expandtabs().lstrip())
        deeper = width > indent if deeper is None else deeper
        columns = below_rule or bool(_COLUMN.match(text))
        if deeper and width <= indent and not columns:
            break
        below_rule, end = cryptarithm_tokens.is_rule(text), count
    return end
