"""The text of a puzzle and the places in it.

In comes text of any origin; out goes a `Source` whose `text` is what the writer sees (line ends made ``\\n``, a byte
order mark dropped) and whose `normal` is the same text, character for character, with every look-alike sign in its
plain form (no-break spaces, curly quotes, the many minuses, full-width and foreign digits). Both have the same length,
so one offset serves both, and every place that is shown to the writer is a place in the writer's own text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field

from puzzlesolver.errors import Diagnostic, Place, Severity
from puzzlesolver.problem import Origin


@dataclass(frozen=True, slots=True)
class Span:
    """The characters from `start` to before `end`, as offsets into a source's text."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """From the beginning of this one to the end of the other."""
        return Span(self.start, other.end)


@dataclass(frozen=True, slots=True)
class BlockLine:
    """One raw line of a two-dimensional block: its normalised text without the line end, comments still in it.

    `line_number` counts from 1; `offset_in_source` is the offset of the text's first character, so that the character
    ``text[k]`` stands at offset ``offset_in_source + k``.
    """

    text: str
    line_number: int
    offset_in_source: int

    def span(self, start: int, end: int) -> Span:
        """The place of ``text[start:end]``."""
        return Span(self.offset_in_source + start, self.offset_in_source + end)


_LINE_END = re.compile("\r\n|\r|\u2028|\u2029|\u0085|\v")

_LOOKS_LIKE = {
    " ": "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\f",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2796\ufe58\ufe63\uff0d\u02d7",
    "+": "\u2795\ufe62",
    "*": "\u00d7\u00b7\u2022\u2027\u22c5\u2219\u2217\u2715\u2716\u2a2f\u30fb",
    "/": "\u00f7\u2215\u2044\u2797\u29f8",
    "=": "\u2a75",
    ",": "\u3001",
    ":": "\u2236\u2237",
    '"': "\u201c\u201d\u201e\u201f\u00ab\u00bb",
    "'": "\u2018\u2019\u201a\u201b",
    "|": "\u2223\uff5c",
    "\u2264": "\u2a7d\u2266",
    "\u2265": "\u2a7e\u2267",
    "\u2208": "\u220a",
    "\u03bc": "\u00b5",
    "h": "\u210e",
}
"""Plain signs with those that look like them: dashes, dots, crosses, blanks, quotes."""

_PLAIN = {look: plain for plain, looks in _LOOKS_LIKE.items() for look in looks}
_PLAIN.update({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _PLAIN})
_PLAIN.update(  # the slanted, bold and script letters of mathematical typesetting, each of which is one letter
    {
        chr(code): plain
        for code in range(0x1D400, 0x1D7CC)
        if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain != chr(code)
    }
)
_SIGNS = str.maketrans(_PLAIN)
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")

INVISIBLE = "\u2060"
"""What stands, within a word, for a character of no width; no part of the word."""

_WIDTHLESS = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_WIDTHLESS_TOO = re.compile(r"(?<=[-+*/=<>])\ufe0f|(?<=\w)\u200d(?=\w)")


def _plain(text: str) -> str:
    """The text with every look-alike sign in its plain form; as long as the text."""
    if text.isascii():
        return text.replace("\f", " ")
    text = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit.group())), text.translate(_SIGNS))
    return _WIDTHLESS.sub(_blank, _WIDTHLESS_TOO.sub(_blank, text))


def _blank(found: re.Match[str]) -> str:
    """Blanks for characters of no width, save within a word, which they do not part."""
    before, after = found.string[found.start() - 1 : found.start()], found.string[found.end() : found.end() + 1]
    within = (before == "_" or before.isalnum()) and (after == "_" or after.isalnum())
    return (INVISIBLE if within else " ") * len(found[0])


@dataclass(frozen=True, slots=True)
class Source:
    """A text with a name. Make one with `Source.of`, which normalises."""

    name: str
    text: str
    normal: str
    line_starts: tuple[int, ...] = field(repr=False, compare=False)

    @classmethod
    def of(cls, text: str, name: str = "puzzle") -> Source:
        """Take any text: drop a byte order mark, make the line ends ``\\n``, and derive the normal form."""
        text = _LINE_END.sub("\n", text.removeprefix("\ufeff"))
        starts = (0, *(match.end() for match in re.finditer("\n", text)))
        return cls(name, text, _plain(text), starts)

    @property
    def line_count(self) -> int:
        return len(self.line_starts)

    def line_number(self, offset: int) -> int:
        """The line (from 1) in which an offset lies."""
        return bisect_right(self.line_starts, offset)

    def lines_of(self, span: Span) -> range:
        """The numbers of the lines that a span touches."""
        return range(self.line_number(span.start), self.line_number(max(span.end - 1, span.start)) + 1)

    def line(self, number: int) -> BlockLine:
        """A line (from 1) in its normal form."""
        start, end = self._bounds(number)
        return BlockLine(self.normal[start:end], number, start)

    def _bounds(self, number: int) -> tuple[int, int]:
        start = self.line_starts[number - 1]
        end = self.line_starts[number] - 1 if number < len(self.line_starts) else len(self.text)
        return start, end

    def slice(self, span: Span) -> str:
        """The writer's own characters at a place."""
        return self.text[span.start : span.end]

    def place(self, span: Span) -> Place:
        """Where a span stands, for a message; of a span over several lines, its first line's part."""
        number = self.line_number(span.start)
        start, end = self._bounds(number)
        column = span.start - start + 1
        end_column = max(min(span.end, end) - start + 1, column + 1)
        return Place(self.name, number, column, end_column, self.text[start:end])

    def origin(self, text: str, span: Span) -> Origin:
        """The origin of what is said at a place in these words."""
        place = self.place(span)
        return Origin(text, place.line, place.column)

    def error(
        self, span: Span, message: str, hint: str | None = None, notes: tuple[tuple[str, Span], ...] = ()
    ) -> Diagnostic:
        """A mistake at a place, as data; `notes` are other places with their words."""
        placed = tuple((words, self.place(at)) for words, at in notes)
        return Diagnostic(Severity.ERROR, message, self.place(span), hint, placed)

    def warning(self, span: Span, message: str, hint: str | None = None) -> Diagnostic:
        """A doubt about a place, as data."""
        return Diagnostic(Severity.WARNING, message, self.place(span), hint)
